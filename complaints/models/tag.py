"""Words that the desk puts on complaints to find them together again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint


class Tag(models.Model):
    """A word of the desk's own (꼬리표). Only complaints.tags writes."""

    NAME_MAX = 20

    name = models.CharField(_("name"), max_length=NAME_MAX)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="tag_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ComplaintTag(models.Model):
    """A tag on a complaint; who put it there stands in the complaint's history. Only complaints.tags writes."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("tag of a complaint")
        verbose_name_plural = _("tags of complaints")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["complaint", "tag"], name="complaint_tag_once")]
        indexes = [models.Index(fields=["tag", "complaint"], name="complaint_by_tag")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.tag_id}"
