"""The kinds of complaints that the law knows, and the one of the social networks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalKind(models.TextChoices):
    """민원 처리에 관한 법률 제2조; their periods: complaints.legal_kinds."""

    SNS = "SNS", _("Complaint by SNS")
    OTHER = "OTHER", _("Other complaint")
    INQUIRY_LAW = "INQUIRY_LAW", _("Inquiry on statutes")
    INQUIRY_SYSTEM = "INQUIRY_SYSTEM", _("Inquiry on a system or procedure")
    PROPOSAL = "PROPOSAL", _("Proposal")
    GRIEVANCE = "GRIEVANCE", _("Grievance")
    STATUTORY = "STATUTORY", _("Statutory application")
