"""What must hold at any moment, whatever was killed: I1–I7, checked against the desk's own tables and files.

An independent reading: it trusts no function that wrote what it looks at. Every violation names the rows.
"""

from complaints.invariants.check import TITLES, check_all, check_rule
from complaints.invariants.violation import Violation

__all__ = ["TITLES", "Violation", "check_all", "check_rule"]
