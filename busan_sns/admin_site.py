"""The admin site everything is registered on: who may enter, what the header offers, the start page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from departments import directory
from departments.models import Role

DESK_ROLES = frozenset(Role) - {Role.ADMINISTRATOR}

#: What the admin's filters and date lines ask for in an address: column__lookup=value.
LOOKUPS = frozenset({"exact", "isnull", "isempty", "gte", "lt", "year", "month", "day"})
#: Words that a person typed: any text; their readers take care of it.
TYPED = frozenset({"q", "term"})
#: Of a number in a filter: so many fit every column and every calendar.
DIGITS_MAX = 9


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One word of the header: shown to who has one of `roles`."""

    label: str | Promise
    view: str
    roles: frozenset[Role]
    query: str = ""


NAVIGATION = (
    NavEntry(_("Triage desk"), "admin:desk_home", frozenset({Role.OFFICER})),
    NavEntry(_("Department tray"), "admin:tray", frozenset({Role.STAFF, Role.HEAD})),
    NavEntry(_("Complaints"), "admin:complaints_complaint_changelist", DESK_ROLES, "?tab=all"),
    NavEntry(_("Shift hand-over"), "admin:shift", frozenset({Role.OFFICER})),
    NavEntry(_("Promises"), "admin:promises", frozenset({Role.OFFICER, Role.STAFF, Role.HEAD, Role.MANAGER})),
    NavEntry(_("Incidents"), "admin:complaints_incident_changelist", DESK_ROLES - {Role.ARBITER}),
    NavEntry(_("Broadcasts"), "broadcasts:list", frozenset({Role.OFFICER})),
    NavEntry(_("Emergency broadcast"), "emergencies:list", frozenset({Role.OFFICER})),
    NavEntry(_("Outgoing posts"), "admin:channels_sns_outboundpost_changelist", frozenset({Role.OFFICER})),
    NavEntry(_("Connections"), "admin:channels_sns_account_changelist", frozenset({Role.ADMINISTRATOR})),
    NavEntry(_("Reports"), "reports:overview", frozenset({Role.MANAGER, Role.HEAD, Role.AUDITOR})),
    NavEntry(_("Hand-over ledger"), "admin:ledger", frozenset({Role.MANAGER, Role.HEAD, Role.AUDITOR})),
    NavEntry(_("Reminders"), "admin:overdue", frozenset({Role.OFFICER, Role.MANAGER, Role.HEAD, Role.AUDITOR})),
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


class FindByTyping(AutocompleteJsonView):
    """What is typed is a text that a database takes."""

    def process_request(self, request: HttpRequest) -> Any:
        term, *rest = super().process_request(request)
        return (term.replace("\x00", ""), *rest)


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

    def note_access(self, request: HttpRequest, *, action: str, subject: str) -> None:
        """Write to the access record, for rooms that do not know it (channels_sns.mailroom_admin)."""
        from complaints import access_log

        user = cast("User", request.user)
        access_log.record(user=user, action=action, subject=subject, request=request, now=timezone.now())

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's, for addresses that only the lists' own filters could have written."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not all(_is_a_filter(name, value) for name, value in request.GET.dict().items()):
                raise BadRequest("no filter of the desk")
            return cast("Callable[..., HttpResponseBase]", view)(request, *args, **kwargs)

        return super().admin_view(guarded, cacheable)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return FindByTyping.as_view(admin_site=self)(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # complaints.admin registers itself on this very site: it can only be imported once the site exists.
        from complaints import alerts
        from complaints.pages.emergency_bar import bars_for
        from complaints.pages.people import person_name

        inside = self.has_permission(request)
        return {
            **super().each_context(request),
            "desk_alerts": alerts.unread(cast("User", request.user)) if inside else 0,
            "desk_nav": navigation(request),
            "desk_emergencies": bars_for(request.user, now=timezone.now()) if inside else [],
            "desk_person": person_name(request.user),
        }

    def get_urls(self) -> list[Any]:
        """The triage desk stands before Django's own addresses."""
        from complaints.api.token_doors import ROUTES as TOKENS
        from complaints.desk.views import ROUTES
        from complaints.tray import brief_doors, day_doors, ledger_doors
        from complaints.watch.urls import ROUTES as WATCH

        desk = [path(f"desk/{route}", self.admin_view(view), name=f"desk_{name}") for route, view, name in ROUTES]
        tray = [
            path(route, self.admin_view(view), name=name)
            for route, view, name in (*day_doors.ROUTES, *brief_doors.ROUTES, *ledger_doors.ROUTES)
        ]
        watch = [path(route, self.admin_view(view), name=name) for route, view, name in (*WATCH, *TOKENS)]
        return [*desk, *tray, *watch, *super().get_urls()]

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


def _is_a_filter(name: str, value: str) -> bool:
    """Django would take any lookup of any column from an address; a filter asks for few, and in values that fit."""
    field, _sign, lookup = name.rpartition("__")
    number = value.removeprefix("-")
    fits = "\x00" not in value and not (number.isdecimal() and len(number) > DIGITS_MAX)
    return name in TYPED or (fits and (not field or lookup in LOOKUPS))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The header's words for this person; the one that is open is marked."""
    roles = directory.roles_of(request.user)
    shown = [
        e
        for e in NAVIGATION
        if roles & e.roles or (request.user.is_superuser and e.roles >= DESK_ROLES - {Role.ARBITER})
    ]
    return [
        {"label": entry.label, "url": reverse(entry.view) + entry.query, "current": _is_open(entry, request)}
        for entry in shown
    ]


def _is_open(entry: NavEntry, request: HttpRequest) -> bool:
    if not request.path.startswith(reverse(entry.view)):
        return False
    return not entry.query or ("mine" in entry.query) == (request.GET.get("tab") == "mine")
