"""One moment: all numbers of a page, and the list behind them, are of the same state of the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.db import connection, transaction
from django.http.response import HttpResponseBase


def at_one_moment(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a view that only reads: what others write meanwhile is not seen. SQLite's transactions are so by nature."""

    @wraps(view)
    def wrapped(*args: object, **kwargs: object) -> HttpResponseBase:
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return view(*args, **kwargs)

    return wrapped
