"""The admin site everything is registered on: who may enter, what the header offers, the start page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from departments import directory
from departments.models import Role

DESK_ROLES = frozenset({Role.OFFICER, Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One word of the header: shown to who has one of `roles`."""

    label: str | Promise
    view: str
    roles: frozenset[Role]
    query: str = ""


NAVIGATION = (
    NavEntry(_("Complaints"), "admin:complaints_complaint_changelist", DESK_ROLES, "?tab=all"),
    NavEntry(
        _("My department"),
        "admin:complaints_complaint_changelist",
        frozenset({Role.STAFF, Role.HEAD}),
        "?tab=mine",
    ),
    NavEntry(_("Outgoing posts"), "admin:channels_sns_outboundpost_changelist", frozenset({Role.OFFICER})),
    NavEntry(_("Connections"), "admin:channels_sns_account_changelist", frozenset({Role.ADMINISTRATOR})),
    NavEntry(_("Departments"), "admin:departments_department_changelist", frozenset(Role)),
    NavEntry(_("People"), "admin:auth_user_changelist", frozenset({Role.ADMINISTRATOR, Role.AUDITOR})),
    NavEntry(
        _("Access records"),
        "admin:complaints_accesslog_changelist",
        frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    ),
)


class DeskLoginForm(AuthenticationForm):
    """Log-in for whoever holds a role at the desk; Django's staff flag plays no part."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The user name or the password is wrong. Capital letters count."),
        "no_role": _("You have no role at the desk yet. Please ask the administrator."),
    }

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if not directory.roles_of(user):
            raise ValidationError(self.error_messages["no_role"], code="no_role")


class DeskAdminSite(AdminSite):
    """Stock admin under our own skin. Rights come from roles (docs/rights.md), not from Django's permission rows."""

    site_title = _("TokTok Busan complaint desk")
    site_header = _("TokTok Busan complaint desk")
    index_title = _("Start")
    site_url = None
    enable_nav_sidebar = False
    login_form = DeskLoginForm

    def has_permission(self, request: HttpRequest) -> bool:
        """An active person with at least one role in force, or a superuser."""
        return request.user.is_active and bool(self.roles(request.user))

    def roles(self, user: AbstractBaseUser | AnonymousUser) -> frozenset[str]:
        """Names of the roles in force, for rooms that do not know the directory (channels_sns.admin)."""
        return frozenset(role.value for role in directory.roles_of(user))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # complaints.admin registers itself on this very site: it can only be imported once the site exists.
        from complaints.admin.people import person_name

        return {
            **super().each_context(request),
            "desk_nav": navigation(request),
            "desk_person": person_name(request.user),
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The start page: what waits for this person."""
        from complaints.admin.start_page import start_page_of

        context = {
            **self.each_context(request),
            "title": self.index_title,
            "start": start_page_of(request.user, now=timezone.now()),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/index.html", context)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The header's words for this person; the one that is open is marked."""
    roles = directory.roles_of(request.user)
    shown = [e for e in NAVIGATION if roles & e.roles or (request.user.is_superuser and e.roles == DESK_ROLES)]
    return [
        {"label": entry.label, "url": reverse(entry.view) + entry.query, "current": _is_open(entry, request)}
        for entry in shown
    ]


def _is_open(entry: NavEntry, request: HttpRequest) -> bool:
    if not request.path.startswith(reverse(entry.view)):
        return False
    return not entry.query or ("mine" in entry.query) == (request.GET.get("tab") == "mine")
