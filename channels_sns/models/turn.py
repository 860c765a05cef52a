"""Whose turn it is at work that many could do."""

from __future__ import annotations

from django.db import models


class Turn(models.Model):
    """One worker at a time, until `until`. Written by channels_sns.turns alone."""

    name = models.CharField(max_length=40, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until:%H:%M:%S}"
