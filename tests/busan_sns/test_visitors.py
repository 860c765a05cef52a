"""Whose address the lock-out and the access record see: never one that the visitor chose."""

from __future__ import annotations

from typing import Any

import pytest
from axes.helpers import get_client_ip_address
from django.test import RequestFactory

PROXY = "10.0.0.2"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", PROXY),
        (0, "203.0.113.9", PROXY),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.3", "203.0.113.9"),
        (2, "203.0.113.9", PROXY),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:DB8::1]:4711", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "203.0.113.9, unknown", PROXY),
        (1, "", PROXY),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, headers={"x-forwarded-for": forwarded})
    assert get_client_ip_address(request) == address


def test_a_connection_without_an_address_has_none() -> None:
    assert get_client_ip_address(RequestFactory().get("/", REMOTE_ADDR="")) is None
