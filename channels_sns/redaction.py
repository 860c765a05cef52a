"""No token, key or signature reaches a log line (R18)."""

from __future__ import annotations

import logging
import re

_NAMED = re.compile(
    r"(?i)\b(access_token|appsecret_proof|client_secret|refresh_token|fb_exchange_token|akey|ukey|user_key|oauth_\w+|password|secret|token)"
    r"([\"']?\s*[=:]\s*[\"']?)([^\s&\"',;}]+)"
)
_HEADER = re.compile(r"(?i)\b(Bearer|Basic|OAuth)\s+[A-Za-z0-9._~+/=\"%,\- ]{8,}")
_URL_PASSWORD = re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@")


def redact(text: str) -> str:
    """`text` with the values of secrets replaced by «…»."""
    text = _URL_PASSWORD.sub(r"\1:…@", text)
    text = _HEADER.sub(r"\1 …", text)
    return _NAMED.sub(r"\1\2…", text)


_formatter = logging.Formatter()


class RedactSecrets(logging.Filter):
    """Rewrites every record before a handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:  # an error of the HTTP client names the whole address; formatters take this text as it is
            record.exc_text = redact(record.exc_text or _formatter.formatException(record.exc_info))
        return True
