"""The mailroom's shelves: accounts, what came in, what goes out."""

from channels_sns.models.account import Account, MetricSample
from channels_sns.models.amendment import Amendment
from channels_sns.models.brand import Brand, Voice
from channels_sns.models.broadcast import Broadcast, BroadcastEvent, Freeze, Picture, Variant
from channels_sns.models.followers import FollowerFigure
from channels_sns.models.inbound import Author, DeadLetter, Evidence, InboundMedia, InboundPost, PostVersion
from channels_sns.models.metering import RateWindow, Spending
from channels_sns.models.outbound import Attempt, OutboundPost
from channels_sns.models.pulse import Pulse
from channels_sns.models.push import PushDelivery
from channels_sns.models.repeat import Occurrence, Repeat
from channels_sns.models.result import PostResult
from channels_sns.models.turn import Turn

__all__ = [
    "Account",
    "Amendment",
    "Attempt",
    "Author",
    "Brand",
    "Broadcast",
    "BroadcastEvent",
    "DeadLetter",
    "Evidence",
    "FollowerFigure",
    "Freeze",
    "InboundMedia",
    "InboundPost",
    "MetricSample",
    "Occurrence",
    "OutboundPost",
    "Picture",
    "PostResult",
    "PostVersion",
    "Pulse",
    "PushDelivery",
    "RateWindow",
    "Repeat",
    "Spending",
    "Turn",
    "Variant",
    "Voice",
]
