"""The complaint list: Django's changelist with our filters, a capped count and lines of our own."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from complaints import saved_views
from complaints.admin import saved_view_doors
from complaints.admin.filters import tab_of
from complaints.admin.paginator import CAP, capped
from complaints.pages import rows
from complaints.pages.tabs import TABS, counts_for
from departments import directory
from departments.models import Role


class ComplaintChangeList(ChangeList):
    """Adds what the template shows: lines, tabs with counts, the filters as selects."""

    request: HttpRequest

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        return rows.for_list(super().get_queryset(request, exclude_parameters))

    @cached_property
    def rows(self) -> list[rows.Row]:
        return rows.rows_of(self.result_list, self.request.user, now=timezone.now())

    @cached_property
    def tab(self) -> str:
        return tab_of(self.request)

    @cached_property
    def tabs(self) -> list[dict[str, Any]]:
        counts = counts_for(self.request.user)
        return [
            {"name": name, "label": label, "count": counts.get(name, ""), "current": name == self.tab}
            for name, label in TABS.items()
        ]

    @cached_property
    def selects(self) -> list[Any]:
        """The filters that are drawn as selects."""
        return [spec for spec in self.filter_specs if getattr(spec, "parameter_name", "") not in ("tab", "news")]

    @property
    def has_choices(self) -> bool:
        return bool(self.query) or any(spec.choice for spec in self.selects)

    @cached_property
    def saved(self) -> list[dict[str, Any]]:
        """The saved views as links; the one that is open now."""
        return saved_view_doors.links(self.request)

    @property
    def shown_query(self) -> str:
        """What is shown now, as a view keeps it."""
        return saved_views.cleaned(self.request.GET.urlencode(), names=saved_view_doors.NAMES)

    @cached_property
    def may_pick(self) -> bool:
        return directory.has_role(self.request.user, Role.OFFICER)

    @cached_property
    def may_share(self) -> bool:
        return saved_views.may_share(cast("User", self.request.user))

    @property
    def count_text(self) -> str:
        return capped(self.result_count, CAP)

    @property
    def pages(self) -> dict[str, str]:
        """Query strings of the pages before and after, "" where there is none."""
        return {
            "before": self.get_query_string({"p": self.page_num - 1}) if self.page_num > 1 else "",
            "after": self.get_query_string({"p": self.page_num + 1})
            if self.page_num < self.paginator.num_pages
            else "",
        }
