"""Who asks: a program with a person's key (Authorization: Bearer ttb_…), or the person's browser with its session."""

from __future__ import annotations

from typing import Any, cast

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from complaints import api_tokens
from complaints.models import ApiToken
from departments import directory

#: So many wrong keys an hour from one address are answered; a right one always is, whoever else sits there.
WRONG_KEYS = "20/hour"


class FromOneAddress(SimpleRateThrottle):
    """Counts wrong keys by the address that the access record knows too; each process counts for itself."""

    scope = "wrong keys"
    rate = WRONG_KEYS

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": "keys", "ident": get_client_ip_address(request) or ""}


class ByKey(BaseAuthentication):
    """The owner of the key, who may log in and whose key is neither revoked nor expired."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """None: no key was sent. Raises AuthenticationFailed, Throttled."""
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        try:
            token = api_tokens.find(key.strip(), now=now)
        except api_tokens.NoSuchKey as error:
            guard = FromOneAddress()
            if not guard.allow_request(request, cast("APIView", None)):
                raise Throttled(wait=guard.wait()) from error
            raise AuthenticationFailed(code="token_unknown") from error
        except api_tokens.KeyIsOver as error:
            raise AuthenticationFailed(code="token_over") from error
        api_tokens.used(token, address=get_client_ip_address(request), now=now)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="toktok-busan"'


class BySession(BaseAuthentication):
    """The person who is logged in in this browser. Nothing is written here, so no form has to be proved."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        user: Any = getattr(request._request, "user", None)
        return (user, None) if user is not None and user.is_authenticated and user.is_active else None


class AtTheDesk(BasePermission):
    """Whoever holds a role in force; what he may see is up to each door."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(directory.roles_of(request.user))


class PerPerson(SimpleRateThrottle):
    """So many requests a minute of one person, by whatever key."""

    scope = "person"

    def get_rate(self) -> str:
        return f"{settings.API_PER_MINUTE}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}
