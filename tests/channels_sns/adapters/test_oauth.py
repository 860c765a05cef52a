"""Connecting in the browser, against the sandbox's pages: what leaves, what comes back, what is refused."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from channels_sns.adapters import ADAPTERS, oauth_steps
from channels_sns.adapters.contract import AuthExpired, Transient
from channels_sns.adapters.oauth import WAYS, Way, missing, ways_of
from channels_sns.adapters.oauth_steps import Begun, Denied, Granted, Server
from tests.sandbox import World, free_port, sandbox, world

__all__ = ["sandbox", "world"]

DESK = "http://127.0.0.1:8400/admin/callback"


def server_of(world: World, way: Way) -> Server:
    return Server(world.base_url(way.kind), home="https://home.example", seconds=10)


def application(world: World, way: Way) -> dict[str, str]:
    """What the administrator would type."""
    if way.name == "facebook":
        return {"app_id": "4011402005", "app_secret": world.credentials("facebook")["app_secret"]}
    known = world.oauth2_credentials() if way.name == "x-oauth2" else world.credentials(way.kind)
    return {name: known[name] for name in way.entered}


def decide(url: str, decision: str = "allow") -> dict[str, str]:
    """The person at the network's page follows one of its two links; what the browser brings back to the desk."""
    page = requests.get(url, timeout=10)
    assert page.status_code == 200, page.text
    found = re.search(rf'id="{decision}" href="([^"]+)"', page.text)
    assert found is not None
    parts = urlsplit(url)
    answer = requests.get(f"{parts.scheme}://{parts.netloc}{unescape(found[1])}", timeout=10, allow_redirects=False)
    assert answer.headers["Location"].startswith(DESK)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def start(world: World, way: Way) -> Begun:
    return oauth_steps.begin(way, server_of(world, way), application(world, way), redirect_uri=DESK)


def finish(world: World, way: Way, begun: Begun, answer: dict[str, str]) -> list[Granted]:
    return oauth_steps.finish(way, server_of(world, way), begun.private, answer, redirect_uri=DESK)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_the_keys_that_come_back_open_the_citys_account(world: World, way: Way) -> None:
    begun = start(world, way)
    answer = decide(begun.url)
    assert answer.get("state", answer.get("oauth_token")) == begun.state
    (granted,) = finish(world, way, begun, answer)
    adapter = ADAPTERS[way.kind](base_url=world.base_url(way.kind), secrets=granted.secrets)
    assert any(set(names) <= granted.secrets.keys() for names in adapter.capabilities.secret_sets)
    assert adapter.identify().external_id == world.city(way.kind)["id"]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_code_opens_once(world: World, way: Way) -> None:
    begun = start(world, way)
    answer = decide(begun.url)
    finish(world, way, begun, answer)
    with pytest.raises(AuthExpired):
        finish(world, way, begun, answer)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_no_is_taken_for_no(world: World, way: Way) -> None:
    begun = start(world, way)
    with pytest.raises(Denied):
        finish(world, way, begun, decide(begun.url, "deny"))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_nothing_secret_stands_in_the_address(world: World, way: Way) -> None:
    begun = start(world, way)
    hidden = {name: value for name, value in begun.private.items() if "secret" in name or "verifier" in name}
    assert hidden
    assert [name for name, value in hidden.items() if value in begun.url] == []


@pytest.mark.parametrize("way", [way for way in WAYS if way.pkce or way.protocol == "oauth1"], ids=lambda way: way.name)
def test_a_stolen_code_is_worth_nothing_without_the_first_half(world: World, way: Way) -> None:
    mine, thief = start(world, way), start(world, way)
    with pytest.raises(AuthExpired):
        finish(world, way, thief, decide(mine.url))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_server_that_is_away_is_tried_again_later(world: World, way: Way) -> None:
    begun = start(world, way)
    answer = decide(begun.url)
    away = Server(f"http://127.0.0.1:{free_port()}", home="https://home.example", seconds=2)
    with pytest.raises(Transient):
        oauth_steps.finish(way, away, begun.private, answer, redirect_uri=DESK)


@pytest.mark.parametrize("name", ["x-oauth1", "x-oauth2", "facebook", "youtube"])
def test_a_wrong_application_is_refused(world: World, name: str) -> None:
    way = next(way for way in WAYS if way.name == name)
    app = {**application(world, way), way.entered[1]: "wrong"}

    def both_halves() -> None:
        begun = oauth_steps.begin(way, server_of(world, way), app, redirect_uri=DESK)
        oauth_steps.finish(way, server_of(world, way), begun.private, decide(begun.url), redirect_uri=DESK)

    with pytest.raises(AuthExpired):
        both_halves()


def test_a_person_of_many_pages_chooses(world: World) -> None:
    world.settings("facebook", pages=3)
    (way,) = ways_of("facebook")
    begun = start(world, way)
    granted = finish(world, way, begun, decide(begun.url))
    assert [one.name for one in granted] == ["톡톡부산", "Page 1", "Page 2"]
    assert len({one.secrets["page_access_token"] for one in granted}) == 3


@pytest.mark.parametrize(
    ("name", "start_of_url"),
    [
        ("x-oauth2", "https://x.com/i/oauth2/authorize?"),
        ("facebook", "https://www.facebook.com/v26.0/dialog/oauth?"),
        ("youtube", "https://accounts.google.com/o/oauth2/v2/auth?"),
    ],
)
def test_at_home_the_person_goes_to_the_networks_own_page(name: str, start_of_url: str) -> None:
    way = next(way for way in WAYS if way.name == name)
    home = Server("https://api.home.example", home="https://api.home.example")
    begun = oauth_steps.begin(way, home, dict.fromkeys(way.entered, "key"), redirect_uri=DESK)
    assert begun.url.startswith(start_of_url)
    asked = dict(parse_qsl(urlsplit(begun.url).query))
    assert (asked["redirect_uri"], asked["state"]) == (DESK, begun.state)
    assert set(dict(way.extra).items()) <= set(asked.items())


def test_a_lasting_token_is_asked_of_google() -> None:
    (way,) = ways_of("youtube")
    assert dict(way.extra) == {"access_type": "offline", "prompt": "consent"}


def test_every_way_brings_a_complete_set() -> None:
    for way in WAYS:
        if way.kind in ADAPTERS:
            brought = {*way.entered, *(name for _field, name in way.kept)}
            assert any(set(names) <= brought for names in ADAPTERS[way.kind].capabilities.secret_sets), way.name


def test_rights_that_were_not_granted_are_named() -> None:
    assert missing(("tweet.read", "tweet.write"), ("tweet.read",)) == ("tweet.write",)
    assert missing(("write:media", "read:statuses"), ("write",)) == ("read:statuses",)
    assert missing(("tweet.read",), ()) == ()
