"""The outbox's guards are still installed after every migration."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_the_guards_of_the_outbox_stand() -> None:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = {name for (name,) in cursor.fetchall()}
    expected = (
        {"outbox_guard", "outbox_guard_media"}
        if connection.vendor == "postgresql"
        else {"outbox_edges", "outbox_fixed", "outbox_fixed_media"}
    )
    assert expected <= names
