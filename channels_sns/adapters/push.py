"""What a network pushes to us: verified bytes become posts, deletions, revocations."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels_sns.adapters.contract import BadItem, IncomingPost


@dataclass(frozen=True, slots=True)
class Pushed:
    """The content of one delivery. `gone`: ids of deleted posts; `revoked`: the network withdrew our access.

    `stale`: something happened that the delivery does not tell whole (Facebook: no author, no text): poll now.
    """

    posts: tuple[IncomingPost, ...] = ()
    bad: tuple[BadItem, ...] = ()
    gone: tuple[str, ...] = ()
    revoked: bool = False
    stale: bool = False


def signed(key: str, body: bytes) -> bytes:
    """HMAC-SHA256 of the raw bytes."""
    return hmac.new(key.encode(), body, hashlib.sha256).digest()


def is_hex_signature(header: str, key: str, body: bytes) -> bool:
    """“sha256=<hex>” over the raw bytes, in constant time; never true without a key."""
    return bool(key) and hmac.compare_digest(header.encode(), f"sha256={signed(key, body).hex()}".encode())


def is_base64_signature(header: str, key: str, body: bytes) -> bool:
    """“sha256=<base64>” over the raw bytes, in constant time; never true without a key."""
    return bool(key) and hmac.compare_digest(header.encode(), f"sha256={base64_of(signed(key, body))}".encode())


def base64_of(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
