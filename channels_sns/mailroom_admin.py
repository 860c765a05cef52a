"""What the mailroom's pages in the admin have in common: one role sees them, nothing is added or deleted there.

The mailroom knows neither the directory nor the access record: the admin site says which roles a person holds, and is
told what was looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path


class _RoleSite(Protocol):
    def roles(self, user: Any) -> frozenset[str]: ...

    def note_access(self, request: HttpRequest, *, action: str, subject: str) -> None: ...


class MailroomAdmin(admin.ModelAdmin):
    """Seen by one role; nothing is added or deleted here. `pages` are the addresses beside the list."""

    role = ""
    list_max_show_all = 0
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_urls(self) -> list[URLPattern]:
        return [self._page("", self.changelist_view, "changelist"), *self.pages()]

    def pages(self) -> list[URLPattern]:
        return []

    def _page(self, route: str, view: Callable[..., Any], name: str) -> URLPattern:
        full = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(view), name=full)

    @property
    def _site(self) -> _RoleSite:
        return cast("_RoleSite", self.admin_site)

    def allowed(self, request: HttpRequest) -> bool:
        return self.role in self._site.roles(request.user) or request.user.is_superuser

    def subject_of(self, row: Any) -> str:
        """What the access record calls a row that holds a citizen's words or an answer to them; "" for all others."""
        return ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; a search is recorded."""
        typed = request.GET.get("q", "").strip()
        if typed and self.search_fields and self.allowed(request):
            self._site.note_access(request, action="search", subject=typed)
        return super().changelist_view(request, extra_context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allowed(request)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        return False

    def row_or_404(self, request: HttpRequest, pk: Any) -> Any:
        """The row, for who may see it; for everybody else there is none. Either is recorded."""
        row, allowed = self.get_queryset(request).filter(pk=pk).first(), self.allowed(request)
        if row is not None and (subject := self.subject_of(row)):
            self._site.note_access(request, action="view" if allowed else "view refused", subject=subject)
        if row is None or not allowed:
            raise Http404
        return row

    def show(self, request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
        full = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, template, full, status=status)
