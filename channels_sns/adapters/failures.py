"""What a network can say no with: the errors that every call of an adapter may raise, and no others."""

from __future__ import annotations

from datetime import datetime


class ChannelError(Exception):
    """Something a network said or did. `detail` is an excerpt (≤ 2 kB) without secrets."""

    def __init__(
        self,
        detail: str = "",
        *,
        status: int | None = None,
        code: str = "",
        trace: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail, self.status, self.code, self.trace, self.retry_at = detail[:2000], status, code, trace, retry_at


class Transient(ChannelError):
    """Surely nothing happened (no byte left, or a read failed): try again later."""


class OutcomeUnknown(ChannelError):
    """A write may have happened. Only `find_own` may follow."""


class RateLimited(ChannelError):
    """Too many calls; `retry_at` says when the window opens, if the network told."""


class QuotaExhausted(ChannelError):
    """Credits, a monthly cap or a daily quota are used up: the channel stops and people are told."""


class AuthExpired(ChannelError):
    """The token is refused. One refresh may help; otherwise the account must be connected again."""


class PermissionDenied(ChannelError):
    """The token works but lacks a scope or a role: a person must change the connection."""


class ReplyNotAllowed(ChannelError):
    """The network does not let us answer this post (not summoned, comments closed): another way is needed."""


class TargetGone(ChannelError):
    """The post to answer is deleted or hidden from us."""


class Rejected(ChannelError):
    """The network refuses this content (too long, bad media, policy, our own bug): never the same again."""


class Duplicate(ChannelError):
    """The network says this was already posted: read back before anything else."""
