"""The search: receipt number, words of posts and answers, who wrote, department, district; initials (초성) of either.

Every word typed must be found somewhere in the complaint. Words are found inside others, so particles (조사) do no
harm. Only where nothing is found, one wrong letter a word is forgiven. One implementation: the back ends differ in how
the index is asked (complaints.postings), not in what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from complaints import bigrams, searchdocs
from complaints.models import Complaint, SearchDoc
from complaints.postings import Holds, NewestPage, Shares, how_common
from complaints.searchdocs import department_token, district_token, serial_of
from departments.models import Department, District

TERMS_MAX, TERM_MAX = 5, 100
#: Words in more documents than this are common: the newest page walks, a count ends there.
COMMON = 3_000
#: The newest so many documents tell what is common without asking the index: so many of them for the newest page to
#: walk, and so many for a count to read documents as well. Both ways beat the postings of a word in every tenth text.
SAMPLE, OFTEN, PLENTY = 2_000, 20, 100
#: Shorter words are written too differently to forgive a letter.
FORGIVEN_FROM = 3
_NUMBER = re.compile(r"(b?)(\d{2})-?(\d{2,10})(-\d{1,3})?")
_SERIAL = re.compile(r"0*([1-9]\d{2,9})")


@dataclass(frozen=True, slots=True)
class _Choice:
    """One way in which a word may be found: tokens to narrow down, `truth` of a document."""

    tokens: frozenset[str]
    truth: Q


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of departments and districts, folded, read once for a search."""

    departments: Sequence[tuple[int, str]]
    districts: Sequence[tuple[int, str]]

    @classmethod
    def read(cls) -> _Names:
        tables = (Department.objects, District.objects)
        read = ([(pk, bigrams.fold(name)) for pk, name in rows.values_list("pk", "name")] for rows in tables)
        return cls(*read)


def condition(typed: str, *, names_too: bool) -> Q:
    """What complaints must fulfil, to be combined with `visible_to` and filters.

    `names_too`: may this person find a citizen by name? It asks how common the words are: two small queries for the
    names of the house, one of the newest documents, one of what the database knows of the tokens, at most two of the
    index. Of rare words it holds what was found.
    """
    terms = _terms(typed)
    if not terms:
        return Q()
    names = _Names.read()
    wanted = [_choices(term, names, names_too=names_too) for term in terms]
    often, shares = _among_newest(wanted), how_common()
    if often >= OFTEN:
        return _common(wanted, shares, plenty=often >= PLENTY)
    found = _first(wanted, shares)
    if not found:
        wanted = [_forgiving(term, choices) for term, choices in zip(terms, wanted, strict=True)]
        found = _first(wanted, shares)
    return _common(wanted, shares, plenty=False) if len(found) > COMMON else Q(pk__in=found)


def only_in_private(typed: str, complaints: QuerySet[Complaint]) -> list[int]:
    """Of these, what only words of a private conversation would find: not for who must not read that."""
    bodies = searchdocs.public_bodies(complaints)
    names = _Names.read() if bodies else _Names((), ())
    hidden: set[int] = set()
    for term in _terms(typed) if bodies else ():
        facts = Q(pk=None)
        for choice in (*_numbers(term), *_house(term, names)):
            facts |= choice.truth
        known = SearchDoc.objects.filter(facts, complaint__in=bodies).values_list("complaint", flat=True)
        hidden |= {pk for pk, body in bodies.items() if not _holds(body, term)}.difference(known)
    return list(hidden)


def _holds(body: str, term: str) -> bool:
    by_initials = bigrams.are_initials(term) and re.search(bigrams.initials_pattern(term), body) is not None
    return term in body or by_initials


def _terms(typed: str) -> list[str]:
    return [term[:TERM_MAX] for term in bigrams.fold(typed).split()[:TERMS_MAX]]


def _common(wanted: Sequence[Sequence[_Choice]], shares: Shares, *, plenty: bool) -> Q:
    own = SearchDoc.objects.filter(complaint=OuterRef("pk"))
    holds = own.values(holds=ExpressionWrapper(_truth(wanted), output_field=BooleanField()))
    walk = Subquery(holds, output_field=BooleanField())
    index, scan = _in(_documents(wanted, shares)), _in(SearchDoc.objects.filter(_truth(wanted)))
    return Q(NewestPage(walk=walk, index=index, scan=scan if plenty else index))


def _in(documents: QuerySet[SearchDoc]) -> ExpressionWrapper:
    return ExpressionWrapper(Q(pk__in=documents.values("complaint")), output_field=BooleanField())


def _documents(wanted: Sequence[Sequence[_Choice]], shares: Shares) -> QuerySet[SearchDoc]:
    """Documents that hold every word. A word of one character has no pair to narrow down with."""
    narrowing = [[choice.tokens for choice in choices] for choices in wanted if all(one.tokens for one in choices)]
    docs = SearchDoc.objects.filter(Holds(narrowing, shares)) if narrowing else SearchDoc.objects.all()
    return docs.filter(_truth(wanted))


def _among_newest(wanted: Sequence[Sequence[_Choice]]) -> int:
    """In how many of the newest documents."""
    newest = SearchDoc.objects.order_by("-pk").values("pk")[:SAMPLE]
    return SearchDoc.objects.filter(_truth(wanted), pk__in=newest).count()


def _first(wanted: Sequence[Sequence[_Choice]], shares: Shares) -> list[int]:
    """The complaints of these words, as the index has them; COMMON + 1 for more."""
    return list(_documents(wanted, shares).values_list("complaint", flat=True)[: COMMON + 1])


def _truth(wanted: Iterable[Sequence[_Choice]]) -> Q:
    whole = Q()
    for choices in wanted:
        word = Q()
        for choice in choices:
            word |= choice.truth
        whole &= word
    return whole


# --- one word -------------------------------------------------------------------------------------------------------


def _choices(term: str, names: _Names, *, names_too: bool) -> list[_Choice]:
    found = [_Choice(frozenset(bigrams.pairs(term)), Q(body__contains=term)), *_numbers(term), *_house(term, names)]
    bare = term.lstrip("@")
    if names_too and bare:
        found.append(_Choice(frozenset(bigrams.pairs(bare, bigrams.NAME)), Q(names__contains=bare)))
    if bigrams.are_initials(term):
        begins = bigrams.INITIAL + term[: bigrams.INITIALS_KEPT]
        found.append(_Choice(frozenset({begins}), Q(body__regex=bigrams.initials_pattern(term))))
    return found


def _numbers(term: str) -> list[_Choice]:
    """As it is written, with or without B and dash, its beginning, a reply's tag, or the serial alone."""
    found = []
    if match := _NUMBER.fullmatch(term):
        begun = f"b{match[2]}-{match[3]}"
        found.append(_Choice(frozenset({bigrams.FACT + begun}), Q(complaint__number__startswith=begun.upper())))
    if match := _SERIAL.fullmatch(term):
        ends = Q(complaint__number__regex=f"-0*{match[1]}$")
        found.append(_Choice(frozenset({bigrams.FACT + serial_of(match[1])}), ends))
    return found


def _house(term: str, names: _Names) -> list[_Choice]:
    """Departments and districts whose name holds the word or begins with the initials."""
    departments = [pk for pk, name in names.departments if _is_named(name, term)]
    districts = [pk for pk, name in names.districts if _is_named(name, term)]
    return [
        *(_Choice(frozenset({department_token(pk)}), Q(department=pk)) for pk in departments),
        *(_Choice(frozenset({district_token(pk)}), Q(district=pk)) for pk in districts),
    ]


def _is_named(name: str, term: str) -> bool:
    return term in name or (bigrams.are_initials(term) and re.search(bigrams.initials_pattern(term), name) is not None)


def _forgiving(term: str, choices: Sequence[_Choice]) -> list[_Choice]:
    """The same, and the text with one letter of the word written otherwise; initials are no word."""
    if len(term) < FORGIVEN_FROM or bigrams.are_initials(term):
        return list(choices)
    slips = bigrams.slips(term)
    return [*choices, *(_Choice(frozenset(left), Q(body__regex=pattern)) for pattern, left in slips)]
