"""Where an answer goes: under the citizen's public post, or to the citizen alone.

A message is answered by a message. A public post can be answered in private where its network has that, its token may,
and the network does not limit it to one message that was written already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channels_sns.accounts import capabilities_of
from channels_sns.adapters.contract import ReplyTarget
from channels_sns.models import InboundPost, OutboundPost
from complaints.models import Complaint, ComplaintPost

Sent = OutboundPost.State
#: A private post that stands, or may stand: the network takes no second one.
SPOKEN = (Sent.QUEUED, Sent.SENDING, Sent.UNSURE, Sent.SENT)


@dataclass(frozen=True, slots=True)
class Ways:
    """What can be answered, None where nothing can: in public, in private. `usual`: the citizen's newest post."""

    public: ReplyTarget | None
    private: ReplyTarget | None
    usual: ReplyTarget

    @property
    def usually_private(self) -> bool:
        return is_private(self.usual)

    def target(self, *, private: bool) -> ReplyTarget | None:
        """None: this way there is none."""
        if private == self.usually_private:
            return self.usual
        return self.private if private else self.public


def is_private(target: ReplyTarget) -> bool:
    """Is it written to the city alone, so that its answer is read by the citizen alone?"""
    return target.kind == "message"


def room_of(complaint: Complaint, target: ReplyTarget, *, private: bool, most: int) -> tuple[int, int]:
    """How much one post holds, and in how many of at most `most` the answer may go out.

    A message may hold less than a public post; what a network takes once must fit into one.
    """
    can = capabilities_of(complaint.account)
    if is_private(target):
        return can.private_length or can.max_length, most
    if not private:
        return can.max_length, most
    return can.private_length or can.max_length, 1 if can.private_once else most


def ways_of(complaint: Complaint) -> Ways:
    """Both ways to answer this complaint."""
    posts = _posts([complaint])[complaint.pk]
    own = [post for post in posts if post.author_id == complaint.author_id]
    public = _best(complaint, [post for post in posts if post.kind != "message"])
    messages = _best(complaint, [post for post in own if post.kind == "message"])
    asked = _best(complaint, [post for post in own if post.kind != "message"])
    private = messages or (asked if asked and _takes_private(complaint, asked) else None)
    return Ways(public, private, _target(_answerable(complaint, posts)))


def target_of(complaint: Complaint) -> ReplyTarget:
    """The post to answer: the citizen's newest one that the network lets us answer, else the one that began it all."""
    return targets_of([complaint])[complaint.pk]


def targets_of(complaints: Sequence[Complaint]) -> dict[int, ReplyTarget]:
    """The same for many, by complaint; in one query."""
    posts = _posts(complaints)
    return {one.pk: _target(_answerable(one, posts[one.pk])) for one in complaints}


def _posts(complaints: Sequence[Complaint]) -> dict[int, list[InboundPost]]:
    """What others than the city wrote, by complaint, the newest first."""
    links = ComplaintPost.objects.filter(complaint__in=[one.pk for one in complaints])
    links = links.exclude(post__state=InboundPost.State.OWN)
    posts: dict[int, list[InboundPost]] = {}
    for link in links.select_related("post__author").order_by("-post__posted_at", "-id"):
        posts.setdefault(link.complaint_id, []).append(link.post)
    return posts


def _best(complaint: Complaint, posts: list[InboundPost]) -> ReplyTarget | None:
    return _target(_answerable(complaint, posts)) if posts else None


def _answerable(complaint: Complaint, posts: list[InboundPost]) -> InboundPost:
    own = [post for post in posts if post.author_id == complaint.author_id and post.gone_at is None]
    if own and own[0].kind == "message" and own[0].can_reply is None:  # last he wrote to the city alone
        return own[0]
    found = [post for post in own if post.can_reply] or [post for post in own if post.can_reply is None] or own or posts
    return found[0]


def _target(post: InboundPost) -> ReplyTarget:
    """The inbox stores the contract's kinds and no others."""
    author = post.author
    return ReplyTarget(
        external_id=post.external_id,
        root_id=post.root_id,
        parent_id=post.parent_id,
        kind=post.kind,  # type: ignore[arg-type]
        author_id=author.external_id if author else "",
        author_handle=author.handle if author else "",
        visibility=post.visibility,
    )


def _takes_private(complaint: Complaint, target: ReplyTarget) -> bool:
    """May this public post be answered in private?"""
    can, account = capabilities_of(complaint.account), complaint.account
    if target.kind not in can.private_reply or not target.author_id:
        return False
    if can.private_scope and can.private_scope not in account.options.get("scopes", account.token_scopes):
        return False
    if not can.private_once:
        return True
    spoken = OutboundPost.objects.filter(account=account, private=True, state__in=SPOKEN)
    return not spoken.filter(target__external_id=target.external_id).exists()
