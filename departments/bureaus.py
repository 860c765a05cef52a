"""The tree of the city hall, rolled up: to which bureau (실·국·본부) each department belongs or belonged."""

from __future__ import annotations

from departments.models import Department


def bureau_of_departments() -> dict[int, str]:
    """Department → the name of its bureau: the top of its tree, else the bureau it names, else itself; one query."""
    rows = {row.pk: row for row in Department.objects.only("name", "bureau", "parent")}
    return {pk: _top(row, rows) for pk, row in rows.items()}


def _top(row: Department, rows: dict[int, Department]) -> str:
    """A ring in the tree, which no form refuses, ends where it began."""
    top, passed = row, {row.pk}
    while top.parent_id is not None and top.parent_id not in passed:
        top = rows[top.parent_id]
        passed.add(top.pk)
    return row.bureau or top.name if top is row else top.bureau or top.name
