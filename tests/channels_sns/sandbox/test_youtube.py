"""YouTube's dialect over real HTTP with requests, not through our adapter."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.channels_sns.sandbox.test_web import Browser
from tests.sandbox import World
from tests.shared_material import shared

CHANNEL = "UCt0ktokbusan0000000000w"
FIRST, SECOND = "bSnToKtok01", "bSnToKtok02"


class Client:
    """The city's session: an access token from the refresh token, and the API's addresses."""

    def __init__(self, world: World) -> None:
        self.world, self.base = world, world.base_url("youtube")
        self.session = requests.Session()
        self.log_in()

    def token(self, **changed: str) -> requests.Response:
        form = {"grant_type": "refresh_token", **self.world.credentials("youtube"), **changed}
        return requests.post(f"{self.base}/token", data=form, timeout=20)

    def log_in(self) -> None:
        self.session.headers["Authorization"] = f"Bearer {self.token().json()['access_token']}"

    def ask(self, method: str, path: str, body: Any = None, **params: Any) -> requests.Response:
        url = f"{self.base}/youtube/v3/{path}"
        return self.session.request(method, url, params={"part": "snippet,replies", **params}, json=body, timeout=20)

    def threads(self, **params: Any) -> list[dict[str, Any]]:
        answer = self.ask("GET", "commentThreads", **({"allThreadsRelatedToChannelId": CHANNEL} | params))
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    def comments(self, **params: Any) -> list[dict[str, Any]]:
        return list(self.ask("GET", "comments", part="snippet", **params).json()["items"])

    def reply(self, parent: str, text: str = "확인하겠습니다") -> requests.Response:
        body = {"snippet": {"parentId": parent, "textOriginal": text}}
        return self.ask("POST", "comments", body, part="snippet")


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    client = Client(world)
    yield client
    client.session.close()


@pytest.fixture
def citizen(world: World) -> Iterator[Browser]:
    citizen = Browser(world)
    yield citizen
    citizen.session.close()


def reason(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["errors"][0]["reason"]


def test_an_access_token_lives_an_hour_and_no_longer(world: World, client: Client) -> None:
    answer = client.token().json()
    assert (answer["expires_in"], answer["token_type"], "refresh_token" in answer) == (3599, "Bearer", False)
    world.settings("youtube", token_seconds=1)
    client.log_in()
    assert client.threads() == []
    deadline = time.monotonic() + 5
    while (refused := client.ask("GET", "commentThreads", videoId=FIRST)).ok and time.monotonic() < deadline:
        time.sleep(0.1)
    assert reason(refused) == (401, "authError")


def test_a_switch_kills_all_tokens_and_another_the_refresh_token(world: World, client: Client) -> None:
    world.settings("youtube", expire=1)
    assert reason(client.ask("GET", "commentThreads", videoId=FIRST)) == (401, "authError")
    client.log_in()
    assert client.threads(part="id") == []
    world.settings("youtube", refresh_dead=True)
    dead = client.token()
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_grant")
    assert client.token(client_secret="guess").json()["error"] == "invalid_client"
    assert client.token(grant_type="password").json()["error"] == "unsupported_grant_type"


def test_who_am_i_with_rounded_subscribers(world: World, client: Client) -> None:
    world.settings("youtube", followers=51_239)
    (channel,) = client.ask("GET", "channels", part="snippet,statistics", mine="true").json()["items"]
    assert (channel["id"], channel["statistics"]["subscriberCount"]) == (CHANNEL, "51200")
    world.settings("youtube", hidden_subscribers=True)
    (channel,) = client.ask("GET", "channels", part="statistics", id=CHANNEL).json()["items"]
    assert channel["statistics"]["hiddenSubscriberCount"] is True
    assert "subscriberCount" not in channel["statistics"]
    assert "snippet" not in channel
    assert client.ask("GET", "channels", part="id", id="UCnobody").json()["items"] == []


def test_comments_of_every_video_newest_first_on_pages(world: World, client: Client) -> None:
    written = [world.citizen_post("youtube", f"{n}번", extra={"place": [FIRST, SECOND][n % 2]}) for n in range(5)]
    first = client.ask("GET", "commentThreads", allThreadsRelatedToChannelId=CHANNEL, order="time", maxResults=3).json()
    rest = client.ask(
        "GET",
        "commentThreads",
        allThreadsRelatedToChannelId=CHANNEL,
        maxResults=3,
        pageToken=first["nextPageToken"],
    ).json()
    assert [item["id"] for item in [*first["items"], *rest["items"]]] == written[::-1]
    assert "nextPageToken" not in rest
    assert (first["pageInfo"], first["kind"]) == (
        {"totalResults": 3, "resultsPerPage": 3},
        "youtube#commentThreadListResponse",
    )
    assert [item["id"] for item in client.threads(videoId=SECOND, allThreadsRelatedToChannelId=None)] == [
        written[3],
        written[1],
    ]
    assert [item["id"] for item in client.threads(id=written[0], allThreadsRelatedToChannelId=None)] == [written[0]]


def test_the_texts_of_others_are_html_or_plain_and_never_the_original(world: World, client: Client) -> None:
    post_id = world.citizen_post("youtube", "<b>불법</b> & 주차\n둘째 줄", handle="kim_busan")
    (thread,) = client.threads()
    top = thread["snippet"]["topLevelComment"]
    assert top["snippet"]["textDisplay"] == "&lt;b&gt;불법&lt;/b&gt; &amp; 주차<br>둘째 줄"
    assert "textOriginal" not in top["snippet"]
    assert (top["id"], thread["snippet"]["videoId"], thread["snippet"]["canReply"]) == (post_id, FIRST, True)
    assert top["snippet"]["authorDisplayName"] == "@kim_busan"
    assert top["snippet"]["authorChannelId"]["value"].startswith("UC")
    (plain,) = client.comments(id=post_id, textFormat="plainText")
    assert plain["snippet"]["textDisplay"] == "<b>불법</b> & 주차\n둘째 줄"
    world.settings("youtube", author_ids=False)
    assert "authorChannelId" not in client.comments(id=post_id)[0]["snippet"]


def test_an_edit_shows_in_updated_at(world: World, client: Client) -> None:
    post_id = world.citizen_post("youtube", "가로등", posted_at="2026-11-01T09:00:00+09:00")
    (before,) = client.comments(id=post_id)
    assert before["snippet"]["publishedAt"] == before["snippet"]["updatedAt"] == "2026-11-01T00:00:00Z"
    world.edit("youtube", post_id, "가로등 세 개")
    (after,) = client.comments(id=post_id)
    assert after["snippet"]["textDisplay"] == "가로등 세 개"
    assert after["snippet"]["publishedAt"] < after["snippet"]["updatedAt"]
    assert after["etag"] != before["etag"]


def test_a_late_reply_raises_the_count_and_moves_nothing(world: World, client: Client) -> None:
    old = world.citizen_post("youtube", "먼저")
    new = world.citizen_post("youtube", "나중")
    replies = [world.citizen_post("youtube", f"덧붙임 {n}", in_reply_to=old) for n in range(7)]
    newer, older = client.threads()
    assert (newer["id"], older["id"], older["snippet"]["totalReplyCount"]) == (new, old, 7)
    assert "replies" not in newer
    embedded = [comment["id"] for comment in older["replies"]["comments"]]
    assert embedded == replies[:1:-1]
    page = client.ask("GET", "comments", part="snippet", parentId=old, maxResults=4).json()
    rest = client.comments(parentId=old, maxResults=4, pageToken=page["nextPageToken"])
    assert [comment["id"] for comment in [*page["items"], *rest]] == replies[::-1]


def test_replies_stand_below_the_first_comment_whoever_is_answered(world: World, client: Client) -> None:
    top = world.citizen_post("youtube", "가로등이 꺼졌어요")
    answer = client.reply(top)
    assert answer.status_code == 200
    reply = answer.json()
    assert reply["id"].startswith(f"{top}.")
    assert (reply["snippet"]["parentId"], reply["snippet"]["textOriginal"]) == (top, "확인하겠습니다")
    thanks = world.citizen_post("youtube", "고맙습니다", in_reply_to=reply["id"])
    assert thanks.startswith(f"{top}.")
    assert reason(client.reply(thanks)) == (400, "operationNotSupported")
    assert client.reply(top).ok, "nothing tells a duplicate"
    assert len(world.replies("youtube", top)) == 2


def test_what_cannot_be_answered(world: World, client: Client) -> None:
    closed = world.citizen_post("youtube", "닫힘", extra={"can_reply": False})
    open_ = world.citizen_post("youtube", "열림")
    assert [item["snippet"]["canReply"] for item in client.threads()] == [True, False]
    assert reason(client.reply(closed)) == (400, "operationNotSupported")
    world.settings("youtube", comments_disabled=[FIRST])
    assert reason(client.reply(open_)) == (403, "commentsDisabled")
    assert reason(client.ask("GET", "commentThreads", videoId=FIRST)) == (403, "commentsDisabled")
    world.settings("youtube", comments_disabled=[])
    world.delete("youtube", open_)
    assert reason(client.reply(open_)) == (404, "parentCommentNotFound")
    assert reason(client.reply("")) == (400, "parentIdMissing")
    assert reason(client.reply(closed, " ")) == (400, "commentTextRequired")
    assert reason(client.reply(closed, "가" * 10_001)) == (400, "commentTextTooLong")


def test_own_comments_are_changed_and_deleted_others_are_not(world: World, client: Client) -> None:
    body = {"snippet": {"videoId": SECOND, "topLevelComment": {"snippet": {"textOriginal": "안내"}}}}
    own = client.ask("POST", "commentThreads", body).json()["id"]
    changed = client.ask("PUT", "comments", {"id": own, "snippet": {"textOriginal": "새 안내"}}, part="snippet")
    assert changed.json()["snippet"]["textOriginal"] == "새 안내"
    gone = client.ask("DELETE", "comments", id=own)
    assert (gone.status_code, gone.content) == (204, b"")
    assert reason(client.ask("DELETE", "comments", id=own)) == (404, "commentNotFound")
    other = world.citizen_post("youtube", "민원")
    assert reason(client.ask("DELETE", "comments", id=other)) == (403, "forbidden")
    assert client.comments(id=f"{own},{other}")[0]["id"] == other


def test_with_a_first_comment_its_replies_go(world: World, client: Client) -> None:
    top = world.citizen_post("youtube", "민원")
    reply = client.reply(top).json()["id"]
    world.delete("youtube", top)
    assert (client.threads(), client.comments(id=reply)) == ([], [])


def test_the_spam_filter_takes_a_reply_without_a_word(world: World, client: Client) -> None:
    top = world.citizen_post("youtube", "민원")
    world.settings("youtube", hold=True)
    held = client.reply(top)
    assert held.status_code == 200
    assert client.threads()[0]["snippet"]["totalReplyCount"] == 0
    assert client.comments(id=held.json()["id"])[0]["snippet"]["moderationStatus"] == "heldForReview"
    key = {"key": world.ask("youtube", "credentials?set=key")["api_key"], "part": "snippet"}
    url = f"{client.base}/youtube/v3/comments"
    assert requests.get(url, params={**key, "id": held.json()["id"]}, timeout=20).json()["items"] == []
    assert requests.get(url, params={**key, "id": top}, timeout=20).json()["items"][0]["id"] == top


def test_the_day_has_so_many_units(world: World, client: Client) -> None:
    top = world.citizen_post("youtube", "민원")
    world.settings("youtube", daily_units=102)
    client.threads()
    assert client.reply(top).ok
    assert reason(client.reply("")) == (400, "parentIdMissing")
    client.threads()
    refused = client.ask("GET", "commentThreads", videoId=FIRST)
    assert reason(refused) == (403, "quotaExceeded")
    assert refused.json()["error"]["errors"][0]["domain"] == "youtube.quota"


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({}, (400, "missingRequiredParameter")),
        ({"videoId": FIRST, "id": "Ug1"}, (400, "incompatibleParameters")),
        ({"videoId": "nothing"}, (404, "videoNotFound")),
        ({"allThreadsRelatedToChannelId": "UCnobody"}, (404, "channelNotFound")),
        ({"videoId": FIRST, "maxResults": 101}, (400, "invalidValue")),
        ({"videoId": FIRST, "order": "oldest"}, (400, "invalidValue")),
        ({"videoId": FIRST, "pageToken": "guess"}, (400, "invalidPageToken")),
        ({"videoId": FIRST, "part": "everything"}, (400, "unknownPart")),
        ({"videoId": FIRST, "part": None}, (400, "required")),
    ],
)
def test_requests_that_make_no_sense(client: Client, params: dict[str, Any], told: tuple[int, str]) -> None:
    assert reason(client.ask("GET", "commentThreads", **params)) == told


def test_refusals_have_the_recorded_bodies(world: World, client: Client) -> None:
    recorded = json.loads(shared("fixtures", "errors", "youtube.json").read_text(encoding="utf-8"))
    cases = {case["id"]: case for case in recorded["cases"]}
    top = world.citizen_post("youtube", "닫힘", extra={"can_reply": False})
    answers = {
        "operation_not_supported": client.reply(top),
        "parent_not_found": client.reply("UgNobody"),
        "too_long": client.reply(top, "가" * 10_001),
    }
    world.settings("youtube", comments_disabled=[FIRST])
    answers["comments_disabled"] = client.ask("GET", "commentThreads", videoId=FIRST)
    world.settings("youtube", daily_units=0)
    answers["quota"] = client.ask("GET", "commentThreads", videoId=FIRST)
    world.settings("youtube", expire=1)
    answers["auth"] = client.ask("GET", "commentThreads", videoId=FIRST)
    world.settings("youtube", refresh_dead=True)
    answers["invalid_grant"] = client.token()
    for name, answer in answers.items():
        assert (answer.status_code, answer.json()) == (cases[name]["status"], cases[name]["body"]), name


def test_the_page_writes_under_a_video(world: World, citizen: Browser) -> None:
    page = citizen.open(world.page_url("youtube")).text
    assert "부산시정 브리핑" in page
    assert 'type="file"' not in page
    written = citizen.send(world.page_url("youtube"), name="김부산", text="가로등", place=SECOND)
    assert "톡톡부산 소개" in written.text
    citizen.send(written.url, name="이해운", text="저도요")
    top, reply = world.posts("youtube")
    assert (reply["parent"], top["kind"], reply["kind"]) == (top["id"], "thread", "reply")
    opened = citizen.open(f"{world.base_url('youtube')}/watch?v={SECOND}&lc={top['id']}")
    assert opened.url.endswith(f"/thread/{top['id']}")
    assert citizen.open(f"{world.base_url('youtube')}/watch?v={SECOND}").url == world.page_url("youtube")
