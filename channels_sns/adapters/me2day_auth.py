"""How a request to me2day is signed: the application's key, and a user's key that never travels bare."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping

import requests
from requests.auth import AuthBase


class KeyAuth(AuthBase):
    """nonce + md5(nonce + user key), or the token of a consent on the web; in a Basic header, or (`in_query`: the
    oldest way) in the address.
    """

    def __init__(self, keys: Mapping[str, str], *, user_id: str, in_query: bool = False) -> None:
        self.keys, self.user_id, self.in_query = keys, user_id, in_query

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        application, proof = self.keys.get("application_key", ""), self._proof()
        if self.in_query:
            request.prepare_url(request.url or "", {"akey": application, "uid": self.user_id, "ukey": proof})
        else:
            pair = base64.b64encode(f"{self.user_id}:{proof}".encode()).decode()
            request.headers["Authorization"] = f"Basic {pair}"
            request.headers["me2_application_key"] = application
        return request

    def _proof(self) -> str:
        if "full_auth_token" in self.keys:
            return f"full_auth_token {self.keys['full_auth_token']}"
        return signed(self.keys.get("user_key", ""), secrets.token_hex(4))


def signed(user_key: str, nonce: str) -> str:
    """The network's own recipe; MD5 is its choice."""
    return nonce + hashlib.md5((nonce + user_key).encode(), usedforsecurity=False).hexdigest()
