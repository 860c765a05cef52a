"""Each fault, seen from a client's side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.sandbox import World

Post = Callable[..., requests.Response]


@pytest.fixture
def post(world: World) -> Iterator[Post]:
    """Writes one status as the city."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {world.credentials('mastodon')['access_token']}"

        def write(text: str = "확인하겠습니다", *, timeout: float = 10) -> requests.Response:
            return session.post(f"{world.base_url('mastodon')}/api/v1/statuses", json={"status": text}, timeout=timeout)

        yield write


def stored(world: World) -> int:
    return len(world.posts("mastodon"))


@pytest.mark.parametrize(("name", "count"), [("drop_after_store", 1), ("drop_before_store", 0)])
def test_the_connection_is_reset_without_an_answer(world: World, post: Post, name: str, count: int) -> None:
    world.fault("mastodon", name)
    with pytest.raises(requests.ConnectionError, match=r"reset|aborted"):
        post()
    assert stored(world) == count
    assert post("다음 글").status_code == 200
    assert [(call["status"], call["fault"]) for call in world.calls("mastodon")] == [(0, name), (200, "")]


def test_an_answer_that_comes_too_late(world: World, post: Post) -> None:
    world.fault("mastodon", "delay_after_store", seconds=1.5)
    with pytest.raises(requests.ReadTimeout):
        post(timeout=0.5)
    assert stored(world) == 1


def test_a_black_hole_carries_the_request_out_late(world: World, post: Post) -> None:
    world.fault("mastodon", "blackhole", seconds=1.5)
    with pytest.raises(requests.ReadTimeout):
        post(timeout=0.5)
    assert stored(world) == 0
    time.sleep(1.8)
    assert stored(world) == 1


@pytest.mark.parametrize(("after_store", "count"), [(True, 1), (False, 0)])
def test_server_error_with_and_without_the_work_done(world: World, post: Post, after_store: bool, count: int) -> None:
    world.fault("mastodon", "status", code=502, body="html", after_store=after_store)
    answer = post()
    assert (answer.status_code, "text/html" in answer.headers["Content-Type"]) == (502, True)
    assert stored(world) == count


@pytest.mark.parametrize(
    ("name", "params", "status"),
    [
        ("unauthorized", {}, 401),
        ("rate_limited", {"headers": {"Retry-After": "-1"}}, 429),
        ("duplicate_refusal", {}, 422),
        ("target_gone", {}, 404),
        ("not_summoned", {}, 403),
        ("status", {"code": 503}, 503),
    ],
)
def test_refusals_store_nothing(world: World, post: Post, name: str, params: dict[str, Any], status: int) -> None:
    world.fault("mastodon", name, **params)
    answer = post()
    assert (answer.status_code, set(answer.json())) == (status, {"error"})
    assert answer.headers.get("Retry-After") == params.get("headers", {}).get("Retry-After")
    assert stored(world) == 0


@pytest.mark.parametrize("name", ["html_200", "truncated_json"])
def test_answers_that_are_no_json_although_the_post_stands(world: World, post: Post, name: str) -> None:
    world.fault("mastodon", name, on="publish")
    answer = post()
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert stored(world) == 1


def test_success_without_an_id(world: World, post: Post) -> None:
    world.fault("mastodon", "no_id_201")
    assert post().json() == {}
    assert stored(world) == 1


def test_big_slow_and_mislabelled_answers(world: World, post: Post) -> None:
    world.fault("mastodon", "big_body", size=300_000)
    assert len(post("하나").content) > 300_000
    world.fault("mastodon", "wrong_content_type")
    assert post("둘").headers["Content-Type"] == "text/plain"
    world.fault("mastodon", "slow_drip", seconds=0.001)
    assert post("셋").json()["content"] == "<p>셋</p>"


def test_own_posts_show_up_late(world: World, post: Post) -> None:
    world.fault("mastodon", "readback_lag", seconds=1)
    author = post().json()["account"]["id"]
    session = {"Authorization": f"Bearer {world.credentials('mastodon')['access_token']}"}
    address = f"{world.base_url('mastodon')}/api/v1/accounts/{author}/statuses"
    assert requests.get(address, headers=session, timeout=10).json() == []
    time.sleep(1.1)
    assert len(requests.get(address, headers=session, timeout=10).json()) == 1


def test_a_fault_strikes_as_often_as_it_was_told(world: World, post: Post) -> None:
    world.fault("mastodon", "status", times=3, code=500)
    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(lambda number: post(f"{number}번"), range(6)))
    assert statuses == [200, 200, 200, 500, 500, 500]


def test_a_fault_meets_only_what_it_is_meant_for(world: World, post: Post) -> None:
    world.fault("mastodon", "status", times=None, code=500, on="read")
    world.fault("mastodon", "status", times=None, code=500, path="/media")
    assert post().status_code == 200
    world.no_faults("mastodon")
    assert world.ask("mastodon", "faults") == []
