"""How a program comes by Google's tokens. A refresh token is only given to who asks for offline access and consent."""

from __future__ import annotations

from django.http import HttpResponse

from channels_sns.sandbox import consent
from channels_sns.sandbox.calls import ApiCall, ApiError
from channels_sns.sandbox.dialects.youtube import door

#: Addresses that nobody has a token for yet.
OPEN = frozenset({"o/oauth2/v2/auth", "token"})


def authorize(call: ApiCall) -> HttpResponse:
    """GET /o/oauth2/v2/auth."""
    query, decision = call.query, call.query.get("decision", "")
    right = query.get("response_type") == "code" and query.get("scope") == door.SCOPE
    if not right or query.get("client_id") != door.secrets(call.world.name)["client_id"]:
        raise ApiError(400, {"error": "invalid_request", "error_description": "Missing required parameter"})
    if not decision:
        return consent.ask(
            call, program="Google client", allowed=consent.again(call, "allow"), denied=consent.again(call, "deny")
        )
    address, state = query.get("redirect_uri", ""), query.get("state", "")
    if decision != "allow":
        return consent.back(address, error="access_denied", state=state)
    lasting = query.get("access_type") == "offline" and query.get("prompt") == "consent"
    bound = {"redirect_uri": address, "challenge": query.get("code_challenge", ""), "lasting": str(lasting)}
    return consent.back(address, state=state, code=consent.code_for(call, **bound), scope=door.SCOPE)


def token(call: ApiCall) -> HttpResponse:
    """POST /token: a code, or a refresh token."""
    form = call.form()
    if form.get("grant_type") != "authorization_code":
        return door.refresh(call)
    door.check_client(call)
    bound = consent.open_code(call, form.get("code", ""))
    if bound is None or bound["redirect_uri"] != form.get("redirect_uri"):
        raise ApiError(400, {"error": "invalid_grant", "error_description": "Malformed auth code."})
    if bound["challenge"] and not consent.fits_challenge(form.get("code_verifier", ""), bound["challenge"]):
        raise ApiError(400, {"error": "invalid_grant", "error_description": "Invalid code verifier."})
    lasting = {"refresh_token": door.secrets(call.world.name)["refresh_token"]} if bound["lasting"] == "True" else {}
    return call.reply({**door.access_token(call), **lasting})
