"""A request that is refused costs the log one line; one that broke is told with the way to it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client

from departments.models import Role
from tests.make import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console of the web process shows."""
    (console,) = (one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    shown = io.StringIO()
    before = console.setStream(shown)
    yield shown
    if before is not None:
        console.setStream(before)


def get(monkeypatch: pytest.MonkeyPatch, error: Exception) -> int:
    """The status of the start page with `error` raised in it."""

    def broken(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr("complaints.admin.start_page.start_page_of", broken)
    client = Client(raise_request_exception=False)
    client.force_login(make_person(Role.OFFICER), backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/admin/").status_code


@pytest.mark.parametrize(
    ("error", "status"),
    [(PermissionDenied("no"), 403), (Http404("none"), 404), (BadRequest("what"), 400), (SuspiciousOperation("!"), 400)],
)
def test_a_refusal_is_one_line(
    log: io.StringIO, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    assert get(monkeypatch, error) == status
    assert len(log.getvalue().splitlines()) == 1
    assert "Traceback" not in log.getvalue()


def test_a_fault_keeps_the_way_to_it(log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    assert get(monkeypatch, RuntimeError("broken")) == 500
    assert "Traceback" in log.getvalue()
    assert "RuntimeError: broken" in log.getvalue()
