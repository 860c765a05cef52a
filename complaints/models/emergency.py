"""An emergency drill (긴급 전파): the facts, who checked what, who is alerted, what people saw, what happened when.

Only complaints.emergencies writes Emergency, EmergencyCheck and EmergencyEvent, only complaints.sightings writes
Sighting, only complaints.agency_alerts writes AgencyAlert and AlertContact.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels_sns.models import Broadcast, InboundPost, OutboundPost
from complaints.models.complaint import Complaint
from departments.models import Agency


class Emergency(models.Model):
    """One emergency: prepared, approved by the duty officer, under way, over; then name and photo are taken down.

    `title` stands on every page of the desk, so it names nobody.
    """

    class Kind(models.TextChoices):
        LOST_CHILD = "LOST_CHILD", _("Lost child")
        LOST_PERSON = "LOST_PERSON", _("Missing person")
        OTHER = "OTHER", _("Other emergency")

    class State(models.TextChoices):
        PREPARED = "PREPARED", _("being prepared")
        RUNNING = "RUNNING", _("under way")
        FOUND = "FOUND", _("all clear")
        CLOSED = "CLOSED", _("closed")
        CANCELLED = "CANCELLED", _("given up")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=60)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PREPARED)
    version = models.PositiveIntegerField(default=1)
    #: The citizen's post that began it.
    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, null=True, blank=True, related_name="emergencies"
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    age = models.CharField(_("age"), max_length=20, blank=True)
    appearance = models.CharField(_("clothes and looks"), max_length=300, blank=True)
    appearance_en = models.CharField(_("clothes and looks in English"), max_length=300, blank=True)
    place = models.CharField(_("last seen at"), max_length=200, blank=True)
    place_en = models.CharField(_("last seen at, in English"), max_length=200, blank=True)
    seen = models.CharField(_("when"), max_length=60, blank=True)
    contact = models.CharField(_("number to call"), max_length=60, default="112")

    #: Who is told of it.
    contacts = models.ManyToManyField("complaints.AlertContact", blank=True, related_name="+")
    alarm = models.OneToOneField(Broadcast, on_delete=models.PROTECT, related_name="alarm_of")
    all_clear = models.OneToOneField(Broadcast, on_delete=models.PROTECT, null=True, related_name="all_clear_of")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    #: The duty officer: one person decides.
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    #: When the first post stood on a network, and when the last account had it.
    first_post_at = models.DateTimeField(null=True)
    everywhere_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)
    take_down_at = models.DateTimeField(null=True)
    #: The desk has seen at every source that name and photo are gone.
    gone_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("emergency")
        verbose_name_plural = _("emergencies")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["LOST_CHILD", "LOST_PERSON", "OTHER"]), name="emergency_kind"),
            models.CheckConstraint(
                condition=Q(state__in=["PREPARED", "RUNNING", "FOUND", "CLOSED", "CANCELLED"]), name="emergency_state"
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(state__in=["PREPARED", "RUNNING"]),
                name="emergency_one_of_a_complaint",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PREPARED", "CANCELLED"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="emergency_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="FOUND") | Q(found_at__isnull=False), name="emergency_found_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | Q(closed_at__isnull=False), name="emergency_closed_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="emergency_active", condition=Q(state__in=["RUNNING", "FOUND"])),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def since(self) -> datetime | None:
        """From when its clock runs: the first post, until that stands the decision."""
        return self.first_post_at or self.approved_at


class EmergencyCheck(models.Model):
    """A point of the checklist that somebody vouches for. `note`: who consented, how the facts were checked."""

    class Item(models.TextChoices):
        CONSENT = "CONSENT", _("The guardian consents to name, photo and facts being public")
        FACTS = "FACTS", _("The facts are checked with the guardian or the police")
        PHOTO = "PHOTO", _("We may use the photo, and nobody else can be recognised in it")

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="checks")
    item = models.CharField(max_length=10, choices=Item)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        constraints = [
            models.UniqueConstraint(fields=["emergency", "item"], name="emergency_check_once"),
            models.CheckConstraint(
                condition=Q(item__in=["CONSENT", "FACTS", "PHOTO"]), name="emergency_check_item_known"
            ),
        ]

    def __str__(self) -> str:
        return self.item


class EmergencyEvent(models.Model):
    """What happened when, for the after-report: append only."""

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.what


class Sighting(models.Model):
    """What somebody wrote under the alarm: gathered as it comes, weighed by an officer."""

    class State(models.TextChoices):
        NEW = "NEW", _("nobody has looked yet")
        CREDIBLE = "CREDIBLE", _("credible")
        OTHER = "OTHER", _("of no use")

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="sightings")
    post = models.OneToOneField(InboundPost, on_delete=models.PROTECT, related_name="sighting")
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    gathered_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sighting")
        verbose_name_plural = _("sightings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["NEW", "CREDIBLE", "OTHER"]), name="sighting_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.emergency_id}: {self.post_id}"


class AlertContact(models.Model):
    """Somebody who is told of an emergency at once, and how."""

    class Way(models.TextChoices):
        MENTION = "MENTION", _("mention on a network")
        EMAIL = "EMAIL", _("e-mail")
        WEBHOOK = "WEBHOOK", _("webhook")
        PHONE = "PHONE", _("telephone")

    name = models.CharField(_("name"), max_length=100)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    way = models.CharField(_("way"), max_length=8, choices=Way)
    #: A mention: on which network.
    network = models.CharField(_("network"), max_length=20, blank=True)
    #: Handle, mail address, address of the webhook, number.
    address = models.CharField(_("address"), max_length=300)
    #: With what a webhook's deliveries are signed; a Fernet token (channels_sns.secrets).
    secret = models.TextField(blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["MENTION", "EMAIL", "WEBHOOK", "PHONE"]), name="contact_way_known"
            ),
            models.CheckConstraint(condition=~Q(way="MENTION") | ~Q(network=""), name="contact_mention_has_network"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(address=""), name="contact_can_be_reached"),
        ]

    def __str__(self) -> str:
        return self.name


class AgencyAlert(models.Model):
    """One contact told once: of the emergency, or that all is clear."""

    class Occasion(models.TextChoices):
        ALARM = "ALARM", _("emergency")
        ALL_CLEAR = "ALL_CLEAR", _("all clear")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("to be told")
        SENT = "SENT", _("told")
        FAILED = "FAILED", _("not reached")
        TO_CALL = "TO_CALL", _("to be called")
        CALLED = "CALLED", _("called")

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="alerts")
    contact = models.ForeignKey(AlertContact, on_delete=models.PROTECT, related_name="alerts")
    occasion = models.CharField(max_length=9, choices=Occasion)
    state = models.CharField(max_length=8, choices=State)
    outbound = models.ForeignKey(OutboundPost, on_delete=models.PROTECT, null=True, related_name="+")
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("alert to an agency")
        verbose_name_plural = _("alerts to agencies")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["emergency", "contact", "occasion"], name="agency_alert_once"),
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "SENT", "FAILED", "TO_CALL", "CALLED"]),
                name="agency_alert_state_known",
            ),
            models.CheckConstraint(
                condition=Q(occasion__in=["ALARM", "ALL_CLEAR"]), name="agency_alert_occasion_known"
            ),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], name="agency_alert_due", condition=Q(state="QUEUED"))]

    def __str__(self) -> str:
        return f"{self.contact}: {self.occasion}"
