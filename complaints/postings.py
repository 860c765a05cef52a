"""The index of search tokens asked in SQL: one question, two back ends.

PostgreSQL: a GIN over the tokens as an array. SQLite: an FTS5 table over the same tokens. Both answer which documents
hold all tokens of one of the choices, for each word that was typed. Migration 0003 makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.db.models import BooleanField, Expression, F, Func

#: For every word typed: the choices; a choice is tokens that must all be there.
Formula: TypeAlias = Sequence[Sequence[Iterable[str]]]

#: More pairs of a long word narrow nothing down any more.
TOKENS_MAX = 12
#: The order in which a walk over the complaints finds a common word soon.
NEWEST = "-received_at"
_FTS5 = "{key} IN (SELECT rowid FROM complaints_searchtokens WHERE complaints_searchtokens MATCH %s)"


class Holds(Func):
    """Does the index say that the document may hold what is wanted?"""

    output_field = BooleanField()

    def __init__(self, formula: Formula) -> None:
        self._wanted = [[sorted(choice)[:TOKENS_MAX] for choice in choices] for choices in formula]
        super().__init__(F("tokens"), F("pk"))

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:
        column, parameters = compiler.compile(self.source_expressions[0])
        one = f"search_tokens({column}) @> %s::text[]"
        words = [" OR ".join([one] * len(choices)) for choices in self._wanted]
        values = [value for choices in self._wanted for choice in choices for value in (*parameters, choice)]
        return " AND ".join(f"({word})" for word in words), values

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[str | int, ...]]:
        key, parameters = compiler.compile(self.source_expressions[1])
        words = (
            " OR ".join(f"({' AND '.join(map(_quoted, choice))})" for choice in choices) for choices in self._wanted
        )
        asked = " AND ".join(f"({word})" for word in words)
        return _FTS5.format(key=key), (*parameters, asked)


def _quoted(token: str) -> str:
    """A token as FTS5 takes it, whatever is in it."""
    return '"' + token.replace('"', '""') + '"'


class NewestPage(Expression):
    """`walk` for a page that is read newest first, `scan` or `index` for a count or any other order.

    A common word stands in nearly every page of the newest complaints: walking them until fifty are found is a hundred
    times quicker than fetching all that the index knows, sorting, and throwing away. A count has an end as well, but
    begins anywhere: PostgreSQL may read documents until it has enough; SQLite would read them all, and asks the index.
    """

    def __init__(self, *, walk: Any, index: Any, scan: Any) -> None:
        super().__init__(output_field=BooleanField())
        self._ways = [walk, index, scan]

    def get_source_expressions(self) -> list[Any]:
        return self._ways

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self._ways = list(exprs)

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        return self._compiled(compiler, otherwise=2)

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        return self._compiled(compiler, otherwise=1)

    def _compiled(self, compiler: Any, *, otherwise: int) -> tuple[str, Any]:
        query = compiler.query
        order = query.order_by or (query.default_ordering and query.get_meta().ordering) or [""]
        walks = query.is_sliced and order[0] == NEWEST
        sql, parameters = compiler.compile(self._ways[0 if walks else otherwise])
        return sql, parameters
