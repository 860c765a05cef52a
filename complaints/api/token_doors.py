"""A person's keys for his own programs: made, shown once, revoked. An administrator sees and revokes everybody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from complaints import access_log, api_tokens
from complaints.models import ApiToken
from complaints.pages import words
from complaints.pages.moves import typed_text
from complaints.pages.people import person_name
from departments import directory
from departments.models import Role

SHOWN = 200


@never_cache
@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Those that are valid first, what is over below them."""
    return _shown(request)


@sensitive_post_parameters("password")
@never_cache
def issue(request: HttpRequest) -> HttpResponse:
    """A new key, shown this once. Whoever found the desk unlocked does not know the password."""
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(reverse("admin:api_tokens"))
    user, now = cast("User", request.user), timezone.now()
    name, days = _name(request), _days(request)
    typed = {"name": name, "days": days}
    if authenticate(request, username=user.get_username(), password=request.POST.get("password", "")) is None:
        return _shown(request, refused=_("The password is wrong."), typed=typed)
    try:
        row, key = api_tokens.issue(owner=user, name=name, days=days, now=now)
    except api_tokens.NotPossible as error:
        return _shown(request, refused=str(error), typed=typed)
    access_log.record(user=user, action="token made", subject=f"{row.hint}… {name}", request=request, now=now)
    return _shown(request, key=key)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """It opens nothing any more, from this moment."""
    user, now = cast("User", request.user), timezone.now()
    row = api_tokens.seen_by(user).filter(pk=pk).first()
    if row is None:
        raise Http404
    if api_tokens.revoke(row, by=user, now=now):
        subject = f"{row.hint}… {row.owner.get_username()}"
        access_log.record(user=user, action="token revoked", subject=subject, request=request, now=now)
    messages.success(request, _("The token is revoked."))
    return HttpResponseRedirect(reverse("admin:api_tokens"))


#: (address, door, name): the roof hangs them under /admin/.
ROUTES: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
    ("tokens/", look, "api_tokens"),
    ("tokens/new/", issue, "api_token_new"),
    ("tokens/<int:pk>/revoke/", revoke, "api_token_revoke"),
)


def _shown(
    request: HttpRequest, *, key: str = "", refused: str = "", typed: dict[str, Any] | None = None
) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    lines = [_line(row, user, now) for row in api_tokens.seen_by(user)[:SHOWN]]
    context = {
        **admin.site.each_context(request),
        "title": _("API tokens"),
        "key": key,
        "refused": refused,
        "typed": typed or {"days": api_tokens.DAYS[1]},
        "days": api_tokens.DAYS,
        "mine": [line for line in lines if line["mine"]],
        "others": [line for line in lines if not line["mine"]],
        "sees_all": directory.has_role(user, Role.ADMINISTRATOR),
        "description": reverse("api:description"),
    }
    status = 400 if refused else 200
    return TemplateResponse(request, "desk/api/tokens.html", context, status=status)


def _line(row: ApiToken, user: User, now: Any) -> dict[str, Any]:
    valid = row.is_valid(now)
    return {
        "row": row,
        "mine": row.owner_id == user.pk,
        "owner": person_name(row.owner),
        "valid": valid,
        "state": _("valid") if valid else _("revoked") if row.revoked_at else _("expired"),
        "made": words.stamp(row.created_at),
        "until": words.stamp(row.revoked_at or row.expires_at),
        "used": words.ago(row.last_used_at, now=now) if row.last_used_at else _("never yet"),
    }


def _name(request: HttpRequest) -> str:
    return " ".join(typed_text(request.POST, "name").split())


def _days(request: HttpRequest) -> int:
    typed = request.POST.get("days", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
