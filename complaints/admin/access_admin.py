"""접속기록: who looked at what. To be read by auditors and administrators, changed by nobody."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from complaints.admin.paginator import CappedPaginator
from complaints.models import AccessLog
from departments import directory
from departments.models import Role

#: What the record calls an action → what a person reads.
ACTIONS = {
    "view": _("looked at"),
    "search": _("searched"),
    "view refused": _("refused: not theirs to see"),
    "photo": _("looked at a photo"),
    "photo refused": _("refused: not their photo"),
    "report export": _("took figures away"),
    "promise export": _("took the list of promises away"),
    "token made": _("made an API token"),
    "token revoked": _("revoked an API token"),
}


@admin.register(AccessLog)
class AccessLogAdmin(admin.ModelAdmin):
    """A list and nothing else."""

    list_display = ("at", "username", "done", "subject", "address", "reason")
    list_display_links = None
    list_per_page = 100
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = CappedPaginator
    search_fields = ("username__exact", "subject__exact", "address__startswith")
    search_help_text = _("User name, receipt number or address, exactly")
    ordering = ("-id",)
    sortable_by = ()
    actions = None

    @admin.display(description=_("what was done"))
    def done(self, row: AccessLog) -> str:
        return str(ACTIONS.get(row.action, row.action))

    def get_urls(self) -> list[URLPattern]:
        return [
            path("", self.admin_site.admin_view(self.changelist_view), name="complaints_accesslog_changelist"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: AccessLog | None = None) -> bool:
        return directory.has_role(request.user, Role.AUDITOR, Role.ADMINISTRATOR)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, obj: AccessLog | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, obj: AccessLog | None = None) -> bool:
        return False
