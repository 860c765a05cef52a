"""Our own posts afterwards: taken down or changed where they stand, and looked at until that is seen. Only writer of
Amendment.

Taking down twice does no harm, so a lost answer is simply asked for again. Done is what the network said yes to;
verified is what a look at the source shows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from channels_sns import accounts, budget, outbox
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    ChannelError,
    Gone,
    IncomingPost,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Rejected,
    TargetGone,
)
from channels_sns.adapters.edits import can_edit, edit
from channels_sns.adapters.text import nfc
from channels_sns.backoff import next_try
from channels_sns.clock import Watch
from channels_sns.composition import stands_in
from channels_sns.locks import try_lock
from channels_sns.models import Account, Amendment, OutboundPost
from channels_sns.nudge import after_commit
from channels_sns.redaction import redact
from channels_sns.secrets import SecretsUnreadable

logger = logging.getLogger(__name__)
State, Kind, Sent = Amendment.State, Amendment.Kind, OutboundPost.State

TRIES_MAX = 30
#: The source is looked at again so soon, then more and more seldom; after so many looks it is done once more.
FIRST_LOOK, LOOKS_MAX = timedelta(seconds=2), 6
#: A post on its way, or of which nobody knows whether it stands, is waited for.
WAIT = timedelta(seconds=5)
WORK_MAX = timedelta(seconds=60)


class NotPossible(Exception):
    """Nothing was asked for; the text says why, for people."""


# --- asked for by people ----------------------------------------------------------------------------------------------


def take_down(posts: Iterable[OutboundPost], *, by: User | None, now: datetime) -> list[Amendment]:
    """Take these posts down wherever they stand; what has not left yet does not leave. One row each, once.

    Where nobody knows whether one stands it is neither given up nor sent again: the looking goes on.
    """
    asked, posts = [], list(posts)
    outbox.close_at(posts, now=now)
    for post in posts:
        _stop(post, by=by, now=now)
        row, _new = Amendment.objects.get_or_create(
            outbound=post, kind=Kind.DELETE, defaults={"asked_at": now, "asked_by": by, "next_attempt_at": now}
        )
        asked.append(row)
        after_commit("complaints.tasks.deliver", post.account_id)
    return asked


def _stop(post: OutboundPost, *, by: User | None, now: datetime) -> None:
    post.refresh_from_db()
    try:
        if post.state != Sent.UNSURE:
            outbox.cancel(post, by=by.get_username() if by else "", now=now)
    except outbox.NotPossible:
        logger.info("outbox %s: on its way or posted; it will be taken down", post.key)


def correct(post: OutboundPost, *, text: str, by: User, now: datetime) -> Amendment:
    """Let a post that stands say something else. Raises NotPossible."""
    text, adapter = nfc(text.strip()), accounts.adapter_class(post.account.kind)
    if not can_edit(post.account.kind):
        raise NotPossible(_("This network does not let posts be changed. Take it down and post it anew."))
    if post.state != Sent.SENT or not post.external_id:
        raise NotPossible(_("It does not stand on the network."))
    if not text or adapter.measure(text) > adapter.capabilities.max_length:
        raise NotPossible(_("The text is empty, or too long for this network."))
    if post.amendments.filter(kind=Kind.DELETE).exists():
        raise NotPossible(_("It is being taken down."))
    asked = Amendment(outbound=post, kind=Kind.EDIT, text=text, asked_at=now, asked_by=by, next_attempt_at=now)
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError as error:
        raise NotPossible(_("Another change of it is still on its way.")) from error
    after_commit("complaints.tasks.deliver", post.account_id)
    return asked


def again(row: Amendment, *, now: datetime) -> bool:
    """A person wants one tried again that failed; False if somebody was faster."""
    failed = Amendment.objects.filter(pk=row.pk, state=State.FAILED)
    return bool(failed.update(state=State.QUEUED, attempts=0, looks=0, next_attempt_at=now))


# --- carried out ------------------------------------------------------------------------------------------------------


def due(now: datetime) -> QuerySet[Amendment]:
    """What is to be done or looked at now, on accounts that work."""
    rows = Amendment.objects.filter(state__in=(State.QUEUED, State.DONE), next_attempt_at__lte=now)
    return rows.filter(outbound__account__enabled=True, outbound__account__state=Account.State.ACTIVE)


def due_accounts(now: datetime) -> list[int]:
    return list(due(now).order_by().values_list("outbound__account_id", flat=True).distinct())


def carry_out_due(account: Account, *, now: datetime) -> int:
    """One step for everything due on `account`; how many steps were taken."""
    watch, taken = Watch(now), 0
    for pk in list(due(now).filter(outbound__account=account).values_list("pk", flat=True)):
        if watch.now() - now > WORK_MAX:
            break
        row = due(watch.now()).filter(pk=pk).select_related("outbound__account").first()
        if row is not None:
            with try_lock("outbox", row.outbound_id) as held:
                if held is not None:
                    _step(row, watch)
                    taken += 1
    return taken


def _step(row: Amendment, watch: Watch) -> None:
    """Do it, or look whether it is done; what goes wrong is noted, not raised."""
    post = row.outbound
    post.refresh_from_db()
    if post.state in (Sent.QUEUED, Sent.SENDING, Sent.UNSURE):
        _note(row, next_attempt_at=watch.now() + WAIT)
        return
    if post.state != Sent.SENT:
        _note(row, state=State.VERIFIED, verified_at=watch.now(), last_error=_("It was never posted."))
        return
    if not post.external_id:
        by_hand = _("Somebody saw it standing, but its name on the network is not known. Please take it down there.")
        _note(row, state=State.FAILED, last_error=by_hand, next_attempt_at=None)
        return
    try:
        adapter = accounts.open_adapter(post.account)
        _look(row, adapter, watch) if row.state == State.DONE else _do(row, adapter, watch)
        budget.note(post.account, adapter.meter, now=watch.now())
    except (ChannelError, SecretsUnreadable) as error:
        _later(row, error, watch.now())
    except Exception as error:
        logger.exception("amendment %s failed", row.pk)
        _later(row, Rejected(redact(f"{type(error).__name__}: {error}")), watch.now())


def _do(row: Amendment, adapter: Adapter, watch: Watch) -> None:
    if row.kind == Kind.EDIT:
        edit(adapter, row.outbound.external_id, row.text)
    else:
        for name in (row.outbound.external_id, *row.outbound.media_ids):
            _remove(adapter, name)
    now = watch.now()
    _note(row, state=State.DONE, done_at=now, attempts=row.attempts + 1, next_attempt_at=now + FIRST_LOOK, looks=0)
    _look(row, adapter, watch)


def _remove(adapter: Adapter, name: str) -> None:
    try:
        adapter.delete(name)
    except TargetGone:
        logger.info("%s: %s was gone already", adapter.capabilities.kind, name)


def _look(row: Amendment, adapter: Adapter, watch: Watch) -> None:
    """What does the source show? Not yet what it should: look again, and in the end do it again."""
    shown = adapter.lookup([row.outbound.external_id]).get(row.outbound.external_id)
    now = watch.now()
    if row.kind == Kind.DELETE:
        right = isinstance(shown, Gone) and shown.verified
    else:
        right = isinstance(shown, IncomingPost) and _says_anew(row, shown.text)
    if right:
        _note(row, state=State.VERIFIED, verified_at=now, next_attempt_at=None, last_error="")
    elif row.looks + 1 >= LOOKS_MAX:
        _later(row, Rejected(_("the network still shows it as it was")), now, state=State.QUEUED)
    else:
        wait = max(FIRST_LOOK, adapter.capabilities.index_lag / LOOKS_MAX) * 2**row.looks
        _note(row, looks=row.looks + 1, next_attempt_at=now + wait)


def _says_anew(row: Amendment, shown: str) -> bool:
    """The new text in the place of the old one? Of a text that was only shortened, the old one holds all of it."""
    old = row.outbound.text
    return stands_in(row.text, shown) and (stands_in(old, row.text) or not stands_in(old, shown))


def _later(row: Amendment, error: Exception, now: datetime, *, state: Amendment.State | None = None) -> None:
    """Again later; what the network refuses, or not after so many tries: a person must act."""
    words = redact(f"{type(error).__name__}: {error}")[:2000]
    if isinstance(error, AuthExpired | PermissionDenied | SecretsUnreadable):
        _renew(row, error, words, now)
    refused = isinstance(error, Rejected) and state is None
    if refused or (isinstance(error, TargetGone) and row.kind == Kind.EDIT) or row.attempts + 1 >= TRIES_MAX:
        _note(row, state=State.FAILED, attempts=row.attempts + 1, last_error=words, next_attempt_at=None)
        return
    waits = isinstance(error, RateLimited | QuotaExhausted)
    again_at = next_try(now=now, failures=row.attempts + 1, retry_at=getattr(error, "retry_at", None))
    changes = {"attempts": row.attempts + (not waits), "last_error": words, "next_attempt_at": again_at}
    _note(row, **changes, **({"state": state, "looks": 0} if state else {}))


def _renew(row: Amendment, error: Exception, words: str, now: datetime) -> None:
    """A fresh token, or the account stops, loudly; the post is taken down once it works again."""
    account = row.outbound.account
    try:
        renewed = isinstance(error, AuthExpired) and accounts.refresh(account)
    except ChannelError as unreachable:
        logger.warning("account %s: the token server does not answer: %s", account.pk, unreachable)
        return
    if not renewed:
        accounts.suspend(account, reason=words, now=now)


def _note(row: Amendment, **changes: object) -> None:
    Amendment.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
