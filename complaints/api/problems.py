"""What went wrong, as application/problem+json (RFC 9457): `code` for programs, `title` and `detail` for people."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"

#: code → status, title, what a person does about it.
PROBLEMS: dict[str, tuple[int, str | Promise, str | Promise]] = {
    "bad_request": (400, _("Not understood"), _("The address asks for something that does not exist here.")),
    "parameters": (400, _("Not understood"), _("Some parameters are not known or have a value that makes no sense.")),
    "not_authenticated": (401, _("Who are you?"), _("Send a token as “Authorization: Bearer …”, or log in.")),
    "token_unknown": (401, _("Who are you?"), _("There is no such token.")),
    "token_over": (401, _("Who are you?"), _("The token was revoked or has expired, or its owner may not log in.")),
    "forbidden": (403, _("Not allowed"), _("Your role does not open this.")),
    "not_found": (404, _("Not found"), _("It is not there, or not yours to see.")),
    "method_not_allowed": (405, _("Only for reading"), _("This address is only read, by GET.")),
    "throttled": (429, _("Too many requests"), _("Please ask again later.")),
}


def answer_to(error: Exception, _context: Any) -> Response | None:
    """The answer; None: this was no mistake of who asked, and goes to the log as a fault of ours."""
    code = code_of(error)
    if code is None:
        return None
    status, title, detail = PROBLEMS[code]
    said = {"type": "about:blank", "title": str(title), "status": status, "code": code, "detail": str(detail)}
    if code == "parameters":
        said["parameters"] = sorted(error.detail)  # type: ignore[attr-defined]
    return Response(said, status=status, headers=_headers(error), content_type=CONTENT_TYPE)


def code_of(error: Exception) -> str | None:
    if isinstance(error, exceptions.AuthenticationFailed):
        return str(error.get_codes())
    kinds: dict[str, tuple[type[Exception], ...]] = {
        "parameters": (exceptions.ValidationError,),
        "bad_request": (BadRequest, exceptions.ParseError),
        "not_authenticated": (exceptions.NotAuthenticated,),
        "forbidden": (PermissionDenied, exceptions.PermissionDenied),
        "not_found": (Http404, exceptions.NotFound),
        "method_not_allowed": (exceptions.MethodNotAllowed,),
        "throttled": (exceptions.Throttled,),
    }
    return next((code for code, classes in kinds.items() if isinstance(error, classes)), None)


def _headers(error: Exception) -> dict[str, str]:
    wait = getattr(error, "wait", None)
    found = {"WWW-Authenticate": getattr(error, "auth_header", ""), "Retry-After": str(int(wait)) if wait else ""}
    return {name: value for name, value in found.items() if value}
