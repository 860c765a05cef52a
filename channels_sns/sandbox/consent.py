"""The page where the city lets a program in, and the codes that it hands out: single use, thirty seconds.

The same for every network; what differs (addresses, names of parameters, tokens) stays in the dialects.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from channels_sns.sandbox.calls import ApiCall

CODE_SECONDS = 30
_used: set[str] = set()
_lock = threading.Lock()


def ask(call: ApiCall, *, program: str, allowed: str, denied: str) -> HttpResponse:
    """The two links of the consent page. No form: a browser would not let it lead to another server."""
    title = _("Let “%(program)s” in?") % {"program": program}
    said = _("It asks to read and to write as %(name)s.") % {"name": call.dialect.city_name}
    page = format_html(
        '<!doctype html><meta charset="utf-8"><title>{}</title><h1>{}</h1><p>{}</p>'
        '<p><a id="allow" href="{}">{}</a> · <a id="deny" href="{}">{}</a></p>',
        title, title, said, allowed, _("Allow"), denied, _("Refuse"),
    )  # fmt: skip
    return call.reply(str(page))


def back(redirect_uri: str, **answer: str) -> HttpResponse:
    """Send the browser back to the program."""
    mark = "&" if "?" in redirect_uri else "?"
    response = HttpResponse(status=302)
    response["Location"] = f"{redirect_uri}{mark}{urlencode(answer)}"
    return response


def again(call: ApiCall, decision: str) -> str:
    """This page's own address with the person's decision."""
    query = call.query.copy()
    query["decision"] = decision
    return f"{call.request.path}?{query.urlencode()}"


def code_for(call: ApiCall, **bound: str) -> str:
    """A code that opens only for this world and what it is bound to."""
    unique = secrets.token_hex(8)
    return signing.dumps({"world": call.world.name, "unique": unique, **bound}, salt=call.dialect.kind, compress=True)


def open_code(call: ApiCall, code: str, *, seconds: int = CODE_SECONDS) -> dict[str, Any] | None:
    """What a code was bound to, once; None: forged, foreign, too old or used."""
    try:
        bound = signing.loads(code, salt=call.dialect.kind, max_age=seconds)
    except signing.BadSignature:
        return None
    with _lock:
        fresh = code not in _used
        _used.add(code)
    return dict(bound) if fresh and bound.get("world") == call.world.name else None


def fits_challenge(verifier: str, challenge: str) -> bool:
    """PKCE, S256."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return bool(challenge) and digest == challenge
