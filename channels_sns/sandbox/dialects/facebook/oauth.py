"""How a program comes by a page's token: dialog, a person's token, a long one, the pages of the person.

Settings of a world: pages (how many pages the person works for, 1).
"""

from __future__ import annotations

from django.http import HttpResponse

from channels_sns.sandbox import consent
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.facebook import door, refusals

#: Ends of the addresses that nobody has a token for yet.
OPEN = ("dialog/oauth$", "oauth/access_token$")
HOUR, SIXTY_DAYS = 3600, 60 * 86_400
TASKS = ["MODERATE", "MESSAGING", "ANALYZE", "CREATE_CONTENT", "MANAGE"]


def dialog(call: ApiCall, **version: str) -> HttpResponse:
    """GET /dialog/oauth."""
    query, decision = call.query, call.query.get("decision", "")
    if query.get("client_id") != door.APP_ID or not query.get("redirect_uri"):
        raise refusals.refused(101, "Invalid App ID: The provided app ID does not look like a valid app ID.")
    if not decision:
        return consent.ask(
            call,
            program="톡톡부산 민원데스크",
            allowed=consent.again(call, "allow"),
            denied=consent.again(call, "deny"),
        )
    state, address = query.get("state", ""), query.get("redirect_uri", "")
    if decision != "allow":
        return consent.back(address, error="access_denied", error_reason="user_denied", state=state)
    return consent.back(address, code=consent.code_for(call, redirect_uri=address), state=state)


def access_token(call: ApiCall, **version: str) -> HttpResponse:
    """GET /oauth/access_token: a code, or a person's token for a longer one."""
    query, world = call.query, call.world.name
    if query.get("client_id") != door.APP_ID or query.get("client_secret") != door.app_secret(world):
        raise refusals.refused(1, "Error validating client secret.")
    user = door.user_token(world)
    if query.get("grant_type") == "fb_exchange_token":
        if query.get("fb_exchange_token") != f"{user}Short":
            raise refusals.refused(190, "Error validating access token")
        return call.reply({"access_token": user, "token_type": "bearer", "expires_in": SIXTY_DAYS})
    bound = consent.open_code(call, query.get("code", ""))
    if bound is None or bound["redirect_uri"] != query.get("redirect_uri"):
        raise refusals.refused(100, "This authorization code has been used.", error_subcode=36009)
    return call.reply({"access_token": f"{user}Short", "token_type": "bearer", "expires_in": HOUR})


def accounts(call: ApiCall, **version: str) -> HttpResponse:
    """GET /me/accounts: the pages that a person works for, each with its token."""
    if not door.is_users(call):
        return call.reply({"data": []})
    here = {"id": call.dialect.city_id, "name": call.dialect.city_of(call).name, "tasks": TASKS}
    pages = [{"access_token": door.page_token(call.world.name), **here}]
    pages += [
        {"access_token": f"EAAother{number}", "id": str(900 + number), "name": f"Page {number}", "tasks": TASKS}
        for number in range(1, int(call.setting("pages", 1)))
    ]
    return call.reply({"data": pages, "paging": {"cursors": {"before": "QVF", "after": "QVF"}}})
