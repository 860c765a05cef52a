"""Fixtures of the adapters' own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from channels_sns.adapters.facebook import FacebookAdapter
from tests.channels_sns.adapters.graph_stub import PAGE, SECRET, TOKEN, GraphStub, running_stub


@pytest.fixture
def graph() -> Iterator[GraphStub]:
    with running_stub() as stub:
        yield stub


@pytest.fixture
def adapter(graph: GraphStub) -> FacebookAdapter:
    secrets = {"page_access_token": TOKEN, "app_secret": SECRET}
    return FacebookAdapter(base_url=graph.url, secrets=secrets, external_id=PAGE, handle="toktok_busan")
