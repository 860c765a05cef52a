"""One moment: all numbers of a page or a mail, and the list behind them, are of the same state of the database."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def at_one_moment(view: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """For what only reads: what others write meanwhile is not seen. SQLite's transactions are so by nature."""

    @wraps(view)
    def wrapped(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return view(*args, **kwargs)

    return wrapped
