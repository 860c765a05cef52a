"""What a network's dialect gives to the kernel. A subclass overrides what differs; the rest works as it stands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.http import HttpResponse
from django.urls import URLPattern

from channels_sns.sandbox.calls import ApiCall, ApiError, Verbatim

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from channels_sns.sandbox.models import Person, Post, World


#: What became of a post.
Verb = Literal["add", "edit", "remove"]


class Dialect(ABC):
    """One network. The instance holds no state: everything is in the tables."""

    kind: ClassVar[str]
    label: ClassVar[str | StrPromise]
    #: One sentence on the citizens' page: how the city hears of a post here.
    hint: ClassVar[str | StrPromise] = ""
    city_id: ClassVar[str]
    city_handle: ClassVar[str] = "toktok_busan"
    city_name: ClassVar[str] = "톡톡부산"
    #: Does an edit keep the id, or is the new version a new post?
    edits: ClassVar[Literal["same_id", "new_id"]] = "same_id"
    #: The network's own addresses of a post's page, below /<world>/<kind>/; they lead to the thread's page.
    permalinks: ClassVar[tuple[str, ...]] = ()
    #: Where such an address names the post in its query.
    permalink_query: ClassVar[str] = ""
    #: A conversation between one citizen and the city instead of a feed.
    chat: ClassVar[bool] = False
    #: May a citizen attach a photo?
    photos: ClassVar[bool] = True
    #: Beside the feed, does each citizen have a conversation with the city (posts of the kind "message")?
    messages: ClassVar[bool] = False
    content_type: ClassVar[str] = "application/json; charset=utf-8"

    @abstractmethod
    def credentials(self, world: World) -> dict[str, str]:
        """The city account's secrets in this world, named as the desk's adapter names them."""

    def other_credentials(self, world: World) -> dict[str, str]:
        """A second complete set of secrets, where the network has two ways to log in."""
        return {}

    @abstractmethod
    def endpoints(self) -> list[URLPattern]:
        """The API's addresses below /<world>/<kind>/, made with calls.endpoint."""

    def admit(self, call: ApiCall) -> None:
        """Runs before every handler: check the credentials, count the rate window. Raises ApiError."""
        return

    def publishes(self, call: ApiCall) -> bool:
        """Does this call to an address that creates posts really create one?"""
        return True

    def new_id(self, number: int, post: Post) -> str:
        """The id of a new post. `post.author` and `post.parent` are set."""
        return str(number)

    def person_id(self, number: int, handle: str) -> str:
        return str(number)

    def upload_id(self, number: int) -> str:
        return str(number)

    def kind_of(self, post: Post) -> str:
        """The network's word for this post, kept in `post.kind`."""
        return "reply" if post.parent else "post"

    def with_mention(self, text: str, parent: Post | None = None) -> str:
        """`text` with the mention by which the city hears of it, unless it is there already."""
        return text

    def mentions_by_itself(self, parent: Post | None) -> bool:
        """Does the network's own app put that mention in when a citizen writes (under `parent`)?"""
        return True

    def places(self, world: World) -> Mapping[str, str]:
        """What of the city's a citizen can write under (id: title), where nobody writes without; the first is usual."""
        return {}

    def parent_for(self, parent: Post) -> Post:
        """What an answer to `parent` is really hung under, where threads are not as deep as people like."""
        return parent

    def id_at(self, handle: str, post_id: str) -> str:
        """The id of the post at one of the `permalinks`."""
        return post_id

    def fits(self, text: str) -> bool:
        """May a citizen write this much?"""
        return True

    def complete(self, post: Post) -> None:
        """Fill `post.extra` before the post is stored; author, parent and text are set."""
        return

    def shown_to(self, post: Post, handle: str) -> bool:
        """May this citizen see the post on the page? `post.parent.author` is there."""
        return True

    def concerns_city(self, post: Post) -> bool:
        """Does a citizen's post stand in the city's feed or notifications?"""
        return True

    def announce(self, post: Post, verb: Verb) -> None:
        """What the network sends to the webhooks registered with it, as soon as something happened."""
        return

    def plain_text(self, post: Post) -> str:
        """The text as the page shows it."""
        return post.text

    def error(self, status: int, detail: str) -> ApiError:
        """A refusal in this network's shape."""
        return ApiError(status, {"error": detail})

    def refusal(self, name: str, call: ApiCall) -> ApiError:
        """This network's words for unauthorized, rate_limited, duplicate_refusal, target_gone, not_summoned."""
        statuses = {"unauthorized": 401, "rate_limited": 429, "target_gone": 404}
        return self.error(statuses.get(name, 403), name)

    def item(self, call: ApiCall, post: Post) -> Any:
        """`post` as an item of the city's feed; override `shape`, not this."""
        return Verbatim(bytes(post.raw)) if post.raw is not None else self.shape(call, post)

    def shape(self, call: ApiCall, post: Post) -> Any:
        """`post` as this network's JSON."""
        raise NotImplementedError

    def city_of(self, call: ApiCall) -> Person:
        from channels_sns.sandbox import store

        return store.city(call.world, self)

    def not_found(self, call: ApiCall, **arguments: str) -> HttpResponse:
        """An address that this network does not have."""
        raise self.error(404, "Not Found")
