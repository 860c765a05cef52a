"""The Mastodon adapter on mastodon_mock, which others wrote by Mastodon 4.6: scopes, rate limits, Idempotency-Key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.peers.mastodon_journey import play_a_day, play_a_lost_answer, write_complaints
from tests.peers.mastodon_servers import Server, running_mock

pytestmark = [pytest.mark.peers, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_mock() as one:
        yield one


@pytest.fixture(scope="module")
def complaints(server: Server) -> list[str]:
    return write_complaints(server)


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.QUARANTINE = timedelta(seconds=60)
    settings.POLL_EVERY = timedelta(0)


def test_a_complaint_comes_in_and_its_answer_stands_under_it(server: Server, complaints: list[str]) -> None:
    play_a_day(server, complaints[0])


def test_an_answer_that_was_lost_on_the_way_is_not_posted_twice(server: Server, complaints: list[str]) -> None:
    play_a_lost_answer(server, complaints[1])
