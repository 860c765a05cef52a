"""X's adapter against written answers: what it asks, what a search makes good, what all of it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from channels_sns.adapters import x_prices
from channels_sns.adapters.contract import (
    AuthExpired,
    Cursor,
    Gone,
    IncomingPost,
    OutgoingMedia,
    OutgoingPost,
    Page,
    QuotaExhausted,
    RateLimited,
    ReplyTarget,
    Transient,
)
from channels_sns.adapters.metering import READS, WRITES
from channels_sns.adapters.x import XAdapter
from channels_sns.adapters.x_posts import read_page, snowflake
from channels_sns.adapters.x_threads import QUERY_MAX, THREADS_MAX, Threads
from tests.channels_sns.adapters.graph_stub import NOW, Answer, GraphStub, running_stub
from tests.sandbox import World

OWN = "1402005001"
MENTIONS, SEARCH, LOOKUP, OAUTH = f"users/{OWN}/mentions", "tweets/search/recent", "tweets", "oauth2/token"
FORBIDDEN = Answer({"title": "Client Forbidden", "type": "https://api.x.com/2/problems/client-forbidden"}, 403)


@pytest.fixture
def stub() -> Iterator[GraphStub]:
    with running_stub() as running:
        yield running


@pytest.fixture
def adapter(stub: GraphStub) -> XAdapter:
    return opened(stub)


def opened(stub: GraphStub, **options: Any) -> XAdapter:
    secrets = {"client_id": "c", "client_secret": "s", "oauth2_access_token": "t", "oauth2_refresh_token": "r"}
    return XAdapter(base_url=stub.url, secrets=secrets, external_id=OWN, handle="toktok_busan", options=options)


def id_at(minutes: float, *, number: int = 0) -> str:
    """An id of so many minutes before NOW."""
    return str(int(snowflake(NOW - timedelta(minutes=minutes))) + number)


def tweet(post_id: str, text: str = "@toktok_busan 가로등", *, author: str = "7", **more: Any) -> dict[str, Any]:
    return {"id": post_id, "text": text, "author_id": author, "conversation_id": post_id, **more}


def listed(*items: dict[str, Any], token: str = "") -> dict[str, Any]:
    meta = {"result_count": len(items)} | ({"next_token": token} if token else {})
    return {"meta": meta} | ({"data": list(items)} if items else {})


NOTHING = listed()


def poll(adapter: XAdapter, cursor: Cursor | None = None, *, now: datetime = NOW) -> list[Page]:
    return list(adapter.poll(cursor or {}, now=now))


def polled_until_it_breaks(adapter: XAdapter, cursor: Cursor) -> Cursor:
    """The last cursor that came before the poll raised."""
    try:
        for page in adapter.poll(cursor, now=NOW):
            cursor = page.cursor
    except Transient:
        return cursor
    raise AssertionError("it did not break")


def ids(pages: list[Page]) -> list[str]:
    return [post.external_id for page in pages for post in page.posts]


def a_cursor(since_minutes: float = 5, **more: Any) -> dict[str, Any]:
    """One whose searches are not due."""
    start = id_at(60 * 24 * 30)
    quiet = {"crossed": NOW.isoformat(), "followed": snowflake(NOW), "start": start}
    return {"since": id_at(since_minutes), **quiet, **more}


def spent(adapter: XAdapter) -> dict[str, Decimal]:
    return {lane: amount for (lane, _unit), amount in adapter.meter.used.items()}


# --- the mentions, and what they lose ---------------------------------------------------------------------------------


def eight_hundred(stub: GraphStub) -> str:
    """Eight pages of a hundred, the oldest half an hour ago; its id."""
    rows = [tweet(id_at(0.0125 * number + 20)) for number in range(800)]
    pages = [listed(*rows[at : at + 100], token="" if at == 700 else f"t{at}") for at in range(0, 800, 100)]
    stub.say(MENTIONS, *pages)
    return str(rows[-1]["id"])


def test_what_the_mentions_no_longer_list_a_search_finds(stub: GraphStub, adapter: XAdapter) -> None:
    oldest, lost = eight_hundred(stub), id_at(200)
    stub.say(SEARCH, listed(tweet(id_at(100)), token="more"), listed(tweet(lost)))
    pages = poll(adapter, a_cursor(300))
    assert len(ids(pages)) == 802
    assert lost in ids(pages)
    first, second = stub.calls(SEARCH)
    assert first.query["query"] == "@toktok_busan -is:retweet"
    assert first.query["until_id"] == oldest
    assert int(first.query["since_id"]) < int(id_at(300))
    assert second.query["next_token"] == "more"
    assert [page.gap for page in pages if page.gap] == []
    assert pages[-1].cursor["since"] == id_at(20)
    assert "walk" not in pages[-1].cursor
    assert all("walk" in page.cursor and page.cursor["since"] == id_at(300) for page in pages[:-1])
    assert spent(adapter) == {"mention": 800 * x_prices.OWN_READ + 2 * x_prices.POST_READ}


def test_beyond_seven_days_the_gap_is_told(stub: GraphStub, adapter: XAdapter) -> None:
    eight_hundred(stub)
    stub.say(SEARCH, NOTHING)
    pages = poll(adapter, a_cursor(60 * 24 * 8))
    assert [page.gap for page in pages if page.gap] == [
        "the network lists only 800 mentions and searches only seven days"
    ]
    (asked,) = stub.calls(SEARCH)
    assert abs(int(asked.query["since_id"]) - int(id_at(60 * 24 * 7 - 10))) < 1 << 22


def test_a_refused_search_leaves_a_gap_and_no_loop(stub: GraphStub, adapter: XAdapter) -> None:
    eight_hundred(stub)
    stub.say(SEARCH, FORBIDDEN)
    pages = poll(adapter, a_cursor(300))
    assert [page.gap.split(":")[0] for page in pages if page.gap] == [
        "the network lists only 800 mentions and refused the search below"
    ]
    assert pages[-1].cursor["since"] == id_at(20)


def test_a_search_that_breaks_is_taken_up_again(stub: GraphStub, adapter: XAdapter) -> None:
    oldest = eight_hundred(stub)
    stub.say(SEARCH, Answer("down", 503), listed(tweet(id_at(200))))
    cursor = polled_until_it_breaks(adapter, a_cursor(300))
    assert cursor["walk"] == {"until": oldest, "newest": id_at(20)}
    stub.say(MENTIONS, NOTHING)
    again = poll(adapter, cursor)
    assert ids(again) == [id_at(200)]
    assert stub.calls(MENTIONS)[-1].query["until_id"] == oldest
    assert again[-1].cursor["since"] == id_at(20)


def test_a_walk_broken_off_under_new_mentions_is_checked_by_search(stub: GraphStub, adapter: XAdapter) -> None:
    """While it rested, new mentions pushed old ones out of the list: nothing is listed below, a search finds it."""
    cursor = a_cursor(300, walk={"until": id_at(50), "newest": id_at(2)})
    stub.say(MENTIONS, NOTHING)
    stub.say(SEARCH, listed(tweet(id_at(70))))
    assert ids(poll(adapter, cursor)) == [id_at(70)]


def test_an_ordinary_poll_asks_once(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(MENTIONS, listed(tweet(id_at(1))))
    first = poll(adapter)
    assert len(stub.asked) == 1
    again = poll(adapter, first[-1].cursor, now=NOW + timedelta(minutes=1))
    assert ids(again) == [id_at(1)]
    assert len(stub.asked) == 2


def test_a_list_without_end_ends(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(MENTIONS, listed(token="again"))
    with pytest.raises(Transient):
        poll(adapter)


# --- the search beside them -------------------------------------------------------------------------------------------


def test_every_half_hour_the_last_hour_is_searched(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(MENTIONS, NOTHING)
    stub.say(SEARCH, listed(tweet(id_at(40)), tweet(id_at(10))))
    cursor = a_cursor(crossed=(NOW - timedelta(minutes=29)).isoformat())
    assert ids(poll(adapter, cursor)) == []
    cursor = a_cursor(crossed=(NOW - timedelta(minutes=30)).isoformat())
    pages = poll(adapter, cursor)
    assert ids(pages) == [id_at(40), id_at(10)]
    assert stub.calls(SEARCH)[0].query["since_id"] == id_at(60)
    assert pages[-1].cursor["crossed"] == NOW.isoformat()
    assert spent(adapter) == {"search": x_prices.POST_READ}, "what the last check had read is not charged again"


def test_nothing_older_than_the_connection_is_searched(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(MENTIONS, NOTHING)
    stub.say(SEARCH, NOTHING)
    poll(adapter, {"since": id_at(1), "start": id_at(3)})
    assert abs(int(stub.calls(SEARCH)[0].query["since_id"]) - int(id_at(18))) < 1 << 22


def test_a_lane_that_is_shut_searches_nothing(stub: GraphStub, adapter: XAdapter) -> None:
    adapter.meter.shut = frozenset({"search"})
    poll(adapter, {"since": id_at(1)})
    assert stub.calls(SEARCH) == []
    assert len(stub.calls(MENTIONS)) == 1


@pytest.mark.parametrize(("answer", "gaps"), [(FORBIDDEN, 1), (Answer("down", 503), 0), (Answer({}, 429), 0)])
def test_a_search_beside_never_breaks_the_poll(stub: GraphStub, adapter: XAdapter, answer: Answer, gaps: int) -> None:
    stub.say(MENTIONS, listed(tweet(id_at(1))))
    stub.say(SEARCH, answer)
    pages = poll(adapter, {"since": id_at(2)})
    assert ids(pages) == [id_at(1)]
    assert sum(bool(page.gap) for page in pages) == gaps
    assert pages[-1].cursor["since"] == id_at(1)
    later = poll(adapter, pages[-1].cursor)
    assert len(stub.calls(SEARCH)) == (1 if gaps else 2), "what is forbidden is not asked again at once"
    assert ids(later) == [id_at(1)]


def test_credits_that_end_during_a_search_stop_the_channel(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(MENTIONS, NOTHING)
    stub.say(SEARCH, Answer({"title": "Payment Required"}, 402))
    with pytest.raises(QuotaExhausted):
        poll(adapter, {"since": id_at(2)})


# --- what follows without naming us -----------------------------------------------------------------------------------


def test_the_second_message_of_a_citizen_is_seen(stub: GraphStub, adapter: XAdapter) -> None:
    root, own = id_at(30), id_at(9)
    stub.say(MENTIONS, listed(tweet(root)))
    first = poll(adapter, a_cursor(40))
    follow_up = tweet(id_at(4), "사진도 올립니다", conversation_id=root)
    stranger = tweet(id_at(3), "저도요", author="8", conversation_id=root)
    ours = tweet(own, "접수했습니다", author=OWN, conversation_id=root)
    stub.say(SEARCH, listed(stranger, follow_up, ours))
    cursor = {**first[-1].cursor, "followed": id_at(6)}
    pages = poll(adapter, cursor)
    assert ids(pages) == [root, id_at(4)]
    (asked,) = stub.calls(SEARCH)
    assert asked.query["query"] == f"conversation_id:{root} -is:retweet"
    assert pages[-1].cursor["followed"] == snowflake(NOW)
    assert spent(adapter)["search"] == 2 * x_prices.POST_READ


def test_threads_are_looked_into_every_five_minutes_for_two_days(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(MENTIONS, NOTHING)
    stub.say(SEARCH, NOTHING)
    thread = {"5": {"at": (NOW - timedelta(hours=47)).isoformat(), "who": ["7"]}}
    poll(adapter, a_cursor(threads=thread, followed=id_at(4)))
    assert stub.calls(SEARCH) == []
    poll(adapter, a_cursor(threads=thread, followed=id_at(5)))
    assert len(stub.calls(SEARCH)) == 1
    later = NOW + timedelta(hours=2)
    poll(adapter, a_cursor(threads=thread, followed=id_at(5), crossed=later.isoformat()), now=later)
    assert len(stub.calls(SEARCH)) == 1


def test_many_threads_make_few_queries_that_are_short_enough() -> None:
    threads = Threads({}, now=NOW)
    posts = [read(tweet(id_at(1, number=number))) for number in range(70)]
    threads.note(posts)
    threads.note([replace(read(tweet("9")), root_id="5 OR from:mayor")])
    queries = list(threads.queries())
    assert len(threads.kept) == THREADS_MAX
    assert max(map(len, queries)) <= QUERY_MAX
    assert len(queries) <= 5
    assert sum(query.count("conversation_id:") for query in queries) == THREADS_MAX
    assert "mayor" not in " ".join(queries)


def read(item: dict[str, Any]) -> IncomingPost:
    posts, _bad = read_page({"data": [item]}, own_id=OWN, own_handle="toktok_busan")
    return posts[0]


# --- looked up --------------------------------------------------------------------------------------------------------


def test_protected_is_not_gone(stub: GraphStub, adapter: XAdapter) -> None:
    def error(one: str, kind: str) -> dict[str, str]:
        return {"resource_id": one, "type": f"https://api.twitter.com/2/problems/{kind}", "title": "x"}

    errors = [error("2", "resource-not-found"), error("3", "not-authorized-for-resource")]
    stub.say(LOOKUP, {"data": [tweet("1")], "errors": errors})
    found = adapter.lookup(["1", "2", "3", "4"])
    assert isinstance(found["1"], IncomingPost)
    assert [found[one] for one in "234"] == [Gone("2", True), Gone("3", False), Gone("4", False)]
    assert spent(adapter) == {"search": x_prices.POST_READ}


@pytest.mark.parametrize("name", ["edit_history_tweet_ids", "edit_history_post_ids"])
def test_an_earlier_version_leads_to_the_newest(stub: GraphStub, adapter: XAdapter, name: str) -> None:
    """Whether the network answers with the version that was asked for, or with the newest at once."""
    old = {**tweet("10", "가로등"), name: ["10", "20"]}
    new = {**tweet("20", "가로등과 신호등"), name: ["10", "20"]}
    for answers, calls in (([{"data": [old]}, {"data": [new]}], 2), ([{"data": [new]}], 1)):
        stub.asked.clear()
        stub.say(LOOKUP, *answers)
        found = adapter.lookup(["10"])["10"]
        assert isinstance(found, IncomingPost)
        assert (found.external_id, found.text, found.earlier_ids) == ("20", "가로등과 신호등", ("10",))
        assert len(stub.asked) == calls


def test_a_newest_version_that_is_lost_leaves_the_one_at_hand(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(LOOKUP, {"data": [tweet("10", edit_history_tweet_ids=["10", "20"])]}, {"errors": []})
    found = adapter.lookup(["10"])["10"]
    assert isinstance(found, IncomingPost)
    assert found.external_id == "10"


def test_an_edited_post_of_the_sandbox_is_found_by_its_first_id(world: World) -> None:
    first = world.citizen_post("x", "가로등이 꺼졌습니다")
    second = world.edit("x", first, "가로등과 신호등이 꺼졌습니다")
    city = world.city("x")
    adapter = XAdapter(
        base_url=world.base_url("x"),
        secrets=world.credentials("x"),
        external_id=city["id"],
        handle=city["handle"],
    )
    found = adapter.lookup([first])[first]
    assert isinstance(found, IncomingPost)
    assert (found.external_id, "신호등" in found.text) == (second, True)


def test_the_sandbox_finds_a_second_message_and_a_mention_by_search(world: World) -> None:
    city = world.city("x")
    adapter = XAdapter(
        base_url=world.base_url("x"), secrets=world.credentials("x"), external_id=city["id"], handle=city["handle"]
    )
    roots = [world.citizen_post("x", f"{n}번째 민원", handle=f"citizen{n}") for n in (1, 2)]
    first = poll(adapter, now=datetime.now(NOW.tzinfo))
    more = world.citizen_post("x", "사진도 올립니다", handle="citizen1", in_reply_to=roots[0], mention=False)
    cursor = {**first[-1].cursor, "crossed": None, "followed": id_at(0)}
    found = poll(adapter, cursor, now=datetime.now(NOW.tzinfo))
    assert {*roots, more} <= set(ids(found))


# --- prices and windows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount", "why"),
    [
        ("태풍이 옵니다", "0.015", ""),
        ("자세히: https://www.busan.go.kr/news", "0.200", "url"),
        ("자세히: busan.go.kr", "0.200", "url"),
        ("부산시청.한국 에서 확인하세요", "0.015", ""),
    ],
)
def test_an_address_costs_thirteen_times_as_much(adapter: XAdapter, text: str, amount: str, why: str) -> None:
    price = adapter.price(OutgoingPost("k", text))
    assert price is not None
    assert (price.amount, price.unit, price.why) == (Decimal(amount), "USD", why)


def test_an_answer_is_cheaper_and_a_description_is_not_free(adapter: XAdapter) -> None:
    answer = adapter.price(OutgoingPost("k", "고쳤습니다", target=ReplyTarget("1")))
    assert answer is not None
    assert answer.amount == Decimal("0.010")
    linked = adapter.price(OutgoingPost("k", "busan.go.kr", target=ReplyTarget("1")))
    assert linked is not None
    assert linked.amount == Decimal("0.200")
    photos = (OutgoingMedia(b"x", "image/png", "지도"), OutgoingMedia(b"x", "image/png"))
    shown = adapter.price(OutgoingPost("k", "태풍", media=photos))
    assert shown is not None
    assert shown.amount == Decimal("0.020")


def headers(family: str, remaining: str, *, limit: str = "300", reset: str = "1795489200") -> dict[str, str]:
    return {f"{family}-limit": limit, f"{family}-remaining": remaining, f"{family}-reset": reset}


def test_the_windows_are_heard_also_from_a_refusal(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(MENTIONS, Answer({}, 429, headers("x-rate-limit", "0")))
    with pytest.raises(RateLimited):
        poll(adapter)
    (window,) = adapter.meter.windows.values()
    assert (window.name, window.unit) == ("GET /2/users/:id/mentions", READS)
    assert (window.remaining, window.limit) == (0, 300)
    assert window.resets_at == datetime.fromtimestamp(1795489200, NOW.tzinfo)


def test_a_day_behind_a_healthy_quarter_of_an_hour_is_heard_too() -> None:
    told = headers("x-rate-limit", "99", limit="100") | headers("x-user-limit-24hour", "0", limit="10000")
    found = {window.name: window for window in x_prices.windows("POST /2/tweets", told)}
    assert {name: (one.remaining, one.unit) for name, one in found.items()} == {
        "POST /2/tweets": (99, WRITES),
        "POST /2/tweets user/24h": (0, WRITES),
    }


@pytest.mark.parametrize("broken", ["", "many", "-1", "1e9", "²", "9" * 13])
def test_nonsense_in_the_headers_is_passed_over(broken: str) -> None:
    for name in headers("x-rate-limit", "1"):
        assert list(x_prices.windows("GET /2/tweets", {**headers("x-rate-limit", "1"), name: broken})) == []


def test_windows_that_decide_nothing_are_not_kept() -> None:
    assert list(x_prices.windows("GET /2/users/me", headers("x-rate-limit", "1"))) == []


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_both_tokens_are_renewed_by_the_applications_name_and_word(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(f"POST {OAUTH}", {"access_token": "t2", "refresh_token": "r2", "expires_in": 7200})
    assert adapter.refresh() == {"oauth2_access_token": "t2", "oauth2_refresh_token": "r2"}
    (asked,) = stub.asked
    assert asked.headers["Authorization"] == "Basic Yzpz"
    assert asked.form == {"grant_type": "refresh_token", "refresh_token": "r", "client_id": "c"}


def test_a_token_that_does_not_rotate_keeps_the_old_one(stub: GraphStub, adapter: XAdapter) -> None:
    stub.say(f"POST {OAUTH}", {"access_token": "t2"})
    assert adapter.refresh() == {"oauth2_access_token": "t2"}


def test_keys_that_do_not_expire_are_not_renewed(stub: GraphStub) -> None:
    keys = {"consumer_key": "a", "consumer_secret": "b", "access_token": "c", "access_token_secret": "d"}
    assert XAdapter(base_url=stub.url, secrets=keys).refresh() is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"error": "invalid_request", "error_description": "Value passed for the token was invalid."}, 400),
         AuthExpired),
        (Answer({"error": "invalid_grant"}, 400), AuthExpired),
        (Answer({"error": "unauthorized_client"}, 401), AuthExpired),
        (Answer({"token_type": "bearer"}), AuthExpired),
        (Answer({}, 429), Transient),
        (Answer("<html>", 502), Transient),
    ],
)  # fmt: skip
def test_a_refused_renewal_is_told_from_a_server_that_is_down(
    stub: GraphStub, adapter: XAdapter, answer: Answer, error: type[Exception]
) -> None:
    stub.say(f"POST {OAUTH}", answer)
    with pytest.raises(error):
        adapter.refresh()
