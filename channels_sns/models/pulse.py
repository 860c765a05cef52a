"""Signs of life of the machinery."""

from __future__ import annotations

from django.db import models


class Pulse(models.Model):
    """When something last happened, and how often so far. Written by channels_sns.pulse alone."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    count = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S} ({self.count})"
