"""The tabs and filters of the complaint list: fixed choices or short tables, never a DISTINCT over the complaints."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Complaint, Status, Verdict
from complaints.models.verdict import UNDECIDED
from complaints.pages import names
from complaints.pages.names import channels, departments, districts, sees_all_departments
from complaints.pages.tabs import TABS, WORST_FIRST, in_tab
from complaints.pages.words import SOON
from departments import directory
from departments.models import Role

NO_DEPARTMENT = "none"
ORDER = {"mine": WORST_FIRST, "due": WORST_FIRST, "news": ("-news_at", "-id")}
NEWEST_FIRST = ("-received_at", "-id")


def tab_of(request: HttpRequest) -> str:
    """The tab that is open: as asked for, else “new” for officers without a search, else “all”."""
    asked = request.GET.get("tab", "")
    if asked in TABS:
        return asked
    plain = not any(request.GET.get(name) for name in (*PARAMETERS, "q"))
    return "new" if plain and directory.has_role(request.user, Role.OFFICER) else "all"


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
            return queryset.filter(next_due_at__lt=now)
        if self.choice == "soon":
            return queryset.filter(next_due_at__gte=now, next_due_at__lte=now + SOON)
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
        return channels()


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
        return districts()


class TagFilter(RowFilter):
    title = _("tag")
    parameter_name = "tag"
    column = "tagged__tag"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return names.tags()


class SaidFilter(DeskFilter):
    title = _("satisfaction")
    parameter_name = "said"

    def has_output(self) -> bool:
        """Not for the people of one department: they decide nothing here, and were perhaps only asked."""
        return sees_all_departments(self.request.user)

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("undecided", pgettext_lazy("citizen", "undecided"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.choice != "undecided":
            return queryset
        return queryset.filter(pk__in=Verdict.objects.filter(UNDECIDED).values("complaint"))


FILTERS = (
    TabFilter, StatusFilter, ChannelFilter, DepartmentFilter, DistrictFilter, PriorityFilter, DueFilter, NewsFilter,
    TagFilter, SaidFilter,
)  # fmt: skip
PARAMETERS = tuple(f.parameter_name for f in FILTERS if f is not TabFilter)
