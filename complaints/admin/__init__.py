"""The desk in the Django admin."""

from complaints.admin import access_admin, complaint_admin, incident_admin, reply_template_admin

__all__ = ["access_admin", "complaint_admin", "incident_admin", "reply_template_admin"]
