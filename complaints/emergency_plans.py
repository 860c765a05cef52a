"""An emergency while it is being prepared: facts, texts, accounts, contacts, checklist. Nothing leaves the desk yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from channels_sns import brand, broadcasts
from channels_sns.adapters.text import nfc
from channels_sns.models import Account, Broadcast
from channels_sns.models.brand import Language
from channels_sns.models.broadcast import Kind as BroadcastKind
from complaints import emergency_words
from complaints.emergency_steps import NotPossible, check_rights, note, take
from complaints.models import AlertContact, Complaint, Emergency, EmergencyCheck

State, Item = Emergency.State, EmergencyCheck.Item


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known. Nothing is needed but the kind: what nobody knows is left out of the text."""

    kind: str
    name: str = ""
    age: str = ""
    appearance: str = ""
    appearance_en: str = ""
    place: str = ""
    place_en: str = ""
    seen: str = ""
    contact: str = "112"


@dataclass(frozen=True, slots=True)
class Plan:
    """Where it goes and what it says; an empty text is made from the facts."""

    accounts: tuple[Account, ...]
    contacts: tuple[AlertContact, ...] = ()
    text: str = ""
    text_en: str = ""


def prepare(facts: Facts, plan: Plan, *, complaint: Complaint | None, by: User, now: datetime) -> Emergency:
    """Everything but the decision: facts, texts, accounts, contacts. Raises NotPossible."""
    check_rights(by)
    with transaction.atomic():
        emergency = Emergency(complaint=complaint, prepared_by=by, prepared_at=now)
        _tell(emergency, facts)
        ko, en = _texts(emergency, plan)
        emergency.alarm = broadcasts.draft(
            kind=BroadcastKind.EMERGENCY,
            title=emergency.title,
            by=by,
            now=now,
            accounts=plan.accounts,
            text=ko,
            text_en=en,
        )
        emergency.save(force_insert=True)
        emergency.contacts.set(plan.contacts)
        bilingual(emergency.alarm)
        note(emergency, "prepare", by=by, now=now)
    return emergency


def revise(emergency: Emergency, facts: Facts, plan: Plan, *, by: User, version: int, now: datetime) -> None:
    """Say it anew while it is being prepared. Raises NotPossible, Conflict."""
    check_rights(by)
    with transaction.atomic():
        take(emergency, version, State.PREPARED)
        _tell(emergency, facts)
        emergency.save()
        emergency.contacts.set(plan.contacts)
        alarm = emergency.alarm
        ko, en = _texts(emergency, plan)
        values = {"title": emergency.title, "text": ko, "text_en": en}
        broadcasts.change(alarm, version=alarm.version, by=by, now=now, **values)
        broadcasts.address(alarm, plan.accounts)
        bilingual(alarm)


def _tell(emergency: Emergency, facts: Facts) -> None:
    for name, value in asdict(facts).items():
        setattr(emergency, name, nfc(" ".join(value.split())))
    emergency.contact = emergency.contact or "112"
    emergency.title = emergency_words.title_of(emergency)


def _texts(emergency: Emergency, plan: Plan) -> tuple[str, str]:
    """Korean and English: as typed, else out of the facts."""
    return (
        plan.text.strip() or emergency_words.alarm(emergency, "ko"),
        plan.text_en.strip() or emergency_words.alarm(emergency, "en"),
    )


def bilingual(broadcast: Broadcast) -> None:
    """Korean and English on every account; English alone where the account speaks only that."""
    for variant in broadcast.variants.select_related("account__voice"):
        own = brand.voice_of(variant.account).language
        broadcasts.vary(broadcast, variant.account_id, {"language": own if own == Language.ENGLISH else Language.BOTH})


def needed_checks(emergency: Emergency) -> list[EmergencyCheck.Item]:
    """The points of the checklist: consent where somebody is named or looked for, the photo's where there is one."""
    person = emergency.kind != Emergency.Kind.OTHER
    photo = emergency.alarm.pictures.exists()
    return [item for item, needed in ((Item.CONSENT, person), (Item.FACTS, True), (Item.PHOTO, photo)) if needed]


def missing_checks(emergency: Emergency) -> list[EmergencyCheck.Item]:
    done = set(emergency.checks.values_list("item", flat=True))
    return [item for item in needed_checks(emergency) if item not in done]


def check(emergency: Emergency, points: Mapping[str, str], *, by: User, now: datetime) -> None:
    """Vouch for exactly these points (item → note); whoever vouched first stays named. Raises NotPossible."""
    check_rights(by)
    if Item.CONSENT in points and len(points[Item.CONSENT].strip()) < 2:
        raise NotPossible(_("Say who consented and how: by it somebody can ask again."))
    if emergency.state != State.PREPARED:
        raise NotPossible(_("This is not possible now: %(state)s.") % {"state": State(emergency.state).label})
    emergency.checks.exclude(item__in=points).delete()
    for item, words in points.items():
        kept = {"note": nfc(words.strip())[:200], "by": by, "at": now}
        EmergencyCheck.objects.get_or_create(emergency=emergency, item=Item(item), defaults=kept)


def drop_photo(emergency: Emergency, picture_id: UUID, *, by: User, version: int) -> None:
    """Take a photo out: whoever approves sees that it changed. Raises NotPossible, Conflict."""
    check_rights(by)
    with transaction.atomic():
        take(emergency, version, State.PREPARED)
        broadcasts.drop_picture(emergency.alarm, picture_id, version=emergency.alarm.version)


def give_up(emergency: Emergency, *, by: User, version: int, now: datetime, reason: str = "") -> None:
    """It was none, or is over before it began. Raises NotPossible, Conflict."""
    check_rights(by)
    with transaction.atomic():
        take(emergency, version, State.PREPARED)
        alarm = emergency.alarm
        broadcasts.cancel(alarm, by=by, version=alarm.version, now=now, reason=reason)
        emergency.state = State.CANCELLED
        emergency.save()
        note(emergency, "give up", by=by, now=now, words=reason)
