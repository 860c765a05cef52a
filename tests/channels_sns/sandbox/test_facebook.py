"""Facebook's dialect over real HTTP with requests, not through our adapter."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from PIL import Image

from tests.sandbox import World
from tests.shared_material import shared

PAGE = "102005140251"
FEED = (
    "id,message,from,created_time,updated_time,permalink_url,is_published,is_hidden,to,message_tags,"
    "attachments{media,type,url,subattachments}"
)
COMMENT = "id,message,from{id,name},parent{id},created_time,attachment,can_comment,can_hide,comment_count,permalink_url"


class Client:
    """The page's session: its token in the header, the proof in the query."""

    def __init__(self, world: World, secrets: dict[str, str] | None = None) -> None:
        secrets = secrets or world.credentials("facebook")
        self.base = f"{world.base_url('facebook')}/v26.0"
        self.token = secrets["page_access_token"]
        self.proof = hmac.new(secrets["app_secret"].encode(), self.token.encode(), hashlib.sha256).hexdigest()
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {self.token}"
        self.session.params = {"appsecret_proof": self.proof}

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.session.get(f"{self.base}/{path}", params=params, timeout=20)

    def post(self, path: str, files: Any = None, **form: Any) -> requests.Response:
        return self.session.post(f"{self.base}/{path}", data=form, files=files, timeout=20)

    def feed(self, **params: Any) -> dict[str, Any]:
        answer = self.get(f"{PAGE}/feed", **{"fields": FEED, "limit": 100, **params})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def comments(self, node: str, **params: Any) -> list[dict[str, Any]]:
        asked = {"filter": "stream", "order": "chronological", "fields": COMMENT, **params}
        answer = self.get(f"{node}/comments", **asked)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])


@pytest.fixture
def page(world: World) -> Iterator[Client]:
    client = Client(world)
    yield client
    client.session.close()


def test_a_node_may_be_asked_with_a_slash_at_its_end(page: Client) -> None:
    """As Meta's own Python client writes every node."""
    assert page.get(f"{PAGE}/", fields="id").json() == page.get(PAGE, fields="id").json() == {"id": PAGE}
    assert page.get(f"{PAGE}//", fields="id").status_code == 400


def make_jpeg(colour: str = "navy") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def refusal(answer: requests.Response) -> tuple[int, int, int | None]:
    """Status, code, subcode; every refusal has its trace id."""
    error = answer.json()["error"]
    assert len(error["fbtrace_id"]) > 10
    assert {"message", "type"} <= set(error)
    return answer.status_code, error["code"], error.get("error_subcode")


def recorded(case_id: str) -> dict[str, Any]:
    cases = json.loads(shared("fixtures/errors/facebook.json").read_text(encoding="utf-8"))["cases"]
    return dict(next(case for case in cases if case["id"] == case_id))


def test_who_am_i(page: Client) -> None:
    assert page.get("me").json() == {"id": PAGE, "name": "톡톡부산"}
    numbers = page.get(PAGE, fields="followers_count,fan_count,name,link").json()
    assert (numbers["followers_count"], numbers["id"]) == (5000, PAGE)


@pytest.mark.parametrize("where", ["header", "query", "form"])
def test_token_and_proof_may_stand_anywhere(world: World, page: Client, where: str) -> None:
    proven = {"access_token": page.token, "appsecret_proof": page.proof}
    if where == "form":
        answer = requests.post(f"{page.base}/{PAGE}/feed", data={**proven, "message": "글"}, timeout=20)
    elif where == "query":
        answer = requests.get(f"{page.base}/me", params=proven, timeout=20)
    else:
        answer = page.get("me")
    assert answer.status_code == 200


@pytest.mark.parametrize("case_id", ["appsecret_proof_missing", "appsecret_proof_invalid"])
def test_a_token_without_its_proof_is_refused_in_recorded_words(page: Client, case_id: str) -> None:
    params = {} if case_id.endswith("missing") else {"appsecret_proof": "0" * 64}
    headers = {"Authorization": f"Bearer {page.token}"}
    answer = requests.get(f"{page.base}/me", params=params, headers=headers, timeout=20)
    assert_as_recorded(answer, case_id)


def assert_as_recorded(answer: requests.Response, case_id: str) -> None:
    case = recorded(case_id)
    error, wanted = answer.json()["error"], case["body"]["error"]
    assert answer.status_code == case["status"]
    assert {**error, "fbtrace_id": wanted["fbtrace_id"]} == wanted


@pytest.mark.parametrize(
    ("subcode", "case_id"),
    [
        (463, "token_expired_190_463"),
        (460, "token_invalid_190_460"),
        (458, "not_authorized_190_458"),
        (459, "checkpoint_190_459"),
    ],
)
def test_what_became_of_the_token(world: World, page: Client, subcode: int, case_id: str) -> None:
    world.settings("facebook", token_subcode=subcode)
    assert_as_recorded(page.get("me"), case_id)


def test_no_token_and_a_strange_one(page: Client) -> None:
    assert refusal(requests.get(f"{page.base}/me", timeout=20)) == (400, 104, None)
    strange = requests.get(f"{page.base}/me", params={"access_token": "EAAnothing"}, timeout=20)
    assert refusal(strange) == (400, 190, None)


def test_a_persons_token_lists_nothing(world: World) -> None:
    world.citizen_post("facebook", "가로등")
    person = Client(world, dict(world.ask("facebook", "credentials?set=user")))
    assert person.feed() == {"data": []}
    assert person.get("me").json()["id"] != PAGE
    person.session.close()


def test_debug_token(world: World, page: Client) -> None:
    world.settings("facebook", data_days=3)
    data = page.get("debug_token", input_token=page.token).json()["data"]
    assert (data["is_valid"], data["type"], data["profile_id"], data["expires_at"]) == (True, "PAGE", PAGE, 0)
    assert 0 < data["data_access_expires_at"] - time.time() < 4 * 86_400
    assert "pages_read_user_content" in data["scopes"]
    assert page.get("debug_token", input_token="EAAother").json()["data"]["is_valid"] is False


def test_a_visitors_post_with_a_photo(world: World, page: Client) -> None:
    assert page.feed() == {"data": []}
    post_id = world.citizen_post("facebook", "가로등이 꺼졌어요", handle="kim_busan", name="김부산", image=make_jpeg())
    (post,) = page.feed()["data"]
    assert post["id"] == post_id
    assert post_id.startswith(f"{PAGE}_")
    assert post["message"] == "가로등이 꺼졌어요"
    assert (post["from"]["name"], post["to"]["data"]) == ("김부산", [{"id": PAGE, "name": "톡톡부산"}])
    assert post["from"]["id"].isdigit()
    written = datetime.strptime(post["created_time"], "%Y-%m-%dT%H:%M:%S%z")
    assert post["created_time"].endswith("+0000")
    assert abs(written - datetime.now(UTC)) < timedelta(minutes=1)
    (attachment,) = post["attachments"]["data"]
    assert set(attachment) == {"media", "type", "url"}
    assert attachment["type"] == "photo"
    assert requests.get(attachment["media"]["image"]["src"], timeout=20).content == make_jpeg()


def test_a_photo_without_a_word_has_no_message(world: World, page: Client) -> None:
    world.citizen_post("facebook", "", image=make_jpeg())
    (post,) = page.feed()["data"]
    assert "message" not in post
    assert post["attachments"]["data"][0]["type"] == "photo"


def test_a_post_that_tags_the_page_stands_elsewhere(world: World, page: Client) -> None:
    tagged = world.citizen_post("facebook", "가로등이 꺼졌어요", handle="kim_busan", mention=True)
    visitor = world.citizen_post("facebook", "공원 의자", handle="kim_busan")
    first = page.get(f"{PAGE}/tagged", fields=FEED).json()["data"]
    assert [post["id"] for post in first] == [tagged]
    assert first[0]["message"] == "톡톡부산 가로등이 꺼졌어요"
    assert first[0]["message_tags"] == [{"id": PAGE, "name": "톡톡부산", "type": "page", "offset": 0, "length": 4}]
    assert tagged.split("_")[0] == first[0]["from"]["id"]
    assert [post["id"] for post in page.feed()["data"]] == [visitor, tagged]
    assert [post["id"] for post in page.get(f"{PAGE}/visitor_posts").json()["data"]] == [visitor]
    world.settings("facebook", visitor_posts=False)
    assert page.get(f"{PAGE}/visitor_posts").json() == {"data": []}


def test_without_consent_nobody_is_named(world: World, page: Client) -> None:
    world.citizen_post("facebook", "가로등", extra={"consent": False})
    assert "from" not in page.feed()["data"][0]
    world.citizen_post("facebook", "공원")
    assert "from" in page.feed()["data"][0]
    world.settings("facebook", consent=False)
    world.city_post("facebook", "알림")
    assert ["from" in post for post in page.feed()["data"]] == [True, False, False]


def test_default_fields_and_unknown_ones(world: World, page: Client) -> None:
    world.citizen_post("facebook", "가로등")
    assert set(page.get(f"{PAGE}/feed").json()["data"][0]) == {"created_time", "message", "id"}
    wrong = page.get(f"{PAGE}/feed", fields="id,colour")
    assert refusal(wrong) == (400, 100, None)
    assert wrong.json()["error"]["message"].endswith("nonexisting field (colour) on node type (PagePost)")
    assert refusal(page.get(f"{PAGE}/feed", fields="id,attachments{media")) == (400, 2500, None)


def test_pages_by_cursor_lose_nothing(world: World, page: Client) -> None:
    ids = world.burst("facebook", 230)
    seen, answer = list[str](), page.feed(fields="id")
    while True:
        seen += [post["id"] for post in answer["data"]]
        if "next" not in answer["paging"]:
            break
        assert "fields=id" in answer["paging"]["next"]
        answer = page.session.get(answer["paging"]["next"], timeout=20).json()
    assert seen == ids[::-1]
    back = page.session.get(answer["paging"]["previous"], timeout=20).json()
    assert [post["id"] for post in back["data"]] == seen[100:200]
    assert refusal(page.get(f"{PAGE}/feed", limit=101)) == (400, 100, None)
    assert refusal(page.get(f"{PAGE}/feed", after="nonsense")) == (400, 100, None)


def test_an_empty_page_may_have_a_next_one(world: World, page: Client) -> None:
    post_id = world.citizen_post("facebook", "가로등")
    world.settings("facebook", empty_page=True)
    first = page.feed()
    assert first["data"] == []
    second = page.session.get(first["paging"]["next"], timeout=20).json()
    assert [post["id"] for post in second["data"]] == [post_id]
    assert "next" not in second["paging"]


def test_fewer_than_the_limit_is_not_the_end(world: World, page: Client) -> None:
    world.burst("facebook", 5)
    world.settings("facebook", short_pages=2)
    answer = page.feed(limit=100)
    assert (len(answer["data"]), "next" in answer["paging"]) == (2, True)


def test_since_and_until(world: World, page: Client) -> None:
    old = datetime.now(UTC) - timedelta(days=2)
    yesterday = world.citizen_post("facebook", "그제 글", posted_at=old.isoformat())
    today = world.citizen_post("facebook", "오늘 글")
    edge = int((old + timedelta(hours=1)).timestamp())
    assert [post["id"] for post in page.feed(since=edge)["data"]] == [today]
    assert [post["id"] for post in page.feed(until=edge)["data"]] == [yesterday]


def test_comments_and_answers_are_two_deep(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등", handle="kim_busan")
    comment = page.post(f"{post}/comments", message="확인하겠습니다").json()["id"]
    assert comment.split("_")[0] == post.split("_")[1]
    answer = world.citizen_post("facebook", "언제요?", handle="kim_busan", in_reply_to=comment)
    deeper = page.post(f"{answer}/comments", message="내일입니다").json()["id"]
    flat = page.comments(post)
    assert [item["id"] for item in flat] == [comment, answer, deeper]
    assert [item.get("parent") for item in flat] == [None, {"id": comment}, {"id": comment}]
    assert [item["from"]["id"] == PAGE for item in flat] == [True, False, True]
    assert [item["id"] for item in page.comments(post, filter="toplevel")] == [comment]
    assert [item["id"] for item in page.comments(comment)] == [answer, deeper]
    assert flat[0]["comment_count"] == 2
    assert "reply_comment_id=" in flat[2]["permalink_url"]
    assert refusal(page.get(f"{post}/comments", filter="bogus")) == (400, 100, None)


def test_the_ranked_list_hides_what_the_stream_shows(world: World, page: Client) -> None:
    post = world.city_post("facebook", "알림")
    plain = world.citizen_post("facebook", "고맙습니다", in_reply_to=post)
    poor = world.citizen_post("facebook", "ㅋㅋ", in_reply_to=post, extra={"low_quality": True})
    assert [item["id"] for item in page.get(f"{post}/comments").json()["data"]] == [plain]
    assert [item["id"] for item in page.comments(post)] == [plain, poor]


def test_comments_since_and_inside_the_feed(world: World, page: Client) -> None:
    post = world.city_post("facebook", "알림")
    old = datetime.now(UTC) - timedelta(hours=2)
    world.citizen_post("facebook", "먼저", in_reply_to=post, posted_at=old.isoformat())
    late = world.citizen_post("facebook", "나중", in_reply_to=post)
    since = int((old + timedelta(hours=1)).timestamp())
    assert [item["id"] for item in page.comments(post, since=since)] == [late]
    fields = "id,updated_time,comments.limit(1).order(chronological).filter(stream){message}"
    (shown,) = page.feed(fields=fields)["data"]
    assert [item["message"] for item in shown["comments"]["data"]] == ["먼저"]
    following = page.session.get(shown["comments"]["paging"]["next"], timeout=20).json()
    assert [item["message"] for item in following["data"]] == ["나중"]


def test_the_depth_of_paging_has_an_end(world: World, page: Client) -> None:
    post = world.city_post("facebook", "알림")
    for number in range(3):
        world.citizen_post("facebook", f"{number}", in_reply_to=post)
    world.settings("facebook", comments_deep=2)
    first = page.get(f"{post}/comments", limit=2, filter="stream").json()
    assert_as_recorded(page.session.get(first["paging"]["next"], timeout=20), "cursor_too_far_100")


def test_an_answer_tells_what_was_asked_of_it(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등")
    answer = page.session.post(
        f"{page.base}/{post}/comments", data={"message": "확인", "fields": "id,message,created_time"}, timeout=20
    ).json()
    assert set(answer) == {"id", "message", "created_time"}


@pytest.mark.parametrize("way", ["source", "attachment_url", "attachment_id"])
def test_a_comment_with_a_photo(world: World, page: Client, way: str) -> None:
    post = world.citizen_post("facebook", "가로등", image=make_jpeg("green"))
    files, form = None, {}
    if way == "source":
        files = {"source": ("a.jpg", make_jpeg(), "image/jpeg")}
    elif way == "attachment_url":
        form["attachment_url"] = page.feed()["data"][0]["attachments"]["data"][0]["media"]["image"]["src"]
    else:
        stored = {"source": ("a.jpg", make_jpeg(), "image/jpeg")}
        form["attachment_id"] = page.post(f"{PAGE}/photos", files=stored, published="false").json()["id"]
    page.post(f"{post}/comments", files=files, **form)
    (comment,) = page.comments(post)
    assert (comment["message"], comment["attachment"]["type"]) == ("", "photo")
    wanted = make_jpeg("green") if way == "attachment_url" else make_jpeg()
    assert requests.get(comment["attachment"]["media"]["image"]["src"], timeout=20).content == wanted


@pytest.mark.parametrize("form", [{}, {"message": "  "}, {"message": "가" * 8001}, {"attachment_id": "1"}])
def test_comments_that_are_refused(world: World, page: Client, form: dict[str, str]) -> None:
    post = world.citizen_post("facebook", "가로등")
    assert refusal(page.post(f"{post}/comments", **form)) == (400, 100, None)


def test_a_closed_post_takes_no_comment(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등", extra={"can_comment": False})
    assert_as_recorded(page.post(f"{post}/comments", message="확인"), "perm_200")


def test_photos_of_the_page(world: World, page: Client) -> None:
    source = {"source": ("a.jpg", make_jpeg(), "image/jpeg")}
    one = page.post(f"{PAGE}/photos", files=source, caption="불꽃축제", alt_text_custom="광안대교").json()
    (post,) = page.feed()["data"]
    assert (post["id"], post["message"]) == (one["post_id"], "불꽃축제")
    photo = page.get(one["id"], fields="alt_text_custom,page_story_id,link").json()
    assert (photo["alt_text_custom"], photo["page_story_id"]) == ("광안대교", one["post_id"])
    bad = page.post(f"{PAGE}/photos", files={"source": ("a.jpg", b"text", "image/jpeg")})
    assert_as_recorded(bad, "image_324")


@pytest.mark.parametrize("as_list", [True, False])
def test_several_photos_are_one_post(world: World, page: Client, as_list: bool) -> None:
    ids = []
    for colour in ("red", "blue"):
        source = {"source": ("a.jpg", make_jpeg(colour), "image/jpeg")}
        answer = page.post(f"{PAGE}/photos", files=source, published="false").json()
        assert set(answer) == {"id"}
        ids.append(answer["id"])
    assert page.feed()["data"] == []
    media = [{"media_fbid": photo} for photo in ids]
    numbered = {f"attached_media[{index}]": json.dumps(item) for index, item in enumerate(media)}
    form = {"attached_media": json.dumps(media)} if as_list else numbered
    post_id = page.post(f"{PAGE}/feed", message="축제", **form).json()["id"]
    (post,) = page.feed()["data"]
    (album,) = post["attachments"]["data"]
    assert (post["id"], album["type"]) == (post_id, "album")
    sources = [item["media"]["image"]["src"] for item in album["subattachments"]["data"]]
    assert [requests.get(address, timeout=20).content for address in sources] == [make_jpeg("red"), make_jpeg("blue")]
    assert refusal(page.post(f"{PAGE}/feed", message="또", **form)) == (400, 100, None)


def test_scheduling(page: Client) -> None:
    def schedule(**ahead: int) -> requests.Response:
        at = int((datetime.now(UTC) + timedelta(**ahead)).timestamp())
        return page.post(f"{PAGE}/feed", message="예고", published="false", scheduled_publish_time=at)

    assert refusal(schedule(minutes=5)) == (400, 100, None)
    assert refusal(schedule(days=80)) == (400, 100, None)
    assert schedule(hours=1).status_code == 200
    assert page.feed()["data"][0]["is_published"] is False


def test_the_same_words_again_are_a_duplicate(world: World, page: Client) -> None:
    assert page.post(f"{PAGE}/feed", message="알림").status_code == 200
    assert_as_recorded(page.post(f"{PAGE}/feed", message="알림"), "duplicate_506")
    post = world.citizen_post("facebook", "가로등")
    assert [page.post(f"{post}/comments", message="확인").status_code for _ in range(2)] == [200, 200]
    world.settings("facebook", duplicate_comments=True)
    assert_as_recorded(page.post(f"{post}/comments", message="확인"), "duplicate_506")


def test_editing_keeps_the_id_and_loses_the_photo(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등")
    comment = page.post(f"{post}/comments", {"source": ("a.jpg", make_jpeg(), "image/jpeg")}, message="확인").json()[
        "id"
    ]
    assert page.post(comment, message="고쳤습니다").json() == {"success": True}
    (shown,) = page.comments(post)
    assert (shown["id"], shown["message"], "attachment" in shown) == (comment, "고쳤습니다", False)
    assert refusal(page.post(post, message="남의 글")) == (403, 200, None)


def test_hiding(world: World, page: Client) -> None:
    ours, theirs = world.city_post("facebook", "알림"), world.citizen_post("facebook", "가로등")
    comment = world.citizen_post("facebook", "광고", in_reply_to=ours)
    assert page.post(comment, is_hidden="true").json() == {"success": True}
    assert page.get(comment, fields="is_hidden,can_hide").json() == {"id": comment, "is_hidden": True, "can_hide": True}
    below_theirs = world.citizen_post("facebook", "광고", in_reply_to=theirs)
    own = page.post(f"{ours}/comments", message="확인").json()["id"]
    assert [refusal(page.post(node, is_hidden="true"))[1] for node in (below_theirs, own)] == [200, 200]


def test_deleting_and_what_is_gone(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등")
    comment = page.post(f"{post}/comments", message="확인").json()["id"]
    assert page.session.delete(f"{page.base}/{comment}", timeout=20).json() == {"success": True}
    assert page.comments(post) == []
    world.delete("facebook", post)
    gone = page.get(post)
    assert refusal(gone) == (400, 100, 33)
    words = recorded("gone_100_33")["body"]["error"]["message"]
    assert gone.json()["error"]["message"] == words.replace("123_456", post)
    late = page.post(f"{post}/comments", message="늦은 답")
    assert refusal(late) == (400, 100, 33)
    assert late.json()["error"]["message"].startswith("Unsupported post request.")
    assert page.feed() == {"data": []}


def test_several_by_id(world: World, page: Client) -> None:
    one, two = world.citizen_post("facebook", "하나"), world.citizen_post("facebook", "둘")
    comment = world.citizen_post("facebook", "셋", in_reply_to=two)
    found = page.get("", ids=f"{one},{comment}", fields="id,message").json()
    assert {key: item["message"] for key, item in found.items()} == {one: "하나", comment: "셋"}
    world.delete("facebook", one)
    assert refusal(page.get("", ids=f"{one},{two}")) == (400, 100, 33)


def test_the_hour_of_the_page_is_counted(world: World, page: Client) -> None:
    assert "X-Business-Use-Case-Usage" not in page.get("me").headers
    world.settings("facebook", limits={"page": [4, 600]})
    answers = [page.get("me") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 400]
    assert_as_recorded(answers[4], "page_buc_80001")
    usage = json.loads(answers[1].headers["X-Business-Use-Case-Usage"])[PAGE][0]
    assert (usage["type"], usage["call_count"], usage["estimated_time_to_regain_access"]) == ("pages", 50, 0)
    full = json.loads(answers[4].headers["X-Business-Use-Case-Usage"])[PAGE][0]
    assert (full["call_count"], full["estimated_time_to_regain_access"]) == (100, 10)
    assert "call_count" in json.loads(answers[4].headers["X-App-Usage"])


@pytest.mark.parametrize(
    ("code", "case_id"),
    [
        (4, "app_limit_4"),
        (17, "user_limit_17"),
        (32, "page_limit_32"),
        (341, "feed_action_limit_341"),
        (613, "custom_limit_613"),
    ],
)
def test_other_throttles(world: World, page: Client, code: int, case_id: str) -> None:
    world.settings("facebook", throttle_code=code)
    world.fault("facebook", "rate_limited")
    assert_as_recorded(page.get("me"), case_id)


def test_ids_count_one_by_one_and_the_header_may_be_broken(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등")
    world.settings("facebook", limits={"page": [4, 600]}, usage_header="{broken")
    assert page.get("", ids=f"{post},{PAGE},me").headers["X-Business-Use-Case-Usage"] == "{broken"
    assert [page.get("me").status_code for _ in range(2)] == [200, 400]


@pytest.mark.parametrize(
    ("fault", "case_id"),
    [
        ("unauthorized", "token_expired_190_463"),
        ("rate_limited", "page_buc_80001"),
        ("duplicate_refusal", "duplicate_506"),
        ("not_summoned", "perm_200"),
    ],
)
def test_faults_speak_in_recorded_words(world: World, page: Client, fault: str, case_id: str) -> None:
    post = world.citizen_post("facebook", "가로등")
    world.fault("facebook", fault)
    answer = page.post(f"{post}/comments", message="확인")
    assert_as_recorded(answer, case_id)
    for name in recorded(case_id)["headers"]:
        assert name in answer.headers
    assert world.replies("facebook", post) == []


def test_a_failure_on_their_side_may_have_posted(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등")
    world.fault("facebook", "status", code=500, after_store=True, on="publish")
    assert_as_recorded(page.post(f"{post}/comments", message="확인"), "service_2")
    assert len(world.replies("facebook", post)) == 1
    world.fault("facebook", "target_gone")
    assert refusal(page.post(f"{post}/comments", message="또")) == (400, 100, 33)


def test_storing_a_photo_is_not_publishing(world: World, page: Client) -> None:
    world.fault("facebook", "drop_after_store")
    source = {"source": ("a.jpg", make_jpeg(), "image/jpeg")}
    assert page.post(f"{PAGE}/photos", files=source, published="false").status_code == 200
    with pytest.raises(requests.ConnectionError):
        page.post(f"{PAGE}/photos", files=source)
    assert [post["kind"] for post in world.posts("facebook")] == ["page"]


def test_own_words_may_show_up_late(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등")
    world.fault("facebook", "readback_lag", seconds=60)
    comment = page.post(f"{post}/comments", message="확인").json()["id"]
    assert page.comments(post) == []
    assert page.get(comment).json()["message"] == "확인"


def test_poison_is_served_byte_for_byte(world: World, page: Client) -> None:
    world.raw("facebook", ['{"id": "1_2", "message": "\\ud83d"}', b'{"id": "\xff"}', "null"])
    body = page.get(f"{PAGE}/feed", limit=5).content
    assert b'"data": [null, {"id": "\xff"}, {"id": "1_2", "message": "\\ud83d"}]' in body


def test_an_address_that_graph_does_not_have(page: Client) -> None:
    answer = page.get(f"{PAGE}/wishes")
    assert refusal(answer) == (400, 2500, None)
    assert answer.json()["error"]["message"] == f"Unknown path components: /v26.0/{PAGE}/wishes"


def test_permalinks_lead_to_the_thread(world: World, page: Client) -> None:
    post = world.citizen_post("facebook", "가로등")
    comment = page.post(f"{post}/comments", message="확인").json()["id"]
    for node in (post, comment):
        address = page.get(node, fields="permalink_url").json()["permalink_url"]
        assert requests.get(address, timeout=20).url.endswith(f"/facebook/thread/{post}")


def test_pages_of_a_burst_are_served_fast(world: World, page: Client) -> None:
    world.burst("facebook", 5000)
    assert min(_timed(page) for _ in range(5)) < 0.2


def _timed(page: Client) -> float:
    started = time.perf_counter()
    assert len(page.feed()["data"]) == 100
    return time.perf_counter() - started
