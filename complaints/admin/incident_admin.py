"""Incidents in the admin: the list and the page; no forms of their own, complaints.incidents is the only way."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from complaints.admin import incident_doors, incident_reply_doors, surge_doors
from complaints.models import Incident
from complaints.pages.names import sees_all_departments
from departments import directory
from departments.models import Role


@admin.register(Incident)
class IncidentAdmin(admin.ModelAdmin):
    """Every page starts from `visible_to`; what is not there for this person is 404."""

    actions = None

    def get_urls(self) -> list[URLPattern]:
        desk = self.admin_site
        return [
            path(route, desk.admin_view(view), {"desk": desk}, name=f"complaints_incident_{name}")
            for route, view, name in (*incident_doors.ROUTES, *incident_reply_doors.ROUTES, *surge_doors.ROUTES)
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        """The roles that see incidents at all; which ones, `visible_to` says."""
        return sees_all_departments(request.user) or directory.has_role(request.user, Role.STAFF, Role.HEAD)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, obj: Incident | None = None) -> bool:
        """Nothing is edited as a form."""
        return False

    def has_delete_permission(self, _request: HttpRequest, obj: Incident | None = None) -> bool:
        return False
