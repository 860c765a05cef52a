"""Names of colleagues as people write them."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import gettext as _


def person_name(user: AbstractBaseUser | AnonymousUser | None) -> str:
    """“김민지”, “Anna Kim”, the user name where no name is known; “자동” for the desk itself."""
    if not isinstance(user, User):
        return _("the desk itself")
    last, first = user.last_name, user.first_name
    if last and first and _is_hangul(last) and _is_hangul(first):
        return f"{last}{first}"
    return user.get_full_name() or user.get_username()


def _is_hangul(text: str) -> bool:
    return all("가" <= sign <= "힣" for sign in text)
