"""DIDs, handles, record keys (TIDs), addresses of records and hashes of contents."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

COLLECTION = "app.bsky.feed.post"
CITY_HANDLE = "toktok-busan.test"
CITY_DID = "did:plc:toktokbusan2222222222222"
#: base32-sortable: keys stand in the order of time.
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
RKEY = re.compile(r"[234567a-j][234567a-z]{12}")
URI = re.compile(rf"at://(did:[a-z]+:[\w.:-]+|[\w.-]+)/({re.escape(COLLECTION)})/([\w.~:-]+)")


def tid(number: int) -> str:
    digits = ""
    for _ in range(13):
        number, rest = divmod(number, 32)
        digits = ALPHABET[rest] + digits
    return digits


def handle_of(name: str) -> str:
    """A handle is a name of the domain name system."""
    return name if "." in name else f"{name.replace('_', '-').lower()}.test"


def did_of(name: str) -> str:
    handle = handle_of(name)
    return CITY_DID if handle == CITY_HANDLE else f"did:plc:{_base32(handle.encode())[:24]}"


def uri_of(did: str, rkey: str) -> str:
    return f"at://{did}/{COLLECTION}/{rkey}"


def cid_of(record: Mapping[str, Any]) -> str:
    """The hash of a record's content: an edit changes it."""
    content = json.dumps(record, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return f"bafyrei{_base32(content)}"


def blob_cid(number: int) -> str:
    return f"bafkrei{_base32(str(number).encode())}"


def _base32(content: bytes) -> str:
    return base64.b32encode(hashlib.sha256(content).digest()).decode().rstrip("=").lower()
