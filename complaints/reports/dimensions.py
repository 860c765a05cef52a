"""What figures are broken down and narrowed by: the word, the column of Duration, which values make sense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import NullIf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.ledger import ENDS
from complaints.models import Complaint, ComplaintPost
from complaints.models.kinds import LegalKind
from departments.bureaus import bureau_of_departments

#: In an address: the rows without a value.
NOBODY = "none"
#: How the posts reach the city.
KINDS: dict[str, str | Promise] = {
    "mention": _("mention"),
    "wall": _("post on the page"),
    "comment": _("comment"),
    "reply": _("reply"),
    "message": _("message"),
    "quote": _("quotation"),
}


def _id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and value[0] != "0" and len(value) < 19


def _word(value: str) -> bool:
    return value.isascii() and value.isidentifier()


def _one_of(*known: str) -> Callable[[str], bool]:
    return frozenset(known).__contains__


@dataclass(frozen=True, slots=True)
class Dimension:
    """`column`: of Duration, or a path from it; "" where it takes more than that. `numeric`: its values are numbers.

    `sometimes`: there are rows without a value."""

    label: str | Promise
    column: str
    known: Callable[[str], bool]
    numeric: bool = False
    sometimes: bool = False

    def makes_sense(self, value: str) -> bool:
        """May it stand in an address?"""
        return self.sometimes if value == NOBODY else self.known(value)

    def condition(self, value: str) -> Q:
        """Only the rows with this value."""
        return Q(**{self.column: None if value == NOBODY else int(value) if self.numeric else value})

    def grouping(self) -> Combinable:
        """The value of each row."""
        return F(self.column)


class Bureau(Dimension):
    """The departments rolled up the tree, as each was assigned when the span ended."""

    def condition(self, value: str) -> Q:
        if value == NOBODY:
            return Q(department=None)
        return Q(department__in=[pk for pk, bureau in bureau_of_departments().items() if bureau == value])

    def grouping(self) -> Combinable:
        members: dict[str, list[int]] = {}
        for pk, bureau in bureau_of_departments().items():
            members.setdefault(bureau, []).append(pk)
        known = [When(department__in=pks, then=Value(bureau)) for bureau, pks in members.items()]
        return Case(*known, default=None, output_field=CharField())


class Kind(Dimension):
    """How the opening post came; a complaint without a post in the mailroom has none."""

    def condition(self, value: str) -> Q:
        opening = ComplaintPost.objects.filter(complaint=OuterRef("complaint"), opened=True)
        return Q(~Exists(opening)) if value == NOBODY else Q(Exists(opening.filter(post__kind=value)))

    def grouping(self) -> Combinable:
        opening = ComplaintPost.objects.filter(complaint=OuterRef("complaint"), opened=True)
        return Subquery(opening.values("post__kind")[:1])


class Ending(Dimension):
    """What ended a stay in a department; no other span has it."""

    def condition(self, value: str) -> Q:
        return Q(ending="" if value == NOBODY else value)

    def grouping(self) -> Combinable:
        return NullIf(F("ending"), Value(""))


DIMENSIONS: Mapping[str, Dimension] = {
    "department": Dimension(_("Department"), "department_id", _id, numeric=True, sometimes=True),
    "bureau": Bureau(_("Bureau"), "", lambda value: len(value) <= 100 and value.isprintable(), sometimes=True),
    "network": Dimension(_("Channel"), "account__kind", _word),
    "account": Dimension(_("Account"), "account_id", _id, numeric=True),
    "district": Dimension(_("District"), "district_id", _id, numeric=True, sometimes=True),
    "officer": Dimension(_("First step by"), "first_by_id", _id, numeric=True, sometimes=True),
    "kind": Kind(_("Kind of post"), "", _one_of(*KINDS), sometimes=True),
    "priority": Dimension(_("Priority"), "priority", _one_of(*Complaint.Priority.values)),
    "legal_kind": Dimension(_("Legal kind"), "legal_kind", _one_of(*LegalKind.values)),
    "weekday": Dimension(_("Day of the week"), "began_at__iso_week_day", _one_of(*map(str, range(1, 8))), numeric=True),
    "hour": Dimension(_("Hour"), "began_at__hour", _one_of(*map(str, range(24))), numeric=True),
    "ending": Ending(_("Stay ended by"), "", _one_of(*ENDS), sometimes=True),
    "onward": Dimension(_("Given on to"), "onward_id", _id, numeric=True, sometimes=True),
}


#: Where a row that is no span has them: it hangs on a complaint and keeps who held that then.
_OF_COMPLAINT = {
    "network": "complaint__account__kind",
    "account": "complaint__account_id",
    "district": "complaint__district_id",
    "priority": "complaint__priority",
    "legal_kind": "complaint__legal_kind",
}
_AS_THEY_ARE, _OF_TIME = ("department", "bureau", "kind"), ("weekday", "hour")


def of_complaint(moment: str = "") -> dict[str, Dimension]:
    """The same dimensions of such rows; `moment`: the time that weekday and hour are of, "" where they say nothing."""
    known = {name: DIMENSIONS[name] for name in _AS_THEY_ARE}
    known |= {name: replace(DIMENSIONS[name], column=column) for name, column in _OF_COMPLAINT.items()}
    if moment:
        times = {name: DIMENSIONS[name].column.replace("began_at", moment) for name in _OF_TIME}
        known |= {name: replace(DIMENSIONS[name], column=column) for name, column in times.items()}
    return {name: known[name] for name in DIMENSIONS if name in known}


def conditions(where: Mapping[str, str], dimensions: Mapping[str, Dimension] = DIMENSIONS) -> Q:
    """All of them together; what such rows do not have narrows nothing."""
    every = Q()
    for name, value in where.items():
        if name in dimensions:
            every = every & dimensions[name].condition(value)
    return every
