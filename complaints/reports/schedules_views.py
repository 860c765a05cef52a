"""The page of saved reports: save what was looked at, have it mailed, change, stop, delete, leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from functools import wraps
from typing import Any, cast
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.models import ReportMail, SavedReport
from complaints.pages.moves import typed_text
from complaints.pages.people import person_name
from complaints.reckoning_words import WEEKDAYS
from complaints.reports import schedules
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.figures import DEFINITIONS
from complaints.reports.periods import NAMES
from complaints.reports.readers import reader_of
from complaints.reports.slices import PARAMETERS, Slice, read

EIGHT = time(8)


def written(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A door that writes, by POST only. A log-in that was due meanwhile leads here by GET: the page is shown."""

    @wraps(view)
    def door(request: HttpRequest, **rest: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return _back()
        return require_POST(view)(request, **rest)

    return door


@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """One's own, those one gets, and the form for what was just looked at."""
    _reader(request)
    return _shown(request, query=_known(request.GET))


@written
def save(request: HttpRequest) -> HttpResponse:
    user, now, typed = _reader(request), timezone.now(), _typed(request)
    values = dict(parse_qsl(typed["query"]))
    query = _known(values)
    try:
        schedules.save(owner=user, name=typed["name"], values=values, plan=_plan(typed), now=now)
    except schedules.NotPossible as error:
        return _shown(request, query=query, typed=typed, refused=str(error))
    messages.success(request, _("The report is saved."))
    return _back()


@written
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, other people; a report that was stopped goes out again."""
    user, now, typed = _reader(request), timezone.now(), _typed(request)
    row = _find(user, pk)
    try:
        schedules.change(row, by=user, plan=_plan(typed), now=now)
    except schedules.NotPossible as error:
        return _shown(request, typed=typed, refused=str(error), changing=row.pk)
    messages.success(request, _("The report is saved."))
    return _back()


@written
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    schedules.stop(_find(_reader(request), pk))
    messages.success(request, _("The report is not mailed any more."))
    return _back()


@written
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    schedules.delete(_find(_reader(request), pk))
    messages.success(request, _("The report is deleted."))
    return _back()


@written
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else's report, which one does not want any more."""
    user = _reader(request)
    row = SavedReport.objects.filter(pk=pk, recipients=user).first()
    if row is None:
        raise Http404
    schedules.leave(row, user)
    messages.success(request, _("You do not get this report any more."))
    return _back()


def _shown(
    request: HttpRequest,
    *,
    query: str = "",
    typed: dict[str, Any] | None = None,
    refused: str = "",
    changing: int | None = None,
) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    rows, choices = list(schedules.own(user)), schedules.choices_for(user, now=now)
    mails = schedules.last_mails(rows)
    context = {
        **admin.site.each_context(request),
        "title": _("Saved reports"),
        "query": query,
        "summary": _summary(read(dict(parse_qsl(query)), now=now)) if query else "",
        "new": _form(typed if changing is None else None, choices, user),
        "refused": refused,
        "changing": changing,
        "lines": [_line(row, mails.get(row.pk, []), choices, typed if row.pk == changing else None) for row in rows],
        "others": [{"row": row, "owner": person_name(row.owner)} for row in schedules.mailed_to(user)],
        "mail_works": settings.MAIL_ENABLED,
    }
    return TemplateResponse(request, "desk/reports/saved.html", context, status=400 if refused else 200)


def _line(
    row: SavedReport, mails: list[ReportMail], choices: list[User], typed: dict[str, Any] | None
) -> dict[str, Any]:
    kept = {"rhythm": row.rhythm, "weekday": row.weekday, "day": row.day, "at": f"{row.at:%H:%M}"}
    people = {user.pk for user in row.recipients.all()}
    return {
        "row": row,
        "summary": _summary_of(row),
        "address": f"{reverse('reports:slice')}?{row.query}",
        "next": schedules.local(row.next_at) if row.next_at else "",
        "rhythm": row.get_rhythm_display(),
        "people": ", ".join(person_name(user) for user in row.recipients.all()),
        "mails": [_mail(mail) for mail in mails],
        "form": _form(typed or {**kept, "people": people}, choices, row.owner),
    }


def _mail(mail: ReportMail) -> dict[str, str]:
    return {
        "who": person_name(mail.user),
        "when": schedules.local(mail.sent_at or mail.due_at),
        "state": mail.state,
        "label": str(ReportMail.State(mail.state).label),
        "error": mail.error,
    }


def _form(typed: dict[str, Any] | None, choices: list[User], owner: User) -> dict[str, Any]:
    """The fields as they were typed, or as a beginning."""
    known = {"name": "", "rhythm": "MONTHLY", "weekday": 1, "day": 1, "at": f"{EIGHT:%H:%M}", "people": {owner.pk}}
    shown = {**known, **(typed or {})}
    people = [(user.pk, person_name(user), user.pk in shown["people"]) for user in choices]
    return {
        **shown,
        "people": people,
        "rhythms": SavedReport.Rhythm.choices,
        "weekdays": list(WEEKDAYS.items()),
        "days": range(1, 32),
    }


def _summary_of(row: SavedReport) -> str:
    try:
        return _summary(schedules.slice_of(row, now=timezone.now()))
    except BadRequest:
        return _("This report is not understood any more.")


def _summary(asked: Slice) -> str:
    """“첫 답변, 부서별, 한 달”: the figure, what it is broken down by, the kind of the period."""
    period = str(asked.period) if asked.period.name == "range" else str(NAMES[asked.period.name])
    narrowed = [str(DIMENSIONS[name].label) for name in asked.where]
    return " · ".join([DEFINITIONS[asked.figure].name, str(DIMENSIONS[asked.by].label), period, *narrowed])


def _typed(request: HttpRequest) -> dict[str, Any]:
    posted = request.POST
    people = {int(pk) for pk in posted.getlist("people") if _is_number(pk)}
    name = " ".join(typed_text(posted, "name").split())
    plain = {field: posted.get(field, "") for field in ("query", "rhythm", "at")}
    numbers = {field: _number(posted.get(field, "")) for field in ("weekday", "day")}
    return {"name": name, "people": people, **plain, **numbers}


def _plan(typed: dict[str, Any]) -> schedules.Plan:
    """Raises NotPossible."""
    at = _time(typed["at"])
    good = typed["rhythm"] in SavedReport.Rhythm.values and 1 <= typed["weekday"] <= 7 and 1 <= typed["day"] <= 31
    if at is None or not good:
        raise schedules.NotPossible(_("Please choose how often, on which day and at what time it is mailed."))
    return schedules.Plan(typed["rhythm"], typed["weekday"], typed["day"], at, frozenset(typed["people"]))


def _time(text: str) -> time | None:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day in Asia/Seoul
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _number(text: str) -> int:
    return int(text) if _is_number(text) else 0


def _known(values: Any) -> str:
    """Of an address what the reports understand; "" where nothing is left or it makes no sense."""
    kept = {name: values[name] for name in PARAMETERS if values.get(name)}
    try:
        return read(kept, now=timezone.now()).query() if kept else ""
    except BadRequest:
        return ""


def _reader(request: HttpRequest) -> User:
    """Whoever reads reports. Raises PermissionDenied."""
    reader_of(request.user)
    return cast("User", request.user)


def _find(user: User, pk: int) -> SavedReport:
    row = schedules.own(user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("reports:saved"))


#: (address, door, name), below /admin/reports/.
ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("saved/", saved, "saved"),
    ("saved/new/", save, "saved_save"),
    ("saved/<int:pk>/change/", change, "saved_change"),
    ("saved/<int:pk>/stop/", stop, "saved_stop"),
    ("saved/<int:pk>/delete/", delete, "saved_delete"),
    ("saved/<int:pk>/leave/", leave, "saved_leave"),
)
