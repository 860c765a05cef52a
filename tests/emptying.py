"""Tests that commit leave empty tables behind, in milliseconds.

Django's own flush empties all tables, the eighty empty ones as well, and writes content types and permissions anew, a
quarter of a second for each test. Here only what holds rows is emptied, and these two stay as the migrations left them.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def install() -> None:
    """In place of Django's flush after every test of this kind."""
    TransactionTestCase._fixture_teardown = _emptied  # type: ignore[attr-defined]


def _emptied(case: Any) -> None:
    for alias in case._databases_names(include_mirrors=False):
        empty(connections[alias])


def empty(connection: Any) -> None:
    """Delete all rows of all tables but KEPT, whatever triggers and keys say about it."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # neither append-only triggers nor foreign keys, until the commit
            cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _held(connection, cursor):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _held(connection: Any, cursor: Any) -> list[str]:
    """The tables with rows, in one question."""
    names = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT)
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})" for name in names)
    cursor.execute(" UNION ALL ".join(asked))
    return [name for (name,) in cursor.fetchall()]
