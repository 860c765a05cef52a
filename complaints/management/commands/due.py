"""manage.py due: when something of a kind is due, and why, day by day."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints import deadlines, legal_kinds, reckoning, reckoning_words
from complaints.legal_kinds import LegalClass, Period, StepClock
from complaints.management.desk_command import NO, SENSELESS, DeskCommand
from complaints.reckoning import Line, Reckoning
from departments import days_off, working_time
from departments.models import Department
from departments.working_time import KST, OutsideAlmanac

#: Changes of the city are read so far ahead; longer periods than that are no periods of the law.
AHEAD = timedelta(days=3660)


class Command(DeskCommand):
    def about(self) -> str:
        return _(
            "Print when something of a kind is due that was received at a moment, and why, day by day: which days were "
            "counted and which were not. KIND: %(kinds)s; a step: %(steps)s; or a period as 3h, 8근무시간, 5일, 14d. "
            "Exit codes: 0 printed; 1 no clock of the desk (법정민원); 2 the question makes no sense."
        ) % {"kinds": _kinds(), "steps": _steps()}

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("kind", metavar="KIND", help=_("Kind, step or period, by code or Korean name"))
        parser.add_argument(
            "received_at",
            metavar="RECEIVED_AT",
            help=_("ISO 8601, e.g. 2026-05-04T17:00; without an offset in Asia/Seoul, without a time at 00:00"),
        )
        parser.add_argument("--department", metavar="CODE|NAME", help=_("Count by this department's office hours"))
        parser.add_argument(
            "--site-visit",
            type=int,
            default=0,
            metavar="DAYS",
            help=_("Days of an investigation on site (grievances: at most 14, extended 21), which do not count"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        what, received_at = _named(options["kind"]), _moment(options["received_at"])
        department = _department(options["department"]) if options["department"] else None
        period = _period(what, options["site_visit"])
        found = _reckoned(period, received_at, department)
        lines = [*_heading(what, department, options["site_visit"], found), *reckoning_words.lines_of(found)]
        self.tell(_as_json(what, department, found), lines, as_json=options["json"])


def _kinds() -> str:
    return ", ".join(f"{row.kind.value} ({row.names[0]})" for row in legal_kinds.KINDS.values())


def _steps() -> str:
    return ", ".join(f"{row.step} ({row.names[0]})" for row in legal_kinds.STEPS.values())


def _senseless(text: str) -> CommandError:
    return CommandError(text, returncode=SENSELESS)


def _named(name: str) -> LegalClass | StepClock | Period:
    known = {"name": name, "kinds": _kinds(), "steps": _steps()}
    try:
        return legal_kinds.named(name)
    except legal_kinds.UnclearKind as error:
        meant = {"name": name, "meant": ", ".join(error.meant)}
        raise _senseless(_("“%(name)s” fits several: %(meant)s. Say which.") % meant) from error
    except legal_kinds.UnknownKind as error:
        raise _senseless(_("There is no kind “%(name)s”. Known: %(kinds)s; %(steps)s; 3h, 5일.") % known) from error


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise _senseless(_("“%(text)s” is no moment in ISO 8601, e.g. 2026-05-04T17:00.") % {"text": text}) from error
    return at if at.tzinfo else at.replace(tzinfo=KST)


def _department(name: str) -> Department:
    found = list(Department.objects.filter(code=name) or Department.objects.filter(name=name))
    if len(found) != 1:
        raise _senseless(_("There is no department “%(name)s”, or there are several.") % {"name": name})
    return found[0]


def _period(what: LegalClass | StepClock | Period, visit_days: int) -> Period:
    if visit_days and not isinstance(what, LegalClass):
        raise _senseless(_("Only a grievance has an investigation on site."))
    if isinstance(what, Period):
        return what
    if isinstance(what, StepClock):
        return what.period
    try:
        return deadlines.period_of(what, visit_days=visit_days)
    except deadlines.NoClock as error:
        raise CommandError(_no_clock(what), returncode=NO) from error
    except ValueError as error:
        limits = _("Only a grievance has an investigation on site, of at most 14 days, extended 21.")
        raise _senseless(limits) from error


def _no_clock(what: LegalClass) -> str:
    said = {"kind": _title(what), "articles": what.articles}
    return (
        _("%(kind)s has no clock here: lead it to the formal counter (정부24, 국민신문고, 민원실). %(articles)s.")
        % said
    )


def _reckoned(period: Period, received_at: datetime, department: Department | None) -> Reckoning:
    try:
        first = received_at.astimezone(KST).date()
        last = min(first, date.max - AHEAD) + AHEAD
        return reckoning.reckon(
            period,
            received_at,
            calendar=working_time.calendar_for(department),
            changed=days_off.changes(first, last),
            language=(get_language() or "ko")[:2],
        )
    except (OutsideAlmanac, OverflowError) as error:
        raise _senseless(_("The holidays of those years are not known: %(why)s.") % {"why": error}) from error


def _title(what: LegalClass | StepClock | Period) -> str:
    """As the reader calls it, with its Korean name where that is another."""
    if isinstance(what, Period):
        return reckoning_words.period(what)
    label = str(what.kind.label if isinstance(what, LegalClass) else what.about)
    return label if (get_language() or "").startswith("ko") else f"{label} ({what.names[0]})"


def _heading(
    what: LegalClass | StepClock | Period, department: Department | None, visit_days: int, found: Reckoning
) -> Iterator[str]:
    length = reckoning_words.period(found.period)
    articles = "법 제19조" if isinstance(what, Period) else what.articles
    yield f"{length} ({articles})" if isinstance(what, Period) else f"{_title(what)}: {length} ({articles})"
    if visit_days:
        yield _("Of these, %(n)d days of the investigation on site, which do not count (영 제17조)") % {"n": visit_days}
    if department:
        yield _("Office hours of %(department)s") % {"department": department.name}


def _as_json(what: LegalClass | StepClock | Period, department: Department | None, found: Reckoning) -> dict[str, Any]:
    return {
        "kind": _code(what),
        "label": _title(what),
        "articles": "법 제19조" if isinstance(what, Period) else what.articles,
        "period": {"hours": found.period.hours} if found.period.hours else {"days": found.period.days},
        "department": department.code if department else None,
        "received_at": found.received_at.astimezone(KST).isoformat(),
        "due_at": found.due_at.astimezone(KST).isoformat(),
        "lines": [_line_as_json(line) for line in found.lines],
    }


def _code(what: LegalClass | StepClock | Period) -> str | None:
    if isinstance(what, Period):
        return None
    return str(what.kind.value if isinstance(what, LegalClass) else what.step)


def _line_as_json(line: Line) -> dict[str, Any]:
    return {
        "day": line.day.isoformat(),
        "counts": line.counts,
        "why": [{"code": cause.code, "name": cause.name} for cause in line.reasons],
        "from": line.begin.isoformat() if line.begin else None,
        "to": line.end.isoformat() if line.end else None,
        "minutes": line.hours / timedelta(minutes=1),
        "number": line.number or None,
        "text": reckoning_words.line(line),
    }
