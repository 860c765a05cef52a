"""X API v2 (docs.x.com, specification 2.159–2.167): mentions in, by asking and by being told; replies and posts out.

Both vocabularies are read: tweet.* (`edit_history_tweet_ids`, `referenced_tweets`) and post.* (`edit_history_post_ids`,
`referenced_posts`); options["vocabulary"] = "post" asks in the newer one.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from requests.auth import AuthBase, HTTPBasicAuth
from requests_oauthlib import OAuth1

from channels_sns.adapters import x_errors, x_posts, x_prices, x_push
from channels_sns.adapters.api import Api, Bearer, is_same
from channels_sns.adapters.contract import (
    Adapter,
    AuthExpired,
    Capabilities,
    Cursor,
    Gone,
    Identity,
    IncomingPost,
    OutcomeUnknown,
    OutgoingMedia,
    OutgoingPost,
    Page,
    Prepared,
    ReadBack,
    Receipt,
    Rejected,
    Secrets,
    TargetGone,
    Transient,
)
from channels_sns.adapters.metering import Allowance, Price
from channels_sns.adapters.push import Pushed, is_base64_signature
from channels_sns.adapters.text import weighted_length
from channels_sns.adapters.x_feeds import Feeds, Walk

OAUTH1 = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
OAUTH2 = ("client_id", "client_secret", "oauth2_access_token", "oauth2_refresh_token")


class XAdapter(Adapter):
    """One X account, by OAuth 1.0a keys (they do not expire) or an OAuth 2 token that rotates.

    Pushed deliveries are signed with the secret `consumer_secret`, which an OAuth 2 account may have beside its tokens.
    """

    default_base_url: ClassVar[str] = "https://api.x.com"
    capabilities: ClassVar[Capabilities] = Capabilities(
        kind="x",
        label="X",
        polls=frozenset({"mention", "reply", "quote"}),
        max_length=280,
        images_max=4,
        image_types=frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"}),
        reply_rule="summoned_only",
        refuses_duplicates=True,
        media_hosts=frozenset({"pbs.twimg.com"}),
        edits="new_id",
        secret_sets=(OAUTH1, OAUTH2),
        webhook=True,
        allowances=(Allowance(x_prices.UNIT, "month"),),
        scopes=("tweet.read", "users.read", "tweet.write", "media.write", "offline.access"),
    )

    @property
    def api(self) -> Api:
        return Api(
            self.base_url,
            rules=x_errors.RULES,
            said=x_errors.said,
            auth=_auth(self.secrets),
            seconds=self.options.get("timeout", 15),
            hear=lambda call, headers: self.meter.hear(*x_prices.windows(call, headers)),
        )

    @property
    def _feeds(self) -> Feeds:
        vocabulary = str(self.options.get("vocabulary", "tweet"))
        return Feeds(self.api, self.meter, own_id=self.external_id, handle=self.handle, vocabulary=vocabulary)

    def identify(self) -> Identity:
        me = self._me()
        return Identity(me["id"], me["username"], me.get("name", ""), f"https://x.com/{me['username']}", _followers(me))

    def metrics(self) -> dict[str, int]:
        followers = _followers(self._me())
        return {} if followers is None else {"followers": followers}

    def _me(self) -> dict[str, Any]:
        data = self.api.get("/2/users/me", {"user.fields": "username,name,public_metrics"}).get("data")
        if not isinstance(data, dict) or not x_posts.is_id(str(data.get("id"))):
            raise Transient("the answer names no user")
        self.meter.use("search", x_prices.USER_READ)
        return data

    # --- in -----------------------------------------------------------------------------------------------------------

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """The mentions down to the bound, then what searches find beside them."""
        yield from Walk(self._feeds, cursor, now=now).pages()

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        found: dict[str, IncomingPost | Gone] = {}
        for start in range(0, len(external_ids), 100):
            found |= self._look(external_ids[start : start + 100])
        return found

    def _look(self, ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        """Whichever version an id names, the newest one is what its post says now. Protected is not gone."""
        posts: dict[str, IncomingPost] = {}
        newest: dict[str, str] = {}
        missing: dict[str, bool] = {}
        feeds, wanted = self._feeds, list(ids)
        for _round in range(2):
            body = feeds.lookup(wanted)
            posts |= {post.external_id: post for post in feeds.read(body, "search", x_prices.POST_READ)[0]}
            newest |= x_posts.chains(body)
            missing |= x_posts.missing(body)
            wanted = sorted({newest[one] for one in ids if one in newest} - posts.keys() - missing.keys())
            if not wanted:
                break
        return {
            one: posts.get(newest.get(one, one)) or posts.get(one) or Gone(one, verified=missing.get(one, False))
            for one in ids
        }

    # --- pushed to us -------------------------------------------------------------------------------------------------

    def challenge(self, query: Mapping[str, str]) -> str | None:
        secret, token = self.secrets.get("consumer_secret", ""), query.get("crc_token", "")
        return x_push.crc(token, secret) if secret and token else None

    def verify_push(self, headers: Mapping[str, str], body: bytes) -> bool:
        key = self.secrets.get("consumer_secret", "")
        return is_base64_signature(headers.get("x-twitter-webhooks-signature", ""), key, body)

    def push_id(self, body: bytes, *, now: datetime) -> str:
        """Its event's name, for a replay may be written otherwise."""
        return super().push_id(x_push.event_id(body).encode() or body, now=now)

    def read_push(self, body: bytes, *, now: datetime) -> Pushed:
        pushed = x_push.read(body, own_id=self.external_id, own_handle=self.handle)
        for _one in (*pushed.posts, *pushed.bad, *pushed.gone):
            self.meter.use("mention", x_prices.EVENT)
        return pushed

    # --- out ----------------------------------------------------------------------------------------------------------

    def price(self, post: OutgoingPost) -> Price | None:
        return x_prices.of_post(post)

    def prepare(self, post: OutgoingPost) -> Prepared:
        if self.measure(post.text) > self.capabilities.max_length:
            raise Rejected(f"{self.measure(post.text)} of {self.capabilities.max_length}", code="too-long")
        body: dict[str, Any] = {"text": post.text}
        if post.target is not None:
            body["reply"] = {"in_reply_to_tweet_id": post.target.external_id, "auto_populate_reply_metadata": True}
        if post.media:
            body["media"] = {"media_ids": [self._upload(media) for media in post.media]}
        return Prepared(post, body, "/2/tweets")

    def _upload(self, media: OutgoingMedia) -> str:
        content = base64.b64encode(media.content).decode()
        body = {"media": content, "media_category": "tweet_image", "media_type": media.mime_type}
        media_id = str(_dict(_dict(self.api.upload("/2/media/upload", json=body)).get("data")).get("id") or "")
        if not media_id:
            raise Transient("the upload has no id")
        if media.alt:
            self.api.upload(
                "/2/media/metadata", json={"id": media_id, "metadata": {"alt_text": {"text": media.alt[:1000]}}}
            )
        return media_id

    def publish(self, prepared: Prepared) -> Receipt:
        data = _dict(_dict(self.api.write("POST", prepared.url, json=dict(prepared.body))).get("data"))
        external_id = str(data.get("id") or "")
        if not x_posts.is_id(external_id):
            raise OutcomeUnknown("accepted without an id")
        return self._receipt(external_id)

    def _receipt(self, external_id: str) -> Receipt:
        return Receipt(external_id, f"https://x.com/{self.handle}/status/{external_id}")

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        feeds, unread = self._feeds, False
        bounds = {"start_time": x_posts.rfc3339(since)}
        for body in feeds.pages(f"/2/users/{self.external_id}/tweets", bounds, "pagination_token"):
            posts, bad = feeds.read(body, "reply", x_prices.OWN_READ)
            for own in posts:
                if is_same(own, post):
                    return ReadBack(self._receipt(own.external_id), complete=True)
            unread = unread or bool(bad)
        return ReadBack(None, complete=not unread)

    def delete(self, external_id: str) -> None:
        data = _dict(_dict(self.api.write("DELETE", f"/2/tweets/{external_id}")).get("data"))
        if not data.get("deleted"):
            raise TargetGone("nothing was deleted")
        self.meter.use("reply", x_prices.DELETE)

    def refresh(self) -> dict[str, str] | None:
        """A new pair of OAuth 2 tokens; the old refresh token is dead from then on."""
        if "oauth2_refresh_token" not in self.secrets:
            return None
        api = Api(
            self.base_url, rules=x_errors.TOKEN_RULES, said=x_errors.said_by_token_server, auth=_basic(self.secrets)
        )
        form = {"grant_type": "refresh_token", "refresh_token": self.secrets["oauth2_refresh_token"]}
        data = _dict(api.upload("/2/oauth2/token", data={**form, "client_id": self.secrets["client_id"]}))
        if not data.get("access_token"):
            raise AuthExpired("no new token")
        fresh = {"oauth2_access_token": str(data["access_token"])}
        if data.get("refresh_token"):
            fresh["oauth2_refresh_token"] = str(data["refresh_token"])
        return fresh

    @classmethod
    def measure(cls, text: str) -> int:
        return weighted_length(text)


def _auth(secrets: Secrets) -> AuthBase:
    if "consumer_key" in secrets:
        key, secret, token, token_secret = (secrets[name] for name in OAUTH1)
        signed: AuthBase = OAuth1(key, secret, token, token_secret)
        return signed
    return Bearer(secrets.get("oauth2_access_token", ""))


def _basic(secrets: Secrets) -> AuthBase:
    return HTTPBasicAuth(secrets["client_id"], secrets.get("client_secret", ""))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _followers(user: dict[str, Any]) -> int | None:
    count = _dict(user.get("public_metrics")).get("followers_count")
    return count if isinstance(count, int) else None
