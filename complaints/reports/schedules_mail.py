"""A saved report as a mail: what its reader may see, in numbers; no case and nothing of a citizen."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import mails
from complaints.models import ReportMail
from complaints.pages.people import person_name
from complaints.reports import exports, schedules, words
from complaints.reports import schedules_rhythm as rhythms
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.figures import DEFINITIONS
from complaints.reports.moment import at_one_moment
from complaints.reports.numbers import Numbers
from complaints.reports.readers import Reader, reader_of
from complaints.reports.shares import cards_of
from complaints.reports.slices import Slice

#: Groups in the text; all of them are in the table.
GROUPS = 15
COLUMNS = (
    "n", "working_median", "wall_median", "working_p90", "wall_p90", "within", "judged", "open", "oldest_seconds",
    "left", "excluded",
)  # fmt: skip


def send(row: ReportMail, *, now: datetime) -> None:
    """Compute and hand over. Raises mails.NotSent; PermissionDenied, Http404, BadRequest where it is not his."""
    with translation.override(settings.LANGUAGE_CODE):
        message = message_of(row, now=now)
    mails.hand_over(message)


@at_one_moment
def message_of(row: ReportMail, *, now: datetime) -> EmailMessage:
    """Numbers in the text, the table beside it."""
    reader, asked = reader_of(row.user), schedules.slice_of(row.report, now=row.due_at)
    reader.may_ask(asked)
    groups = _groups(asked, reader, now)
    said = {"name": row.report.name, "period": asked.period}
    message = EmailMessage(
        _("[TokTok Busan] %(name)s: %(period)s") % said,
        "\n".join(_lines(row, reader, asked, groups, now)) + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [row.user.email],
        headers=mails.headers("report", row.pk),
    )
    name = f"{asked.figure.lower()}-{asked.by}-{asked.period.first}-{asked.period.last}.csv"
    message.attach(name, table_of(asked, groups).encode(), "text/csv")
    return message


def _groups(asked: Slice, reader: Reader, now: datetime) -> list[tuple[str, Numbers]]:
    found = reader.source.by_group(asked, now=now)
    names = words.names_of(asked.by, found)
    order = sorted(found, key=lambda key: (-found[key].n, -found[key].open, str(names.get(key))))
    return [(str(names.get(key, key)), found[key]) for key in order]


def _lines(
    row: ReportMail, reader: Reader, asked: Slice, groups: list[tuple[str, Numbers]], now: datetime
) -> Iterator[str]:
    figures = reader.source.by_figure(asked, now=now)
    yield _("Report: %(name)s") % {"name": row.report.name}
    yield _("Period: %(period)s (Asia/Seoul)") % {"period": asked.period}
    if not reader.sees_all:
        yield _("Figures of your department, of the complaints that it still holds.")
    yield from _late(row, now)
    yield ""
    yield from (_line(definition.name, figures.get(code, Numbers())) for code, definition in DEFINITIONS.items())
    yield from (f"- {card.label}: {card.text} ({card.hint})" for card in cards_of(asked, row.user, reader, now=now))
    yield ""
    said = {"figure": DEFINITIONS[asked.figure].name, "by": DIMENSIONS[asked.by].label}
    yield _("%(figure)s, by: %(by)s") % said
    yield from (_line(name, found) for name, found in groups[:GROUPS])
    if len(groups) > GROUPS:
        yield _("and %(n)d more in the table beside") % {"n": len(groups) - GROUPS}
    yield ""
    yield _("All of it: %(address)s") % {"address": _address("reports:slice", asked.query())}
    sender = {"who": person_name(row.report.owner), "address": _address("reports:saved")}
    yield _("%(who)s has it mailed to you. To stop it: %(address)s") % sender


def _late(row: ReportMail, now: datetime) -> Iterator[str]:
    if rhythms.is_late(row.due_at, now=now):
        yield _("This mail was due at %(when)s and comes late.") % {"when": schedules.local(row.due_at)}
    if row.missed:
        text = ngettext("%(n)d mail before it was missed.", "%(n)d mails before it were missed.", row.missed)
        yield text % {"n": row.missed}


def _line(name: str, found: Numbers) -> str:
    said: dict[str, Any] = {
        "name": name,
        "n": f"{found.n:,}",
        "median": words.working(found.working_median),
        "p90": words.working(found.working_p90),
        "share": words.percent(found.share),
        "open": f"{found.open:,}",
    }
    text = _(
        "- %(name)s: n %(n)s, median %(median)s, p90 %(p90)s (office time), within target %(share)s, not yet %(open)s"
    )
    small = _("small n") if found.is_small and found.n else ""
    return text % said + (f" ({small})" if small else "")


def _address(name: str, query: str = "") -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse(name)}{'?' if query else ''}{query}"


def table_of(asked: Slice, groups: list[tuple[str, Numbers]]) -> str:
    """Every group with its numbers, lengths in seconds; as spreadsheets in Korea expect it."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow([str(DIMENSIONS[asked.by].label), *(str(heading) for heading in headings())])
    for name, found in groups:
        values = [getattr(found, column) for column in COLUMNS]
        writer.writerow([exports.safe(name), *("" if value is None else value for value in values)])
    return exports.BOM + buffer.getvalue()


def headings() -> tuple[str, ...]:
    """In the order of COLUMNS."""
    return (
        _("n"),
        _("Median, office time, seconds"),
        _("Median, wall clock, seconds"),
        _("p90, office time, seconds"),
        _("p90, wall clock, seconds"),
        _("In time"),
        _("of so many judged"),
        _("Not yet"),
        _("Oldest, seconds"),
        _("Fell away"),
        _("Excluded"),
    )
