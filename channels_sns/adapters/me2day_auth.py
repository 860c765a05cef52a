"""How a request to me2day is signed: the application's key, and a user's key that never travels bare."""

from __future__ import annotations

import base64
import hashlib
import secrets

import requests
from requests.auth import AuthBase


class KeyAuth(AuthBase):
    """nonce + md5(nonce + user key), in a Basic header or (`in_query`: the oldest way) in the address."""

    def __init__(self, *, app_key: str, user_id: str, user_key: str, in_query: bool = False) -> None:
        self.app_key, self.user_id, self.user_key, self.in_query = app_key, user_id, user_key, in_query

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        proof = signed(self.user_key, secrets.token_hex(4))
        if self.in_query:
            request.prepare_url(request.url or "", {"akey": self.app_key, "uid": self.user_id, "ukey": proof})
        else:
            pair = base64.b64encode(f"{self.user_id}:{proof}".encode()).decode()
            request.headers["Authorization"] = f"Basic {pair}"
            request.headers["me2_application_key"] = self.app_key
        return request


def signed(user_key: str, nonce: str) -> str:
    """The network's own recipe; MD5 is its choice."""
    return nonce + hashlib.md5((nonce + user_key).encode(), usedforsecurity=False).hexdigest()
