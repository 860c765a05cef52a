"""The two halves of connecting in the browser: before the person leaves for the network's page, and when he is back.

Plain functions over one `Way`. What the first half learns and the second needs (`private`) goes through the caller,
who keeps it sealed. The code is exchanged once; its answer becomes the account's secrets.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from oauthlib.oauth2 import WebApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth1

from channels_sns.adapters.api import Api, as_text
from channels_sns.adapters.contract import (
    AuthExpired,
    ErrorRule,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Transient,
)
from channels_sns.adapters.errors import Said, classify
from channels_sns.adapters.facebook_graph import Graph
from channels_sns.adapters.http import Http
from channels_sns.adapters.oauth import GRAPH, Address, Way

APPLICATION = "TokTok Busan complaint desk"
RULES = (
    ErrorRule(AuthExpired, status=400),
    ErrorRule(AuthExpired, status=401),
    ErrorRule(PermissionDenied, status=403),
    ErrorRule(RateLimited, status=429),
)


class Denied(Exception):
    """The person said no at the network, or the network did; its own word for it."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to connect: `home` is the base address of the network's own server."""

    base_url: str
    home: str
    seconds: float = 15.0

    def url(self, address: Address) -> str:
        return address.at(self.base_url, home=self.home)


@dataclass(frozen=True, slots=True)
class Begun:
    """`url`: where the person goes; `state`: what the network must bring back; `private`: for the second half."""

    url: str
    state: str
    private: dict[str, str]


@dataclass(frozen=True, slots=True)
class Granted:
    """Keys of one account, ready to connect. `name`: to choose by, where a person's token opens several pages."""

    secrets: dict[str, str]
    scopes: tuple[str, ...] = ()
    name: str = ""
    external_id: str = ""


def begin(way: Way, server: Server, app: Mapping[str, str], *, redirect_uri: str) -> Begun:
    """Everything before the person leaves. Raises the ChannelError of the network's answer."""
    if way.protocol == "oauth1":
        return _begin_oauth1(way, server, app, redirect_uri)
    private = dict(app) if way.entered else _register(way, server, redirect_uri)
    state, scope = random.token_urlsafe(32), way.separator.join(way.scopes)
    client_id = private[_client_names(way)[0]]
    asked = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri, "scope": scope}
    asked |= {"state": state, **dict(way.extra)}
    if way.pkce:
        client = WebApplicationClient(client_id)
        private["code_verifier"] = client.create_code_verifier(64)
        challenge = client.create_code_challenge(private["code_verifier"], "S256")
        asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return Begun(f"{server.url(way.authorize)}?{urlencode(asked)}", state, private)


def finish(
    way: Way, server: Server, private: Mapping[str, str], answer: Mapping[str, str], *, redirect_uri: str
) -> list[Granted]:
    """What the network gave: one account's keys, or those of every page to choose from.

    Raises Denied, or the ChannelError of the network's answer.
    """
    refused = answer.get("error") or ("access_denied" if "denied" in answer else "")
    if refused:
        raise Denied(refused[:100])
    if way.protocol == "oauth1":
        return [_finish_oauth1(way, server, private, answer.get("oauth_verifier", ""))]
    said = _exchange(way, server, private, answer.get("code", ""), redirect_uri)
    if way.pages:
        return _pages(way, server, private, as_text(said.get("access_token")))
    scopes = tuple(as_text(said.get("scope")).replace(",", " ").split())
    return [Granted({**_app(way, private), **_kept(way, said)}, scopes)]


# --- OAuth 1.0a -------------------------------------------------------------------------------------------------------


def _begin_oauth1(way: Way, server: Server, app: Mapping[str, str], redirect_uri: str) -> Begun:
    key, secret = (app[name] for name in way.entered)
    assert way.first is not None  # noqa: S101 - every OAuth 1 way has one
    said = _form(server, server.url(way.first), OAuth1(key, secret, callback_uri=redirect_uri))
    token = said.get("oauth_token", "")
    if not token or said.get("oauth_callback_confirmed") != "true":
        raise Transient("no request token")
    private = {**app, "request_token": token, "request_secret": said.get("oauth_token_secret", "")}
    return Begun(f"{server.url(way.authorize)}?{urlencode({'oauth_token': token})}", token, private)


def _finish_oauth1(way: Way, server: Server, private: Mapping[str, str], verifier: str) -> Granted:
    key, secret = (private[name] for name in way.entered)
    signed = OAuth1(key, secret, private["request_token"], private["request_secret"], verifier=verifier)
    return Granted({**_app(way, private), **_kept(way, _form(server, server.url(way.token), signed))})


def _form(server: Server, url: str, auth: OAuth1) -> dict[str, str]:
    """A signed POST whose answer is a form."""
    try:
        response = Http(seconds=server.seconds).write("POST", url, auth=auth)
    except OutcomeUnknown as error:
        raise Transient(error.detail) from error
    if not response.ok:
        raise classify(RULES, response, Said(), writing=False)
    return dict(parse_qsl(response.body.decode("utf-8", "replace")))


# --- OAuth 2 ----------------------------------------------------------------------------------------------------------


def _api(server: Server, address: Address, **more: Any) -> Api:
    return Api(server.url(address), rules=RULES, said=_said, seconds=server.seconds, **more)


def _said(body: Any) -> Said:
    """OAuth 2's own two words; Facebook's error is an object, which the status tells enough of."""
    data = body if isinstance(body, dict) else {}
    return Said((as_text(data.get("error")),), as_text(data.get("error_description")))


def _register(way: Way, server: Server, redirect_uri: str) -> dict[str, str]:
    """An application of our own at this server."""
    assert way.first is not None  # noqa: S101 - what asks for no keys registers itself
    form = {"client_name": APPLICATION, "redirect_uris": redirect_uri, "scopes": " ".join(way.scopes)}
    said = _object(_api(server, way.first).upload("", data=form))
    return {name: _needed(said, name) for name in ("client_id", "client_secret")}


def _exchange(way: Way, server: Server, private: Mapping[str, str], code: str, redirect_uri: str) -> dict[str, Any]:
    id_name, secret_name = _client_names(way)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    form["client_id"] = private[id_name]
    if "code_verifier" in private:
        form["code_verifier"] = private["code_verifier"]
    if way.basic:
        basic = HTTPBasicAuth(private[id_name], private[secret_name])
        return _object(_api(server, way.token, auth=basic).upload("", data=form))
    form["client_secret"] = private[secret_name]
    api = _api(server, way.token)
    return _object(api.get("", form) if way.pages else api.upload("", data=form))


def _pages(way: Way, server: Server, private: Mapping[str, str], short: str) -> list[Granted]:
    """Every page of the person, with a page's token that does not run out."""
    id_name, secret_name = _client_names(way)
    form = {"grant_type": "fb_exchange_token", "client_id": private[id_name]}
    form |= {"client_secret": private[secret_name], "fb_exchange_token": short}
    long = _needed(_object(_api(server, way.token).get("", form)), "access_token")
    address = server.base_url + GRAPH
    graph = Graph(address, token=long, app_secret=private[secret_name], rules=RULES, seconds=server.seconds)
    steps = graph.pages("me", "accounts", {"fields": "id,name,access_token,tasks"})
    return [
        Granted({**_app(way, private), **_kept(way, page)}, (), as_text(page.get("name")), as_text(page.get("id")))
        for step in steps
        for page in step.items
        if isinstance(page, dict) and as_text(page.get("access_token"))
    ]


def _client_names(way: Way) -> tuple[str, str]:
    """Our names of the application's id and secret."""
    return (way.entered[0], way.entered[1]) if way.entered else ("client_id", "client_secret")


def _app(way: Way, private: Mapping[str, str]) -> dict[str, str]:
    """The application's own keys: later calls need them."""
    return {name: private[name] for name in way.entered}


def _kept(way: Way, said: Mapping[str, Any]) -> dict[str, str]:
    return {name: _needed(said, field) for field, name in way.kept}


def _object(body: Any) -> dict[str, Any]:
    return body if isinstance(body, dict) else {}


def _needed(said: Mapping[str, Any], name: str) -> str:
    value = as_text(said.get(name))
    if not value:
        raise Transient(f"the answer has no {name}")
    return value
