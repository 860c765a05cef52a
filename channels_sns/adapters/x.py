"""X API v2 (docs.x.com, specification 2.159–2.167): mentions in, replies and posts out.

Both vocabularies are read: tweet.* (`edit_history_tweet_ids`, `referenced_tweets`) and post.* (`edit_history_post_ids`,
`referenced_posts`); options["vocabulary"] = "post" asks in the newer one.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from requests.auth import AuthBase, HTTPBasicAuth
from requests_oauthlib import OAuth1

from channels_sns.adapters import x_errors, x_posts
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
from channels_sns.adapters.text import weighted_length
from channels_sns.adapters.x_posts import snowflake, snowflake_back

OVERLAP = timedelta(minutes=15)
#: The network keeps only the newest 800 mentions.
MENTIONS_KEPT = 800
PAGES_MAX = 200
OAUTH1 = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
OAUTH2 = ("client_id", "client_secret", "oauth2_access_token", "oauth2_refresh_token")


class XAdapter(Adapter):
    """One X account, by OAuth 1.0a keys (they do not expire) or an OAuth 2 token that rotates."""

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
    )

    @property
    def api(self) -> Api:
        return Api(
            self.base_url,
            rules=x_errors.RULES,
            said=x_errors.said,
            auth=_auth(self.secrets),
            seconds=self.options.get("timeout", 15),
        )

    def identify(self) -> Identity:
        me = self._me()
        return Identity(me["id"], me["username"], me.get("name", ""), f"https://x.com/{me['username']}", _followers(me))

    def metrics(self) -> dict[str, int]:
        followers = _followers(self._me())
        return {} if followers is None else {"followers": followers}

    def _me(self) -> dict[str, Any]:
        data = self.api.get("/2/users/me", {"user.fields": "username,name,public_metrics"}).get("data")
        if not isinstance(data, dict) or not data.get("id"):
            raise Transient("the answer names no user")
        return data

    # --- in -----------------------------------------------------------------------------------------------------------

    def poll(self, cursor: Cursor, *, now: datetime) -> Iterator[Page]:
        """Newest first down to the bound; a walk that was broken off goes on below its oldest post."""
        since = str(cursor.get("since") or snowflake(now))
        walk = dict(cursor.get("walk") or {})
        newest, token, seen = str(walk.get("newest") or since), "", 0
        for _page in range(PAGES_MAX):
            body = self._mentions(snowflake_back(since, OVERLAP), str(walk.get("until") or ""), token)
            posts, bad = x_posts.read_page(body, own_id=self.external_id, own_handle=self.handle)
            seen += len(posts) + len(bad)
            newest = x_posts.later(newest, *(post.external_id for post in posts))
            oldest = x_posts.earlier(*(post.external_id for post in posts)) or str(walk.get("until") or "")
            token = str((body.get("meta") or {}).get("next_token") or "")
            gap = f"{seen} mentions at once: the network keeps only {MENTIONS_KEPT}" if seen >= MENTIONS_KEPT else ""
            rest: dict[str, Any] = {"since": since, "walk": {"until": oldest, "newest": newest}}
            yield Page(posts, rest if token else {"since": newest}, bad, gap if not token else "")
            if not token:
                return
        raise Transient(f"no end after {PAGES_MAX} pages")

    def _mentions(self, since: str, until: str, token: str) -> dict[str, Any]:
        params = {**x_posts.fields(self._vocabulary), "max_results": "100", "since_id": since}
        if until:
            params["until_id"] = until
        if token:
            params["pagination_token"] = token
        return _dict(self.api.get(f"/2/users/{self.external_id}/mentions", params))

    @property
    def _vocabulary(self) -> str:
        return str(self.options.get("vocabulary", "tweet"))

    def lookup(self, external_ids: Sequence[str]) -> dict[str, IncomingPost | Gone]:
        found: dict[str, IncomingPost | Gone] = {}
        for start in range(0, len(external_ids), 100):
            ids = external_ids[start : start + 100]
            body = _dict(self.api.get("/2/tweets", {**x_posts.fields(self._vocabulary), "ids": ",".join(ids)}))
            posts, _bad = x_posts.read_page(body, own_id=self.external_id, own_handle=self.handle)
            found.update({post.external_id: post for post in posts})
            missing = x_posts.missing(body)
            found.update({one: Gone(one, verified=missing.get(one, False)) for one in ids if one not in found})
        return found

    # --- out ----------------------------------------------------------------------------------------------------------

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
        if not external_id:
            raise OutcomeUnknown("accepted without an id")
        return self._receipt(external_id)

    def _receipt(self, external_id: str) -> Receipt:
        return Receipt(external_id, f"https://x.com/{self.handle}/status/{external_id}")

    def find_own(self, post: OutgoingPost, *, since: datetime) -> ReadBack:
        params = {**x_posts.fields(self._vocabulary), "max_results": "100", "start_time": x_posts.rfc3339(since)}
        for _page in range(PAGES_MAX):
            body = _dict(self.api.get(f"/2/users/{self.external_id}/tweets", params))
            posts, bad = x_posts.read_page(body, own_id=self.external_id, own_handle=self.handle)
            for own in posts:
                if is_same(own, post):
                    return ReadBack(self._receipt(own.external_id), complete=True)
            token = (body.get("meta") or {}).get("next_token")
            if not token:
                return ReadBack(None, complete=not bad)
            params["pagination_token"] = str(token)
        return ReadBack(None, complete=False)

    def delete(self, external_id: str) -> None:
        data = _dict(_dict(self.api.write("DELETE", f"/2/tweets/{external_id}")).get("data"))
        if not data.get("deleted"):
            raise TargetGone("nothing was deleted")

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
