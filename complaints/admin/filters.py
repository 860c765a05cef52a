"""The tabs and filters of the complaint list: fixed choices or short tables, never a DISTINCT over the complaints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from channels_sns.health_words import network_name
from channels_sns.models import Account
from complaints.admin.words import SOON
from complaints.models import Complaint, Status
from departments import directory
from departments.models import Department, District, Role

REMEMBER_SECONDS = 60
#: Networks that have a name of their own in Korean.
NETWORK_WORDS = {
    "facebook": pgettext_lazy("network", "Facebook"),
    "me2day": pgettext_lazy("network", "me2day"),
    "youtube": pgettext_lazy("network", "YouTube"),
    "bluesky": pgettext_lazy("network", "Bluesky"),
    "kakao": pgettext_lazy("network", "KakaoTalk"),
}
NO_DEPARTMENT = "none"

TABS = {
    "new": pgettext_lazy("tab", "New"),
    "mine": pgettext_lazy("tab", "Mine"),
    "due": pgettext_lazy("tab", "Due soon"),
    "news": pgettext_lazy("tab", "New posts"),
    "all": pgettext_lazy("tab", "All"),
}
ORDER = {"mine": ("due_at", "id"), "due": ("due_at", "id"), "news": ("-news_at", "-id")}
NEWEST_FIRST = ("-received_at", "-id")
OPEN_UNANSWERED = Q(answered_at=None) & ~Q(status__in=[Status.ANSWERED, Status.ON_HOLD])


def tab_of(request: HttpRequest) -> str:
    """The tab that is open: as asked for, else “new” for officers without a search, else “all”."""
    asked = request.GET.get("tab", "")
    if asked in TABS:
        return asked
    plain = not any(request.GET.get(name) for name in (*PARAMETERS, "q"))
    return "new" if plain and directory.has_role(request.user, Role.OFFICER) else "all"


def in_tab(tab: str, user: AbstractBaseUser | AnonymousUser) -> Q:
    """The condition of a tab for this person, to be put on open complaints (except “all” and “news”)."""
    if tab == "new":
        return Q(status=Status.RECEIVED)
    if tab == "mine":
        return Q() if directory.has_role(user, Role.STAFF, Role.HEAD) else Q(assignee=user.pk)
    if tab == "due":
        return Q(due_at__lte=timezone.now() + SOON) & OPEN_UNANSWERED
    return Q(news_at__isnull=False) if tab == "news" else Q()


class DeskFilter(admin.SimpleListFilter):
    """A filter drawn as a select; `choice` is what is chosen now."""

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.request = request

    def has_output(self) -> bool:
        """Always: a filter without choices still filters."""
        return True

    @property
    def choice(self) -> str:
        return (self.value() or "").replace("\x00", "")


class TabFilter(DeskFilter):
    title = _("view")
    parameter_name = "tab"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return list(TABS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        tab = tab_of(request)
        if tab in ("mine", "due", "new") and not request.GET.get("status"):
            queryset = queryset.open()
        if tab == "new" and request.GET.get("status"):
            return queryset
        return queryset.filter(in_tab(tab, request.user))


class StatusFilter(DeskFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open")), *((value, str(label)) for value, label in Status.choices)]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        if self.choice == "open":
            return queryset.open()
        return queryset.filter(status=self.choice) if self.choice else queryset


class PriorityFilter(DeskFilter):
    title = _("priority")
    parameter_name = "priority"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, str(label)) for value, label in Complaint.Priority.choices]

    def queryset(self, _request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(priority=self.choice) if self.choice else queryset


class DueFilter(DeskFilter):
    title = _("due")
    parameter_name = "due"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("over", _("Overdue")), ("soon", _("Due within the hour"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        if self.choice == "over":
            return queryset.open().filter(OPEN_UNANSWERED, due_at__lt=now)
        if self.choice == "soon":
            return queryset.open().filter(OPEN_UNANSWERED, due_at__gte=now, due_at__lte=now + SOON)
        return queryset


class NewsFilter(DeskFilter):
    title = _("new posts")
    parameter_name = "news"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With a new post"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(news_at__isnull=False) if self.choice == "yes" else queryset


class RowFilter(DeskFilter):
    """A filter by a row of a short table; an id that is none finds nothing."""

    column = ""

    def queryset(self, _request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.choice:
            return queryset
        if self.choice == NO_DEPARTMENT and self.column == "department":
            return queryset.filter(department=None)
        good = self.choice.isascii() and self.choice.isdigit() and len(self.choice) < 19
        return queryset.filter(**{f"{self.column}_id": int(self.choice)}) if good else queryset.none()


class ChannelFilter(RowFilter):
    title = _("channel")
    parameter_name = "channel"
    column = "account"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return remembered(
            f"accounts-{get_language()}",
            lambda: [(str(a.pk), channel_name(a)) for a in Account.objects.defer("secrets")],
        )


class DepartmentFilter(RowFilter):
    title = _("department")
    parameter_name = "department"
    column = "department"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        rows = departments()
        if not sees_all_departments(request.user):
            own = directory.department_ids_of(request.user)
            return [(str(pk), name) for pk, name, _bureau in rows if pk in own]
        return [(NO_DEPARTMENT, _("not assigned")), *((str(pk), name) for pk, name, _bureau in rows)]


class DistrictFilter(RowFilter):
    title = _("district")
    parameter_name = "district"
    column = "district"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return remembered("districts", lambda: [(str(d.pk), d.name) for d in District.objects.filter(active_to=None)])


FILTERS = (
    TabFilter, StatusFilter, ChannelFilter, DepartmentFilter, DistrictFilter, PriorityFilter, DueFilter, NewsFilter,
)  # fmt: skip
PARAMETERS = tuple(f.parameter_name for f in FILTERS if f is not TabFilter)


def sees_all_departments(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Everybody at the desk but the people of one department."""
    everyone = directory.has_role(user, Role.OFFICER, Role.MANAGER, Role.AUDITOR)
    return everyone or bool(getattr(user, "is_superuser", False))


def departments() -> list[tuple[int, str, str]]:
    """(id, name, bureau) of the departments that exist today, by bureau."""
    today = timezone.localdate()
    found = Department.objects.active(today).order_by("bureau", "name")
    return remembered("departments", lambda: [(d.pk, d.name, d.bureau) for d in found])


def channel_name(account: Account) -> str:
    """An account as officers call it: the network first, for the city has the same name on all of them."""
    return f"{network_word(account)} · {account.name or f'@{account.handle}'}"


def network_word(account: Account) -> str:
    """The network in the reader's language; one without such a word as it calls itself."""
    return str(NETWORK_WORDS.get(account.kind) or network_name(account))


def remembered(name: str, read: Callable[[], list[Any]]) -> list[Any]:
    """A short table, read at most once a minute: it changes a few times a year."""
    return cache.get_or_set(f"desk-filter-{name}", read, REMEMBER_SECONDS) or []
