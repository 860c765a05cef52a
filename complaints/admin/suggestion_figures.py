"""How good the suggested departments are: the model on the newest fifth of the decisions, and what officers took."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import adoption, lessons, trials
from complaints.models import LearnedModel
from complaints.pages import words
from departments import directory
from departments.models import Role

READERS = (Role.OFFICER, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)
TRIALS = 12


def may_look(user: Any) -> bool:
    return directory.has_role(user, *READERS) or bool(getattr(user, "is_superuser", False))


@require_safe
def figures(request: HttpRequest, desk: AdminSite) -> HttpResponse:
    """The newest trials, the one in use, and how often suggestions were taken lately."""
    if not may_look(request.user):
        raise PermissionDenied
    now = timezone.now()
    tried = list(LearnedModel.objects.defer("model")[:TRIALS])
    in_use = LearnedModel.objects.exclude(model=b"").defer("model").first()
    context = {
        "title": _("How good the suggestions are"),
        "trials": [_line(row) for row in tried],
        "in_use": _line(in_use) if in_use else None,
        "decisions": lessons.counted(),
        "fewest": lessons.FEWEST,
        "adoption": _adopted(adoption.lately(now=now)),
        "days": adoption.WINDOW.days,
    }
    template = "admin/complaints/complaint/suggestion_figures.html"
    return TemplateResponse(request, template, {**desk.each_context(request), **context})


ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (("suggestions/", figures, "suggestions"),)


def _line(row: LearnedModel) -> dict[str, Any]:
    shares = ("top1", "top3", "macro_f1", "keywords_top1", "keywords_top3")
    return {
        "when": words.stamp(row.trained_at),
        "n": row.n,
        "asked": max(1, int(row.n * trials.NEWEST_SHARE)),
        "kept": row.kept,
        **{name: percent(getattr(row, name)) for name in shares},
    }


def _adopted(found: adoption.Adoption) -> dict[str, Any]:
    counted = {"first": found.first, "three": found.three, "unsuggested": found.unsuggested}
    return {"n": found.n, **{name: percent(found.share(number)) for name, number in counted.items()}}


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"
