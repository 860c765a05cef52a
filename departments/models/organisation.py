"""The city, its departments and what they do, and the agencies outside the city hall."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from departments.models.places import District


class City(models.Model):
    """The one city this desk works for, as the last `load_city` wrote it: one row, id 1."""

    name = models.CharField(_("Name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100)
    file_version = models.CharField(_("City file version"), max_length=50)
    digest = models.CharField(_("City file digest (SHA-256)"), max_length=64)
    credits = models.JSONField(_("Credits"), default=list, help_text=_("Sources the licences ask us to name"))
    loaded_at = models.DateTimeField(_("Loaded at"))

    class Meta:
        verbose_name = _("City")
        verbose_name_plural = _("City")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="city_only_one")]

    def __str__(self) -> str:
        return self.name


class DepartmentLevel(models.TextChoices):
    """Where in the city hall a department stands."""

    CITY = "city", _("City hall department")
    OFFICE = "city_office", _("Office under the city")


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Filters that live beside the model."""

    def active(self, on: date) -> DepartmentQuerySet:
        """Departments that exist on this day (`active_to` is the first day without)."""
        begun = Q(active_from__isnull=True) | Q(active_from__lte=on)
        not_ended = Q(active_to__isnull=True) | Q(active_to__gt=on)
        return self.filter(begun & not_ended)


class Department(models.Model):
    """A department under its official name. It is never deleted: it ends, and names its successor."""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    name_2012 = models.CharField(_("Name in 2012"), max_length=100, blank=True)
    bureau = models.CharField(_("Bureau"), max_length=100, blank=True)
    level = models.CharField(_("Level"), max_length=20, choices=DepartmentLevel, default=DepartmentLevel.CITY)
    parent = models.ForeignKey(
        "self", verbose_name=_("Part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    duties = models.TextField(_("Duties"), blank=True)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    note = models.TextField(_("Note for officers"), blank=True)
    source_url = models.URLField(_("Official page"), blank=True)
    active_from = models.DateField(_("Exists from"), null=True, blank=True)
    active_to = models.DateField(_("Ended on"), null=True, blank=True, help_text=_("The first day without it"))
    successor = models.ForeignKey(
        "self",
        verbose_name=_("Successor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Department")
        verbose_name_plural = _("Departments")
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="department_has_code"),
            models.CheckConstraint(condition=~Q(name=""), name="department_has_name"),
            models.CheckConstraint(condition=Q(level__in=DepartmentLevel.values), name="department_level_known"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")), name="department_not_own_successor"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="department_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(active_from__isnull=True) | Q(active_to__isnull=True) | Q(active_to__gt=F("active_from")),
                name="department_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_active(self, on: date) -> bool:
        """Does it exist on this day?"""
        begun = self.active_from is None or self.active_from <= on
        return begun and (self.active_to is None or on < self.active_to)


class Duty(models.Model):
    """One piece of work of a department (업무분장) and the citizens' words that point to it."""

    department = models.ForeignKey(
        Department, verbose_name=_("Department"), on_delete=models.CASCADE, related_name="duty_rows"
    )
    text = models.TextField(_("Duty"))
    words = models.JSONField(_("Words"), default=list, blank=True)

    class Meta:
        verbose_name = _("Duty")
        verbose_name_plural = _("Duties")
        ordering = ["department", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="duty_has_text")]

    def __str__(self) -> str:
        return self.text[:60]


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Filters that live beside the model."""

    def active(self, on: date) -> AgencyQuerySet:
        """Agencies that exist on this day (`active_to` is the first day without)."""
        return self.filter(Q(active_to__isnull=True) | Q(active_to__gt=on))


class Agency(models.Model):
    """A body outside the city hall to which a complaint may be handed over: a 구·군 office, the police, …"""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    duties = models.TextField(_("Duties"), blank=True)
    words = models.JSONField(_("Words"), default=list, blank=True)
    hotline = models.CharField(_("Hotline"), max_length=100, blank=True)
    hotline_verified = models.BooleanField(
        _("Hotline verified"), default=False, help_text=_("An unverified number must not be given to citizens")
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("Office of the district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offices",
        help_text=_("For a 구·군 office: whose it is"),
    )
    active_to = models.DateField(_("Ended on"), null=True, blank=True, help_text=_("The first day without it"))

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Agency")
        verbose_name_plural = _("Agencies")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="agency_has_code"),
            models.CheckConstraint(condition=~Q(name=""), name="agency_has_name"),
            models.CheckConstraint(
                condition=Q(hotline_verified=False) | ~Q(hotline=""), name="agency_verified_hotline_given"
            ),
            models.UniqueConstraint(
                fields=["district"], condition=Q(active_to__isnull=True), name="agency_one_office_of_a_district"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Urgency(models.TextChoices):
    """How soon a person must look; sorted from calm to at once."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class Topic(models.Model):
    """A kind of complaint: its words, the city department, and who does the work in a 구·군 or outside."""

    name = models.CharField(_("Name"), max_length=100, unique=True)
    words = models.JSONField(_("Words"), default=list, blank=True)
    department = models.ForeignKey(
        Department, verbose_name=_("Department"), null=True, blank=True, on_delete=models.PROTECT, related_name="topics"
    )
    district_unit = models.CharField(_("Unit in the district office"), max_length=200, blank=True)
    agency_note = models.CharField(_("Outside agency"), max_length=200, blank=True)
    urgency = models.CharField(_("Urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    note = models.TextField(_("Note for officers"), blank=True)

    class Meta:
        verbose_name = _("Topic")
        verbose_name_plural = _("Topics")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="topic_has_name"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="topic_urgency_known"),
        ]

    def __str__(self) -> str:
        return self.name
