"""The opinions under a talk: looked through and confirmed, one made a complaint, told to the policy department."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from channels_sns import broadcasts
from channels_sns.models import Broadcast
from channels_sns.models.broadcast import Kind
from complaints import opinion_briefs, opinions
from complaints.broadcasting.doors import for_officers, go_to, shown
from complaints.models import Opinion, OpinionBrief
from complaints.pages import hands, moves
from complaints.pages.names import departments
from complaints.pages.people import person_name
from departments.models import Department

PAGE = 50


@dataclass(frozen=True, slots=True)
class Sent:
    """A summary that was sent. `late`: the department was to have answered by now; `withdrawn_by`: who took it back."""

    brief: OpinionBrief
    late: bool
    withdrawn_by: str


@for_officers
@require_safe
def opinion_list(request: HttpRequest, _user: User, pk: int) -> HttpResponse:
    """The summary, every opinion with what its words suggest, and what the departments were told and answered."""
    return _shown(request, _find(pk))


def _shown(request: HttpRequest, talk: Broadcast, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = opinions.of(talk).order_by("stance", "post__posted_at", "id")
    page, now = Paginator(rows, PAGE).get_page(request.GET.get("p")), timezone.now()
    context: dict[str, Any] = {
        "broadcast": talk,
        "summary": opinions.summary(talk),
        "page": page,
        "stances": Opinion.Stance.choices,
        "briefs": list(_sent(talk, now)),
        "result": opinions.result_of(talk),
        "departments": departments(),
        "note_max": OpinionBrief.NOTE_MAX,
        "reason_max": OpinionBrief.REASON_MAX,
        "reminds": settings.MAIL_ENABLED,
        "today": timezone.localdate(now).isoformat(),
        "typed": {"answer_by": opinion_briefs.suggested_day(now).isoformat()},
        **more,
    }
    title = _("Opinions: %(title)s") % {"title": talk.title}
    return shown(request, "opinions", title, status=status, **context)


def _sent(talk: Broadcast, now: datetime) -> Iterator[Sent]:
    for brief in opinion_briefs.of(talk):
        over = brief.answer_by is not None and brief.answer_by <= now
        asked = not (brief.answered_at or brief.withdrawn_at or vars(brief)["replaced"])
        yield Sent(brief, over and asked, person_name(brief.withdrawn_by) if brief.withdrawn_at else "")


@for_officers
@require_POST
def opinion_confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What is picked gets the stance that was pressed; none pressed: those of the page get what was suggested."""
    talk = _find(pk)
    stance = request.POST.get("stance", "")
    if stance and stance not in Opinion.Stance.values:
        raise Http404
    picked = [
        int(one) for one in request.POST.getlist("pick")[:PAGE] if one.isascii() and one.isdigit() and len(one) < 19
    ]
    many = opinions.confirm(opinions.of(talk).filter(pk__in=picked), stance, by=user, now=timezone.now())
    messages.success(request, ngettext("%(n)s opinion confirmed.", "%(n)s opinions confirmed.", many) % {"n": many})
    return _to_list(pk)


@for_officers
@require_POST
def opinion_complaint(request: HttpRequest, _user: User, pk: int, opinion_id: int) -> HttpResponse:
    """A complaint after all."""
    opinion = get_object_or_404(Opinion.objects.select_related("post"), pk=opinion_id, broadcast=_find(pk))
    complaint = opinions.to_complaint(opinion, now=timezone.now())
    messages.success(request, _("%(number)s is a complaint now.") % {"number": complaint.number})
    return _to_list(pk)


@for_officers
@require_POST
def opinion_brief(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The summary to a department; what was refused is shown with the form as it was filled."""
    talk, now = _find(pk), timezone.now()
    try:
        department = _chosen(request)
        day, note = _day(request), moves.typed_text(request.POST, "note")
        opinion_briefs.send(talk, department, by=user, now=now, note=note, until=day)
    except opinion_briefs.NotPossible as error:
        typed = {name: moves.typed_text(request.POST, name) for name in ("department", "note", "answer_by")}
        return _shown(request, talk, status=400, refused=error, typed=typed)
    messages.success(request, _("The summary lies in the tray of %(name)s.") % {"name": department.name})
    if not opinion_briefs.people_of(department, now=now).exists():
        messages.warning(request, _("Nobody of %(name)s has a log-in: please call.") % {"name": department.name})
    return _to_list(pk)


def _chosen(request: HttpRequest) -> Department:
    """Raises opinion_briefs.NotPossible."""
    department = hands.department_of(request.POST)
    if department is None:
        raise opinion_briefs.NotPossible(_("Please choose a department."))
    return department


def _day(request: HttpRequest) -> date | None:
    """None: no day was chosen. Raises opinion_briefs.NotPossible."""
    typed = moves.typed_text(request.POST, "answer_by")
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise opinion_briefs.NotPossible(_("Please choose a day.")) from error


@for_officers
@require_POST
def opinion_withdraw(request: HttpRequest, user: User, pk: int, brief_id: int) -> HttpResponse:
    """A summary taken back; what was refused is shown beside it, with the reason as it was typed."""
    talk = _find(pk)
    brief = get_object_or_404(talk.briefs.select_related("broadcast", "department"), pk=brief_id)
    reason = moves.typed_text(request.POST, "reason")
    try:
        opinion_briefs.withdraw(brief, by=user, now=timezone.now(), reason=reason)
    except opinion_briefs.NotPossible as error:
        return _shown(request, talk, status=400, not_withdrawn=brief.pk, why_not=error, reason=reason)
    messages.success(request, _("The summary for %(name)s is taken back.") % {"name": brief.department.name})
    return _to_list(pk)


@for_officers
@require_POST
def opinion_result(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The draft of the result, in the editor of broadcasts; with the answer `plan`, if that came later."""
    talk, now = _find(pk), timezone.now()
    made = opinions.draft_result(talk, by=user, now=now)
    plan = talk.briefs.filter(pk=hands.number_of(request.POST, "plan")).select_related("department").first()
    try:
        if plan is not None and opinion_briefs.put_into(made, plan, by=user, now=now):
            messages.success(request, _("The answer of %(name)s is in the draft.") % {"name": plan.department.name})
    except (broadcasts.NotPossible, broadcasts.Conflict):
        messages.warning(request, _("Somebody else is writing the result. Please look at it first."))
    return go_to("page", made.pk)


def _find(pk: int) -> Broadcast:
    return get_object_or_404(Broadcast, pk=pk, kind=Kind.TALK)


def _to_list(pk: int) -> HttpResponse:
    return go_to("opinions", pk)
