"""A complaint; its thread and its history: complaints.models.history.

Complaint and ComplaintEvent are written by complaints.steps and complaints.workflow, numbers by complaints.receipts.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from channels_sns.models import Account, Author
from complaints.models.consultation import Consultation
from complaints.models.kinds import LegalKind
from departments import directory
from departments.models import Agency, Department, District, Role


class Status(models.TextChoices):
    """docs/states.md; the moves between them are complaints.moves.MOVES."""

    RECEIVED = "RECEIVED", _("Received")
    TRIAGED = "TRIAGED", _("Triaged")
    ASSIGNED = "ASSIGNED", _("Assigned")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")
    ANSWERED = "ANSWERED", _("Answered")
    COMPLETED = "COMPLETED", _("Completed")
    TRANSFERRED = "TRANSFERRED", _("Transferred")
    ON_HOLD = "ON_HOLD", _("On hold")
    DISMISSED = "DISMISSED", _("Not a complaint")


#: Nothing more is to be done, unless the citizen comes back.
CLOSED = (Status.COMPLETED, Status.TRANSFERRED, Status.DISMISSED)
#: A department holds it.
HELD = (Status.ASSIGNED, Status.IN_PROGRESS, Status.ANSWERED)


#: Languages that the desk writes.
ANSWERED_IN = ("ko", "en")


class Arbitration(models.TextChoices):
    """Departments that send one complaint back again and again have the arbiter (조정 담당) to decide, for good."""

    NONE = "", _("none")
    WAITING = "WAITING", _("waits for the arbiter")
    DECIDED = "DECIDED", _("decided by the arbiter")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Filters of the desk; every list, page, export and search starts from `visible_to`."""

    def visible_to(self, user: User | AnonymousUser) -> ComplaintQuerySet:
        """What `user` may see (docs/rights.md): the desk all, a department its own from assignment on and what it was
        asked about (협조), an arbiter what came before him, others none."""
        if not user.is_active:
            return self.none()
        roles = directory.roles_of(user)
        if user.is_superuser or roles & {Role.OFFICER, Role.MANAGER, Role.AUDITOR}:
            return self.all()
        mine = directory.department_ids_of(user)
        own = Q(department__in=mine) | Q(pk__in=Consultation.complaints_of(mine))
        if Role.ARBITER in roles:
            return self.filter(~Q(arbitration=Arbitration.NONE) | own)
        if roles & {Role.STAFF, Role.HEAD}:
            return self.filter(own)
        return self.none()

    def open(self) -> ComplaintQuerySet:
        return self.exclude(status__in=CLOSED)


class Complaint(models.Model):
    """What a citizen wants from the city; begun by one post, carried by its thread.

    `text`: of the first post, resident numbers masked. `version` grows with every step and every saved draft, for the
    conflict check when two people work on one complaint.
    """

    class Priority(models.TextChoices):
        NORMAL = "NORMAL", _("Normal")
        URGENT = "URGENT", _("Urgent")

    number = models.CharField(_("receipt number"), max_length=16, unique=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.RECEIVED)
    version = models.PositiveIntegerField(default=1)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="complaints", verbose_name=_("channel"))
    author = models.ForeignKey(
        Author, on_delete=models.PROTECT, null=True, related_name="complaints", verbose_name=_("citizen")
    )
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="ko")
    has_photo = models.BooleanField(_("photo"), default=False)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    urgent_words = models.JSONField(_("words that made it urgent"), default=list, blank=True)

    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("district"))
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("department"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_complaints",
        verbose_name=_("person in charge"),
    )
    #: Since when the department has it, and since when it has accepted it; what nobody accepts goes back to the desk.
    handed_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    #: How often departments sent it back in this round.
    bounces = models.PositiveSmallIntegerField(_("times sent back"), default=0)
    arbitration = models.CharField(
        _("arbitration"), max_length=8, choices=Arbitration.choices, default=Arbitration.NONE, blank=True
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("outside agency")
    )

    received_at = models.DateTimeField(_("received at"))
    due_at = models.DateTimeField(_("due at"))
    #: The kind in the sense of the law; an officer promotes what began as a post.
    legal_kind = models.CharField(_("legal kind"), max_length=16, choices=LegalKind, default=LegalKind.SNS)
    #: From when the clock runs, if not from the receipt: after a reopening, after a promotion.
    clock_from = models.DateTimeField(_("clock runs from"), null=True, blank=True)
    #: Until when something urgent must be answered, day and night; beside the legal clock.
    emergency_due_at = models.DateTimeField(_("emergency due at"), null=True, blank=True)
    #: Of this round: how often extended and by how much of the period's own unit, days on site, stopped since.
    extensions = models.PositiveSmallIntegerField(_("times extended"), default=0)
    extended_by = models.PositiveSmallIntegerField(_("extended by"), default=0)
    visit_days = models.PositiveSmallIntegerField(_("days on site"), default=0)
    stopped_at = models.DateTimeField(_("clock stopped since"), null=True, blank=True)
    #: The worse of the two clocks as long as an answer is awaited; the database keeps it (complaints.clocks.runs).
    next_due_at = models.GeneratedField(
        expression=Case(
            When(Q(status__in=(*CLOSED, Status.ANSWERED)) | Q(answered_at__isnull=False), then=None),
            When(Q(stopped_at__isnull=False), then=F("emergency_due_at")),
            default=Least(F("due_at"), Coalesce(F("emergency_due_at"), F("due_at"))),
        ),
        output_field=models.DateTimeField(_("next due at"), null=True),
        db_persist=True,
    )
    #: When the answer that stands was posted; empty while an answer is awaited, again after a reopening.
    answered_at = models.DateTimeField(_("answer posted at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    close_reason = models.CharField(_("reason for closing"), max_length=300, blank=True)
    held_from = models.CharField(max_length=12, blank=True)
    #: The citizen (or another) wrote again and nobody has looked yet.
    news_at = models.DateTimeField(_("new post since"), null=True, blank=True)
    #: Closed long before the citizen came back to it; this one goes on from there.
    earlier = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
        verbose_name=_("earlier complaint"),
    )
    #: The same matter again: set aside as a copy of that one (complaints.merging).
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("the same as")
    )
    #: It concerns many (다수인관련민원, 법 제2조6호); a person says so (complaints.repeats).
    collective_at = models.DateTimeField(_("of many since"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="complaint_status_known"),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | (Q(status="DISMISSED") & ~Q(duplicate_of=F("id"))),
                name="complaint_copy_is_set_aside",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ASSIGNED", "IN_PROGRESS", "ANSWERED"]) | Q(department__isnull=False),
                name="complaint_held_has_department",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["COMPLETED", "TRANSFERRED", "DISMISSED"], closed_at__isnull=False)
                | (~Q(status__in=["COMPLETED", "TRANSFERRED", "DISMISSED"]) & Q(closed_at__isnull=True)),
                name="complaint_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="TRANSFERRED") | Q(agency__isnull=False), name="complaint_transfer_has_agency"
            ),
            models.CheckConstraint(
                condition=~Q(status="ON_HOLD") | ~Q(held_from=""), name="complaint_hold_knows_origin"
            ),
            models.CheckConstraint(
                condition=Q(legal_kind__in=LegalKind.values) & ~Q(legal_kind="STATUTORY"),
                name="complaint_kind_has_clock",
            ),
            models.CheckConstraint(
                condition=Q(extensions__lte=2, visit_days__lte=21), name="complaint_extended_as_allowed"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(status="ON_HOLD"), name="complaint_stopped_is_on_hold"
            ),
            models.CheckConstraint(
                condition=Q(arbitration__in=["", "WAITING", "DECIDED"]), name="complaint_arbitration_known"
            ),
        ]
        indexes = [
            models.Index(F("received_at").desc(), F("id").desc(), name="complaint_newest"),
            models.Index("status", F("received_at").desc(), F("id").desc(), name="complaint_by_status"),
            models.Index("department", F("received_at").desc(), F("id").desc(), name="complaint_by_department"),
            models.Index("account", F("received_at").desc(), F("id").desc(), name="complaint_by_account"),
            models.Index("district", F("received_at").desc(), F("id").desc(), name="complaint_by_district"),
            models.Index(
                fields=["handed_at"],
                name="complaint_unaccepted",
                condition=Q(status="ASSIGNED", accepted_at__isnull=True),
            ),
            models.Index(fields=["arbitration"], name="complaint_arbitrated", condition=~Q(arbitration="")),
            models.Index(
                F("priority").desc(),
                "next_due_at",
                "id",
                name="complaint_worst_first",
                condition=Q(next_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def answer_language(self) -> str:
        """The language we answer in: the citizen's, else the account's, of those that the desk writes."""
        return next((code for code in (self.language, self.account.language) if code in ANSWERED_IN), "ko")
