"""What citizens wrote, as the networks served it. Only channels_sns.inbox and channels_sns.media write here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models.account import Account


class Author(models.Model):
    """A person on one network. Never joined with a person of another network: the ids say nothing about that."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="authors")
    external_id = models.CharField(max_length=64)
    handle = models.CharField(_("handle"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="author_once")]

    def __str__(self) -> str:
        return f"@{self.handle}" if self.handle else self.name or str(_("(no name)"))


class InboundPost(models.Model):
    """One post that concerns the city. WAITING until the desk has looked at it (complaints.intake)."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("waiting")
        REGISTERED = "REGISTERED", _("registered")
        IGNORED = "IGNORED", _("not for the desk")
        OWN = "OWN", _("the city's own")
        COLLECTED = "COLLECTED", _("collected under a broadcast")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    external_id = models.CharField(max_length=128)
    kind = models.CharField(_("kind"), max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    state_reason = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    root_id = models.CharField(max_length=128, blank=True)
    parent_id = models.CharField(max_length=128, blank=True)
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(max_length=10, blank=True)
    visibility = models.CharField(max_length=20, blank=True)
    can_reply = models.BooleanField(null=True)
    permalink = models.CharField(_("address of the post"), max_length=500, blank=True)
    posted_at = models.DateTimeField(_("posted at"))
    #: The network's own time was impossible (year 1, the future): the time of arrival stands in its place.
    posted_at_doubtful = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(_("arrived at"))
    edited_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(_("deleted at the source"), null=True, blank=True)
    #: When the source was last looked at for edits and deletions.
    checked_at = models.DateTimeField(null=True, blank=True)
    #: Our own reply coming back in the feed.
    outbound = models.ForeignKey(
        "channels_sns.OutboundPost", on_delete=models.SET_NULL, null=True, related_name="echoes"
    )

    #: The broadcast under which it was collected; it stays known when the post becomes a complaint after all.
    under = models.ForeignKey(
        "channels_sns.Broadcast", on_delete=models.SET_NULL, null=True, blank=True, related_name="written_under"
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="post_once"),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "REGISTERED", "IGNORED", "OWN", "COLLECTED"]),
                name="post_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="post_waiting", condition=Q(state="WAITING")),
            models.Index(fields=["account", "root_id"], name="post_root"),
            models.Index(fields=["account", "arrived_at"], name="post_arrival"),
        ]

    def __str__(self) -> str:
        return self.text[:40] or str(_("(photo only)"))


class Evidence(models.Model):
    """The post as it came over the wire, apart from the desk's own tables so that it can be kept for a time of its own.

    `raw`: the network's JSON, resident numbers masked. `sha256`: of the bytes as served, before masking.
    """

    post = models.OneToOneField(InboundPost, on_delete=models.CASCADE, primary_key=True, related_name="evidence")
    raw = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.sha256[:12]


class PostVersion(models.Model):
    """A text of an edited post. `external_id` differs from the post's where an edit makes a new id."""

    post = models.ForeignKey(InboundPost, on_delete=models.CASCADE, related_name="versions")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=128)
    text = models.TextField(_("text"), blank=True)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["seen_at", "id"]
        indexes = [models.Index(fields=["account", "external_id"], name="version_external")]

    def __str__(self) -> str:
        return self.text[:40]


class InboundMedia(models.Model):
    """A photo of a post. The stored files are repainted copies without EXIF; the original is never kept or served."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("not fetched yet")
        STORED = "STORED", _("stored")
        REFUSED = "REFUSED", _("refused")
        FAILED = "FAILED", _("could not be fetched")

    id = models.UUIDField(primary_key=True, editable=False)
    post = models.ForeignKey(InboundPost, on_delete=models.CASCADE, related_name="media")
    position = models.PositiveSmallIntegerField(default=0)
    url = models.TextField()
    kind = models.CharField(max_length=10)
    alt = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    failure = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    file = models.CharField(max_length=200, blank=True)
    thumbnail = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "position"], name="media_once"),
            models.CheckConstraint(
                condition=~Q(state="STORED") | (~Q(file="") & ~Q(sha256="")), name="media_stored_has_file"
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], name="media_waiting", condition=Q(state="WAITING"))]

    def __str__(self) -> str:
        return self.alt or str(self.id)


class DeadLetter(models.Model):
    """An item that could not become a post: its bytes as served, the reason, how often it was tried."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="dead_letters")
    external_id = models.CharField(max_length=128, blank=True)
    sha256 = models.CharField(max_length=64)
    raw = models.BinaryField()
    error = models.TextField(_("error"))
    tries = models.PositiveIntegerField(_("tries"), default=1)
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("dead letter")
        verbose_name_plural = _("dead letters")
        constraints = [models.UniqueConstraint(fields=["account", "sha256"], name="dead_letter_once")]

    def __str__(self) -> str:
        return self.error[:60]
