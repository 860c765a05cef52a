"""Alarms leave the desk once: by mail and as a signed post; they are tried again, dropped when needless, never lost."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from complaints import alarm_words, alerts, errands, workflow
from complaints.models import Alert, Complaint, Escalation
from complaints.models.alert import CLOCK_STAGES, Stage
from departments.models import Role
from tests.make import NOON, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
State, Way = Alert.State, Alert.Way
MINUTE = timedelta(minutes=1)


class Messenger(BaseHTTPRequestHandler):
    """Takes what it is given, and answers as it is told."""

    got: list[tuple[dict[str, str], bytes]] = []
    status = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((dict(self.headers), body))
        self.send_response(type(self).status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Quiet."""


@pytest.fixture
def messenger(settings: Any) -> Iterator[type[Messenger]]:
    """The city's messenger inside its own network."""
    Messenger.got, Messenger.status = [], 204
    server = HTTPServer(("127.0.0.1", 0), Messenger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/alarm?room=1"
    settings.ALERT_WEBHOOK_KEY, settings.ALERT_WEBHOOK_INSIDE = "shared-key", True
    yield Messenger
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _with_mail(settings: Any) -> None:
    settings.MAIL_ENABLED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "desk@busan.example"
    settings.PUBLIC_URL = "https://desk.busan.example"


def escalated(*, stage: Stage = Stage.DUE, hook: bool = False, **values: Any) -> Complaint:
    """A complaint whose stage was told to one officer."""
    complaint = make_complaint("제 이름은 김철수, 010-1234-5678입니다", **values)
    due_at = complaint.emergency_due_at or complaint.due_at
    row = Escalation.objects.create(
        complaint=complaint,
        emergency=complaint.emergency_due_at is not None,
        stage=stage,
        due_at=due_at,
        at=NOON,
        told=1,
    )
    alerts.write(row, [make_person(Role.OFFICER, email="officer@busan.example")], hook=hook, send_at=NOON, now=NOON)
    return complaint


def states() -> dict[str, str]:
    return dict(Alert.objects.values_list("way", "state"))


# --- mail -----------------------------------------------------------------------------------------------------------


def test_a_mail_says_what_and_until_when_and_nothing_of_the_citizen() -> None:
    complaint = escalated(status="IN_PROGRESS", department=make_department("관광정책과"))
    assert (alerts.send_due(now=NOON), alerts.send_due(now=NOON)) == (1, 0)
    (message,) = mail.outbox
    assert message.subject == f"[톡톡부산] {complaint.number}: 기한 안에 답변하지 못함"
    assert message.to == ["officer@busan.example"]
    assert "관광정책과" in message.body
    assert f"https://desk.busan.example/admin/complaints/complaint/{complaint.pk}/change/" in message.body
    assert "김철수" not in message.body
    assert "1234" not in message.body
    row = Alert.objects.get(way=Way.MAIL)
    assert message.extra_headers["Message-ID"] == f"<alert-{row.pk}@desk.busan.example>"
    assert (row.state, row.sent_at, row.attempts) == (State.SENT, NOON, 1)


def test_an_emergency_is_marked_as_such() -> None:
    escalated(stage=Stage.BEGUN, priority="URGENT", emergency_due_at=NOON + 30 * MINUTE)
    alerts.send_due(now=NOON)
    assert mail.outbox[0].extra_headers["X-Priority"] == "1"
    assert "긴급 민원 접수" in mail.outbox[0].subject


def test_what_a_mail_server_refuses_is_tried_again_and_given_up_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_mails: Any) -> int:
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr(EmailBackend, "send_messages", down)
    escalated()
    now = NOON
    for tries in range(1, errands.TRIES_MAX + 1):
        assert alerts.send_due(now=now) == 0
        row = Alert.objects.get(way=Way.MAIL)
        assert row.attempts == tries
        now = row.next_attempt_at or now
    assert (row.state, row.next_attempt_at) == (State.FAILED, None)
    assert "ConnectionRefusedError" in row.error


def test_a_mail_that_failed_once_goes_out_later(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", lambda *_mails: (_ for _ in ()).throw(TimeoutError("slow")))
        escalated()
        alerts.send_due(now=NOON)
    row = Alert.objects.get(way=Way.MAIL)
    assert (row.state, row.error) == (State.QUEUED, "TimeoutError: slow")
    assert row.next_attempt_at is not None
    assert row.next_attempt_at > NOON
    assert alerts.send_due(now=row.next_attempt_at) == 1


def test_what_a_worker_left_half_done_goes_out_again_under_the_same_name() -> None:
    escalated()
    Alert.objects.filter(way=Way.MAIL).update(state=State.SENDING, attempts=1, lease_until=NOON + MINUTE)
    assert alerts.send_due(now=NOON) == 0
    assert alerts.send_due(now=NOON + MINUTE) == 1
    assert Alert.objects.get(way=Way.MAIL).attempts == 2


def test_two_workers_send_one_mail() -> None:
    escalated()
    row = Alert.objects.select_related("complaint", "user").get(way=Way.MAIL)
    assert alerts._send(row, NOON)
    assert not alerts._send(row, NOON)
    assert len(mail.outbox) == 1


def test_what_was_answered_or_extended_meanwhile_is_not_sent() -> None:
    answered, extended, reminded = escalated(), escalated(), escalated(stage=Stage.REMINDER)
    for complaint in (answered, reminded):
        Complaint.objects.filter(pk=complaint.pk).update(answered_at=NOON)
    Complaint.objects.filter(pk=extended.pk).update(due_at=NOON + timedelta(days=3))
    assert alerts.send_due(now=NOON) == 1
    dropped = Alert.objects.filter(state=State.DROPPED).values_list("complaint", flat=True)
    assert set(dropped) == {answered.pk, extended.pk}


def test_without_a_mail_server_there_is_no_mail(settings: Any) -> None:
    settings.MAIL_ENABLED = False
    escalated(hook=True)
    assert states() == {"APP": "SENT"}


# --- the messenger --------------------------------------------------------------------------------------------------


def test_the_messenger_gets_a_signed_post_without_a_word_of_the_citizen(messenger: type[Messenger]) -> None:
    complaint = escalated(hook=True, stage=Stage.BEGUN, priority="URGENT", emergency_due_at=NOON + 30 * MINUTE)
    assert alerts.send_due(now=NOON) == 2
    ((headers, body),) = messenger.got
    said = json.loads(body)
    assert (said["number"], said["stage"], said["emergency"]) == (complaint.number, "begun", True)
    assert said["due_at"] == "2026-11-24T12:30:00+09:00"
    assert "김철수" not in body.decode()
    stamp, _, given = headers["X-Desk-Signature"].partition(",v1=")
    expected = hmac.new(b"shared-key", stamp.removeprefix("t=").encode() + b"." + body, hashlib.sha256).hexdigest()
    assert given == expected
    row = Alert.objects.get(way=Way.HOOK)
    assert headers["X-Desk-Delivery"] == row.key


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_messenger_that_does_not_take_it_is_asked_again(messenger: type[Messenger], status: int) -> None:
    messenger.status = status
    escalated(hook=True)
    alerts.send_due(now=NOON)
    row = Alert.objects.get(way=Way.HOOK)
    assert (row.state, row.error) == (State.QUEUED, f"FetchFailed: HTTP {status}")
    messenger.status = 200
    assert row.next_attempt_at is not None
    assert alerts.send_due(now=row.next_attempt_at) == 1
    assert len({headers["X-Desk-Delivery"] for headers, _body in messenger.got}) == 1


def test_an_address_inside_is_only_used_where_the_operator_said_so(messenger: type[Messenger], settings: Any) -> None:
    settings.ALERT_WEBHOOK_INSIDE = False
    escalated(hook=True)
    alerts.send_due(now=NOON)
    assert messenger.got == []
    assert "Refused" in Alert.objects.get(way=Way.HOOK).error


# --- in the desk ----------------------------------------------------------------------------------------------------


def test_a_person_sees_his_own_and_only_of_what_he_may_see() -> None:
    department = make_department()
    staff, officer = make_person(Role.STAFF, department), make_person(Role.OFFICER)
    mine = make_complaint(status="ASSIGNED", department=department)
    row = Escalation.objects.create(complaint=mine, stage=Stage.DUE, due_at=mine.due_at, at=NOON)
    alerts.write(row, [staff, officer], hook=False, send_at=NOON, now=NOON)
    assert (alerts.unread(staff), alerts.unread(officer)) == (1, 1)
    workflow.send_back(mine, by=staff, version=1, now=NOON, reason="다른 부서 소관")
    assert (alerts.unread(staff), alerts.unread(officer)) == (0, 1)


def test_read_up_to_what_was_shown() -> None:
    officer = make_person(Role.OFFICER)
    for _number in range(3):
        complaint = make_complaint()
        row = Escalation.objects.create(complaint=complaint, stage=Stage.SOON, due_at=NOON, at=NOON)
        alerts.write(row, [officer], hook=False, send_at=NOON, now=NOON)
    newest, second, _third = alerts.shown_to(officer)
    alerts.read(officer, now=NOON, up_to=second.pk)
    assert list(alerts.shown_to(officer).filter(read_at=None)) == [newest]
    alerts.read(make_person(Role.OFFICER), now=NOON, up_to=newest.pk)
    assert alerts.unread(officer) == 1


@pytest.mark.parametrize("emergency", [False, True])
@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_its_words(emergency: bool, stage: Stage) -> None:
    row = Alert(complaint=make_complaint(), stage=stage, emergency=emergency, due_at=NOON)
    possible = (stage in CLOCK_STAGES) if emergency else (stage != Stage.BEGUN)
    if possible:
        assert alarm_words.headline(row)
