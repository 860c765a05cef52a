"""The citizens' pages, as a browser without scripts uses them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from PIL import Image

from tests.sandbox import World

NETWORKS = ["x", "facebook", "me2day", "mastodon"]


class Browser:
    """A person's browser: keeps cookies, fills in the page's form with its token."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.session = requests.Session()

    def open(self, address: str) -> requests.Response:
        return self.session.get(address if "://" in address else f"{self.world.address}{address}", timeout=20)

    def send(self, address: str, photo: bytes = b"", page: str = "", **fields: Any) -> requests.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.open(page or address).text)
        assert token
        files = {"photo": ("a.png", photo, "image/png")} if photo else None
        form = {"csrfmiddlewaretoken": token[1], **fields}
        return self.session.post(
            address if "://" in address else f"{self.world.address}{address}", data=form, files=files, timeout=20
        )


@pytest.fixture
def browser(world: World) -> Iterator[Browser]:
    browser = Browser(world)
    yield browser
    browser.session.close()


def make_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("network", NETWORKS)
def test_a_citizen_writes_with_a_photo_and_reads_the_answer(world: World, browser: Browser, network: str) -> None:
    page = world.page_url(network)
    written = browser.send(page, make_png(), name="김부산", text="가로등이 꺼졌어요", alt="가로등", call_city="on")
    assert written.status_code == 200
    assert "/thread/" in written.url
    (post,) = world.posts(network)
    assert (post["author"], post["text"]) == ("kim_busan", "@toktok_busan 가로등이 꺼졌어요")
    world.city_post(network, "확인하겠습니다", in_reply_to=post["id"])
    thread = browser.open(written.url).text
    assert thread.index("가로등이 꺼졌어요") < thread.index("확인하겠습니다")
    assert f'src="/{world.name}/{network}/media/{post["media"][0]["name"]}"' in thread
    browser.send(written.url, name="김부산", text="고맙습니다")
    first, answer, thanks = world.posts(network)
    # me2day has one level: whoever answers a comment comments on its post.
    assert thanks["parent"] == (first if network == "me2day" else answer)["id"]


@pytest.mark.parametrize(("ticked", "kind"), [({}, "visitor"), ({"call_city": "on"}, "tagged")])
def test_on_facebook_the_tick_decides_where_it_stands(
    world: World, browser: Browser, ticked: dict[str, str], kind: str
) -> None:
    browser.send(world.page_url("facebook"), make_png(), name="김부산", text="", **ticked)
    (post,) = world.posts("facebook")
    assert (post["kind"], len(post["media"])) == (kind, 1)
    browser.send(f"{world.address}{post['url']}", make_png(), name="이해운", text="저도 봤어요")
    assert [post["kind"] for post in world.posts("facebook")] == [kind, "comment"]


def test_on_me2day_150_letters_fit(world: World, browser: Browser) -> None:
    page = world.page_url("me2day")
    assert browser.send(page, name="김부산", text="가" * 151).status_code == 400
    assert browser.send(page, name="김부산", text="가" * 150).status_code == 200
    assert len(world.posts("me2day")) == 1


def test_on_me2day_a_link_shows_its_words(world: World, browser: Browser) -> None:
    world.citizen_post("me2day", '<b>"누리집":https://www.busan.go.kr/ 봤어요', mention=False)
    assert '<p class="text">&lt;b&gt;누리집 봤어요</p>' in browser.open(world.page_url("me2day")).text


def test_hostile_text_is_shown_as_text(world: World, browser: Browser) -> None:
    world.citizen_post("x", '<script>alert(1)</script> <img src=x onerror="alert(2)"> @<b>', name="<i>이름</i>")
    page = browser.open(world.page_url("x"))
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "<i>이름" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_strict_policy_and_nothing_inline(world: World, browser: Browser) -> None:
    page = browser.open(world.page_url("x"))
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in page.text
    assert re.findall(r"<script[^>]*>[^<]", page.text) == []
    for name in ("sandbox.css", "refresh.js", "person.png"):
        assert browser.open(f"/static/sandbox/{name}").status_code == 200


def test_writing_needs_the_token(world: World) -> None:
    answer = requests.post(world.page_url("x"), data={"name": "김부산", "text": "글"}, timeout=20)
    assert answer.status_code == 403
    assert world.posts("x") == []


@pytest.mark.parametrize(
    ("fields", "photo"),
    [
        ({"text": ""}, b""),
        ({"text": "가" * 200}, b""),
        ({"text": "글"}, b"not a photo"),
        ({"text": "글", "name": ""}, b""),
        ({"text": "글\x00"}, b""),
    ],
)
def test_what_cannot_be_posted_is_said(world: World, browser: Browser, fields: dict[str, str], photo: bytes) -> None:
    answer = browser.send(world.page_url("x"), photo, **{"name": "김부산", **fields})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert world.posts("x") == []


def test_only_the_writer_deletes(world: World, browser: Browser) -> None:
    browser.send(world.page_url("x"), name="김부산", text="내 글")
    other = world.citizen_post("x", "남의 글", handle="lee_haeun", name="이해운")
    mine = world.posts("x")[0]["id"]
    page = world.page_url("x")
    assert browser.open(page).text.count("/delete") == 1
    for post_id in (mine, other):
        browser.send(f"/{world.name}/x/thread/{post_id}/delete", page=page)
    assert [post["deleted"] for post in world.posts("x")] == [True, False]
    assert browser.open(f"/{world.name}/x/thread/{mine}").status_code == 404


def test_faults_are_switched_from_the_panel(world: World, browser: Browser) -> None:
    page, panel = world.page_url("mastodon"), f"/{world.name}/mastodon/faults"
    browser.send(panel, page=page, once="drop_after_store")
    browser.send(panel, page=page, always="status")
    browser.send(panel, page=page, once="earthquake")
    faults = world.ask("mastodon", "faults")
    assert [(fault["name"], fault["remaining"]) for fault in faults] == [("drop_after_store", 1), ("status", None)]
    assert 'name="off" value="status"' in browser.open(page).text
    browser.send(panel, page=page, off="status")
    assert [fault["name"] for fault in world.ask("mastodon", "faults")] == ["drop_after_store"]


def test_the_page_leads_only_to_itself_after_a_switch(world: World, browser: Browser) -> None:
    page = world.page_url("x")
    answer = browser.send(f"/{world.name}/x/faults", page=page, once="status", next="https://elsewhere.example/")
    assert answer.url == page


def test_the_fragment_says_when_something_changed(world: World, browser: Browser) -> None:
    address = f"/{world.name}/x/posts"
    before = browser.open(address).headers["X-Stamp"]
    assert browser.open(address).headers["X-Stamp"] == before
    post_id = world.citizen_post("x", "새 글")
    after = browser.open(address)
    assert after.headers["X-Stamp"] != before
    assert "새 글" in after.text
    assert "<html" not in after.text
    assert "새 글" in browser.open(f"/{world.name}/x/thread/{post_id}/posts").text


def test_korean_first_whatever_the_browser_asks(world: World, browser: Browser) -> None:
    browser.session.headers["Accept-Language"] = "en-US,en"
    page = world.page_url("x")
    assert '<html lang="ko">' in browser.open(page).text
    assert '<html lang="en">' in browser.send("/language", page=page, language="en", next=f"/{world.name}/x/").text


@pytest.mark.parametrize("pattern", ["x/kim_busan/status/{}", "x/i/web/status/{}"])
def test_addresses_that_the_network_gives_lead_to_the_thread(world: World, browser: Browser, pattern: str) -> None:
    post_id = world.citizen_post("x", "글", handle="kim_busan")
    assert browser.open(f"/{world.name}/{pattern.format(post_id)}").url.endswith(f"/x/thread/{post_id}")


def test_index_and_unknown_places(world: World, browser: Browser) -> None:
    assert "/demo/x/" in browser.open("/").text, "where manage.py demo connects its accounts"
    assert f"/{world.name}/mastodon/" in browser.open(f"/{world.name}/").text
    assert browser.open(f"/{world.name}/x/thread/1").status_code == 404
    assert browser.open(f"/{world.name}/x/media/none.png").status_code == 404
    assert browser.open(f"/{world.name}/teletext/").status_code == 404


def test_further_accounts_of_the_city_stand_on_the_index(world: World, browser: Browser) -> None:
    beside = World(world.address, f"{world.name}-english")
    assert beside.tell("facebook", "city", name="Busan City (English)")["name"] == "Busan City (English)"
    page = browser.open(f"/{world.name}/").text
    assert f'href="/{beside.name}/facebook/"' in page
    assert "Busan City (English)" in page
    assert "Busan City (English)" in browser.open(beside.page_url("facebook")).text
    assert "Busan City (English)" not in browser.open(f"/{beside.name}/").text
    beside.close()
