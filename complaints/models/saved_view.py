"""A search with its filters that somebody gave a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A view of the complaint list: its query string under a name. Only complaints.saved_views writes.

    `query` holds nothing but the names of filters, so that an address stays what the list understands.
    """

    NAME_MAX, QUERY_MAX = 40, 1_000

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_MAX)
    query = models.CharField(max_length=QUERY_MAX)
    shared = models.BooleanField(_("shared with the desk"), default=False)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="saved_view_says_something"),
        ]

    def __str__(self) -> str:
        return self.name
