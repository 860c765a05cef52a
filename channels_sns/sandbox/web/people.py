"""Who writes: a name that the browser remembers, and the handle that belongs to it."""

from __future__ import annotations

import hashlib
from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponseBase

COOKIE = "sandbox_citizen"
#: Names to choose from; anybody else may be typed in.
NEIGHBOURS = {
    "김부산": "kim_busan",
    "이해운": "lee_haeun",
    "박동래": "park_dongrae",
    "최영도": "choi_yeongdo",
    "정사하": "jung_saha",
}


def handle_of(name: str) -> str:
    """The same name is the same citizen, on every network."""
    return NEIGHBOURS.get(name) or f"citizen_{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def name_in(request: HttpRequest) -> str:
    return unquote(request.COOKIES.get(COOKIE, "")) or next(iter(NEIGHBOURS))


def remember(response: HttpResponseBase, name: str) -> None:
    response.set_cookie(COOKIE, quote(name), max_age=30 * 86_400, httponly=True, samesite="Lax")
