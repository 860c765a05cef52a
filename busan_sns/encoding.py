"""The desk speaks UTF-8, whatever a request says about itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

_CHARSET = re.compile(r""";\s*charset\*?[\w*]*\s*=\s*("[^"]*"|[^;]*)""", re.IGNORECASE)


def utf8_only(application: WsgiApplication) -> WsgiApplication:
    """A Content-Type may name any codec of Python's (idna, rot13): Django would fail before its first error page."""

    def with_utf8(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if kind := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = _CHARSET.sub("", kind)
        return application(environ, start_response)

    return with_utf8
