"""One voice: the city's accounts under a brand, and how each of them speaks. Only channels_sns.brand writes here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models.account import Account


class Language(models.TextChoices):
    """In which language an account speaks to everybody."""

    KOREAN = "ko", _("Korean")
    ENGLISH = "en", _("English")
    BOTH = "both", _("Korean, then English")


class Tone(models.TextChoices):
    """How an account speaks; told to whoever writes for it."""

    FORMAL = "FORMAL", _("formal")
    FRIENDLY = "FRIENDLY", _("friendly")
    BRIEF = "BRIEF", _("brief")


class Brand(models.Model):
    """A name under which the city speaks on several networks, e.g. 톡톡부산."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    signature = models.CharField(_("signature"), max_length=100, blank=True)
    signature_en = models.CharField(_("signature in English"), max_length=100, blank=True)
    hashtags = models.CharField(_("hashtags"), max_length=200, blank=True)
    hashtags_en = models.CharField(_("hashtags in English"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="brand_has_name")]

    def __str__(self) -> str:
        return self.name


class Voice(models.Model):
    """How one account speaks. A signature and hashtags of its own stand in place of the brand's."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="voice")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="voices", verbose_name=_("brand"))
    language = models.CharField(_("language"), max_length=4, choices=Language, default=Language.KOREAN)
    tone = models.CharField(_("tone"), max_length=8, choices=Tone, default=Tone.FRIENDLY)
    signature = models.CharField(_("own signature"), max_length=100, blank=True)
    hashtags = models.CharField(_("own hashtags"), max_length=200, blank=True)
    signs = models.BooleanField(_("signature at the end"), default=True)
    tags = models.BooleanField(_("hashtags at the end"), default=True)
    links = models.BooleanField(_("links in the text"), default=True)

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        constraints = [
            models.CheckConstraint(condition=Q(language__in=Language.values), name="voice_language_known"),
            models.CheckConstraint(condition=Q(tone__in=Tone.values), name="voice_tone_known"),
        ]

    def __str__(self) -> str:
        return f"{self.brand}: {self.account}"

    @property
    def is_given(self) -> bool:
        """Has somebody said how the account speaks?"""
        return not self._state.adding
