"""Who is told of an emergency, each by his way."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core import mail

from channels_sns.models import OutboundPost
from complaints import agency_alerts, emergencies
from complaints.models import AgencyAlert, AlertContact, Emergency
from departments.models import Role
from tests.complaints.alarm import find, make_contact, prepare, send_all, start
from tests.complaints.fates import fail, send
from tests.make import NOON, make_account, make_person

pytestmark = pytest.mark.django_db
State = AgencyAlert.State


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    settings.MAIL_ENABLED = True


def send_due(*, now: datetime) -> int:
    """Everything that waits; how many were taken."""
    return sum(agency_alerts.send(pk, now=now) for pk in agency_alerts.due(now))


def alarm_to(*contacts: AlertContact, kind: str = "facebook") -> Emergency:
    return start(prepare([make_account(kind)], contacts))


# --- contacts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"name": " "},
        {"address": ""},
        {"way": "EMAIL", "address": "nobody"},
        {"way": "WEBHOOK", "address": "http://agency.example/hook"},
        {"way": "WEBHOOK", "address": "javascript:alert(1)"},
        {"way": "MENTION", "network": "", "address": "police"},
        {"way": "MENTION", "network": "x", "address": "two words"},
    ],
)
def test_nobody_can_be_reached_by_that(values: dict[str, str]) -> None:
    with pytest.raises(agency_alerts.NotPossible):
        make_contact(**values)
    assert not AlertContact.objects.exists()


def test_a_secret_is_kept_sealed_and_stays_when_none_is_typed() -> None:
    contact = make_contact("WEBHOOK", secret="s3cret-canary")
    assert contact.secret
    assert "s3cret-canary" not in contact.secret
    before = contact.secret
    agency_alerts.save_contact(contact, name="새 이름", way="WEBHOOK", address=contact.address)
    contact.refresh_from_db()
    assert (contact.name, contact.secret) == ("새 이름", before)


# --- mentions ---------------------------------------------------------------------------------------------------------


def test_a_mention_is_a_post_of_the_city_with_the_photo() -> None:
    emergency = alarm_to(make_contact("MENTION", address="@busanpolice"), kind="x")
    row = OutboundPost.objects.get(key__startswith="agency:")
    assert row.text.startswith("@busanpolice ")
    assert "김하늘" in row.text
    assert (row.lane, len(row.media), row.account.kind) == ("emergency", 1, "x")
    send(row, now=NOON + timedelta(seconds=3))
    emergencies.tend(now=NOON + timedelta(seconds=5))
    alert = emergency.alerts.get()
    assert (alert.state, alert.done_at, agency_alerts.posts_of(emergency)) == (
        State.SENT,
        NOON + timedelta(seconds=3),
        [row],
    )


def test_a_long_alarm_is_cut_to_one_post() -> None:
    start(prepare([make_account("x")], [make_contact("MENTION")], appearance="빨간 모자 " * 45))
    row = OutboundPost.objects.get(key__startswith="agency:")
    assert row.text.endswith("…")
    from channels_sns.adapters.text import weighted_length

    assert 200 < weighted_length(row.text) <= 280


def test_where_the_city_has_no_account_somebody_must_call() -> None:
    emergency = alarm_to(make_contact("MENTION", network="mastodon"))
    alert = emergency.alerts.get()
    assert (alert.state, bool(alert.last_error)) == (State.FAILED, True)
    assert agency_alerts.called(alert, by=make_person(Role.OFFICER), now=NOON)


def test_a_mention_that_is_refused_is_told() -> None:
    from channels_sns.adapters.contract import Rejected

    emergency = alarm_to(make_contact("MENTION"), kind="x")
    fail(OutboundPost.objects.get(key__startswith="agency:"), Rejected("no"), now=NOON)
    emergencies.tend(now=NOON)
    assert (emergency.alerts.get().state, emergency.alerts.get().last_error) == (State.FAILED, "no")


# --- the telephone ----------------------------------------------------------------------------------------------------


def test_a_call_is_noted_once() -> None:
    emergency, officer = alarm_to(make_contact()), make_person(Role.OFFICER)
    alert = emergency.alerts.get()
    assert alert.state == State.TO_CALL
    assert agency_alerts.called(alert, by=officer, now=NOON)
    assert not agency_alerts.called(alert, by=make_person(Role.OFFICER), now=NOON)
    alert.refresh_from_db()
    assert (alert.state, alert.called_by) == (State.CALLED, officer)


# --- mail -------------------------------------------------------------------------------------------------------------


def test_a_mail_has_both_texts_and_the_photo() -> None:
    emergency = alarm_to(make_contact("EMAIL"))
    assert agency_alerts.due(NOON)
    assert send_due(now=NOON) == 1
    assert send_due(now=NOON) == 0
    (sent,) = mail.outbox
    assert sent.to == ["duty@fire.example"]
    assert emergency.title in sent.subject
    assert "김하늘" in sent.body
    assert "red cap" in sent.body
    assert sent.extra_headers["Message-ID"].startswith(f"<agency-alert-{emergency.alerts.get().pk}@")
    ((_name, content, kind),) = sent.attachments
    assert (content[:2], kind) == (b"\xff\xd8", "image/jpeg")
    assert emergency.alerts.get().state == State.SENT


def test_the_all_clear_is_mailed_too_and_names_nobody() -> None:
    emergency = alarm_to(make_contact("EMAIL"))
    send_all(emergency)
    send_due(now=NOON)
    find(emergency)
    send_due(now=NOON)
    assert "김하늘" not in mail.outbox[1].body
    assert mail.outbox[1].attachments == []


def test_without_a_mail_server_it_is_tried_for_a_while_and_then_told(settings: Any) -> None:
    settings.MAIL_ENABLED = False
    emergency = alarm_to(make_contact("EMAIL"))
    for turn in range(agency_alerts.TRIES_MAX):
        assert send_due(now=NOON + timedelta(hours=turn)) == 0
    alert = emergency.alerts.get()
    assert (alert.state, "DESK_MAIL_URL" in alert.last_error) == (State.FAILED, True)
    assert mail.outbox == []


# --- webhooks ---------------------------------------------------------------------------------------------------------


class Receiver(BaseHTTPRequestHandler):
    """An agency's own server: what it got, and what it says to it."""

    got: list[tuple[dict[str, str], bytes]]
    says: list[int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.says.pop(0) if self.says else 204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        return


@pytest.fixture
def agency(settings: Any) -> Iterator[tuple[str, type[Receiver]]]:
    handler = type("Agency", (Receiver,), {"got": [], "says": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    settings.AGENCY_WEBHOOKS_INSIDE = [origin]
    yield f"{origin}/hook", handler
    server.shutdown()
    server.server_close()


def test_a_webhook_is_signed_and_says_it_all(agency: tuple[str, type[Receiver]]) -> None:
    address, handler = agency
    emergency = alarm_to(make_contact("WEBHOOK", address=address, secret="key"))
    assert send_due(now=NOON) == 1
    ((headers, body),) = handler.got
    assert headers["x-desk-signature"] == f"sha256={hmac.new(b'key', body, hashlib.sha256).hexdigest()}"
    said = json.loads(body)
    assert (said["type"], said["id"], said["contact"]) == ("alarm", f"agency-alert-{emergency.alerts.get().pk}", "112")
    assert "김하늘" in said["text"]


def test_a_webhook_that_fails_is_tried_again_under_the_same_name(agency: tuple[str, type[Receiver]]) -> None:
    address, handler = agency
    handler.says = [503]
    emergency = alarm_to(make_contact("WEBHOOK", address=address))
    assert send_due(now=NOON) == 0
    assert (emergency.alerts.get().attempts, emergency.alerts.get().state) == (1, State.QUEUED)
    assert send_due(now=NOON + timedelta(hours=1)) == 1
    first, second = (json.loads(body)["id"] for _headers, body in handler.got)
    assert first == second
    assert "x-desk-signature" not in handler.got[0][0]


def test_nobody_listens(settings: Any) -> None:
    settings.AGENCY_WEBHOOKS_INSIDE = ["http://127.0.0.1:9"]
    emergency = alarm_to(make_contact("WEBHOOK", address="http://127.0.0.1:9/hook"))
    assert send_due(now=NOON) == 0
    assert "FetchFailed" in emergency.alerts.get().last_error


def test_an_address_inside_is_only_used_where_the_operator_said_so() -> None:
    emergency = alarm_to(make_contact("WEBHOOK", address="https://127.0.0.1/hook"))
    assert send_due(now=NOON) == 0
    assert "Refused" in emergency.alerts.get().last_error
