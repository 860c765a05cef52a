"""Calls to Facebook's Graph API: the token in a header, the proof with every call, pages walked to their end."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from channels_sns.adapters import facebook_errors
from channels_sns.adapters.api import Api, Bearer, Hear, as_text
from channels_sns.adapters.contract import ErrorRule, OutcomeUnknown, OutgoingMedia, RateLimited, Rejected, Transient
from channels_sns.adapters.facebook_ids import is_id
from channels_sns.adapters.http import Response

PER_PAGE = "100"
PAGES_MAX = 200
_TOO_DEEP = "exceeds the max limit"
_NEVER_REPEATED = {"access_token", "appsecret_proof"}


class Step(NamedTuple):
    """One page of an edge. `done`: nothing follows; `gap`: something does, but the network does not serve it."""

    items: list[Any]
    done: bool
    gap: str = ""


class Graph(Api):
    """One version of the API with one token. Nodes are ids, or “me”: whoever the token belongs to."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str,
        app_secret: str = "",
        rules: Sequence[ErrorRule] = facebook_errors.RULES,
        seconds: float = 15.0,
        hear: Hear | None = None,
    ) -> None:
        said = facebook_errors.said
        super().__init__(base_url, rules=rules, said=said, auth=Bearer(token), seconds=seconds, hear=hear)
        proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        self._proof = {"appsecret_proof": proof} if app_secret else {}

    def read(self, node: str, fields: str) -> dict[str, Any]:
        return _object(self.get(path_of(node), {"fields": fields, **self._proof}))

    def pages(self, node: str, edge: str, params: Mapping[str, str]) -> Iterator[Step]:
        """Every page of an edge. An empty page with a next one is not the end; addresses are never followed, only
        what they ask for. A page that comes again and again raises Transient."""
        more: dict[str, str] = {}
        seen: set[tuple[tuple[str, str], ...]] = set()
        for _page in range(PAGES_MAX):
            try:
                body = _object(self.get(path_of(node, edge), {"limit": PER_PAGE, **params, **more, **self._proof}))
            except Rejected as error:
                if not more or _TOO_DEEP not in error.detail.lower():
                    raise
                yield Step([], True, f"the network does not serve all of {edge}: {error.detail}")
                return
            more = _continuation(body)
            yield Step(_items(body), not more)
            if not more:
                return
            if tuple(more.items()) in seen:
                raise Transient(f"{edge}: the same page again")
            seen.add(tuple(more.items()))
        raise Transient(f"{edge}: no end after {PAGES_MAX} pages")

    def total(self, node: str, edge: str) -> int | None:
        """How many things an edge has, as its summary says; None where it does not say."""
        body = _object(self.get(path_of(node, edge), {"summary": "true", "limit": "1", **self._proof}))
        summary = body.get("summary")
        total = summary.get("total_count") if isinstance(summary, dict) else None
        return total if isinstance(total, int) else None

    def inspect(self, token: str) -> Any:
        """What the network says of a token."""
        return self.get("/debug_token", {"input_token": token, **self._proof})

    def create(self, path: str, form: Mapping[str, str], *, name: str = "id") -> dict[str, Any]:
        """What a POST that people will see gave back. Raises OutcomeUnknown if that is no object with an id."""
        body = self.write("POST", path, data={**form, **self._proof})
        if not isinstance(body, dict) or not is_id(body.get(name)):
            raise OutcomeUnknown("accepted without an id")
        return body

    def photo(self, node: str, media: OutgoingMedia) -> str:
        """The id of a photo that nobody sees yet."""
        form = {"published": "false", "alt_text_custom": media.alt[:1000], **self._proof}
        file = {"source": (media.filename, media.content, media.mime_type)}
        photo_id = as_text(_object(self.upload(path_of(node, "photos"), data=form, files=file)).get("id"))
        if not is_id(photo_id):
            raise Transient("the upload has no id")
        return photo_id

    def rewrite(self, node: str, message: str) -> bool:
        """Let a post of our own say something else; its photos stay. Doing it again changes nothing."""
        return _object(self.upload(path_of(node), data={"message": message, **self._proof})).get("success") is True

    def remove(self, node: str) -> bool:
        return _object(self.write("DELETE", path_of(node), params=self._proof)).get("success") is True

    def _data(self, response: Response, *, writing: bool) -> Any:
        try:
            return super()._data(response, writing=writing)
        except RateLimited as error:
            times = (error.retry_at, facebook_errors.regain_at(response.headers, now=datetime.now(UTC)))
            error.retry_at = max(filter(None, times), default=None)
            raise


def path_of(node: str, edge: str = "") -> str:
    """The path of a node, or of one of its edges. Raises Rejected for what is no id."""
    if node != "me" and not is_id(node):
        raise Rejected(f"no id: {node[:80]!r}", code="no-id")
    return f"/{quote(node, safe='')}" + (f"/{edge}" if edge else "")


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Transient(f"an object was expected, not {type(body).__name__}")
    return body


def _items(body: Mapping[str, Any]) -> list[Any]:
    items = body.get("data")
    if not isinstance(items, list):
        raise Transient("a page without data")
    return items


def _continuation(body: Mapping[str, Any]) -> dict[str, str]:
    """What asks for the next page; {} at the end. The address of the next page carries the token: left out here."""
    paging = body.get("paging")
    following = as_text(paging.get("next")) if isinstance(paging, dict) else ""
    return {name: value for name, value in parse_qsl(urlsplit(following).query) if name not in _NEVER_REPEATED}
