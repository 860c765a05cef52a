"""A request that claims another encoding than UTF-8 is read as UTF-8."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIRequest

from busan_sns.encoding import utf8_only
from busan_sns.wsgi import application

FORM = "application/x-www-form-urlencoded"


def read(kind: str, body: bytes) -> WSGIRequest:
    """The request as Django sees it behind the wrapper."""
    seen: list[dict[str, Any]] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": "q=%ff",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)

    def desk(environ: dict[str, Any], _start: Any) -> list[bytes]:
        seen.append(environ)
        return []

    utf8_only(desk)(environ, None)
    return WSGIRequest(seen[0])


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "idna", "rot13", "euc-kr", "UTF-8", '"utf-7"', "no-such", ""])
def test_a_form_in_any_declared_encoding_is_read(charset: str) -> None:
    request = read(f"{FORM}; Charset={charset}", "a=가".encode())
    assert (request.POST["a"], request.GET["q"]) == ("가", "\ufffd")


@pytest.mark.parametrize("kind", ["multipart/form-data; charset=rot13; boundary=x", "multipart/form-data; boundary=x"])
def test_the_boundary_of_an_upload_stays(kind: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    assert read(kind, body).POST["a"] == "b"


def test_the_web_server_starts_the_desk_behind_it() -> None:
    assert application.__qualname__.startswith(utf8_only.__qualname__)
