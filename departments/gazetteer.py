"""Which 구·군 a text speaks of: names of districts, 동 and landmarks found in it.

Longest name first, left to right. Short names are ordinary words too (우동 is a noodle soup, 하단 the bottom of a
page), so:
- a name of one syllable is never looked for;
- one of two or three syllables must begin a word (the city's own name and another hit may stand before it);
- one of two syllables, and every 동, 읍, 면, 리, 구, 군, must be followed by the end of the word, a 조사 or a word of
  place (수영동아리 is a swimming club, 시청자 a viewer);
- a name of two syllables that is not a district is `sure` only beside a sure hit in the same district;
- what another metropolitan city's name stands before (대구 중구) is not ours.
Where a name repeats (송정동) the hit has several candidates, the one that the rest of the text speaks for first.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from django.db.models import Count, Max

from departments.models import City, District, Place, PlaceKind

_HANGUL = re.compile("[가-힣]")
_ASCII_WORD = re.compile("[a-z0-9]")
_UNIT = tuple("동읍면리가구군")
_OTHER_CITY = re.compile(
    r"(?<![가-힣])(?:서울|대구|인천|대전|광주|울산|창원|포항|수원|성남|천안|청주|전주)(?:특별시|광역시|시)?\s*$"
)
#: As far back as another city's name may stand.
_CITY_REACH = 12
_AFTER = re.compile(
    r"""$|[^가-힣]
    |에서|에는|에도|에게|에|의|은|는|이나|이랑|이고|이라|이요|이|가[^가-힣]|가$|을|를|으로|로|와|과|랑|하고|도|만|까지|부터|보다|처럼|쯤|네
    |쪽|앞|옆|뒤|근처|인근|부근|주변|일대|방면|방향|입구|출구|안쪽|내[^가-힣]|내$|역|길|거리|사거리|삼거리|교차로|지하차도|터널|대교|고개
    |구청|군청|청[^각년소]|청$|주민|동네|전체|지역|지구|해변|해수욕장|바다|공원|시장|상가|아파트|빌라|맨션|병원|보건소|도서관|경찰서|소방서
    |우체국|정류장|정류소|주차장|초등|중학|고등|학교|어린이집|복지|행정|센터|톨게이트|나들목|램프|한복판|쓰레기|도로""",
    re.VERBOSE,
)


class Candidate(NamedTuple):
    """A district that a hit may mean."""

    id: int
    name: str


@dataclass(frozen=True)
class PlaceHit:
    """One name in the text. `start` and `end` count characters of its NFC form; `kind` is PlaceKind's or "district"."""

    text: str
    start: int
    end: int
    name: str
    kind: str
    place_id: int | None
    candidates: tuple[Candidate, ...]
    sure: bool


class Entry(NamedTuple):
    """One name of the gazetteer: what it stands for, and whether it is the official name or another."""

    written: str
    name: str
    kind: str
    place_id: int | None
    district: Candidate
    official: bool


Names: TypeAlias = dict[str, tuple[Entry, ...]]


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Names by first character, longest first; made once for one state of the directory."""

    by_first: dict[str, list[str]]
    entries: Names
    city_names: tuple[str, ...]

    def find(self, text: str) -> list[PlaceHit]:
        """The hits, in the order of the text; none overlaps another."""
        text = unicodedata.normalize("NFC", text)
        return _settled(list(self._scan(text, _folded(text))))

    def _scan(self, text: str, folded: str) -> Iterator[PlaceHit]:
        at, last_end = 0, -1
        while at < len(folded):
            name = self._name_at(folded, at, last_end)
            if name is None:
                at += 1
                continue
            last_end = at + len(name)
            if not _OTHER_CITY.search(folded[max(0, at - _CITY_REACH) : at]):
                yield self._hit(text, at, name)
            at = last_end

    def _name_at(self, folded: str, at: int, last_end: int) -> str | None:
        for name in self.by_first.get(folded[at], ()):
            if folded.startswith(name, at) and self._stands_alone(name, folded, at, last_end):
                return name
        return None

    def _stands_alone(self, name: str, folded: str, at: int, last_end: int) -> bool:
        before, after = folded[at - 1 : at], folded[at + len(name) :]
        if _ASCII_WORD.match(name[0]) and _ASCII_WORD.match(before):
            return False
        if _ASCII_WORD.match(name[-1]) and _ASCII_WORD.match(after):
            return False
        if len(name) <= 3 and at != last_end and _HANGUL.match(before) and not folded[:at].endswith(self.city_names):
            return False
        needs_end = len(name) == 2 or name.endswith(_UNIT)
        return not needs_end or not _HANGUL.match(name[-1]) or bool(_AFTER.match(after)) or self._begins_name(after)

    def _begins_name(self, after: str) -> bool:
        """해운대구우동: a name may follow without a space."""
        return any(after.startswith(name) for name in self.by_first.get(after[0], ()))

    def _hit(self, text: str, at: int, name: str) -> PlaceHit:
        entries = self.entries[name]
        best = entries[0]
        candidates = tuple(dict.fromkeys(entry.district for entry in entries))
        place_id = best.place_id if len(candidates) == 1 else None
        sure = len(name) > 2 or best.kind == "district"
        end = at + len(name)
        return PlaceHit(text[at:end], at, end, best.name, best.kind, place_id, candidates, sure)


def find_places(text: str, *, gazetteer: Gazetteer | None = None) -> list[PlaceHit]:
    """Names of places in a text, left to right. Take `current()` once for many texts: it asks the database."""
    return (gazetteer or current()).find(text)


def district_candidates(hits: Iterable[PlaceHit]) -> list[Candidate]:
    """The districts the hits speak for, most likely first: named outright, then by sure hits, then by the others."""
    votes: Counter[Candidate] = Counter()
    for hit in hits:
        weight = 100 if hit.kind == "district" else 10 if hit.sure else 1
        for candidate in hit.candidates:
            votes[candidate] += weight
    return [candidate for candidate, _votes in votes.most_common()]


def current() -> Gazetteer:
    """The gazetteer of the directory as it is now; two small queries, built anew only when a row changed."""
    places = Place.objects.aggregate(count=Count("id"), changed=Max("updated_at"))
    districts = District.objects.aggregate(count=Count("id"), changed=Max("updated_at"))
    return _built(tuple(places.values()), tuple(districts.values()))


@lru_cache(maxsize=2)
def _built(_places: tuple[object, ...], _districts: tuple[object, ...]) -> Gazetteer:
    city = City.objects.first()
    return build(_entries(), city_name=city.name if city else "")


def build(entries: Iterable[Entry], *, city_name: str = "") -> Gazetteer:
    """A gazetteer of these names; `city_name` may stand before any of them (부산 서면)."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if len(entry.written) > 1:
            found[_folded(entry.written)].append(entry)
    names = {name: tuple(sorted(same, key=_rank)) for name, same in found.items()}
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        by_first[name[0]].append(name)
    return Gazetteer(dict(by_first), names, _city_names(city_name))


def _entries() -> Iterator[Entry]:
    districts = {row.pk: Candidate(row.pk, row.name) for row in District.objects.filter(active_to__isnull=True)}
    for district in districts.values():
        yield Entry(district.name, district.name, "district", None, district, official=True)
    for place in Place.objects.filter(district__in=districts):
        at = districts[place.district_id]
        for written in dict.fromkeys([place.name, place.name.split()[-1], place.name.replace(" ", ""), *place.aliases]):
            yield Entry(written, place.name, place.kind, place.pk, at, official=written == place.name)


def _rank(entry: Entry) -> tuple[bool, int, str]:
    """Official names before others; districts, 법정동, 행정동, landmarks in that order."""
    kinds = ["district", PlaceKind.LEGAL_DONG, PlaceKind.ADMIN_DONG, PlaceKind.LANDMARK]
    return not entry.official, kinds.index(entry.kind), entry.district.name


def _city_names(name: str) -> tuple[str, ...]:
    """부산광역시 → 부산광역시, 부산시, 부산."""
    short = re.sub("(특별자치시|특별시|광역시|시)$", "", name)
    return tuple(dict.fromkeys([name, f"{short}시", short])) if short != name else (name,) * bool(name)


def _folded(text: str) -> str:
    """Lower case, character for character, so that positions stay those of the text."""
    return "".join(lower if len(lower := char.lower()) == 1 else char for char in text)


def _settled(hits: list[PlaceHit]) -> list[PlaceHit]:
    """Short names become sure beside a sure hit of their district; the supported candidate of a name comes first."""
    support = Counter(hit.candidates[0] for hit in hits if hit.sure and len(hit.candidates) == 1)
    return [
        replace(
            hit,
            sure=hit.sure or any(support[candidate] for candidate in hit.candidates),
            candidates=tuple(sorted(hit.candidates, key=lambda candidate: -support[candidate])),
        )
        for hit in hits
    ]
