"""The city directory in the admin: administrators change it, everyone else at the desk reads the departments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from departments import directory
from departments.models import (
    Agency,
    City,
    Department,
    District,
    Duty,
    Holiday,
    Membership,
    OfficeHours,
    OnCall,
    Place,
    Role,
    Topic,
)
from departments.word_fields import WordsField


class DirectoryAdmin(BaseModelAdmin):
    """Rights by role instead of Django's permission rows. `readers` may look; administrators may change; deleting is
    for rows that no record names (`deletable`)."""

    readers: frozenset[Role] = frozenset({Role.ADMINISTRATOR})
    deletable = False
    formfield_overrides = {
        models.JSONField: {"form_class": WordsField},
        models.URLField: {"assume_scheme": "https"},
    }

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return directory.has_role(request.user, Role.ADMINISTRATOR, *self.readers)

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return directory.has_role(request.user, Role.ADMINISTRATOR)

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return directory.has_role(request.user, Role.ADMINISTRATOR)

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return self.deletable and directory.has_role(request.user, Role.ADMINISTRATOR)


class InForceFilter(admin.SimpleListFilter):
    """Departments that exist today, or those that have ended."""

    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Exists today")), ("no", _("Ended"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Department]) -> QuerySet[Department]:
        active = Department.objects.active(timezone.localdate())
        if self.value() == "yes":
            return queryset.filter(pk__in=active)
        return queryset.exclude(pk__in=active) if self.value() == "no" else queryset


class DutyInline(DirectoryAdmin, admin.TabularInline):
    model = Duty
    extra = 0
    readers = frozenset(Role)
    deletable = True


class OfficeHoursInline(DirectoryAdmin, admin.TabularInline):
    model = OfficeHours
    extra = 0
    readers = frozenset(Role)
    deletable = True


@admin.register(Department)
class DepartmentAdmin(DirectoryAdmin, admin.ModelAdmin):
    readers = frozenset(Role)
    list_display = ("name", "code", "name_en", "bureau", "level", "active_to", "successor")
    list_filter = (InForceFilter, "level", "bureau")
    list_select_related = ("successor",)
    search_fields = ("name", "name_en", "name_2012", "code", "duties")
    autocomplete_fields = ("parent", "successor")
    inlines = (DutyInline, OfficeHoursInline)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Department], search_term: str
    ) -> tuple[QuerySet[Department], bool]:
        """Where a field asks for the department of something new, those that have ended are not offered."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        if request.GET.get("field_name") == "department":
            found = found.filter(pk__in=Department.objects.active(timezone.localdate()))
        return found, repeats


@admin.register(Agency)
class AgencyAdmin(DirectoryAdmin, admin.ModelAdmin):
    readers = frozenset(Role)
    list_display = ("name", "code", "name_en", "district", "hotline", "hotline_verified", "active_to")
    list_filter = ("hotline_verified",)
    list_select_related = ("district",)
    autocomplete_fields = ("district",)
    search_fields = ("name", "name_en", "code", "duties")


@admin.register(Topic)
class TopicAdmin(DirectoryAdmin, admin.ModelAdmin):
    readers = frozenset(Role)
    deletable = True
    list_display = ("name", "department", "district_unit", "agency_note", "urgency")
    list_filter = ("urgency",)
    list_select_related = ("department",)
    search_fields = ("name", "department__name")
    autocomplete_fields = ("department",)


@admin.register(District)
class DistrictAdmin(DirectoryAdmin, admin.ModelAdmin):
    readers = frozenset(Role)
    list_display = ("name", "code", "name_en", "active_to")
    search_fields = ("name", "name_en", "code")


@admin.register(Place)
class PlaceAdmin(DirectoryAdmin, admin.ModelAdmin):
    readers = frozenset(Role)
    deletable = True
    list_display = ("name", "kind", "district")
    list_filter = ("kind", "district")
    list_select_related = ("district",)
    search_fields = ("name", "district__name")
    autocomplete_fields = ("district",)


@admin.register(Holiday)
class HolidayAdmin(DirectoryAdmin, admin.ModelAdmin):
    readers = frozenset(Role)
    deletable = True
    list_display = ("date", "name", "kind", "reason", "added_by")
    list_filter = ("kind",)
    list_select_related = ("added_by",)
    date_hierarchy = "date"
    search_fields = ("name", "reason")

    def save_model(self, request: HttpRequest, obj: Holiday, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.added_by_id = request.user.pk
        super().save_model(request, obj, form, change)


@admin.register(OfficeHours)
class OfficeHoursAdmin(DirectoryAdmin, admin.ModelAdmin):
    readers = frozenset(Role)
    deletable = True
    list_display = ("department", "weekday", "opens", "closes")
    list_display_links = ("weekday",)
    list_filter = ("weekday",)
    list_select_related = ("department",)
    autocomplete_fields = ("department",)


@admin.register(OnCall)
class OnCallAdmin(DirectoryAdmin, admin.ModelAdmin):
    """The desk keeps its own roster: officers write it as administrators do. What has begun is a record and stays."""

    readers = frozenset(Role)
    list_display = ("begins_at", "ends_at", "user", "phone", "note")
    list_filter = ("begins_at",)
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name", "user__last_name", "note")
    actions = None

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return directory.has_role(request.user, Role.ADMINISTRATOR, Role.OFFICER)

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return directory.has_role(request.user, Role.ADMINISTRATOR, Role.OFFICER)

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        begun = isinstance(obj, OnCall) and obj.begins_at <= timezone.now()
        return not begun and directory.has_role(request.user, Role.ADMINISTRATOR, Role.OFFICER)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only who may be on call."""
        if db_field.name == "user":
            officers = directory.people(Role.OFFICER, now=timezone.now())
            kwargs["queryset"] = officers.order_by("last_name", "first_name", "username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class MembershipForm(forms.ModelForm):
    """Knows who grants, so that the rule of Membership.clean speaks in the form and not as an error of the database."""

    granter_id: int | None = None

    def clean(self) -> dict[str, Any] | None:
        if not self.instance.pk:
            self.instance.granted_by_id = self.granter_id
        return super().clean()


@admin.register(Membership)
class MembershipAdmin(DirectoryAdmin, admin.ModelAdmin):
    """A role is given and ended, never rewritten and never deleted: the row is the record of the right."""

    form = MembershipForm
    list_display = ("user", "role", "department", "active_from", "active_to", "granted_by")
    list_filter = ("role",)
    list_select_related = ("user", "department", "granted_by")
    search_fields = ("user__username", "department__name")
    autocomplete_fields = ("user", "department")

    def get_readonly_fields(self, _request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        return ("user", "role", "department", "active_from", "granted_by") if obj else ()

    def get_form(self, request: HttpRequest, obj: Membership | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"granter_id": request.user.pk})

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        own = isinstance(obj, Membership) and obj.user_id == request.user.pk
        return not own and super().has_change_permission(request, obj)


@admin.register(City)
class CityAdmin(DirectoryAdmin, admin.ModelAdmin):
    """What was loaded, and whom the licences ask us to name. Only `load_city` writes it."""

    readers = frozenset(Role)
    list_display = ("name", "name_en", "file_version", "loaded_at")

    def has_add_permission(self, _request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, obj: object | None = None) -> bool:
        return False
