"""The answers that are a code: success too is one, and in XML it stands in an <error>.

Recorded: 0, 1001, 1027. Assumed, since nobody wrote them down: which status goes with a post that is gone (404) or
closed (403), and the code 1004 for a body that cannot be taken.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import escape

from channels_sns.sandbox.calls import ApiCall, ApiError

SUCCESS = (0, "성공했습니다.", "")
NOT_PERMITTED = (1001, "권한이 없습니다.", "")
REQUEST_ERROR = (1027, "요청 에러가 발생하였습니다.", "Connection reset")
XML = "text/xml; charset=utf-8"

Code = tuple[int, str, str]


def success(call: ApiCall) -> HttpResponse:
    if _wants_xml(call):
        return call.reply(_xml(SUCCESS), content_type=XML)
    return call.reply(_json(SUCCESS))


def refused(call: ApiCall, status: int, code: Code) -> ApiError:
    if _wants_xml(call):
        return ApiError(status, _xml(code), content_type=XML)
    return ApiError(status, _json(code))


def gone(call: ApiCall) -> ApiError:
    return refused(call, 404, NOT_PERMITTED)


def closed(call: ApiCall) -> ApiError:
    return refused(call, 403, NOT_PERMITTED)


def unacceptable(call: ApiCall, why: str) -> ApiError:
    return refused(call, 500, (1004, why, ""))


def broken(status: int) -> ApiError:
    return ApiError(status, _json(REQUEST_ERROR))


def _wants_xml(call: ApiCall) -> bool:
    return call.request.path.endswith(".xml")


def _json(code: Code) -> dict[str, object]:
    return dict(zip(("code", "message", "description"), code, strict=True))


def _xml(code: Code) -> str:
    number, message, description = code
    inner = f"<code>{number}</code><message>{escape(message)}</message><description>{escape(description)}</description>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<error>{inner}</error>'
