"""The opinions under a talk: looked through and confirmed, one made a complaint, told to the policy department."""

from __future__ import annotations

from typing import Any

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

PAGE = 50


@for_officers
@require_safe
def opinion_list(request: HttpRequest, _user: User, pk: int) -> HttpResponse:
    """The summary, every opinion with what its words suggest, and what the departments were told and answered."""
    return _shown(request, _find(pk))


def _shown(request: HttpRequest, talk: Broadcast, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = opinions.of(talk).order_by("stance", "post__posted_at", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    context: dict[str, Any] = {
        "broadcast": talk,
        "summary": opinions.summary(talk),
        "page": page,
        "stances": Opinion.Stance.choices,
        "briefs": opinion_briefs.of(talk),
        "result": opinions.result_of(talk),
        "departments": departments(),
        "note_max": OpinionBrief.NOTE_MAX,
        **more,
    }
    title = _("Opinions: %(title)s") % {"title": talk.title}
    return shown(request, "opinions", title, status=status, **context)


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
    talk, department, now = _find(pk), hands.department_of(request.POST), timezone.now()
    note = moves.typed_text(request.POST, "note")
    if department is None:
        return _shown(request, talk, status=400, refused=_("Please choose a department."), typed={"note": note})
    try:
        opinion_briefs.send(talk, department, by=user, now=now, note=note)
    except opinion_briefs.NotPossible as error:
        return _shown(request, talk, status=400, refused=error, typed={"department": department.pk, "note": note})
    messages.success(request, _("The summary lies in the tray of %(name)s.") % {"name": department.name})
    if not opinion_briefs.people_of(department, now=now).exists():
        messages.warning(request, _("Nobody of %(name)s has a log-in: please call.") % {"name": department.name})
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
