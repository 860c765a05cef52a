"""How a program comes by a token here: it registers itself, the person agrees, the code is exchanged.

Settings of a world: oauth_scope (what the person grants, whatever was asked for).
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpResponse

from channels_sns.sandbox import consent
from channels_sns.sandbox.calls import ApiCall, ApiError

#: Addresses that nobody has a token for yet.
OPEN = frozenset({"api/v1/apps", "oauth/authorize", "oauth/token"})
SALT = "mastodon application"


def register(call: ApiCall) -> HttpResponse:
    """POST /api/v1/apps: what the application may ask for stands in its id."""
    form = call.form()
    name, address, scopes = (form.get(field, "") for field in ("client_name", "redirect_uris", "scopes"))
    if not name or not address:
        raise ApiError(422, {"error": "Validation failed: Name can't be blank"})
    about = {"world": call.world.name, "name": name, "redirect_uri": address, "scopes": scopes or "read"}
    client_id = signing.dumps(about, salt=SALT, compress=True)
    return call.reply(
        {"id": "1", "name": name, "client_id": client_id, "client_secret": _secret(client_id), "redirect_uri": address}
    )


def _secret(client_id: str) -> str:
    return signing.Signer(salt=SALT).signature(client_id)


def _application(call: ApiCall, client_id: str) -> dict[str, str]:
    try:
        about = dict(signing.loads(client_id, salt=SALT))
    except signing.BadSignature:
        about = {}
    if about.get("world") != call.world.name:
        raise ApiError(401, {"error": "invalid_client", "error_description": "Client authentication failed"})
    return about


def authorize(call: ApiCall) -> HttpResponse:
    """GET /oauth/authorize."""
    query, decision = call.query, call.query.get("decision", "")
    about = _application(call, query.get("client_id", ""))
    wanted = set(query.get("scope", "read").split())
    if query.get("redirect_uri") != about["redirect_uri"] or not wanted <= set(about["scopes"].split()):
        raise ApiError(400, {"error": "invalid_scope", "error_description": "The requested scope is invalid"})
    if not decision:
        return consent.ask(
            call, program=about["name"], allowed=consent.again(call, "allow"), denied=consent.again(call, "deny")
        )
    state = query.get("state", "")
    if decision != "allow":
        return consent.back(about["redirect_uri"], error="access_denied", state=state)
    code = consent.code_for(call, client=query.get("client_id", ""), scope=query.get("scope", "read"))
    return consent.back(about["redirect_uri"], code=code, state=state)


def token(call: ApiCall) -> HttpResponse:
    """POST /oauth/token."""
    form = call.form()
    client_id = form.get("client_id", "")
    about = _application(call, client_id)
    if form.get("client_secret") != _secret(client_id):
        raise ApiError(401, {"error": "invalid_client", "error_description": "Client authentication failed"})
    bound = consent.open_code(call, form.get("code", "")) if form.get("grant_type") == "authorization_code" else None
    if bound is None or bound.get("client") != client_id or form.get("redirect_uri") != about["redirect_uri"]:
        raise ApiError(
            400, {"error": "invalid_grant", "error_description": "The provided authorization grant is invalid"}
        )
    scope = call.setting("oauth_scope", bound["scope"])
    return call.reply(
        {
            "access_token": f"mastodon-token-{call.world.name}",
            "token_type": "Bearer",
            "scope": scope,
            "created_at": int(call.now.timestamp()),
        }
    )
