"""Green means that work is flowing (R21)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from celery.beat import Scheduler
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from busan_sns import health
from busan_sns.celery import embedded_clock
from channels_sns import outbox, pulse
from channels_sns.models import Account, OutboundPost
from tests.channels_sns.scripted import Script, make_scripted_account, script

pytestmark = pytest.mark.django_db
__all__ = ["script"]


def check(name: str, now: datetime) -> health.Check:
    (found,) = [one for one in health.checks(now=now) if one.name == name]
    return found


def make_queued(account: Account, now: datetime) -> OutboundPost:
    (row,) = outbox.enqueue(
        account=account, key=f"k{now}", parts=["답"], tags=[""], target=None, language="ko", now=now
    )
    return row


def test_all_is_well(script: Script) -> None:
    now = timezone.now()
    make_scripted_account(last_polled_at=now)
    pulse.note("clock", now=now)
    assert [one.name for one in health.checks(now=now) if not one.ok] == []


def test_an_account_may_be_silent_for_three_of_its_own_intervals(script: Script) -> None:
    now = timezone.now()
    make_scripted_account(last_polled_at=now, options={"poll_seconds": 600})
    assert check("poll_age_seconds", now + timedelta(minutes=30)).ok
    assert not check("poll_age_seconds", now + timedelta(minutes=32)).ok


def test_an_account_that_never_was_read_or_is_stopped_turns_red(script: Script) -> None:
    now = timezone.now()
    make_scripted_account(connected_at=now, state="SUSPENDED", suspended_at=now)
    found = check("poll_age_seconds", now + timedelta(minutes=5))
    assert (found.ok, found.detail, found.label) == (False, "SUSPENDED", "scripted:busan")


def test_a_reply_that_waits_turns_red_after_two_minutes(script: Script, settings: Any) -> None:
    now = timezone.now()
    make_queued(make_scripted_account(), now)
    assert check("outbox_due_age_seconds", now + timedelta(seconds=100)).ok
    settings.SENDING_ENABLED = False
    late = check("outbox_due_age_seconds", now + timedelta(seconds=130))
    assert (late.ok, late.detail) == (False, "sending is switched off")


def test_doubt_turns_red_after_ten_minutes_unless_an_officer_has_it(script: Script) -> None:
    now = timezone.now()
    row = make_queued(make_scripted_account(), now)
    lease = {"claim_token": row.pk, "lease_until": now}
    OutboundPost.objects.update(state="SENDING", **lease)
    OutboundPost.objects.update(state="UNSURE", unknown_since=now)
    assert check("outbox_unsure", now + timedelta(minutes=9)).ok
    assert not check("outbox_unsure", now + timedelta(minutes=11)).ok
    OutboundPost.objects.update(needs_officer_at=now)
    assert check("outbox_unsure", now + timedelta(minutes=11)).ok
    assert check("outbox_needs_officer", now).value == 1


def test_a_clock_that_stands_turns_red() -> None:
    now = timezone.now()
    assert check("tick_age_seconds", now).value == -1
    pulse.note("clock", now=now)
    assert check("tick_age_seconds", now).ok
    assert not check("tick_age_seconds", now + timedelta(seconds=61)).ok


def test_a_disk_that_is_nearly_full_turns_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "DISK_PERCENT", 101)
    assert not check("disk_free_percent", timezone.now()).ok


def test_migrations_that_are_missing_turn_red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    found = health.checks(now=timezone.now())
    assert [(one.name, one.value) for one in found if not one.ok] == [("migrations_missing", 2)]


def test_without_its_database_the_desk_is_alive_but_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OperationalError("connection refused: password=CANARY")

    monkeypatch.setattr(connection, "ensure_connection", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "CANARY" not in answer.content.decode()
    assert client.get("/healthz").status_code == 200


def test_the_numbers_are_for_who_knows_the_token(client: Client, settings: Any, script: Script) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token-of-a-test"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    make_scripted_account(handle='b"u\nsan\\')
    text = client.get("/metrics", headers={"Authorization": "Bearer a-token-of-a-test"}).content.decode()
    assert 'desk_poll_age_seconds{account="scripted:bu san"}' in text
    assert "desk_dead_letters 0" in text


def test_the_embedded_clock_keeps_no_file() -> None:
    """Celery's own default would write one into the working directory."""
    assert type(embedded_clock().service.scheduler) is Scheduler
