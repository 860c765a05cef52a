"""What the desk can tell from the words of a thread, for an officer to confirm: where, which legal kind, how urgent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from complaints import kind_words, languages, locating
from complaints.legal_kinds import KINDS
from complaints.models import Complaint
from complaints.models.kinds import LegalKind
from complaints.pages import names
from departments import gazetteer
from departments.gazetteer import PlaceHit

#: Districts that a name may mean; more are no help.
MEANT_MAX, WORDS_MAX = 5, 3


@dataclass(frozen=True, slots=True)
class Meant:
    """A district that the text may mean, and the names in it that say so; `current`: it is the complaint's."""

    pk: int
    name: str
    words: str
    current: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """The legal kind that the words speak for; `elsewhere`: it belongs to a counter of its own."""

    value: str
    name: str
    about: str
    words: str
    elsewhere: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """The template's view. `unsure`: a name repeats in the city, or stands for something else as well."""

    meant: list[Meant]
    unsure: bool
    may_locate: bool
    districts: list[tuple[str, str]]
    kind: Kind | None
    urgent_words: str
    language: str


def advice_of(complaint: Complaint, user: User, texts: Iterable[str]) -> Advice:
    """`texts`: what the citizens wrote in this thread. Two queries, to see whether the gazetteer has changed."""
    said = "\n".join(texts)
    hits = gazetteer.current().find(said)
    return Advice(
        meant=meant(hits, current=complaint.district_id),
        unsure=any(not hit.sure or len(hit.candidates) > 1 for hit in hits),
        may_locate=locating.may_locate(user, complaint),
        districts=names.districts(),
        kind=kind_of(said, current=complaint.legal_kind),
        urgent_words=quoted(complaint.urgent_words),
        language=languages.name_of(complaint.language),
    )


def meant(hits: Iterable[PlaceHit], *, current: int | None) -> list[Meant]:
    """The districts that the names may mean, the likeliest first, each with its names."""
    hits, words = list(hits), defaultdict(list)
    for hit in hits:
        for candidate in hit.candidates:
            words[candidate].append(hit.text)
    found = gazetteer.district_candidates(hits)[:MEANT_MAX]
    return [Meant(one.id, one.name, quoted(dict.fromkeys(words[one])), one.id == current) for one in found]


def kind_of(text: str, *, current: str) -> Kind | None:
    """What the words speak for, with what the law means by it."""
    found = kind_words.propose(text)
    if found is None:
        return None
    row = KINDS[found.kind]
    return Kind(
        value=found.kind,
        name=str(found.kind.label),
        about=str(row.about),
        words=quoted(found.words),
        elsewhere=found.kind == LegalKind.STATUTORY,
        current=found.kind == current,
    )


def quoted(words: Iterable[str]) -> str:
    """“우동”, “센텀시티”: as every reason is shown."""
    return ", ".join(f"“{word}”" for word in list(words)[:WORDS_MAX])
