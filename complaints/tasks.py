"""Celery's doors to the work: each looks at the database again and does what is due. Messages carry ids, nothing else.

`sweep` is the clock's hand: it finds everything due and hands it out; a lost message costs one period.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from time import monotonic
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError

from channels_sns import (
    amendments,
    delivery,
    inbox,
    media,
    outbox,
    releases,
    repeats,
    results,
    sources,
    tokens,
    webhooks,
)
from channels_sns.adapters.contract import ChannelError
from channels_sns.clock import database_now
from channels_sns.models import Account
from channels_sns.secrets import SecretsUnreadable
from channels_sns.turns import turn
from complaints import (
    agency_alerts,
    alerts,
    consultations,
    emergencies,
    escalation,
    good_news,
    idle,
    intake,
    leftover_photos,
    lessons,
    opinion_reminders,
    opinions,
    packs,
    releasing,
    searchdocs,
    settlement,
    surges,
)
from complaints import recount as due_times
from complaints.reports import schedules, schedules_out
from departments import working_time

logger = logging.getLogger(__name__)

#: Longer than any of the work takes; a turn that ends earlier is given back.
SWEEP_TURN = timedelta(seconds=5)
PHOTO_TURN = timedelta(seconds=60)
SEND_TURN = timedelta(seconds=30)
RECHECK_TURN = TOKEN_TURN = LEARN_TURN = SEARCH_TURN = timedelta(minutes=5)
PACK_TURN = timedelta(minutes=10)
POLL_EXPIRES, SEND_EXPIRES = 60, 15
RECOUNT_SECONDS = 60
RELEASE_TURN, RELEASE_SECONDS = timedelta(seconds=30), 5


def alone(name: str, length: timedelta) -> Callable[[Callable[[datetime], None]], Callable[[], None]]:
    """The work is done by one worker at a time, with the database's clock; whoever finds it under way leaves it."""

    def door(work: Callable[[datetime], None]) -> Callable[[], None]:
        @wraps(work)
        def task() -> None:
            now = database_now()
            with turn(name, now=now, length=length) as mine:
                if mine:
                    work(now)

        return task

    return door


@shared_task
@alone("sweep", SWEEP_TURN)
def sweep(now: datetime) -> None:
    """Register what waits, settle what was sent, release broadcasts; hand out every poll, sending, fetching due.

    What breaks our code in one of these holds up none of the others; it is told once they are done.
    """
    steps = (
        delivery.abandon_expired, webhooks.read_waiting, intake.register_waiting, opinions.collect, settlement.settle,
        releases.release_due, emergencies.tend, _hand_out_due,
    )  # fmt: skip
    broken = [error for step in steps if (error := _tried(step, now)) is not None]
    if broken:
        raise broken[0]


def _tried(step: Callable[..., object], now: datetime) -> Exception | None:
    """What the step broke on, if anything. Where the database is away all of it comes again."""
    try:
        step(now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("the sweep goes on without %s", step)
        return error
    return None


def _hand_out_due(*, now: datetime) -> None:
    for alert_id in agency_alerts.due(now):
        _hand_out(tell, alert_id, expires=SEND_EXPIRES)
    for account_id in {*outbox.due_accounts(now), *amendments.due_accounts(now)}:
        _hand_out(deliver, account_id, expires=SEND_EXPIRES)
    for account_id in inbox.due_accounts(now):
        _hand_out(collect, account_id, expires=POLL_EXPIRES)
    if media.is_due(now=now):
        _hand_out(fetch_photos, expires=SEND_EXPIRES)
    if releasing.due(now).exists():
        _hand_out(release, expires=SEND_EXPIRES)


@shared_task
def collect(account_id: int) -> None:
    """Poll one account, if that is still due, and register what it brought."""
    now = database_now()
    if account_id not in inbox.due_accounts(now):
        return
    if inbox.collect(Account.objects.get(pk=account_id), now=now).new:
        intake.register_waiting(now=database_now())


@shared_task
def deliver(account_id: int) -> None:
    """Send and read back what is due on one account, take down and change what stands; then settle the replies."""
    now = database_now()
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        return
    with turn(f"send:{account_id}", now=now, length=SEND_TURN) as mine:
        if mine and delivery.deliver_due(account, now=now):
            settlement.settle(now=database_now())
        if mine and settings.SENDING_ENABLED:
            amendments.carry_out_due(account, now=database_now())


@shared_task
def tell(alert_id: int) -> None:
    """One mail or webhook of an emergency."""
    if settings.SENDING_ENABLED:
        agency_alerts.send(alert_id, now=database_now())


@shared_task
@alone("photos", PHOTO_TURN)
def fetch_photos(now: datetime) -> None:
    """Fetch the photos that wait."""
    media.give_up_exhausted(now=now)
    media.fetch_due(now=now)


@shared_task
@alone("release", RELEASE_TURN)
def release(now: datetime) -> None:
    """Carry the replies of incidents out, some seconds' worth; the next sweep goes on where this ends."""
    releasing.carry_on(now=now, goes_on=_for(RELEASE_SECONDS))


@shared_task
@alone("recheck", RECHECK_TURN)
def recheck(now: datetime) -> None:
    """Look at fresh posts again where they stand: edited, deleted? Accounts whose poll fails are left alone."""
    fit = Account.objects.filter(enabled=True, state=Account.State.ACTIVE, failures=0)
    _each(fit, sources.recheck, "its posts could not be looked at again", now=now)


@shared_task
@alone("tokens", TOKEN_TURN)
def check_tokens(now: datetime) -> None:
    """Once a day for each account: what its token may do and until when, and how many follow it."""
    _each(tokens.due(now=now), tokens.check, "its token could not be looked at", now=now)


@shared_task(soft_time_limit=570, time_limit=600)
@alone("learn", LEARN_TURN)
def learn(now: datetime) -> None:
    """Once a night: learn from what the officers decided, within a budget of processor time (complaints.lessons)."""
    if lessons.is_due(now=now):
        lessons.learn(now=now)


@shared_task(soft_time_limit=570, time_limit=600)
@alone("search", SEARCH_TURN)
def catch_up_search(now: datetime) -> None:
    """Write anew what of the search is out of date: edits at the network, a new form of the index."""
    searchdocs.catch_up(now=now)


@shared_task
@alone("leftovers", LEARN_TURN)
def tidy_photos(now: datetime) -> None:
    """Remove photos that belong to nothing (complaints.leftover_photos)."""
    leftover_photos.tidy(now=now)


@shared_task(soft_time_limit=570, time_limit=600)
@alone("packs", PACK_TURN)
def pack_spans(now: datetime) -> None:
    """Pack the ended spans anew for the reports, where enough was written since the last time (complaints.packs)."""
    packs.refresh(now=now)


@shared_task
@alone("plan", LEARN_TURN)
def plan(now: datetime) -> None:
    """The drafts of what is said again and again, days ahead; consents nobody gave in time (good_news)."""
    repeats.make_ahead(now=now, is_holiday=working_time.calendar_for().is_holiday)
    good_news.lapse(now=now)


@shared_task
@alone("surges", LEARN_TURN)
def find_surges(now: datetime) -> None:
    """Do many citizens write about the same matter at once? (complaints.surges)"""
    surges.find(now=now)


@shared_task
@alone("results", LEARN_TURN)
def count_results(now: datetime) -> None:
    """What became of the broadcasts' posts, an hour, a day and a week after they were sent (channels_sns.results)."""
    _each(results.due_accounts(now=now), results.look, "the results of its posts could not be read", now=now)


@shared_task
@alone("idle", LEARN_TURN)
def take_back_idle(now: datetime) -> None:
    """Give what no department accepted in time back to the desk (complaints.idle); end requests nobody needs."""
    idle.take_back(now=now)
    consultations.lapse(now=now)


@shared_task
def watch() -> None:
    """Tell what is due, and emergencies at once (complaints.escalation); send what of it leaves the desk."""
    now = database_now()
    with turn("watch", now=now, length=SEND_TURN) as mine:
        if mine:
            escalation.escalate(now=now)
    if alerts.due(database_now()).exists():
        _hand_out(send_alerts, expires=SEND_EXPIRES)


@shared_task
@alone("alerts", PHOTO_TURN)
def send_alerts(now: datetime) -> None:
    """Mail and messenger (complaints.alerts)."""
    alerts.send_due(now=now)


@shared_task
@alone("report mail", PACK_TURN)
def mail_reports(now: datetime) -> None:
    """Saved reports that are due, to their readers; what departments are told about opinions under a talk."""
    schedules.queue_due(now=now)
    schedules_out.send_due(now=now)
    opinion_reminders.tend(now=now)


@shared_task
@alone("recount", LEARN_TURN)
def recount(now: datetime) -> None:
    """Move the due times of open complaints after a change of the calendar (complaints.recount)."""
    due_times.recount(now=now, goes_on=_for(RECOUNT_SECONDS))


def _for(seconds: float) -> Callable[[], bool]:
    """True so long from now on."""
    until = monotonic() + seconds
    return lambda: monotonic() < until


def _each(accounts: Iterable[Account], look: Callable[..., object], failed: str, *, now: datetime) -> None:
    """Look at one account after the other; one that cannot be looked at costs only itself."""
    for account in accounts:
        try:
            look(account, now=now)
        except (ChannelError, SecretsUnreadable) as error:
            logger.warning("account %s: %s: %s", account.pk, failed, error)


def _hand_out(task: Any, *ids: int, expires: int) -> None:
    task.apply_async(args=ids, expires=expires, retry=False)
