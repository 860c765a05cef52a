"""Connections, outgoing posts and dead letters in the admin: who sees them, and that nothing secret comes back out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_sns import health_words, outbox
from channels_sns.adapters.contract import AuthExpired, RateLimited, Rejected, Transient
from channels_sns.models import Account, DeadLetter, OutboundPost
from channels_sns.secrets import SecretsUnreadable, seal, unseal
from complaints import access_log
from complaints.models import AccessLog
from departments.models import Role
from tests.channels_sns.scripted import Script, make_scripted_account, script
from tests.make import make_person

pytestmark = pytest.mark.django_db
__all__ = ["script"]

CANARY = "t-canary-1"


def as_(role: Role | None, **values: Any) -> Client:
    client = Client()
    client.force_login(make_person(role, **values), backend="django.contrib.auth.backends.ModelBackend")
    return client


def make_unsure(account: Account, **fields: Any) -> OutboundPost:
    """A post of which nobody knows whether it stands; an officer has to decide."""
    now = timezone.now()
    row = outbox.enqueue(
        account=account, key=f"k{uuid4()}", parts=["답변"], tags=["B26-1"], target=None, language="ko", now=now
    )[0]
    assert outbox.claim(row, now=now)
    assert outbox.move(row, OutboundPost.State.UNSURE, now=now, expect=OutboundPost.State.SENDING)
    assert outbox.note(row, **({"needs_officer_at": now} | fields))
    row.refresh_from_db()
    return row


def change(row: Account | OutboundPost | DeadLetter, name: str = "change", *more: str) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{name}", args=[row.pk, *more])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_connections_are_for_administrators(role: Role, script: Script) -> None:
    account = make_scripted_account()
    client = as_(role)
    assert client.get(reverse("admin:channels_sns_account_changelist")).status_code == 404
    assert client.get(change(account)).status_code == 404
    assert client.post(change(account), {"name": "x"}).status_code == 404
    assert client.post(change(account, "check")).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OFFICER])
def test_outgoing_posts_and_dead_letters_are_for_officers(role: Role, script: Script) -> None:
    row = make_unsure(make_scripted_account())
    client = as_(role)
    assert client.get(reverse("admin:channels_sns_outboundpost_changelist")).status_code == 403
    assert client.get(change(row)).status_code == 404
    assert client.post(change(row, "decide", "sent")).status_code == 404
    assert client.get(reverse("admin:channels_sns_deadletter_changelist")).status_code == 403


def test_every_look_at_a_citizens_words_is_recorded(script: Script) -> None:
    """Of outgoing posts and dead letters: who looked, who was refused, what was searched for (hashed)."""
    account = make_scripted_account()
    row = make_unsure(account)
    letter = DeadLetter.objects.create(
        account=account, sha256="0" * 64, raw=b"{", error="?", first_seen_at=timezone.now(), last_seen_at=timezone.now()
    )
    officer, staff = as_(Role.OFFICER), as_(Role.STAFF)
    officer.get(reverse("admin:channels_sns_outboundpost_changelist"))
    for seen in (row, letter):
        assert officer.get(change(seen)).status_code == 200
        assert staff.get(change(seen)).status_code == 404
    officer.get(reverse("admin:channels_sns_outboundpost_changelist"), {"q": "홍길동"})
    staff.get(reverse("admin:channels_sns_outboundpost_changelist"), {"q": "홍길동"})
    rows = list(AccessLog.objects.order_by("id").values_list("action", "subject"))
    post, item = f"outgoing post {row.tag}", f"unreadable item {letter.pk}"
    looks = [("view", post), ("view refused", post), ("view", item), ("view refused", item)]
    assert rows[:-1] == looks
    assert (rows[-1][0], "홍길동" in rows[-1][1]) == ("search", False)
    assert access_log.first_broken() is None


def test_a_look_at_a_connection_is_none_at_a_citizen(script: Script) -> None:
    as_(Role.ADMINISTRATOR).get(change(make_scripted_account()))
    assert not AccessLog.objects.exists()


def test_a_list_of_connections_says_what_is_wrong_and_what_to_do(script: Script) -> None:
    make_scripted_account(
        state="SUSPENDED",
        suspended_at=timezone.now(),
        suspended_reason="401 <b>no</b>",
        last_polled_at=timezone.now() - timedelta(minutes=5),
    )
    page = as_(Role.ADMINISTRATOR).get(reverse("admin:channels_sns_account_changelist")).content.decode()
    assert "401 &lt;b&gt;no&lt;/b&gt;" in page
    assert "notice-error" in page
    assert CANARY not in page


def test_secrets_are_written_and_never_shown(script: Script) -> None:
    account = make_scripted_account()
    client = as_(Role.ADMINISTRATOR)
    assert CANARY not in client.get(change(account)).content.decode()
    typed = {"name": "부산시", "language": "ko", "enabled": "on", "secret_token": "t-canary-2"}
    answer = client.post(change(account), typed, follow=True)
    account.refresh_from_db()
    assert unseal(account.secrets) == {"token": "t-canary-2"}
    assert account.name == "부산시"
    assert "t-canary-2" not in answer.content.decode()


def test_an_empty_field_keeps_the_stored_secret(script: Script) -> None:
    account = make_scripted_account()
    as_(Role.ADMINISTRATOR).post(change(account), {"name": "부산", "language": "ko", "secret_token": ""})
    account.refresh_from_db()
    assert (unseal(account.secrets), account.enabled) == ({"token": CANARY}, False)


def test_unreadable_secrets_are_replaced_by_a_whole_set(script: Script) -> None:
    account = make_scripted_account(secrets="tampered")
    client = as_(Role.ADMINISTRATOR)
    failed = client.post(change(account), {"name": "", "language": "ko", "secret_key": "a"})
    assert "notice-error" in failed.content.decode()
    client.post(change(account), {"name": "", "language": "ko", "secret_token": "new"})
    account.refresh_from_db()
    assert unseal(account.secrets) == {"token": "new"}


def test_an_account_that_answers_again_works_again(script: Script) -> None:
    account = make_scripted_account(state="SUSPENDED", suspended_at=timezone.now(), suspended_reason="401")
    client = as_(Role.ADMINISTRATOR)
    assert client.get(change(account, "check")).status_code == 405
    client.post(change(account, "check"))
    account.refresh_from_db()
    assert (account.state, account.suspended_reason) == ("ACTIVE", "")


def test_a_check_of_an_unknown_network_is_an_error_in_words(script: Script) -> None:
    account = make_scripted_account(kind="closed-network")
    answer = as_(Role.ADMINISTRATOR).post(change(account, "check"), follow=True)
    assert "closed-network" in answer.content.decode()
    assert 'class="error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "tone"),
    [
        ({"last_polled_at": timezone.now()}, "good"),
        ({}, "warn"),
        ({"enabled": False}, "warn"),
        ({"last_polled_at": timezone.now(), "gap": "200 posts"}, "warn"),
        ({"last_polled_at": timezone.now(), "failures": 3}, "bad"),
        ({"state": "SUSPENDED", "suspended_at": timezone.now()}, "bad"),
    ],
)
def test_health_has_a_tone_and_advice(script: Script, fields: dict[str, Any], tone: str) -> None:
    health = health_words.of(make_scripted_account(**fields), now=timezone.now())
    assert health.tone == tone
    assert bool(health.to_do) == (tone != "good")


@pytest.mark.parametrize(
    "error", [AuthExpired("x"), RateLimited("x"), Transient("x"), Rejected("secret detail"), SecretsUnreadable("why")]
)
def test_every_problem_is_a_sentence_without_the_networks_own_words(error: Exception) -> None:
    said = health_words.problem(error)
    assert said
    assert "secret detail" not in said


@pytest.mark.parametrize(("decision", "state"), [("sent", "SENT"), ("retry", "QUEUED"), ("cancel", "CANCELLED")])
def test_an_officer_decides_once(script: Script, decision: str, state: str) -> None:
    row = make_unsure(make_scripted_account())
    client = as_(Role.OFFICER)
    assert decision in client.get(change(row)).content.decode()
    client.post(change(row, "decide", decision), {"url": "javascript:alert(1)"})
    row.refresh_from_db()
    assert (row.state, row.url) == (state, "")
    again = client.post(change(row, "decide", "sent"), follow=True)
    assert 'class="error"' in again.content.decode()


def test_the_person_who_decided_stands_in_the_history(script: Script) -> None:
    row = make_unsure(make_scripted_account())
    client = as_(Role.OFFICER, username="minji")
    client.post(change(row, "decide", "sent"), {"url": "https://n.example/1"})
    row.refresh_from_db()
    last = row.history.order_by("-id").first()
    assert last is not None
    assert (row.url, last.by) == ("https://n.example/1", "minji")
    assert "https://n.example/1" in client.get(change(row)).content.decode()


def test_looking_decides_nothing(script: Script) -> None:
    row = make_unsure(make_scripted_account())
    client = as_(Role.OFFICER)
    assert client.get(change(row, "decide", "sent")).status_code == 405
    assert client.post(change(row, "decide", "burn")).status_code == 404
    row.refresh_from_db()
    assert row.state == "UNSURE"


def test_the_list_of_outgoing_posts_filters_what_waits_for_a_decision(script: Script) -> None:
    account = make_scripted_account()
    row = make_unsure(account)
    listing = reverse("admin:channels_sns_outboundpost_changelist")
    client = as_(Role.OFFICER)
    assert str(row.pk) in client.get(listing, {"decide": "yes"}).content.decode()
    assert str(row.pk) not in client.get(listing, {"decide": "failed"}).content.decode()


def test_a_dead_letter_is_shown_as_text_whatever_it_holds(script: Script) -> None:
    now = timezone.now()
    letter = DeadLetter.objects.create(
        account=make_scripted_account(),
        sha256="a",
        raw=b"\x00<script>alert(1)</script>\xff",
        error="not JSON",
        first_seen_at=now,
        last_seen_at=now,
    )
    client = as_(Role.OFFICER)
    page = client.get(change(letter)).content.decode()
    assert "<script>alert" not in page
    assert "\\x00&lt;script&gt;" in page
    assert "not JSON" in client.get(reverse("admin:channels_sns_deadletter_changelist")).content.decode()


def test_a_superuser_sees_the_mailroom(script: Script) -> None:
    make_scripted_account(secrets=seal({"token": CANARY}))
    client = Client()
    client.force_login(
        User.objects.create_superuser("root", password="x-1"), backend="django.contrib.auth.backends.ModelBackend"
    )
    for name in ("account", "outboundpost", "deadletter"):
        assert client.get(reverse(f"admin:channels_sns_{name}_changelist")).status_code == 200
