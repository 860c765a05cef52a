"""Meta's own Python client on a Graph: a day's work by its words.  facebook.py < what.json

Runs in the environment of the second clients, without anything of the desk. It reads the wall and the comments, answers
one, posts, deletes both, and calls with a forged proof. What it saw goes out as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from facebook_business.adobjects.comment import Comment
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

COMMENT = ["id", "message", "from", "parent", "can_comment", "created_time"]


def comments(post: str) -> list[dict[str, Any]]:
    """Flat and in their order, page by page as the client itself goes on."""
    listed = PagePost(post).get_comments(
        fields=COMMENT, params={"filter": "stream", "order": "chronological", "limit": 2}
    )
    return [dict(one.export_all_data()) for one in listed]


def refusal(call: Any) -> list[Any]:
    """The status, code and kind of an error, as the client reads them."""
    try:
        call()
    except FacebookRequestError as error:
        return [error.http_status(), error.api_error_code(), error.api_error_type()]
    return [200, 0, ""]


def sign(given: dict[str, Any], *, secret: str) -> None:
    """From now on every call carries the token and its proof."""
    FacebookAdsApi.init(access_token=given["page_access_token"], app_secret=secret, crash_log=False)


def main() -> None:
    given = json.load(sys.stdin)
    FacebookSession.GRAPH = given["address"]
    sign(given, secret=given["app_secret"])
    page = Page(given["page"])
    me = page.api_get(fields=["id", "name", "followers_count"])
    wall = [dict(one.export_all_data()) for one in page.get_feed(fields=["id", "message", "from"], params={"limit": 1})]
    before = comments(given["post"])
    answer = Comment(given["comment"]).create_comment(params={"message": "고쳤습니다"})
    mine = Comment(answer["id"]).api_get(fields=COMMENT).export_all_data()
    seen = [one["message"] for one in comments(given["post"])]
    post = page.create_feed(params={"message": "태풍이 옵니다"})
    standing = [dict(one.export_all_data())["id"] for one in page.get_feed(fields=["id"])]
    for own in (Comment(answer["id"]), PagePost(post["id"])):
        own.api_delete()
    gone = refusal(lambda: Comment(answer["id"]).api_get(fields=["id"]))
    after = [one["message"] for one in comments(given["post"])]
    sign(given, secret="forged")
    said = {
        "page": [me["id"], me["name"], me["followers_count"]],
        "wall": wall,
        "comments": before,
        "answer": mine,
        "seen": seen,
        "posted": post["id"] in standing,
        "after": after,
        "refused": {
            "what was deleted": gone,
            "a forged proof": refusal(lambda: Page(page["id"]).api_get(fields=["id"])),
        },
    }
    json.dump(said, sys.stdout, ensure_ascii=False)


main()
