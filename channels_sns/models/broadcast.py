"""The city to everybody. Written by channels_sns.broadcasts (people) and channels_sns.releases (the clock)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels_sns.models.account import Account
from channels_sns.models.brand import Language


class Kind(models.TextChoices):
    """What a broadcast is for."""

    MORNING = "MORNING", _("Morning greeting")
    TALK = "TALK", _("1PM talk")
    EVENT = "EVENT", pgettext_lazy("broadcast", "Event")
    GOOD_NEWS = "GOOD_NEWS", _("Good news")
    NEWS = "NEWS", _("City news")
    EMERGENCY = "EMERGENCY", _("Emergency")


class Broadcast(models.Model):
    """One thing that the city says on several accounts: a text in one or two languages, photos, a time.

    DRAFT → APPROVED (waits for `publish_at`) → RELEASED (its posts are in the outbox, or beyond), MISSED (too late: it
    was not sent) or CANCELLED. An approved one goes back to DRAFT to be changed.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        APPROVED = "APPROVED", _("waits for its time")
        RELEASED = "RELEASED", _("sent out")
        MISSED = "MISSED", _("too late, not sent")
        CANCELLED = "CANCELLED", _("cancelled")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    #: For colleagues; the networks do not see it.
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text in English"), blank=True)
    link = models.CharField(_("link"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    #: Empty in a draft: as soon as it is approved.
    publish_at = models.DateTimeField(_("time"), null=True, blank=True)
    grace_minutes = models.PositiveSmallIntegerField(_("may be late by (minutes)"), default=15)
    #: Why it was missed or cancelled.
    reason = models.CharField(max_length=300, blank=True)
    #: What this one goes on from: the result of a talk, the all-clear of an emergency.
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    #: It is posted under what it follows, not beside it.
    under = models.BooleanField(default=False)
    #: What citizens write under it is left on the shelf for whoever asked for it, and opens no complaint.
    collects = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        ordering = [F("publish_at").desc(nulls_first=True), "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="broadcast_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "APPROVED", "RELEASED", "MISSED", "CANCELLED"]),
                name="broadcast_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "RELEASED", "MISSED"])
                | Q(publish_at__isnull=False, approved_at__isnull=False, approved_by__isnull=False),
                name="broadcast_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="RELEASED") | Q(released_at__isnull=False), name="broadcast_released_has_time"
            ),
            models.CheckConstraint(
                condition=Q(under=False) | Q(follows__isnull=False), name="broadcast_under_what_it_follows"
            ),
        ]
        indexes = [
            models.Index(fields=["publish_at"], name="broadcast_due", condition=Q(state="APPROVED")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> datetime | None:
        """After this moment it is not sent any more; None: whenever it goes (an emergency, a draft)."""
        if self.publish_at is None or self.kind == Kind.EMERGENCY:
            return None
        return self.publish_at + timedelta(minutes=self.grace_minutes)


class Variant(models.Model):
    """A broadcast on one account. What is empty is taken from the broadcast and the account's voice.

    `parts`: the posts as they were approved, one under the other.
    """

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="variants")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="variants")
    language = models.CharField(max_length=4, choices=Language, blank=True)
    text = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    links = models.BooleanField(null=True, blank=True)
    parts = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["account__kind", "account__handle"]
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "account"], name="variant_once"),
            models.CheckConstraint(condition=Q(language__in=["", *Language.values]), name="variant_language_known"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """What makes its posts in the outbox the same ones again."""
        return f"broadcast:{self.broadcast_id}:{self.account_id}"

    @property
    def keys(self) -> list[str]:
        """The keys of its posts in the outbox."""
        return [f"{self.key}:{part}" for part in range(1, len(self.parts) + 1)]


class Picture(models.Model):
    """A photo of a broadcast: our own repainted copy, without EXIF, with the words for those who cannot see it."""

    id = models.UUIDField(primary_key=True, editable=False)
    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    alt = models.CharField(max_length=1000)
    file = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "position"], name="picture_position_once"),
            models.CheckConstraint(condition=~Q(alt=""), name="picture_has_words"),
        ]

    def __str__(self) -> str:
        return self.alt


class BroadcastEvent(models.Model):
    """Who did what with a broadcast, when: append only."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.what


class Freeze(models.Model):
    """While it is in force nothing scheduled goes out: an emergency has the floor. Written by channels_sns.freezes."""

    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    #: Null once it is over; so at most one is in force.
    running = models.BooleanField(null=True, default=True, unique=True)

    class Meta:
        verbose_name = _("freeze")
        verbose_name_plural = _("freezes")
        constraints = [
            models.CheckConstraint(
                condition=Q(running=True, until__isnull=True) | Q(running__isnull=True, until__isnull=False),
                name="freeze_runs_or_is_over",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
