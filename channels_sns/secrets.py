"""Tokens at rest: an account's as one Fernet token, keys from DESK_FIELD_KEYS (newest first); fails closed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _


class SecretsUnreadable(Exception):
    """The stored secrets do not open with any of the keys: wrong key, or somebody changed the row."""


def seal(secrets: Mapping[str, str]) -> str:
    """`secrets` as one encrypted text."""
    return _fernet().encrypt(json.dumps(dict(secrets)).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """What `seal` was given; {} for "". Raises SecretsUnreadable, never returns the stored text itself."""
    if not sealed:
        return {}
    try:
        opened = json.loads(_fernet().decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as error:
        raise SecretsUnreadable(
            _("The stored keys of this account cannot be read. Connect the account again.")
        ) from error
    return {str(name): str(value) for name, value in opened.items()}


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS or (_embedded_key(),)])


def _embedded_key() -> bytes:
    """Without DESK_FIELD_KEYS (never in production) the key follows from SECRET_KEY."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"field:{settings.SECRET_KEY}".encode()).digest())
