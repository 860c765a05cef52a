"""Median and p90 as the lengths of real cases (nearest rank): in PostgreSQL by its own aggregate, in SQLite by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, IntegerField

#: Median and p90.
FRACTIONS = (0.5, 0.9)
#: Of nothing.
NONE: tuple[int | None, ...] = (None,) * len(FRACTIONS)


class Percentiles(Aggregate):
    """(median, p90) of a column of whole seconds; (None, None) of nothing."""

    name = "Percentiles"
    template = f"PERCENTILE_DISC(ARRAY{list(FRACTIONS)}) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        gathered = self.copy()
        gathered.template = "JSON_GROUP_ARRAY(%(expressions)s)"
        return gathered.as_sql(compiler, connection, **context)

    def get_db_converters(self, _connection: BaseDatabaseWrapper) -> list[Callable[..., Any]]:
        return [_read]


def _read(value: Any, _expression: Any, _connection: Any) -> tuple[int | None, ...]:
    if isinstance(value, str):
        values = sorted(json.loads(value))
        return tuple(nearest_rank(values, fraction) for fraction in FRACTIONS)
    return tuple(value) if value else NONE


def nearest_rank(values: Sequence[int], fraction: float) -> int | None:
    """The smallest of the sorted `values` that at least `fraction` of them do not exceed."""
    return values[math.ceil(fraction * len(values)) - 1] if values else None
