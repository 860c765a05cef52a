"""Every network the desk speaks. Adding one: docs/adding-a-channel.md."""

from __future__ import annotations

from channels_sns.adapters.bluesky import BlueskyAdapter
from channels_sns.adapters.contract import Adapter
from channels_sns.adapters.facebook import FacebookAdapter
from channels_sns.adapters.kakao import KakaoAdapter
from channels_sns.adapters.mastodon import MastodonAdapter
from channels_sns.adapters.me2day import Me2dayAdapter
from channels_sns.adapters.x import XAdapter
from channels_sns.adapters.youtube import YouTubeAdapter

#: The only list of channels: kind → adapter.
ADAPTERS: dict[str, type[Adapter]] = {
    cls.capabilities.kind: cls
    for cls in (
        XAdapter,
        FacebookAdapter,
        YouTubeAdapter,
        BlueskyAdapter,
        MastodonAdapter,
        KakaoAdapter,
        Me2dayAdapter,
    )
}
