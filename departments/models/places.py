"""Where things are: 구·군, their 동, and landmarks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

_ON_EARTH = Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180)


class District(models.Model):
    """A 구 or 군 of the city, with one representative point (WGS 84 degrees)."""

    code = models.CharField(_("Code"), max_length=10, unique=True)
    name = models.CharField(_("Name"), max_length=50)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    lat = models.FloatField(_("Latitude"))
    lon = models.FloatField(_("Longitude"))
    active_to = models.DateField(_("Ended on"), null=True, blank=True, help_text=_("The first day without it"))
    updated_at = models.DateTimeField(_("Changed at"), auto_now=True)

    class Meta:
        verbose_name = _("District")
        verbose_name_plural = _("Districts")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="district_has_name"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(active_to__isnull=True), name="district_name_once_while_active"
            ),
            models.CheckConstraint(condition=_ON_EARTH, name="district_on_earth"),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceKind(models.TextChoices):
    """What sort of place a name is."""

    LANDMARK = "landmark", _("Landmark")
    LEGAL_DONG = "legal_dong", _("Legal neighbourhood (법정동)")
    ADMIN_DONG = "admin_dong", _("Administrative neighbourhood (행정동)")


class Place(models.Model):
    """A named place in a district, with the other names citizens use for it."""

    district = models.ForeignKey(District, verbose_name=_("District"), on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(_("Kind"), max_length=20, choices=PlaceKind)
    name = models.CharField(_("Name"), max_length=100)
    aliases = models.JSONField(_("Other names"), default=list, blank=True)
    lat = models.FloatField(_("Latitude"))
    lon = models.FloatField(_("Longitude"))
    updated_at = models.DateTimeField(_("Changed at"), auto_now=True)

    class Meta:
        verbose_name = _("Place")
        verbose_name_plural = _("Places")
        ordering = ["name", "district"]
        constraints = [
            models.UniqueConstraint(fields=["district", "kind", "name"], name="place_once_per_district"),
            models.CheckConstraint(condition=~Q(name=""), name="place_has_name"),
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="place_kind_known"),
            models.CheckConstraint(condition=_ON_EARTH, name="place_on_earth"),
        ]

    def __str__(self) -> str:
        return self.name
