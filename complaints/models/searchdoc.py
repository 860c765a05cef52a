"""What the desk searches: one row a complaint, written by complaints.searchdocs alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from departments.models import Department, District


class SearchDoc(models.Model):
    """A complaint's words, folded, and the tokens by which the index finds the row (complaints.bigrams).

    `names`: who wrote, apart, for those who may find a citizen by name. `version`: of the complaint when it was read;
    another one means that the row may be out of date. `form`: of the tokens; an older one is written anew.
    The index over `tokens` is a GIN in PostgreSQL and an FTS5 table in SQLite (migration 0003).
    """

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="search")
    body = models.TextField()
    names = models.TextField()
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    tokens = models.TextField()
    version = models.PositiveIntegerField()
    form = models.PositiveSmallIntegerField()
    indexed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")

    def __str__(self) -> str:
        return str(self.complaint_id)
