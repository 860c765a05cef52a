"""What a person may do to the clocks of a complaint, as forms; each choice says beforehand what would follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from complaints import clocks, deadlines, legal_notices, questions, reckoning_words
from complaints.legal_kinds import KINDS, MORE_VISIT_DAYS, VISIT_DAYS, Period, Step
from complaints.models import Complaint, Hold, HoldCode, Status
from complaints.models.kinds import LegalKind
from departments.working_time import KST, Calendar

FIRST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Option:
    """`more`: what this choice would mean."""

    value: str
    label: str
    more: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """`type`: radio, select, check, number or text."""

    type: str
    name: str
    label: str
    value: str = ""
    options: list[Option] = field(default_factory=list)
    most: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """`opened`: it is owed, or was refused, so it is shown without a click."""

    name: str
    title: str
    hint: str
    button: str
    inputs: list[Input]
    opened: bool = False


def forms_for(
    complaint: Complaint, user: User, *, calendar: Calendar, now: datetime, typed: dict[str, str]
) -> list[Form]:
    """The forms for this person, with what was typed before a refusal."""
    made = _Forms(complaint, calendar, now, typed)
    asked = [made.question()] if questions.may_ask(user, complaint) else []
    if not clocks.may_set_kind(user, complaint):
        return asked
    return [*asked, *(form for form in made.all() if form is not None)]


@dataclass(frozen=True, slots=True)
class _Forms:
    complaint: Complaint
    calendar: Calendar
    now: datetime
    typed: dict[str, str]

    def all(self) -> Iterator[Form | None]:
        yield self.kind()
        yield self.extend()
        yield self.supplement()
        yield self.more_time()
        yield self.visit()
        yield self.interim()
        yield self.redirect()

    def question(self) -> Form:
        """Whoever works on it may ask; the clock runs on."""
        hint = _("The complaint waits for the answer, its clock runs on. Ask for no personal data: everybody reads it.")
        label = _("Posted under the citizen's post; everybody can read it")
        inputs = [Input("text", "question", label, self._typed("question", "question"))]
        return self._form("question", _("Ask the citizen"), hint, _("Post the question"), inputs)

    def kind(self) -> Form:
        """Every kind the desk has a clock for; each with the due time it would give."""
        label = _("With each kind stands until when it would be due")
        why = _("Why, and how name and contact were confirmed (the citizen does not see it)")
        inputs = [
            Input("radio", "kind", label, options=list(self._kinds())),
            Input("text", "note", why, self._typed("kind", "note")),
        ]
        return self._form("kind", _("Change the kind"), "", _("Set the kind"), inputs)

    def _kinds(self) -> Iterator[Option]:
        read, chosen = deadlines.reading(), self._typed("kind", "kind") or self.complaint.legal_kind
        for kind, row in KINDS.items():
            if row.period is not None:
                length = reckoning_words.period(deadlines.period_of(row, read=read))
                clock = clocks.as_kind(self.complaint, kind, now=self.now, calendar=self.calendar)
                name = str(kind.label)
                if kind == self.complaint.legal_kind:
                    name += " " + _("(now)")
                more = f"{length} · {reckoning_words.moment(clock['due_at'])}"
                yield Option(kind.value, name, more, kind == chosen)

    def extend(self) -> Form | None:
        amounts = list(clocks.extensions_of(self.complaint, now=self.now, calendar=self.calendar))
        if not amounts:
            return None
        unit = Period(hours=1) if KINDS[LegalKind(self.complaint.legal_kind)].period == Period(hours=3) else None
        options = [
            Option(str(n), reckoning_words.period(_length(n, unit)), reckoning_words.moment(due)) for n, due in amounts
        ]
        hint = _("Once, by at most the period itself. The citizen is told why and until when (영 제21조).")
        inputs = [
            Input("select", "amount", _("Longer by, then due"), self._typed("extend", "amount"), options),
            Input("text", "reason", _("Reason (posted; everybody can read it)"), self._typed("extend", "reason")),
        ]
        if self.complaint.extensions:
            hint = _("It was extended already: once more only with the citizen's consent (영 제21조).")
            inputs.append(Input("check", "consent", _("The citizen has agreed")))
        return self._form("extend", _("Extend the period"), hint, _("Extend and post the notice"), inputs)

    def supplement(self) -> Form | None:
        asked = legal_notices.supplements_of(self.complaint)
        waits = self.complaint.status in (Status.ON_HOLD, Status.ANSWERED)
        if waits or asked >= legal_notices.SUPPLEMENTS_MAX or not clocks.runs(self.complaint):
            return None
        until = deadlines.step_due(Step.SUPPLEMENT, deadlines.since_of(self.complaint), calendar=self.calendar)
        said = {"when": reckoning_words.moment(until)}
        hint = _("To be asked for by %(when)s (규칙 제9조①); what a visit brings to light, at once.") % said
        most = legal_notices.SECOND_DAYS_MAX if asked else legal_notices.FIRST_DAYS_MAX
        days = self._typed("supplement", "days") or str(min(FIRST_DAYS, most))
        inputs = [
            Input(
                "text",
                "reason",
                _("What is missing (posted; everybody can read it)"),
                self._typed("supplement", "reason"),
            ),
            Input("number", "days", _("Days to supplement"), days, most=most),
        ]
        title = _("Ask for a supplement once more") if asked else _("Ask for a supplement")
        return self._form("supplement", title, hint, _("Post it and stop the clock"), inputs)

    def more_time(self) -> Form | None:
        waiting = self._waiting()
        if waiting is None or waiting.code != HoldCode.SUPPLEMENT or waiting.moved >= clocks.MORE_TIME_MAX:
            return None
        hint = _("When the citizen asks for it, twice at most (영 제24조③).")
        inputs = [
            Input(
                "number",
                "days",
                _("Days from today"),
                self._typed("more-time", "days"),
                most=legal_notices.FIRST_DAYS_MAX,
            )
        ]
        return self._form("more-time", _("More time to supplement"), hint, _("Give more time and post it"), inputs)

    def visit(self) -> Form | None:
        had = self.complaint.visit_days
        if self.complaint.legal_kind != LegalKind.GRIEVANCE or had > VISIT_DAYS or not clocks.runs(self.complaint):
            return None
        most = VISIT_DAYS + MORE_VISIT_DAYS if had else VISIT_DAYS
        hint = _("The days on site do not count: 14 at most, longer once by up to 7 (영 제17조).")
        inputs = [
            Input(
                "number",
                "days",
                _("Days on site, all together"),
                self._typed("visit", "days") or str(had or most),
                most=most,
            ),
            Input("text", "note", _("Why (the citizen does not see it)"), self._typed("visit", "note")),
        ]
        return self._form("visit", _("Investigation on site"), hint, _("Count the days on site"), inputs)

    def interim(self) -> Form:
        today = self.now.astimezone(KST).date()
        owed = legal_notices.owed_since(self.complaint, legal_notices.last_interim(self.complaint), today=today)
        hint = _("Owed when 30 days have passed, every 30 days again, and when the citizen asks for it (영 제23조).")
        if owed:
            hint = _("Owed since %(day)s (영 제23조).") % {"day": reckoning_words.day(owed)}
        inputs = [self._notice("interim", legal_notices.interim_text(self.complaint))]
        return self._form("interim", _("Interim notice"), hint, _("Post the interim notice"), inputs, opened=bool(owed))

    def redirect(self) -> Form | None:
        if self.complaint.status == Status.ON_HOLD:
            return None
        hint = _(
            "A permit, certificate or registration has no clock here. The text is posted and the complaint set aside."
        )
        title = _("Statutory application: lead to the formal counter")
        inputs = [self._notice("redirect", legal_notices.redirect_text(self.complaint))]
        return self._form("redirect", title, hint, _("Post it and set aside"), inputs)

    def _notice(self, form: str, text: str) -> Input:
        label = _("Posted under the citizen's post; everybody can read it")
        return Input("text", "notice", label, self._typed(form, "notice") or text)

    def _typed(self, form: str, name: str) -> str:
        return self.typed.get(name, "") if self.typed.get("move") == form else ""

    def _waiting(self) -> Hold | None:
        return next((hold for hold in self.complaint.holds.all() if hold.ended_at is None), None)

    def _form(
        self, name: str, title: str, hint: str, button: str, inputs: list[Input], *, opened: bool = False
    ) -> Form:
        return Form(name, title, hint, button, inputs, opened or self.typed.get("move") == name)


def _length(number: int, unit: Period | None) -> Period:
    return Period(hours=number) if unit else Period(days=number)
