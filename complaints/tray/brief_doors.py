"""Opinions under a talk, told to a department: its people read the summary and answer what is taken up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import opinion_briefs, opinions
from complaints.models import OpinionBrief
from complaints.pages.moves import typed_text
from complaints.pages.people import person_name
from complaints.tray import brief_cards
from departments import working_time

PAGE = 50
#: What is longer than an answer may be is shown again whole, not cut.
TYPED_MAX = 5_000


@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The summary; opening it is what its officer sees as read."""
    brief, user = _find(request, pk), cast("User", request.user)
    if brief.withdrawn_at is not None:
        return _shown(request, brief)
    opinion_briefs.note_read(brief, by=user, now=timezone.now())
    return _shown(request, brief)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """반영 계획; what cannot be taken is shown again with the reason."""
    brief, user = _find(request, pk), cast("User", request.user)
    text = typed_text(request.POST, "answer", most=TYPED_MAX)
    try:
        opinion_briefs.answer(brief, by=user, now=timezone.now(), text=text)
    except opinion_briefs.NotPossible as error:
        return _shown(request, _find(request, pk), refused=str(error), typed=text, status=400)
    if opinions.is_told(brief.broadcast):
        messages.warning(request, _("Answered. The result is posted already: please call the SNS officer as well."))
    else:
        messages.success(request, _("Answered. It will stand in the result under the talk."))
    return HttpResponseRedirect(reverse("admin:tray_brief", args=[pk]))


def _find(request: HttpRequest, pk: int) -> OpinionBrief:
    return get_object_or_404(opinion_briefs.visible_to(cast("User", request.user)), pk=pk)


def _shown(request: HttpRequest, brief: OpinionBrief, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page; of what was taken back only that it was."""
    context = {
        **admin.site.each_context(request),
        "title": _("Opinions: %(title)s") % {"title": brief.broadcast.title},
        "brief": brief,
        **more,
    }
    if brief.withdrawn_at is not None:
        return TemplateResponse(request, "desk/tray/brief_withdrawn.html", context, status=status)
    page = Paginator(opinion_briefs.opinions_of(brief), PAGE).get_page(request.GET.get("p"))
    context |= {
        "dues": brief_cards.dues_of(brief, now=timezone.now(), calendar=working_time.calendar_for()),
        "summary": opinions.thawed(brief.summary),
        "page": page,
        "said": [(opinions.stance_of(one).label, opinions.without_names(one.post.text)) for one in page.object_list],
        "answered_by": person_name(brief.answered_by) if brief.answered_at else "",
        "answer_max": OpinionBrief.ANSWER_MAX,
    }
    return TemplateResponse(request, "desk/tray/brief.html", context, status=status)


#: (address, door, name): the roof hangs them under /admin/.
ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("tray/talks/<int:pk>/", look, "tray_brief"),
    ("tray/talks/<int:pk>/answer/", answer, "tray_brief_answer"),
)
