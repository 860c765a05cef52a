"""Texts that answers begin with, for a department, a legal kind, a network, a language: or for all of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.kinds import LegalKind
from departments.models import Department

#: Languages that the desk answers in.
LANGUAGES = (("ko", _("Korean")), ("en", _("English")))


class ReplyTemplate(models.Model):
    """A text with fields (답변 템플릿). Empty columns fit everything; the more one names, the earlier it is offered.

    Never deleted, only taken out of use. `code`: of one that came with the desk, so that it comes once. Written by
    complaints.reply_templates and by the form of officers and administrators.
    """

    TITLE_MAX, TEXT_MAX = 60, 4_000

    code = models.SlugField(max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=TITLE_MAX)
    text = models.TextField(_("text"), max_length=TEXT_MAX)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    legal_kind = models.CharField(_("legal kind"), max_length=16, choices=LegalKind, blank=True)
    channel_kind = models.CharField(_("network"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="reply_template_comes_once"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="reply_template_says_something"),
            models.CheckConstraint(condition=Q(language__in=["", "ko", "en"]), name="reply_template_language_known"),
            models.CheckConstraint(
                condition=Q(legal_kind__in=["", *LegalKind.values]), name="reply_template_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title
