"""Who is told of an emergency at once, each by his way, and told again when all is clear. Only writer of
AgencyAlert and AlertContact.

Each contact is told once for each occasion. A mail or a webhook whose answer is lost is sent again under the same
name, so that the receiver can tell: to be told twice is better than not at all. A mention goes through the outbox.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from channels_sns import brand, outbox, safe_fetch
from channels_sns.accounts import adapter_class
from channels_sns.adapters.text import graphemes
from channels_sns.backoff import next_try
from channels_sns.composition import tags_of
from channels_sns.locks import try_lock
from channels_sns.models import Account, Broadcast, OutboundPost
from channels_sns.nudge import after_commit
from channels_sns.redaction import redact
from channels_sns.secrets import seal, unseal
from complaints import mails
from complaints.models import AgencyAlert, AlertContact, Emergency

logger = logging.getLogger(__name__)
State, Way, Occasion = AgencyAlert.State, AlertContact.Way, AgencyAlert.Occasion

#: With the back-off about half an hour; then somebody has to call.
TRIES_MAX = 8


class NotPossible(Exception):
    """Nothing was kept; the text says why, for people."""


class _NotReached(Exception):
    """The receiver did not take it."""


# --- contacts ---------------------------------------------------------------------------------------------------------


def save_contact(contact: AlertContact, *, secret: str = "", **values: Any) -> AlertContact:
    """Keep a contact, new or known; an empty secret keeps what is stored. Raises NotPossible."""
    for name, value in values.items():
        setattr(contact, name, value.strip() if isinstance(value, str) else value)
    if not contact.name or not contact.address:
        raise NotPossible(_("A contact needs a name and an address."))
    _check(contact)
    if contact.way != Way.MENTION:
        contact.network = ""
    if secret:
        contact.secret = seal({"key": secret})
    contact.save()
    return contact


def _check(contact: AlertContact) -> None:
    """Can somebody be reached by that?"""
    address = contact.address
    if contact.way == Way.EMAIL:
        try:
            validate_email(address)
        except ValidationError as error:
            raise NotPossible(_("This is no mail address.")) from error
    elif contact.way == Way.WEBHOOK and not _is_web(address):
        raise NotPossible(_("A webhook needs an address that begins with https://."))
    elif contact.way == Way.MENTION and (not contact.network or not address.lstrip("@") or " " in address):
        raise NotPossible(_("A mention needs a network and a handle."))


def _is_web(address: str) -> bool:
    """Encrypted, or in the city's own network where the operator said so."""
    return address.startswith("https://") or _is_inside(address)


def _is_inside(address: str) -> bool:
    """Does it stand on one of the origins that the operator named (DESK_AGENCY_WEBHOOKS_INSIDE)?"""
    return any(address.startswith(f"{origin}/") for origin in settings.AGENCY_WEBHOOKS_INSIDE)


# --- telling ----------------------------------------------------------------------------------------------------------


def tell(
    emergency: Emergency, occasion: AgencyAlert.Occasion, contacts: Iterable[AlertContact], *, now: datetime
) -> None:
    """Tell every one of `contacts`, in the caller's transaction: mentions into the outbox, the rest for `send_due`."""
    broadcast = emergency.alarm if occasion == Occasion.ALARM else emergency.all_clear
    for contact in contacts:
        state = State.TO_CALL if contact.way == Way.PHONE else State.QUEUED
        alert = AgencyAlert.objects.create(
            emergency=emergency, contact=contact, occasion=occasion, state=state, created_at=now, next_attempt_at=now
        )
        if contact.way == Way.MENTION and broadcast is not None:
            _mention(alert, broadcast, now)
        elif state == State.QUEUED:
            after_commit("complaints.tasks.tell", alert.pk)


def _mention(alert: AgencyAlert, broadcast: Broadcast, now: datetime) -> None:
    """A post of the city's account there that names the contact, with the photo."""
    account = _speaker(broadcast, alert.contact.network)
    if account is None:
        _end(alert, State.FAILED, now, error=_("The city has no account on this network."))
        return
    text = _cut(f"@{alert.contact.address.lstrip('@')} {broadcast.text or broadcast.text_en}", account)
    pictures = [{"file": one.file, "alt": one.alt} for one in broadcast.pictures.all()[:1]]
    (row,) = outbox.enqueue(
        account=account,
        key=f"agency:{alert.pk}",
        parts=[text],
        tags=tags_of([text]),
        target=None,
        language="ko",
        now=now,
        terms=outbox.Terms(lane=outbox.Lane.EMERGENCY, media=pictures),
    )
    AgencyAlert.objects.filter(pk=alert.pk).update(outbound=row, next_attempt_at=None)
    after_commit("complaints.tasks.deliver", account.pk)


def _speaker(broadcast: Broadcast, network: str) -> Account | None:
    """The account that speaks there: one of the broadcast's own first."""
    there = [account for account in brand.speaking() if account.kind == network]
    chosen = set(broadcast.variants.values_list("account_id", flat=True))
    return next((account for account in there if account.pk in chosen), next(iter(there), None))


def _cut(text: str, account: Account) -> str:
    """As much of `text` as one post there takes."""
    adapter = adapter_class(account.kind)
    limit, signs = adapter.capabilities.max_length, graphemes(text)
    while adapter.measure("".join(signs)) > limit:
        signs = [*signs[: max(1, min(len(signs) - 2, int(len(signs) * 0.9)))], "…"]
    return "".join(signs)


def due(now: datetime) -> list[int]:
    """Ids of mails and webhooks that wait: each is sent by itself, so that one that hangs holds up nobody."""
    waiting = AgencyAlert.objects.filter(state=State.QUEUED, next_attempt_at__lte=now)
    return list(waiting.order_by("id").values_list("pk", flat=True))


def send(pk: int, *, now: datetime) -> bool:
    """Send one, if that is still due; was it taken?"""
    with try_lock("agency", pk) as held:
        rows = AgencyAlert.objects.select_related("contact", "emergency__alarm", "emergency__all_clear")
        alert = rows.filter(pk=pk, state=State.QUEUED, next_attempt_at__lte=now).first() if held else None
        if alert is None:
            return False
        try:
            (_mail if alert.contact.way == Way.EMAIL else _post)(alert)
        except Exception as error:  # noqa: BLE001 - whatever a mail server or a stranger's webhook does
            _later(alert, error, now)
            return False
        _end(alert, State.SENT, now)
    return True


def _later(alert: AgencyAlert, error: Exception, now: datetime) -> None:
    words = redact(f"{type(error).__name__}: {error}")[:2000]
    logger.warning("agency alert %s: %s", alert.pk, words)
    if alert.attempts + 1 >= TRIES_MAX:
        _end(alert, State.FAILED, now, error=words)
        return
    again = next_try(now=now, failures=alert.attempts + 1)
    AgencyAlert.objects.filter(pk=alert.pk).update(attempts=alert.attempts + 1, last_error=words, next_attempt_at=again)


def _end(alert: AgencyAlert, state: AgencyAlert.State, now: datetime, *, error: str = "") -> None:
    AgencyAlert.objects.filter(pk=alert.pk).update(state=state, done_at=now, last_error=error, next_attempt_at=None)


def _said(alert: AgencyAlert) -> Broadcast:
    emergency = alert.emergency
    found = emergency.alarm if alert.occasion == Occasion.ALARM else emergency.all_clear
    return found or emergency.alarm


def _mail(alert: AgencyAlert) -> None:
    """One mail with the text in both languages and the photo."""
    if not settings.MAIL_ENABLED:
        raise _NotReached(_("no mail server is set (DESK_MAIL_URL)"))
    said, city = _said(alert), _("City of Busan")
    message = EmailMessage(
        subject=f"[{city}] {alert.get_occasion_display()}: {alert.emergency.title}",
        body="\n\n".join(text for text in (said.text, said.text_en) if text),
        to=[alert.contact.address],
        headers=mails.headers("agency-alert", alert.pk),
    )
    for one in said.pictures.all():
        message.attach(Path(one.file).name, (Path(settings.MEDIA_ROOT) / one.file).read_bytes(), "image/jpeg")
    message.send()


def _post(alert: AgencyAlert) -> None:
    """One signed POST; the same `id` again is the same alert."""
    said, emergency = _said(alert), alert.emergency
    values = {
        "id": f"agency-alert-{alert.pk}",
        "type": alert.occasion.lower(),
        "emergency": emergency.pk,
        "title": emergency.title,
        "text": said.text,
        "text_en": said.text_en,
        "contact": emergency.contact,
        "at": alert.created_at.isoformat(),
    }
    body = json.dumps(values, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    if alert.contact.secret:
        key = unseal(alert.contact.secret)["key"].encode()
        headers["X-Desk-Signature"] = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
    address = alert.contact.address
    safe_fetch.post(address, body, headers=headers, inside=_is_inside(address))


def drop(emergency: Emergency, *, now: datetime) -> None:
    """Nobody is told of the alarm any more: it is over. A mail or webhook on its way at this moment ends as it ends."""
    unsaid = emergency.alerts.filter(occasion=Occasion.ALARM, outbound=None, state__in=(State.QUEUED, State.TO_CALL))
    unsaid.update(state=State.FAILED, done_at=now, last_error=_("The all-clear came first."), next_attempt_at=None)


def told(emergency: Emergency) -> QuerySet[AlertContact]:
    """Who heard of the alarm, or may have: who was only to be called and was not, did not."""
    heard = emergency.alerts.filter(occasion=Occasion.ALARM).exclude(contact__way=Way.PHONE, state=State.FAILED)
    return AlertContact.objects.filter(pk__in=heard.values("contact"))


def settle(*, now: datetime) -> None:
    """What became of the mentions."""
    fates = {"SENT": State.SENT, "FAILED": State.FAILED, "BLOCKED": State.FAILED, "CANCELLED": State.FAILED}
    waiting = AgencyAlert.objects.filter(state=State.QUEUED, outbound__state__in=fates)
    for alert in waiting.select_related("outbound"):
        post = alert.outbound
        if post is not None:
            _end(alert, fates[post.state], post.sent_at or now, error=post.last_error if post.state != "SENT" else "")


def called(alert: AgencyAlert, *, by: User, now: datetime) -> bool:
    """Somebody has called; also where the other way failed. False if that was noted already."""
    open_ = AgencyAlert.objects.filter(pk=alert.pk, state__in=(State.TO_CALL, State.FAILED))
    return bool(open_.update(state=State.CALLED, done_at=now, called_by=by, next_attempt_at=None))


def posts_of(emergency: Emergency) -> list[OutboundPost]:
    """The mentions of the alarm: they carry name and photo too."""
    rows = emergency.alerts.filter(occasion=Occasion.ALARM, outbound__isnull=False).select_related("outbound__account")
    return [alert.outbound for alert in rows if alert.outbound is not None]
