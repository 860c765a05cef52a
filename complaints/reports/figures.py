"""지표 정의: what every figure and every number of the reports means, as one table; the page is made from it.

How the spans come about: complaints.spans. How numbers are made of them: complaints.reports.numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Exclusion, Figure

#: Fewer than so many, and a median says little: marked on every page and in every export.
SMALL_N = 10


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `due`: something must have happened by a certain time, so that a share within the target exists."""

    figure: Figure
    meaning: str | Promise
    begins: str | Promise
    ends: str | Promise
    falls_away: str | Promise
    source: str | Promise
    due: bool = False

    @property
    def code(self) -> str:
        return self.figure.value

    @property
    def name(self) -> str:
        return str(self.figure.label)


_NEVER = pgettext_lazy("falls away", "never")

DEFINITIONS: dict[str, Definition] = {
    definition.code: definition
    for definition in (
        Definition(
            Figure.FIRST_TOUCH,
            _("How long a complaint lay before a person of the city did something with it."),
            _("when the post arrived at the desk"),
            _("with the first event that a person caused, a note included"),
            _NEVER,
            _("first event with a person in the history"),
        ),
        Definition(
            Figure.FIRST_RESPONSE,
            _("How long the citizen waited for the first answer that stands on the network."),
            _("when the post arrived at the desk"),
            _("when the last part of the answer stood on the network"),
            _("closed or handed over without an answer on the network"),
            _("the network's receipt of the answer; due time of the complaint"),
            due=True,
        ),
        Definition(
            Figure.RESPONSE_AGAIN,
            _("How long the citizen waited for the next answer after the complaint was reopened."),
            _("with the reopening"),
            _("when the last part of the next answer stood on the network"),
            _("closed or handed over without another answer on the network"),
            _("the network's receipt of the answer; due time of the complaint"),
            due=True,
        ),
        Definition(
            Figure.RESOLUTION,
            _("How long it took until a complaint was completed or handed over to an outside agency."),
            _("when the post arrived at the desk; with the reopening, for a reopened one"),
            _("when it was completed, closed by hand or handed over"),
            _NEVER,
            _("closing event in the history"),
        ),
        Definition(
            Figure.IN_DEPARTMENT,
            _("How long a department held a complaint, once for every stay, time on hold included."),
            _("with the assignment to the department"),
            _("when another department got it, it went back, or it was closed"),
            _NEVER,
            _("assignments in the history"),
        ),
        Definition(
            Figure.DELIVERY,
            _("How long an approved answer took until it stood on the network."),
            _("with the approval"),
            _("when the last part of the answer stood on the network"),
            _("recalled, or closed by hand before it was posted"),
            _("approval in the history; the network's receipt"),
        ),
        Definition(
            Figure.WAITING,
            _("How long a complaint lay on hold, waiting for the citizen or a third party."),
            _("with the hold"),
            _("when work went on or the complaint was closed"),
            _NEVER,
            _("holds in the history"),
        ),
    )
}

#: What the columns say, in the order of the tables.
NUMBERS: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    ("n", _("n"), _("How many spans of the period have ended as meant. Median and p90 are of these and no others.")),
    (
        "median",
        _("Median"),
        _("At least half of the n took at most so long. It is the length of a real case, never a mean of two."),
    ),
    ("p90", _("p90"), _("At least nine out of ten of the n took at most so long. It is the length of a real case.")),
    (
        "share",
        _("Within target"),
        _("Ended in time, out of all that ended and all that are overdue now. What may still be in time is left out."),
    ),
    ("open", _("Not yet"), _("Begun in the period and still running; its age is counted until now.")),
    ("oldest", _("Oldest"), _("Age of the oldest that is still running, on the clock of the wall.")),
    ("left", _("Fell away"), _("Begun in the period, but what was waited for cannot come any more.")),
    (
        "reopen_rate",
        _("Reopened"),
        _("Resolutions of the period after which the complaint was opened again, out of the n. Only of resolutions."),
    ),
    (
        "promises_kept",
        _("Promises kept"),
        _("Promises whose outcome stood under the citizen's post by their day, out of all that were due until now."),
    ),
    (
        "satisfaction",
        _("Satisfaction"),
        _(
            "Answers whose citizen wrote that he is satisfied (in words or with a mark of 4 or 5), out of those of "
            "which their citizen said something within 14 days. Nobody is asked. Who said nothing, and what could be "
            "meant either way until an officer has read it, is counted beside it."
        ),
    ),
    (
        "excluded",
        _("Excluded"),
        _("Begun in the period, but in no other number: see the rules of exclusion."),
    ),
)

EXCLUSIONS: dict[str, str | Promise] = {
    Exclusion.DISMISSED: _("A person said, with a reason, that it is not a complaint (비민원). Undone by a reopening."),
    Exclusion.DUPLICATE: _("The same matter of the same citizen is counted with its other complaint."),
    Exclusion.OWN: _("An account of the city itself wrote the post. The city's replies never become complaints."),
}

CLOCKS: dict[str, str | Promise] = {
    "wall": _("Wall clock: every second counts, nights and holidays too. It is what the citizen feels."),
    "working": _(
        "Office time: only the office hours of the city count, without Saturdays, Sundays and public holidays, "
        "by the calendar in force when the span ended."
    ),
}

RULES: tuple[str | Promise, ...] = (
    _("A span belongs to the period in which it began, in the time of Asia/Seoul."),
    _("It belongs to the department that held the complaint when it ended; while it runs, to who holds it now."),
    _("A stay is given on to the department that holds the complaint next, unless it was answered or closed."),
    _("Lengths are written once, when the span ends; nothing is computed anew from texts or histories."),
    _("A department head sees the spans of his department whose complaints it still holds."),
)
