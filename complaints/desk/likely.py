"""What is like the open complaint: others that are probably the same matter, and answers to such."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import permissions, similar, workflow
from complaints.desk import list as queues
from complaints.desk.doors import for_officers, part_asked_for
from complaints.models import Complaint, Status
from complaints.pages import past

FOLDER = "desk/triage"
#: Likely duplicates that are shown; the keys 1 to 3 take one.
SIMILAR = 3


@require_safe
@for_officers
def likely(request: HttpRequest, user: User, choice: queues.Choice, complaint: Complaint) -> HttpResponse:
    """Asked for after the page stands, for comparing takes time."""
    now, others = timezone.now(), Complaint.objects.visible_to(user).exclude(status=Status.DISMISSED)
    context = {
        "complaint": complaint,
        "candidates": similar.candidates(complaint, now=now, among=others)[:SIMILAR],
        "choice": choice,
        "may_merge": "merge" in {move.name for move in workflow.moves_for(complaint, user)},
        "past": past.lines(complaint, user, now=now),
        "may_write": permissions.may_draft(user, complaint),
        "item_address": reverse("admin:desk_item", args=[complaint.number]) + choice.query,
    }
    if part_asked_for(request):
        return TemplateResponse(request, f"{FOLDER}/likely.html", context)
    page = {**admin.site.each_context(request), **context, "title": _("Similar complaints")}
    return TemplateResponse(request, f"{FOLDER}/similar_page.html", page)
