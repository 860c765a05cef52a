"""Each invariant is broken by hand, past every function and trigger that guards it, and must be named."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from channels_sns import delivery, inbox, media
from channels_sns.models import Account, DeadLetter, InboundMedia, InboundPost, OutboundPost
from channels_sns.secrets import seal
from complaints import access_log, intake, invariants, replies, settlement, workflow
from complaints.models import AccessLog, Complaint, ComplaintEvent, Reply
from departments.models import Role
from tests.channels_sns.scripted import Script, make_incoming, make_page, make_scripted_account, script
from tests.make import make_department, make_person

__all__ = ["script"]

pytestmark = pytest.mark.django_db
OUTBOX = import_module("channels_sns.migrations.0002_outbox_triggers")
APPEND_ONLY = import_module("complaints.migrations.0002_append_only")


class Story:
    """A desk in which everything holds: one citizen's post with a photo, one reply that stands under it."""

    def __init__(self, script: Script) -> None:
        self.now = timezone.now()
        self.account = make_scripted_account(connected_at=self.now - timedelta(days=1))
        script.pages.append(make_page(make_incoming(posted_at=self.now)))
        inbox.collect(self.account, now=self.now)
        intake.register_waiting(now=self.now)
        self.post = InboundPost.objects.get()
        self.complaint = Complaint.objects.get()
        self._answer()
        self.reply, self.row = Reply.objects.get(), OutboundPost.objects.get()
        self.photo = self._photo()
        request = HttpRequest()
        request.META["REMOTE_ADDR"] = "127.0.0.1"
        officer = make_person(Role.OFFICER)
        for subject in ("B26-000001", "B26-000002"):
            access_log.record(user=officer, action="view", subject=subject, request=request, now=self.now)

    def _answer(self) -> None:
        officer, complaint = make_person(Role.OFFICER), self.complaint
        workflow.assign(complaint, by=officer, version=1, now=self.now, department=make_department())
        replies.draft(complaint, text="고쳤습니다", by=officer, version=complaint.version, now=self.now)
        complaint.refresh_from_db()
        replies.approve(complaint, by=officer, version=complaint.version, now=self.now)
        delivery.deliver_due(self.account, now=self.now)
        settlement.settle(now=self.now)

    def _photo(self) -> UUID:
        photo = uuid4()
        for small in (False, True):
            path = media.path_of(media.file_name(photo, small=small))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"photo")
        names = {"file": media.file_name(photo), "thumbnail": media.file_name(photo, small=True)}
        digest = hashlib.sha256(b"photo").hexdigest()
        InboundMedia.objects.create(
            id=photo, post=self.post, url="u", kind="photo", state="STORED", sha256=digest, **names
        )
        return photo

    def later(self) -> datetime:
        """When everything has had its time."""
        return self.now + timedelta(hours=1)


@pytest.fixture
def story(script: Script) -> Iterator[Story]:
    log = settings.VAR_DIR / "log"
    log.mkdir(parents=True, exist_ok=True)
    yield Story(script)
    for path in log.iterdir():
        path.unlink()


class Hand:
    """Enough of a schema editor for the migrations' own `install` and `remove`, inside a test's transaction."""

    connection = connection

    def execute(self, statement: str, params: object = None) -> None:
        sql(statement)


@contextmanager
def without_guards() -> Iterator[None]:
    """The database's own triggers step aside, as they would for somebody with the database's password."""
    if connection.vendor == "postgresql":
        sql("SET session_replication_role = replica")
        yield
        sql("SET session_replication_role = DEFAULT")
        return
    for module in (OUTBOX, APPEND_ONLY):
        module.remove(None, Hand())
    yield
    for module in (OUTBOX, APPEND_ONLY):
        module.install(None, Hand())


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def found(story: Story) -> set[tuple[str, str]]:
    """(rule, rows) of every violation an hour later."""
    return {(one.rule, one.rows) for one in invariants.check_all(now=story.later())}


def test_a_sound_desk_has_no_violation(story: Story) -> None:
    assert found(story) == set()
    assert invariants.check_all(now=story.now) == []


# --- I1 -------------------------------------------------------------------------------------------------------------


def test_i1_a_post_that_waits_too_long(story: Story) -> None:
    sql("UPDATE channels_sns_inboundpost SET state = 'WAITING'")
    assert found(story) == {("I1", f"post {story.post.pk}")}
    assert invariants.check_all(now=story.now + timedelta(minutes=1)) == []


def test_i1_a_registered_post_without_a_complaint(story: Story) -> None:
    sql("DELETE FROM complaints_complaintpost")
    assert found(story) == {("I1", f"post {story.post.pk}")}


def test_i1_set_aside_without_a_reason(story: Story) -> None:
    sql("UPDATE channels_sns_inboundpost SET state = 'IGNORED', state_reason = ''")
    letter = DeadLetter.objects.create(
        account=story.account, sha256="0", raw=b"{", error="", first_seen_at=story.now, last_seen_at=story.now
    )
    assert found(story) == {("I1", f"post {story.post.pk}"), ("I1", f"dead letter {letter.pk}")}


# --- I2, I3 ---------------------------------------------------------------------------------------------------------

ROW_WRONGS = {
    "a text that nobody approved": "UPDATE channels_sns_outboundpost SET text = 'else'",
    "another part": "UPDATE channels_sns_outboundpost SET part = 2",
    "posted under no id": "UPDATE channels_sns_outboundpost SET external_id = ''",
}


@pytest.mark.parametrize("wrong", list(ROW_WRONGS))
def test_i2_a_row_that_was_changed(story: Story, wrong: str) -> None:
    with without_guards():
        sql(ROW_WRONGS[wrong])
        assert ("I2", f"outgoing post {story.row.key}") in found(story)


def test_i2_an_officers_word_replaces_the_id(story: Story) -> None:
    with without_guards():
        sql("UPDATE channels_sns_outboundpost SET external_id = ''")
        sql("UPDATE channels_sns_attempt SET by = 'officer' WHERE to_state = 'SENT'")
        assert found(story) == set()


def test_i2_two_rows_are_one_post(story: Story) -> None:
    sql("DROP INDEX sent_once")
    other = OutboundPost.objects.get(pk=story.row.pk)
    other.pk, other.key = uuid4(), "broadcast:1:1"
    other.save(force_insert=True)
    assert found(story) == {("I2", f"outgoing posts broadcast:1:1, {story.row.key}")}


REPLY_WRONGS = {
    "a draft in the outbox": "UPDATE complaints_reply SET state = 'DRAFT'",
    "a missing part": "UPDATE complaints_reply SET parts = 2",
    "under way for ever": "UPDATE complaints_reply SET state = 'APPROVED'",
    "failed, but posted": "UPDATE complaints_reply SET state = 'FAILED'",
    "posted, but failed": "UPDATE channels_sns_outboundpost SET state = 'FAILED'",
    "recalled, but queued": "UPDATE complaints_reply SET state = 'RECALLED'",
}


@pytest.mark.parametrize("wrong", list(REPLY_WRONGS))
def test_i2_a_reply_that_says_something_else_than_its_rows(story: Story, wrong: str) -> None:
    with without_guards():
        if wrong.endswith("queued"):
            sql("UPDATE channels_sns_outboundpost SET state = 'QUEUED'")
        sql(REPLY_WRONGS[wrong])
        assert found(story) == {("I2", f"reply {story.reply.pk} of complaint {story.complaint.pk}")}


def test_i2_rows_of_no_reply(story: Story) -> None:
    sql("DELETE FROM complaints_verdict")
    sql("DELETE FROM complaints_reply")
    assert found(story) == {("I2", f"outgoing post reply:{story.reply.pk}")}


def test_i3_a_sender_that_never_came_back(story: Story) -> None:
    lease = story.now + timedelta(minutes=1)
    with without_guards():
        sql("UPDATE complaints_reply SET state = 'APPROVED'")
        OutboundPost.objects.update(state="SENDING", claim_token=uuid4(), lease_until=lease)
        assert found(story) == {("I3", f"outgoing post {story.row.key}")}
        assert invariants.check_all(now=lease + timedelta(seconds=29)) == []


# --- I4 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cursor",
    [
        {"since": "2100-01-01T00:00:00+09:00"},
        {"since": {"posts": "2100-01-01T00:00:00Z"}},
        {"list": ["2100-01-01T00:00Z"]},
    ],
)
def test_i4_a_cursor_in_the_future(story: Story, cursor: dict[str, Any]) -> None:
    Account.objects.update(cursor=cursor)
    assert found(story) == {("I4", f"account {story.account.pk}")}


def test_i4_a_cursor_of_x_names_a_stored_post_or_a_past_moment(story: Story) -> None:
    def on_x(since: int) -> bool:
        Account.objects.update(kind="x", cursor={"since": str(since)})
        return bool(found(story))

    past = int((story.now.timestamp() * 1000) - 1_288_834_974_657) << 22
    assert not on_x(past)
    assert on_x(past + 7), "a post that is nowhere"
    assert on_x(past + (10**9 << 22)), "the future"
    InboundPost.objects.update(external_id=str(past + 7))
    assert not on_x(past + 7)


def test_i4_leases(story: Story) -> None:
    Account.objects.update(lease_token=uuid4())
    assert found(story) == {("I4", f"account {story.account.pk}")}
    Account.objects.update(lease_until=story.later() + timedelta(days=1))
    assert found(story) == {("I4", f"account {story.account.pk}")}
    Account.objects.update(lease_until=story.later() + timedelta(minutes=4))
    assert found(story) == set()


def test_i4_odd_cursors_are_no_reason_to_fall(story: Story) -> None:
    Account.objects.update(kind="x", cursor={"since": None, "a": [1, {"b": "2026-99-99T00:00:00Z"}]})
    assert found(story) == set()


# --- I5 -------------------------------------------------------------------------------------------------------------


def test_i5_a_status_set_by_hand(story: Story) -> None:
    sql("UPDATE complaints_complaint SET status = 'DISMISSED'")
    assert found(story) == {("I5", f"complaint {story.complaint.pk}")}


@pytest.mark.parametrize(
    ("move", "statement"),
    [
        ("register", "move = 'assign'"),
        ("assign", "move = 'resume'"),
        ("assign", "move = 'register'"),
        ("complete", "move = 'unheard'"),
        ("answer", "move = 'close'"),
    ],
)
def test_i5_a_step_that_the_table_does_not_know(story: Story, move: str, statement: str) -> None:
    event = ComplaintEvent.objects.get(move=move)
    with without_guards():
        sql(f"UPDATE complaints_complaintevent SET {statement} WHERE id = %s", event.pk)
        assert found(story) == {("I5", f"event {event.pk} of complaint {story.complaint.pk}")}


def test_i5_a_step_that_was_torn_out(story: Story) -> None:
    after = ComplaintEvent.objects.get(move="start")
    with without_guards():
        sql("DELETE FROM complaints_complaintevent WHERE move = 'assign'")
        assert ("I5", f"event {after.pk} of complaint {story.complaint.pk}") in found(story)


def test_i5_hold_and_resume_belong_together(story: Story) -> None:
    officer = make_person(Role.OFFICER)
    story.complaint.refresh_from_db()
    workflow.reopen(story.complaint, by=officer, version=story.complaint.version, now=story.now, reason="again")
    workflow.hold(story.complaint, by=officer, version=story.complaint.version, now=story.now, reason="waits")
    workflow.resume(story.complaint, by=officer, version=story.complaint.version, now=story.now)
    assert found(story) == set()
    resumed = ComplaintEvent.objects.get(move="resume")
    with without_guards():
        sql("UPDATE complaints_complaintevent SET to_status = 'ASSIGNED' WHERE id = %s", resumed.pk)
        sql("UPDATE complaints_complaint SET status = 'ASSIGNED', department_id = %s", make_department().pk)
        assert found(story) == {("I5", f"event {resumed.pk} of complaint {story.complaint.pk}")}


def test_i5_an_access_record_that_was_changed(story: Story) -> None:
    row = AccessLog.objects.earliest("id")
    with without_guards():
        sql("UPDATE complaints_accesslog SET subject = 'B26-999999' WHERE id = %s", row.pk)
        assert found(story) == {("I5", f"access record {row.pk}")}


# --- I6 -------------------------------------------------------------------------------------------------------------

PHOTO_WRONGS: dict[str, Callable[[Path, Path], object]] = {
    "gone": lambda photo, _small: photo.unlink(),
    "changed": lambda photo, _small: photo.write_bytes(b"another"),
    "without its small copy": lambda _photo, small: small.unlink(),
}


@pytest.mark.parametrize("wrong", list(PHOTO_WRONGS))
def test_i6_a_file_that_is_not_what_was_stored(story: Story, wrong: str) -> None:
    names = (media.file_name(story.photo), media.file_name(story.photo, small=True))
    PHOTO_WRONGS[wrong](*(media.path_of(name) for name in names))
    assert found(story) == {("I6", f"photo {story.photo} of post {story.post.pk}")}


def test_i6_no_final_state_and_no_reason(story: Story) -> None:
    named = {("I6", f"photo {story.photo} of post {story.post.pk}")}
    InboundMedia.objects.update(state="WAITING", next_try_at=story.now)
    assert found(story) == named
    assert invariants.check_all(now=story.now) == []
    InboundMedia.objects.update(state="REFUSED", failure="")
    assert found(story) == named
    InboundMedia.objects.update(failure="no JPEG")
    assert found(story) == set()


# --- I7 -------------------------------------------------------------------------------------------------------------


def test_i7_a_log_that_tells(story: Story) -> None:
    lines = [
        "2026-11-24 12:00:00,123 INFO fine 1234567890123456, succeeded in 0.0610143039994s: None",
        "sent with t-canary-1",
        "저는 900101-1234567 입니다",
    ]
    (settings.VAR_DIR / "log" / "web.log").write_text("\n".join(lines), encoding="utf-8")
    assert found(story) == {("I7", "web.log:2"), ("I7", "web.log:3")}
    told = "".join(one.text for one in invariants.check_all(now=story.now))
    assert "canary" not in told
    assert "900101" not in told


def test_i7_keys_that_nobody_can_read(story: Story) -> None:
    Account.objects.update(secrets="gAAAA" + seal({})[5:-2] + "xx")
    assert found(story) == {("I7", f"account {story.account.pk}")}


# --- the command ----------------------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("check_invariants", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_yes_and_no(story: Story) -> None:
    code, text = run("--lang", "en")
    assert code == 0
    assert text.count("✓") == 7
    sql("UPDATE complaints_complaint SET status = 'DISMISSED'")
    code, text = run("--lang", "en")
    assert code == 1
    assert f"complaint {story.complaint.pk}: has another status than its last event" in text
    code, text = run("--json")
    told = json.loads(text)
    assert (code, told["ok"], told["counts"]["I5"], told["violations"][0]["rule"]) == (1, False, 1, "I5")


def test_a_long_list_is_cut_for_people(story: Story) -> None:
    for number in range(25):
        DeadLetter.objects.create(
            account=story.account,
            sha256=str(number),
            raw=b"{",
            error="",
            first_seen_at=story.now,
            last_seen_at=story.now,
        )
    assert "… and 5 more" in run("--lang", "en")[1]
    assert len(json.loads(run("--json")[1])["violations"]) == 25


def test_what_a_second_look_does_not_see_was_no_violation(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([[invariants.Violation("I1", "post 1", "in between")], []])
    monkeypatch.setitem(invariants.check.CHECKS, "I1", lambda _now: iter(next(looks)))
    assert invariants.check_rule("I1", now=story.now) == []
