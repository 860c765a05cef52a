"""The rows of the city directory."""

from departments.models.calendar import Holiday, HolidayKind, OfficeHours, Weekday
from departments.models.on_call import OnCall
from departments.models.organisation import Agency, City, Department, DepartmentLevel, Duty, Topic, Urgency
from departments.models.people import DEPARTMENT_ROLES, Membership, Role
from departments.models.places import District, Place, PlaceKind

__all__ = [
    "DEPARTMENT_ROLES",
    "Agency",
    "City",
    "Department",
    "DepartmentLevel",
    "District",
    "Duty",
    "Holiday",
    "HolidayKind",
    "Membership",
    "OfficeHours",
    "OnCall",
    "Place",
    "PlaceKind",
    "Role",
    "Topic",
    "Urgency",
    "Weekday",
]
