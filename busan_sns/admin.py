"""People in the admin. What a person may do is not here but in the roles (departments.Membership)."""

from __future__ import annotations

from typing import Any

import axes.admin  # noqa: F401 - registers what is taken off below
from axes.models import AccessAttempt, AccessFailureLog
from axes.models import AccessLog as LoginLog
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from departments import directory
from departments.models import Role

#: Nobody works with Django's groups here, and lock-outs open by themselves after 15 minutes.
for _model in (Group, User, AccessAttempt, AccessFailureLog, LoginLog):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


@admin.register(User)
class PersonAdmin(auth_admin.UserAdmin):
    """Administrators keep the people, auditors read them. Nobody is deleted, and nobody becomes superuser here."""

    list_display = ("username", "first_name", "last_name", "email", "is_active", "last_login")
    list_filter = ("is_active",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email")}),
        (_("Access"), {"fields": ("is_active", "last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    list_max_show_all = 0
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return directory.has_role(request.user, Role.ADMINISTRATOR, Role.AUDITOR)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return directory.has_role(request.user, Role.ADMINISTRATOR)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An administrator; a superuser's account only by a superuser (break-glass)."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and directory.has_role(request.user, Role.ADMINISTRATOR)

    def has_delete_permission(self, _request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Who only reads does not see the line about the password either."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            return (
                (None, {"fields": ("username",)}),
                *(entry for entry in fieldsets if entry[0]),
            )
        return fieldsets
