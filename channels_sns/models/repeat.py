"""What the city says again and again, e.g. each working day's morning greeting. Only channels_sns.repeats writes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels_sns.models.account import Account
from channels_sns.models.broadcast import Broadcast, Kind


class Days(models.TextChoices):
    """On which days. Holidays are left out of everything but DAILY."""

    WORKING = "WORKING", _("every working day")
    DAILY = "DAILY", _("every day, holidays too")
    MON = "MON", _("Mondays")
    TUE = "TUE", _("Tuesdays")
    WED = "WED", _("Wednesdays")
    THU = "THU", _("Thursdays")
    FRI = "FRI", _("Fridays")
    SAT = "SAT", _("Saturdays")
    SUN = "SUN", _("Sundays")


class Repeat(models.Model):
    """A rhythm and the text to begin with. It makes drafts ahead; each is written and approved like any other."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    days = models.CharField(_("days"), max_length=7, choices=Days, default=Days.WORKING)
    at = models.TimeField(_("time of day"))
    #: Drafts lie ready so many days before.
    ahead_days = models.PositiveSmallIntegerField(_("days ahead"), default=7)
    accounts = models.ManyToManyField(Account, related_name="repeats", verbose_name=_("accounts"))
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("broadcast", "repetition")
        verbose_name_plural = pgettext_lazy("broadcast", "repetitions")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values) & ~Q(kind="EMERGENCY"), name="repeat_kind_known"),
            models.CheckConstraint(condition=Q(days__in=Days.values), name="repeat_days_known"),
            models.CheckConstraint(condition=~Q(title=""), name="repeat_has_title"),
            models.CheckConstraint(condition=Q(ahead_days__range=(1, 31)), name="repeat_ahead_in_range"),
        ]

    def __str__(self) -> str:
        return self.title


class Occurrence(models.Model):
    """One day of a repetition and the draft that was made for it: once, also if that was given up."""

    repeat = models.ForeignKey(Repeat, on_delete=models.PROTECT, related_name="occurrences")
    day = models.DateField()
    broadcast = models.OneToOneField(Broadcast, on_delete=models.PROTECT, related_name="occurrence")

    class Meta:
        verbose_name = pgettext_lazy("broadcast", "day of a repetition")
        verbose_name_plural = pgettext_lazy("broadcast", "days of a repetition")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["repeat", "day"], name="occurrence_once")]

    def __str__(self) -> str:
        return f"{self.repeat_id}:{self.day}"
