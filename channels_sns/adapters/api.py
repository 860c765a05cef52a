"""A network's JSON interface: one place where an answer becomes data or one of our errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import requests
from requests.auth import AuthBase

from channels_sns.adapters.contract import ErrorRule, IncomingPost, OutcomeUnknown, OutgoingPost, Transient
from channels_sns.adapters.errors import Said, classify, redacted
from channels_sns.adapters.http import Http, NotJson, Response

ReadSaid = Callable[[Any], Said]
#: Told of every answer: which call it was ("GET /2/tweets"), and its headers.
Hear = Callable[[str, Mapping[str, str]], None]


class Bearer(AuthBase):
    """An OAuth 2 token in the header, where no access log keeps it.

    requests-oauthlib's own class refuses plain http, which a sandbox on this very machine speaks.
    """

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Api:
    """Calls below `base_url`, signed by `auth`, with a network's table of errors.

    `said`: what an error body says, given the decoded body (a dict for most; plain words where a server writes some,
    {} if it is anything else).
    """

    def __init__(
        self,
        base_url: str,
        *,
        rules: Sequence[ErrorRule],
        said: ReadSaid,
        auth: AuthBase | None = None,
        seconds: float = 15.0,
        headers: Mapping[str, str] | None = None,
        hear: Hear | None = None,
    ) -> None:
        self.base_url = base_url
        self.rules = rules
        self.said = said
        self.auth = auth
        self.headers = dict(headers or {})
        self.hear = hear
        self.http = Http(seconds=seconds)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """The decoded answer of a read."""
        response = self.http.get(self.base_url + path, auth=self.auth, params=params, headers=self.headers)
        self._heard(f"GET {path}", response)
        return self._data(response, writing=False)

    def write(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **parts: Any) -> Any:
        """The decoded answer of a write whose repetition would be seen: what is not understood is OutcomeUnknown."""
        return self._data(self._send(method, path, headers, parts), writing=True)

    def upload(self, path: str, *, method: str = "POST", headers: Mapping[str, str] | None = None, **parts: Any) -> Any:
        """The decoded answer of a write that may be repeated without harm (a photo before its post)."""
        try:
            return self._data(self._send(method, path, headers, parts), writing=False)
        except OutcomeUnknown as error:
            raise Transient(error.detail) from error

    def _send(self, method: str, path: str, headers: Mapping[str, str] | None, parts: dict[str, Any]) -> Response:
        response = self.http.write(
            method, self.base_url + path, auth=self.auth, headers={**self.headers, **(headers or {})}, **parts
        )
        self._heard(f"{method} {path}", response)
        return response

    def _heard(self, call: str, response: Response) -> None:
        if self.hear is not None:
            self.hear(call, response.headers)

    def _data(self, response: Response, *, writing: bool) -> Any:
        try:
            data = response.json() if response.body else {}
        except NotJson as error:
            if response.ok:
                excerpt = redacted(response.excerpt())
                raise (OutcomeUnknown if writing else Transient)(excerpt, status=response.status) from error
            data = _bare_words(response)
        if not response.ok:
            raise classify(self.rules, response, self.said(data), writing=writing)
        return data


def _bare_words(response: Response) -> Any:
    """A refusal in one line of plain words, whatever type it says to have; {} for a web page."""
    words = response.excerpt().strip()
    return words if len(words) < 200 and "<" not in words else {}


#: A network tells its own time, some in whole minutes.
CLOCK_SKEW = timedelta(minutes=10)


def as_raw(item: Any) -> str:
    """An item of a page as JSON text again, for the evidence."""
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def as_text(value: Any) -> str:
    """An identifier or word from JSON as text; None and containers as nothing."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def is_same(own: IncomingPost, post: OutgoingPost) -> bool:
    """Is `own` the very `post`: not older, the same target, and the tag in it (or, without a tag, the very text)?"""
    if post.created_at is not None and own.posted_at < post.created_at - CLOCK_SKEW:
        return False
    if post.target is not None and own.parent_id != post.target.external_id:
        return False
    return post.tag in own.text if post.tag else own.text == post.text
