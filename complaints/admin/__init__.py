"""The desk in the Django admin."""

from importlib.util import find_spec

from complaints.admin import access_admin

__all__ = ["access_admin"]

# The list and the page need the rooms below them.
if all(find_spec(f"complaints.{room}") for room in ("workflow", "permissions", "replies", "privacy", "access_log")):
    from complaints.admin import complaint_admin  # noqa: F401
