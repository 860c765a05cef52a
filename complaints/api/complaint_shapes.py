"""Complaints, departments and accounts as they go out; what may be asked of the list of complaints."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    IntegerField,
    Serializer,
)

from channels_sns.models import Account
from complaints.api.shapes import PAGE_SIZE, SIZE_MAX, Day, id_
from complaints.models import Complaint, Reply, Status
from complaints.models.kinds import LegalKind
from departments.models.organisation import DepartmentLevel

CLOCK_STATES = ("runs", "late", "stopped", "over")


class ComplaintsQuery(Serializer):
    """All of them together."""

    status = ChoiceField(["open", *Status.values], required=False, help_text=_("“open”: whatever is not closed"))
    department = id_(required=False, help_text=_("Department"))
    account = id_(required=False, help_text=_("Account"))
    district = id_(required=False, help_text=_("District"))
    priority = ChoiceField(Complaint.Priority.values, required=False, help_text=_("Priority"))
    legal_kind = ChoiceField(LegalKind.values, required=False, help_text=_("legal kind"))
    received_from = Day(required=False, help_text=_("First day of the receipt, in Asia/Seoul"))
    received_to = Day(required=False, help_text=_("Last day of the receipt, in Asia/Seoul"))
    late = BooleanField(required=False, allow_null=True, default=None, help_text=_("Is an answer overdue now?"))
    size = IntegerField(min_value=1, max_value=SIZE_MAX, default=PAGE_SIZE, help_text=_("Lines of a page"))
    cursor = CharField(required=False, max_length=200, help_text=_("From `next` of the page before"))


class PlaceShape(Serializer):
    """A department, a district, an agency."""

    id = IntegerField(source="pk")
    name = CharField()


class ChannelShape(Serializer):
    id = IntegerField(source="pk")
    network = CharField(source="kind")
    name = CharField()
    handle = CharField()


class ClockShape(Serializer):
    """`runs`, `late`: an answer is awaited; `stopped`: not counted now; `over`: it was answered or closed.

    The seconds left are negative where it is late, null where it does not run."""

    clock = ChoiceField(["legal", "emergency"])
    state = ChoiceField(CLOCK_STATES)
    due_at = DateTimeField()
    stopped_at = DateTimeField(allow_null=True)
    wall_seconds_left = IntegerField(allow_null=True)
    working_seconds_left = IntegerField(allow_null=True)


class ComplaintLineShape(Serializer):
    """A complaint without anything that the citizen wrote."""

    number = CharField()
    url = CharField(help_text=_("Its page at the desk"))
    status = ChoiceField(Status.choices)
    status_name = CharField()
    priority = ChoiceField(Complaint.Priority.choices)
    legal_kind = ChoiceField(LegalKind.choices)
    account = ChannelShape()
    department = PlaceShape(allow_null=True)
    district = PlaceShape(allow_null=True)
    received_at = DateTimeField()
    answered_at = DateTimeField(allow_null=True)
    closed_at = DateTimeField(allow_null=True)
    clocks = ClockShape(many=True)


class ComplaintsShape(Serializer):
    computed_at = DateTimeField()
    next = CharField(allow_null=True, help_text=_("Address of the next page; null: this is the last"))
    complaints = ComplaintLineShape(many=True)


class EventShape(Serializer):
    """`move`: docs/states.md. Notes stay at the desk."""

    move = CharField()
    from_status = CharField(allow_blank=True)
    to_status = CharField(allow_blank=True)
    at = DateTimeField()
    by_person = BooleanField()
    department = IntegerField(source="department_id", allow_null=True)


class ReplyShape(Serializer):
    number = IntegerField()
    kind = ChoiceField(Reply.Kind.choices)
    state = ChoiceField(Reply.State.choices)
    private = BooleanField(help_text=_("Only the citizen sees it; its text stays at the desk"))
    text = CharField(source="public_text", allow_blank=True)
    language = CharField()
    approved_at = DateTimeField(allow_null=True)
    url = CharField(allow_blank=True)


class ComplaintShape(ComplaintLineShape):
    """Names and numbers of citizens are masked as on the page."""

    computed_at = DateTimeField()
    author = CharField()
    text = CharField(allow_blank=True)
    language = CharField()
    has_photo = BooleanField()
    agency = PlaceShape(allow_null=True)
    reopened = IntegerField()
    extensions = IntegerField()
    visit_days = IntegerField()
    replies = ReplyShape(many=True)
    history = EventShape(many=True)


class DepartmentShape(Serializer):
    id = IntegerField(source="pk")
    code = CharField()
    name = CharField()
    name_en = CharField(allow_blank=True)
    bureau = CharField(allow_blank=True)
    level = ChoiceField(DepartmentLevel.choices)
    part_of = IntegerField(source="parent_id", allow_null=True)
    phone = CharField(allow_blank=True)
    active_from = DateField(allow_null=True)
    active_to = DateField(allow_null=True, help_text=_("The first day without it"))
    successor = IntegerField(source="successor_id", allow_null=True)


class DepartmentsShape(Serializer):
    departments = DepartmentShape(many=True)


class AccountShape(ChannelShape):
    """`tone`: good, warn, bad; `says` and `to_do` for a person."""

    language = CharField()
    enabled = BooleanField()
    state = ChoiceField(Account.State.choices)
    tone = ChoiceField(["good", "warn", "bad"])
    says = CharField()
    to_do = CharField(allow_blank=True)
    gap = BooleanField()
    failures = IntegerField()
    last_polled_at = DateTimeField(allow_null=True)
    last_item_at = DateTimeField(allow_null=True)


class AccountsShape(Serializer):
    computed_at = DateTimeField()
    accounts = AccountShape(many=True)
