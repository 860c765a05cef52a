"""Pages of a long table without counting the whole of it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

CAP = 3_000


class CappedPaginator(Paginator):
    """Counts at most CAP rows: beyond that a person filters, nobody turns sixty pages."""

    @cached_property
    def count(self) -> int:
        """Rows, or CAP + 1 for more than CAP."""
        rows = self.object_list.order_by().values("pk")[: CAP + 1]  # type: ignore[attr-defined]
        return int(rows.count())

    @property
    def count_text(self) -> str:
        """“128” or “3,000+”."""
        return capped(self.count, CAP)


def capped(number: int, cap: int) -> str:
    """A number as people read it; more than `cap` as “cap+”."""
    return _("%(cap)s+") % {"cap": f"{cap:,}"} if number > cap else f"{number:,}"
