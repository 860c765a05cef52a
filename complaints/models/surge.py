"""Perhaps an incident: many complaints alike within hours, more than is usual. Only complaints.surges writes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Complaint
from complaints.models.incident import Incident


class Surge(models.Model):
    """OPEN: told to the officers. JOINED: an officer made an incident of it. DISMISSED: he said that it is none."""

    class State(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("surge", "suggested")
        JOINED = "JOINED", pgettext_lazy("surge", "made an incident")
        DISMISSED = "DISMISSED", pgettext_lazy("surge", "no incident")

    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    #: The complaint that most others are like.
    seed = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    complaints = models.ManyToManyField(Complaint, related_name="surges")
    found_at = models.DateTimeField()
    #: How many such complaints usually come in these hours.
    usual = models.FloatField()
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="surges")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("surge", "possible incident")
        verbose_name_plural = pgettext_lazy("surge", "possible incidents")
        ordering = ["-found_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["OPEN", "JOINED", "DISMISSED"]), name="surge_state_known"),
            models.CheckConstraint(
                condition=Q(state="OPEN", decided_at__isnull=True)
                | ~Q(state="OPEN") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="surge_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="JOINED") | Q(incident__isnull=False), name="surge_joined_has_incident"
            ),
        ]
        indexes = [models.Index(fields=["found_at"], name="surge_by_time")]

    def __str__(self) -> str:
        return f"{self.seed_id}: {self.state}"
