"""The desk's own tables."""

from complaints.models.access import AccessLog
from complaints.models.alert import Alert, Escalation, Stage
from complaints.models.api_token import ApiToken
from complaints.models.bulk_run import BulkRun
from complaints.models.complaint import Arbitration, Complaint, Status
from complaints.models.consultation import Consultation
from complaints.models.desk import DeskChoice, Presence, TypedText
from complaints.models.due_basis import DueBasis
from complaints.models.duration import Duration, Exclusion, Figure
from complaints.models.emergency import (
    AgencyAlert,
    AlertContact,
    Emergency,
    EmergencyCheck,
    EmergencyEvent,
    Sighting,
)
from complaints.models.good_news import GoodNews
from complaints.models.history import ComplaintEvent, ComplaintPost
from complaints.models.hold import Hold, HoldCode
from complaints.models.incident import Incident, IncidentComplaint, IncidentEvent
from complaints.models.incident_reply import IncidentDelivery, IncidentReply
from complaints.models.learned import LearnedModel
from complaints.models.opinion import Opinion
from complaints.models.opinion_brief import OpinionBrief, OpinionMail
from complaints.models.pack import PackState, SpanPack
from complaints.models.promise import Promise
from complaints.models.receipt import ReceiptCounter
from complaints.models.repetition import Repetition
from complaints.models.reply import Reply
from complaints.models.reply_photo import ReplyPhoto
from complaints.models.reply_template import ReplyTemplate
from complaints.models.saved_report import ReportMail, SavedReport
from complaints.models.saved_view import SavedView
from complaints.models.searchdoc import SearchDoc
from complaints.models.shift_note import ShiftNote
from complaints.models.suggestion import Suggestion
from complaints.models.surge import Surge
from complaints.models.tag import ComplaintTag, Tag
from complaints.models.verdict import Verdict

__all__ = [
    "AccessLog",
    "AgencyAlert",
    "Alert",
    "AlertContact",
    "ApiToken",
    "Arbitration",
    "BulkRun",
    "Complaint",
    "ComplaintEvent",
    "ComplaintPost",
    "ComplaintTag",
    "Consultation",
    "DeskChoice",
    "DueBasis",
    "Duration",
    "Emergency",
    "EmergencyCheck",
    "EmergencyEvent",
    "Escalation",
    "Exclusion",
    "Figure",
    "GoodNews",
    "Hold",
    "HoldCode",
    "Incident",
    "IncidentComplaint",
    "IncidentDelivery",
    "IncidentEvent",
    "IncidentReply",
    "LearnedModel",
    "Opinion",
    "OpinionBrief",
    "OpinionMail",
    "PackState",
    "Presence",
    "Promise",
    "ReceiptCounter",
    "Repetition",
    "Reply",
    "ReplyPhoto",
    "ReplyTemplate",
    "ReportMail",
    "SavedReport",
    "SavedView",
    "SearchDoc",
    "ShiftNote",
    "Sighting",
    "SpanPack",
    "Stage",
    "Status",
    "Suggestion",
    "Surge",
    "Tag",
    "TypedText",
    "Verdict",
]
