"""What a network's rights mean for the desk, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_sns import tokens
from channels_sns.adapters.oauth import ways_of
from channels_sns.models import Account

READ, POST = _("The right to read is missing."), _("The right to post is missing.")
PHOTO, RENEW = _("The right to post photos is missing."), _("The right to renew the token is missing.")
LIST, PUSH = _("The right to list the pages is missing."), _("The right to be told of new posts at once is missing.")

#: Right, by the network's own name → what is missing without it.
LACKS: dict[str, str | Promise] = {
    "tweet.read": READ,
    "users.read": READ,
    "tweet.write": POST,
    "media.write": PHOTO,
    "offline.access": RENEW,
    "pages_show_list": LIST,
    "pages_read_engagement": READ,
    "pages_read_user_content": READ,
    "pages_manage_engagement": POST,
    "pages_manage_posts": POST,
    "pages_manage_metadata": PUSH,
    "https://www.googleapis.com/auth/youtube.force-ssl": POST,
    "read:accounts": READ,
    "read:notifications": READ,
    "read:statuses": READ,
    "write:statuses": POST,
    "write:media": PHOTO,
}


def lacking(account: Account) -> list[str]:
    """One sentence for each thing that the account's token may not do, with the names that the network uses."""
    found: dict[str, list[str]] = {}
    for scope in tokens.missing_scopes(account):
        found.setdefault(str(LACKS.get(scope, _("A right is missing."))), []).append(scope)
    return [f"{sentence} ({', '.join(scopes)})" for sentence, scopes in found.items()]


def wanted(kind: str) -> tuple[str, ...]:
    """The rights that the desk asks a network for."""
    return next((way.scopes for way in ways_of(kind) if way.scopes), ())
