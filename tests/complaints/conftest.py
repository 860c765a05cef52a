"""The real city, for tests that ask about its departments."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command


@pytest.fixture
def busan(db: None) -> None:
    """The directory as `load_city` fills it."""
    call_command("load_city", stdout=io.StringIO())
