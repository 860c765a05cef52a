"""How an administrator lets a network's own page give the desk its keys: the networks' differences, as data.

An address counts for the network's own server; at any other (Mastodon's many, a sandbox) the same path is looked for
below the account's base address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: The version of Facebook's API that connecting speaks.
GRAPH = "/v26.0"


@dataclass(frozen=True, slots=True)
class Address:
    """`host`: where the path lives at the network's own server, if not at its API."""

    path: str
    host: str = ""

    def at(self, base_url: str, *, home: str) -> str:
        own = bool(self.host) and base_url.rstrip("/") == home
        return (self.host if own else base_url.rstrip("/")) + self.path


@dataclass(frozen=True, slots=True)
class Way:
    """One way to connect in the browser.

    entered: our names of the application's id and secret, as the administrator types them; () where the application
    registers itself. kept: field of the token answer → our name of the secret. scopes: what is asked for.
    """

    name: str
    kind: str
    protocol: Literal["oauth1", "oauth2"]
    authorize: Address
    token: Address
    entered: tuple[str, ...]
    kept: tuple[tuple[str, str], ...]
    scopes: tuple[str, ...] = ()
    separator: str = " "
    extra: tuple[tuple[str, str], ...] = ()
    pkce: bool = False
    #: The application proves itself by HTTP Basic; otherwise by its secret in the form.
    basic: bool = False
    #: OAuth 1: where a request token is fetched. OAuth 2: where an application registers itself.
    first: Address | None = None
    #: Tokens are asked for by GET, as its documentation has it; and the first one is a person's: exchanged for a long
    #: one, which lists the pages to choose from.
    pages: bool = False


WAYS: tuple[Way, ...] = (
    Way(
        name="x-oauth1",
        kind="x",
        protocol="oauth1",
        first=Address("/oauth/request_token"),
        authorize=Address("/oauth/authorize"),
        token=Address("/oauth/access_token"),
        entered=("consumer_key", "consumer_secret"),
        kept=(("oauth_token", "access_token"), ("oauth_token_secret", "access_token_secret")),
    ),
    Way(
        name="x-oauth2",
        kind="x",
        protocol="oauth2",
        authorize=Address("/i/oauth2/authorize", "https://x.com"),
        token=Address("/2/oauth2/token"),
        entered=("client_id", "client_secret"),
        kept=(("access_token", "oauth2_access_token"), ("refresh_token", "oauth2_refresh_token")),
        scopes=("tweet.read", "users.read", "tweet.write", "media.write", "offline.access"),
        pkce=True,
        basic=True,
    ),
    Way(
        name="facebook",
        kind="facebook",
        protocol="oauth2",
        authorize=Address(f"{GRAPH}/dialog/oauth", "https://www.facebook.com"),
        token=Address(f"{GRAPH}/oauth/access_token"),
        pages=True,
        entered=("app_id", "app_secret"),
        kept=(("access_token", "page_access_token"),),
        scopes=(
            "pages_show_list",
            "pages_read_engagement",
            "pages_read_user_content",
            "pages_manage_engagement",
            "pages_manage_posts",
            "pages_manage_metadata",
            "pages_messaging",
        ),
        separator=",",
    ),
    Way(
        name="youtube",
        kind="youtube",
        protocol="oauth2",
        authorize=Address("/o/oauth2/v2/auth", "https://accounts.google.com"),
        token=Address("/token", "https://oauth2.googleapis.com"),
        entered=("client_id", "client_secret"),
        kept=(("access_token", "access_token"), ("refresh_token", "refresh_token")),
        scopes=("https://www.googleapis.com/auth/youtube.force-ssl",),
        extra=(("access_type", "offline"), ("prompt", "consent")),
        pkce=True,
    ),
    Way(
        name="mastodon",
        kind="mastodon",
        protocol="oauth2",
        first=Address("/api/v1/apps"),
        authorize=Address("/oauth/authorize"),
        token=Address("/oauth/token"),
        entered=(),
        kept=(("access_token", "access_token"),),
        scopes=("read:accounts", "read:notifications", "read:statuses", "write:statuses", "write:media"),
    ),
)


#: Secrets that an account works without, but does more with: asking about its token, answering the network's question
#: whether an address for pushes is ours.
BESIDE: dict[str, tuple[str, ...]] = {"facebook": ("app_id", "verify_token")}


def ways_of(kind: str) -> tuple[Way, ...]:
    """The ways of one network; () where only pasted keys connect."""
    return tuple(way for way in WAYS if way.kind == kind)


def missing(wanted: tuple[str, ...], granted: tuple[str, ...]) -> tuple[str, ...]:
    """What was wanted and not granted. A broad right holds the narrow ones ("write" holds "write:media").

    An empty `granted` is a network that does not say: nothing is known to be missing.
    """
    if not granted:
        return ()
    return tuple(one for one in wanted if one not in granted and one.partition(":")[0] not in granted)
