"""The legal classes and their periods as one table, and the clocks of single steps (docs/clocks.md is made from here).

법: 민원 처리에 관한 법률. 영: its 시행령. 규칙: its 시행규칙. This is the project's reading and no legal advice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models.kinds import LegalKind

#: 법 제19조: a day of a period of up to five days is so many office hours; longer periods are counted in days.
HOURS_A_DAY = 8
LONGEST_IN_HOURS = 5


@dataclass(frozen=True, slots=True)
class Period:
    """A processing period: office hours or days, never both."""

    hours: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if min(self.hours, self.days) < 0 or bool(self.hours) == bool(self.days):
            raise ValueError("a period is some hours or some days")

    @property
    def amount(self) -> int:
        return self.hours or self.days

    def longer_by(self, amount: int) -> Period:
        """The same with so many more of its own unit."""
        return Period(hours=self.hours + amount) if self.hours else Period(days=self.days + amount)


def in_days(days: int) -> Period:
    """A period the law names in days, as it is to be counted (법 제19조)."""
    return Period(days=days) if days > LONGEST_IN_HOURS else Period(hours=HOURS_A_DAY * days)


@dataclass(frozen=True, slots=True)
class LegalClass:
    """One kind. `names`: what people call it in Korean, the proper name first. `period` None: it has its own counter.

    `at_once`: "즉시", whose length the agency may set. `visit_days`: of an investigation on site, which do not count.
    """

    kind: LegalKind
    names: tuple[str, ...]
    period: Period | None
    articles: str
    about: str | Promise
    at_once: bool = False
    visit_days: int = 0


class Step(StrEnum):
    """A single step that has a clock of its own."""

    ACCEPT = "accept"
    SUPPLEMENT = "supplement"
    TO_DEPARTMENT = "to-department"
    TO_DEPARTMENT_FAR = "to-department-far"
    TO_OTHER_DEPARTMENT = "to-other-department"
    TO_OTHER_AGENCY = "to-other-agency"


@dataclass(frozen=True, slots=True)
class StepClock:
    """`names` as in LegalClass."""

    step: Step
    names: tuple[str, ...]
    period: Period
    articles: str
    about: str | Promise


#: 영 제17조: an investigation on site of a grievance, and its one extension.
VISIT_DAYS, MORE_VISIT_DAYS = 14, 7
#: 영 제23조: an interim notice after so many calendar days from the day of receipt, and again every so many.
INTERIM_DAYS = 30

KINDS: dict[LegalKind, LegalClass] = {
    row.kind: row
    for row in (
        LegalClass(
            LegalKind.SNS,
            ("소통민원", "소통", "SNS민원"),
            Period(hours=3),
            "영 제16조·제19조 (기타민원에 준함)",
            _("a post on a social network; by the city's policy on the clock of other complaints until it is promoted"),
            at_once=True,
        ),
        LegalClass(
            LegalKind.OTHER,
            ("기타민원", "기타"),
            Period(hours=3),
            "법 제2조1호, 영 제16조·제19조",
            _("simple advice, everyday inconvenience; at once means three office hours"),
            at_once=True,
        ),
        LegalClass(
            LegalKind.INQUIRY_LAW,
            ("질의민원(법령)", "법령질의", "법령에관한질의"),
            in_days(14),
            "법 제2조1호, 영 제14조",
            _("asks for an explanation or interpretation of statutes"),
        ),
        LegalClass(
            LegalKind.INQUIRY_SYSTEM,
            ("질의민원(제도)", "제도질의", "질의민원(제도·절차)", "제도절차질의", "제도에관한질의"),
            in_days(7),
            "법 제2조1호, 영 제14조",
            _("asks how a system or a procedure works"),
        ),
        LegalClass(
            LegalKind.PROPOSAL,
            ("건의민원", "건의"),
            in_days(14),
            "법 제2조1호, 영 제15조",
            _("asks to improve a system or its operation"),
        ),
        LegalClass(
            LegalKind.GRIEVANCE,
            ("고충민원", "고충"),
            in_days(7),
            "법 제2조1호, 영 제17조",
            _("unlawful, unfair or passive acts, unreasonable systems; an investigation on site is not counted"),
            visit_days=VISIT_DAYS,
        ),
        LegalClass(
            LegalKind.STATUTORY,
            ("법정민원", "법정"),
            None,
            "법 제2조1호·제17조",
            _("permits, certificates, registrations: to the formal counter (정부24, 국민신문고, 민원실)"),
        ),
    )
}

STEPS: dict[Step, StepClock] = {
    row.step: row
    for row in (
        StepClock(
            Step.ACCEPT, ("접수",), Period(hours=8), "영 제6조⑦", _("accept what came by the electronic counter")
        ),
        StepClock(
            Step.SUPPLEMENT,
            ("보완요구", "보완"),
            Period(hours=8),
            "법 제22조, 규칙 제9조①",
            _("ask for what is missing"),
        ),
        StepClock(
            Step.TO_DEPARTMENT,
            ("부서이송", "처리주무부서이송"),
            Period(hours=1),
            "영 제13조",
            _("from the desk to the department in charge"),
        ),
        StepClock(
            Step.TO_DEPARTMENT_FAR,
            ("원거리부서이송", "원거리이송"),
            Period(hours=3),
            "영 제13조",
            _("the same, to a department that is far away"),
        ),
        StepClock(
            Step.TO_OTHER_DEPARTMENT,
            ("타부서이송", "다른부서이송", "재배정"),
            Period(hours=3),
            "영 제13조",
            _("from a wrong department to the right one of the same agency"),
        ),
        StepClock(
            Step.TO_OTHER_AGENCY,
            ("타기관이송", "다른기관이송", "기관이송"),
            Period(hours=8),
            "영 제13조",
            _("to another agency, with notice to the citizen"),
        ),
    )
}

#: Names that fit several, and what their speaker may have meant.
_UNCLEAR: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("질의", "inquiry"), ("질의민원(법령)", "질의민원(제도)")),
    **dict.fromkeys(("이송", "transfer"), ("부서이송", "원거리부서이송", "타부서이송", "타기관이송")),
}


class UnknownKind(ValueError):
    """No kind, no step and no period is called so."""


class UnclearKind(UnknownKind):
    """The name fits several; `meant` are their proper names."""

    def __init__(self, text: str, meant: tuple[str, ...]) -> None:
        super().__init__(text)
        self.meant = meant


def named(text: str) -> LegalClass | StepClock | Period:
    """What `text` means: a code or a Korean name of a kind or step, or a period as "3h", "8근무시간", "5일", "14d"."""
    key = _key(text)
    if key in _UNCLEAR:
        raise UnclearKind(text, _UNCLEAR[key])
    if found := _NAMES.get(key):
        return found
    return _period(text)


def _period(text: str) -> Period:
    match = re.fullmatch(r"\s*([0-9]{1,4})\s*(시간|근무시간|hours?|h|일|근무일|days?|d)\s*", text.casefold())
    if match is None or not int(match[1]):
        raise UnknownKind(text)
    number = int(match[1])
    return Period(hours=number) if match[2] in ("시간", "근무시간", "hours", "hour", "h") else in_days(number)


def _key(text: str) -> str:
    """Without case, spaces, signs and the word 민원, so that "질의 (법령)" and "질의민원-법령" are the same name."""
    return re.sub(r"[\W_]|민원", "", text.casefold())


def _names() -> dict[str, LegalClass | StepClock]:
    kinds = {_key(name): row for row in KINDS.values() for name in (row.kind.value, *row.names)}
    steps = {_key(name): row for row in STEPS.values() for name in (row.step.value, *row.names)}
    return {**kinds, **steps}


_NAMES = _names()
