"""The only list of networks that the sandbox speaks."""

from __future__ import annotations

from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.dialects.bluesky import Bluesky
from channels_sns.sandbox.dialects.facebook import Facebook
from channels_sns.sandbox.dialects.kakao import Kakao
from channels_sns.sandbox.dialects.mastodon import Mastodon
from channels_sns.sandbox.dialects.me2day import Me2day
from channels_sns.sandbox.dialects.x import X
from channels_sns.sandbox.dialects.youtube import YouTube

DIALECTS: dict[str, Dialect] = {
    dialect.kind: dialect for dialect in (X(), Facebook(), Me2day(), Mastodon(), YouTube(), Bluesky(), Kakao())
}
