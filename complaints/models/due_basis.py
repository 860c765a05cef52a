"""What the due times of the open complaints were last counted by. Only complaints.recount writes here."""

from __future__ import annotations

from django.db import models


class DueBasis(models.Model):
    """One row. `applied`, `target`: digests of the calendar rows and of the reading, done ("" while one runs) and
    last begun; `cursor`: the last complaint of the pass under way; `passes` of the target that are finished, since
    `noticed_at`."""

    applied = models.CharField(max_length=64, blank=True)
    target = models.CharField(max_length=64, blank=True)
    cursor = models.BigIntegerField(default=0)
    passes = models.PositiveSmallIntegerField(default=0)
    noticed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="due_basis_one_row")]

    def __str__(self) -> str:
        return self.applied[:8]
