"""The index of search tokens asked in SQL: one question, two back ends.

PostgreSQL: a GIN over the tokens as an array. SQLite: an FTS5 table over the same tokens. Both answer which documents
hold all tokens of one of the choices, for each word that was typed. Migration 0003 makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import BooleanField, Expression, F, Func

#: For every word typed: the choices; a choice is tokens that must all be there.
Formula: TypeAlias = Sequence[Sequence[Iterable[str]]]
#: In which share of the documents a token stands; one that is not named is rare.
Shares: TypeAlias = Mapping[str, float]

#: More pairs of a long word narrow nothing down any more; where it is known which are rare, the rarest few do it alone.
TOKENS_MAX, RAREST = 12, 3
#: So many ways to find all words are asked one by one: the index then meets the words' postings in itself.
WAYS_MAX = 12
#: The order in which a walk over the complaints finds a common word soon.
NEWEST = "-received_at"
_FTS5 = "{key} IN (SELECT rowid FROM complaints_searchtokens WHERE complaints_searchtokens MATCH %s)"
#: What ANALYZE noted of the tokens: the most frequent ones, and in which share of the documents each stands.
_NOTED = """
SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats
WHERE schemaname = current_schema() AND tablename = 'complaints_searchdoc_tokens' AND attname = 'search_tokens'
"""


def how_common() -> Shares:
    """As the database noted it of itself; empty where it notes nothing."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_NOTED)
        tokens, shares = cursor.fetchone() or (None, None)
    return dict(zip(tokens or [], shares or [], strict=False))  # three shares more: least, greatest, of NULL


class Holds(Func):
    """Does the index say that the document may hold what is wanted?"""

    output_field = BooleanField()

    def __init__(self, formula: Formula, shares: Shares) -> None:
        most = RAREST if shares else TOKENS_MAX
        self._wanted = [
            [sorted(choice, key=lambda token: (shares.get(token, 0), token))[:most] for choice in choices]
            for choices in formula
        ]
        super().__init__(F("tokens"), F("pk"))

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:
        column, parameters = compiler.compile(self.source_expressions[0])
        one = f"search_tokens({column}) @> %s::text[]"
        asked = list(self._asked())
        values = [value for ways in asked for way in ways for value in (*parameters, way)]
        return " AND ".join(f"({' OR '.join([one] * len(ways))})" for ways in asked), values

    def _asked(self) -> Iterator[list[list[str]]]:
        """For each word its choices; or, of few, every way to find all words as the one thing asked for."""
        if prod(map(len, self._wanted)) <= WAYS_MAX:
            yield [[token for choice in way for token in choice] for way in product(*self._wanted)]
        else:
            yield from self._wanted

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
