"""Complaints in the admin: the list, the page, steps for many; no adding, no deleting, nothing edited."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints import access_log, privacy, search
from complaints.admin import (
    bulk_views,
    good_news_doors,
    page_views,
    promise_doors,
    saved_view_doors,
    suggestion_figures,
    together_doors,
    verdict_doors,
)
from complaints.admin.complaint_list import ComplaintChangeList
from complaints.admin.filters import FILTERS, NEWEST_FIRST, ORDER, PARAMETERS, tab_of
from complaints.admin.paginator import CappedPaginator
from complaints.models import Complaint
from complaints.pages import tabs
from complaints.pages.names import sees_all_departments, sees_complaints
from departments import directory


@admin.register(Complaint)
class ComplaintAdmin(admin.ModelAdmin):
    """Every page starts from `visible_to`; what is not there for this person is 404, and the attempt is recorded."""

    list_display = ("number",)
    list_filter = FILTERS
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("number",)
    paginator = CappedPaginator
    sortable_by = ()
    actions = None

    def get_urls(self) -> list[URLPattern]:
        desk = self.admin_site
        return [
            path("", desk.admin_view(self.changelist_view), name="complaints_complaint_changelist"),
            *(
                path(route, desk.admin_view(view), {"desk": desk}, name=f"complaints_complaint_{name}")
                for route, view, name in (*saved_view_doors.ROUTES, *bulk_views.ROUTES, *suggestion_figures.ROUTES)
            ),
            *(
                path(f"<int:pk>/{route}", desk.admin_view(view), {"desk": desk}, name=f"complaints_complaint_{name}")
                for route, view, name in (
                    *page_views.ROUTES,
                    *together_doors.ROUTES,
                    *promise_doors.ROUTES,
                    *good_news_doors.ROUTES,
                    *verdict_doors.ROUTES,
                )
            ),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; a search is recorded (with what was typed hashed by the record, not kept)."""
        typed = request.GET.get("q", "").strip()
        if typed and self.has_view_permission(request):
            user = cast("User", request.user)
            access_log.record(user=user, action="search", subject=typed, request=request, now=timezone.now())
        return require_safe(super().changelist_view)(request, extra_context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ComplaintChangeList]:
        return ComplaintChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        return Complaint.objects.visible_to(request.user)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return tabs.ordering(ORDER.get(tab_of(request), NEWEST_FIRST))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By name only what is one's own to work on: whoever was merely asked (협조) does not learn who wrote, nor what
        was said in private."""
        user, names_too = request.user, not privacy.is_masked_for(request.user)
        wanted = search.condition(search_term, names_too=names_too)
        if wanted and names_too and not sees_all_departments(user):
            own = Q(department__in=directory.department_ids_of(user))
            private = search.only_in_private(search_term, queryset.exclude(own))
            wanted = (wanted & own) | (search.condition(search_term, names_too=False) & ~Q(pk__in=private))
        return queryset.filter(wanted), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters by their own names: no lookup ever comes from an address (S2, S3)."""
        return lookup in (*PARAMETERS, "tab")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Complaint | None = None) -> bool:
        return sees_complaints(request.user)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, obj: Complaint | None = None) -> bool:
        """Nothing is edited as a form: the moves of complaints.workflow are the only way."""
        return False

    def has_delete_permission(self, _request: HttpRequest, obj: Complaint | None = None) -> bool:
        return False
