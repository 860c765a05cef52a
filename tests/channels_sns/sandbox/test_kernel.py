"""The kernel over real HTTP: worlds, citizens, bursts, poison, photos."""

from __future__ import annotations

import io

import requests
from PIL import Image

from tests.sandbox import World


def make_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def test_worlds_do_not_see_each_other(world: World) -> None:
    other = World(world.address, f"{world.name}-other")
    world.citizen_post("x", "가로등이 꺼졌습니다")
    assert len(world.posts("x")) == 1
    assert other.posts("x") == []
    other.close()


def test_reset_forgets_everything(world: World) -> None:
    world.citizen_post("x", "가로등")
    requests.post(f"{world.address}/control/{world.name}/reset", timeout=10)
    assert world.posts("x") == []


def test_photo_is_served_as_it_was_written(world: World) -> None:
    world.citizen_post("x", "사진입니다", image=make_png(), alt="꺼진 가로등")
    (post,) = world.posts("x")
    answer = requests.get(f"{world.base_url('x')}/media/{post['media'][0]['name']}", timeout=10)
    assert answer.content == make_png()
    assert answer.headers["Content-Type"] == "image/png"


def test_a_citizens_own_reply_stands_in_its_thread(world: World) -> None:
    first = world.citizen_post("x", "가로등")
    reply = world.city_post("x", "확인하겠습니다", in_reply_to=first)
    assert [post["id"] for post in world.replies("x", first)] == [reply]


def test_control_refuses_nonsense_with_its_reason(world: World) -> None:
    answer = requests.post(f"{world.address}/control/{world.name}/x/faults", json={"name": "earthquake"}, timeout=10)
    assert answer.status_code == 400
    assert "drop_after_store" in answer.json()["error"]


def test_ids_of_a_burst_are_unique_and_rising(world: World) -> None:
    ids = [int(post_id) for post_id in world.burst("x", 500)]
    assert len(set(ids)) == 500
    assert ids == sorted(ids)
