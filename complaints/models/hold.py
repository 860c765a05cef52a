"""Why a complaint waits, from when to when. Only complaints.clocks writes here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint


class HoldCode(models.TextChoices):
    """What it waits for. Those of STOPPING are the reasons of 영 제20조 (행정절차법 시행령 제11조), and no others."""

    SUPPLEMENT = "SUPPLEMENT", _("Supplement by the citizen")
    DISPATCH = "DISPATCH", _("Papers on their way to a distant office")
    REPRESENTATIVE = "REPRESENTATIVE", _("Choice of a representative")
    HEARING = "HEARING", _("Hearing")
    APPRAISAL = "APPRAISAL", _("Experiment, inspection, appraisal or expert review")
    PRECEDING = "PRECEDING", _("Another procedure that has to be finished first")
    CITIZEN = "CITIZEN", _("A word from the citizen")
    OTHER = "OTHER", _("Something else")


#: The clock of the law stands still while it waits for one of these; while it waits for anything else it runs on.
STOPPING = frozenset(HoldCode) - {HoldCode.CITIZEN, HoldCode.OTHER}


class Hold(models.Model):
    """One wait. `until`: by when the citizen was asked to supplement; `moved`: how often he asked for more time."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="holds")
    code = models.CharField(_("what it waits for"), max_length=14, choices=HoldCode)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True)
    until = models.DateField(_("asked for by"), null=True)
    moved = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(code__in=HoldCode.values), name="hold_code_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="hold_ends_after_start"
            ),
            models.UniqueConstraint(fields=["complaint"], condition=Q(ended_at=None), name="hold_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.code}"

    @property
    def stops(self) -> bool:
        return HoldCode(self.code) in STOPPING
