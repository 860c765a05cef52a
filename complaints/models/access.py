"""Who looked at what: append only, each row chained to the one before (개인정보의 안전성 확보조치 기준 제8조).

Only complaints.access_log writes here.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessLog(models.Model):
    """식별자, 접속일시, 접속지 정보, 처리한 정보주체 정보, 수행업무 — one row an access."""

    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    username = models.CharField(_("user name"), max_length=150)
    address = models.GenericIPAddressField(_("from where"), null=True)
    action = models.CharField(_("what"), max_length=40)
    subject = models.CharField(_("whose"), max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    #: Unique: a row has one successor, whoever writes at the same time.
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.username} {self.action} {self.subject}"
