"""How a program comes by X's tokens: OAuth 1.0a in three legs, OAuth 2 with PKCE.

Settings of a world: oauth2_scope (what the person grants, whatever was asked for).
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from oauthlib.oauth1 import SignatureOnlyEndpoint

from channels_sns.sandbox import consent
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.x import auth
from channels_sns.sandbox.dialects.x.refusals import unauthorized

#: Addresses that nobody has a token for yet.
OPEN = frozenset(
    {"oauth/request_token", "oauth/authorize", "oauth/access_token", "i/oauth2/authorize", "2/oauth2/token"}
)
SCOPE = "tweet.read users.read tweet.write media.write offline.access"
REQUEST_SECONDS = 600


class _Legs(auth._Validator):
    """The same client; its token is a request token."""

    request_token_length = verifier_length = (1, 2000)
    access_token_length = (1, 2000)

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        return request_secret(self.world)

    def __init__(self, world: str) -> None:
        super().__init__(world)
        self.world = world


def request_secret(world: str) -> str:
    return f"x-request-secret-{world}"


def _signed(call: ApiCall) -> Any:
    """The signed request as oauthlib reads it. Raises 401."""
    headers = {"Authorization": call.request.headers.get("Authorization", "")}
    endpoint = SignatureOnlyEndpoint(_Legs(call.world.name))
    uri = call.request.build_absolute_uri()
    valid, request = endpoint.validate_request(uri, call.method, "", headers)
    if not valid:
        raise unauthorized()
    return request


def _form(call: ApiCall, **values: str) -> HttpResponse:
    return call.reply(urlencode(values), content_type="text/html;charset=utf-8")


def request_token(call: ApiCall) -> HttpResponse:
    """POST /oauth/request_token."""
    request = _signed(call)
    if not request.redirect_uri:
        raise ApiError(403, {"errors": [{"code": 415, "message": "Callback URL not approved for this client"}]})
    token = consent.code_for(call, callback=request.redirect_uri)
    secret = request_secret(call.world.name)
    return _form(call, oauth_token=token, oauth_token_secret=secret, oauth_callback_confirmed="true")


def authorize(call: ApiCall) -> HttpResponse:
    """GET /oauth/authorize: the person decides."""
    token, decision = call.query.get("oauth_token", ""), call.query.get("decision", "")
    if not decision:
        return consent.ask(
            call, program="OAuth 1.0a", allowed=consent.again(call, "allow"), denied=consent.again(call, "deny")
        )
    bound = consent.open_code(call, token, seconds=REQUEST_SECONDS)
    if bound is None:
        raise unauthorized()
    if decision != "allow":
        return consent.back(bound["callback"], denied=token)
    return consent.back(bound["callback"], oauth_token=token, oauth_verifier=consent.code_for(call, token=token))


def access_token(call: ApiCall) -> HttpResponse:
    """POST /oauth/access_token: the verifier fits the request token, once."""
    request = _signed(call)
    verifier = dict(request.oauth_params).get("oauth_verifier", "")
    bound = consent.open_code(call, verifier)
    if bound is None or bound.get("token") != request.resource_owner_key:
        raise unauthorized()
    secrets = auth.oauth1_secrets(call.world.name)
    return _form(
        call,
        oauth_token=secrets["access_token"],
        oauth_token_secret=secrets["access_token_secret"],
        user_id=call.dialect.city_id,
        screen_name=call.dialect.city_handle,
    )


def authorize2(call: ApiCall) -> HttpResponse:
    """GET /i/oauth2/authorize."""
    query, decision = call.query, call.query.get("decision", "")
    right = query.get("response_type") == "code" and query.get("code_challenge_method") == "S256"
    if not right or query.get("client_id") != auth.oauth2_secrets(call.world)["client_id"]:
        raise ApiError(400, {"error": "invalid_request", "error_description": "Something went wrong"})
    if not decision:
        return consent.ask(
            call, program="OAuth 2", allowed=consent.again(call, "allow"), denied=consent.again(call, "deny")
        )
    state = query.get("state", "")
    if decision != "allow":
        return consent.back(query.get("redirect_uri", ""), error="access_denied", state=state)
    code = consent.code_for(call, redirect_uri=query.get("redirect_uri", ""), challenge=query.get("code_challenge", ""))
    return consent.back(query.get("redirect_uri", ""), state=state, code=code)


def token(call: ApiCall) -> HttpResponse:
    """POST /2/oauth2/token: a code, or a refresh token."""
    form = call.form()
    if form.get("grant_type") != "authorization_code":
        return auth.refresh(call)
    secrets = auth.oauth2_secrets(call.world)
    basic = base64.b64encode(f"{secrets['client_id']}:{secrets['client_secret']}".encode()).decode()
    if call.request.headers.get("Authorization") != f"Basic {basic}":
        raise ApiError(401, {"error": "unauthorized_client", "error_description": "Missing valid authorization header"})
    bound = consent.open_code(call, form.get("code", ""))
    fits = bound is not None and consent.fits_challenge(form.get("code_verifier", ""), bound["challenge"])
    if bound is None or not fits or bound["redirect_uri"] != form.get("redirect_uri"):
        said = "Value passed for the authorization code was invalid."
        raise ApiError(400, {"error": "invalid_request", "error_description": said})
    tokens = {name: secrets[name] for name in ("access_token", "refresh_token")}
    scope = call.setting("oauth2_scope", SCOPE)
    return call.reply({"token_type": "bearer", "expires_in": auth.TOKEN_SECONDS, "scope": scope, **tokens})
