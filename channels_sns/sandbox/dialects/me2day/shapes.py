"""Posts, comments and people in the JSON of me2day's last years."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.me2day import texts
from channels_sns.sandbox.models import Person, Post, Upload

SEOUL = ZoneInfo("Asia/Seoul")
ICON = "http://static1.me2day.com/images/category/icon_unclassified.jpg"


def local(at: datetime) -> str:
    return at.astimezone(SEOUL).strftime("%Y-%m-%dT%H:%M:%S%z")


def zulu(call: ApiCall, at: datetime) -> str:
    """The other spelling, of track_comments. Setting kst_as_z: Korean time that calls itself UTC, as in 2007."""
    zone = SEOUL if call.setting("kst_as_z", False) else UTC
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%SZ")


def home(call: ApiCall, user: str) -> str:
    return f"{call.base_url}/{user}"


def author(call: ApiCall, post: Post) -> dict[str, Any]:
    person = store.author_of(post)
    return {
        "id": person.external_id,
        "nickname": person.name,
        "face": _face(call),
        "me2dayHome": home(call, person.external_id),
        "homePage": None,
        "relationship": None,
        "realname": None,
        "friendships_count": 0,
    }


def _face(call: ApiCall) -> str:
    return call.request.build_absolute_uri("/static/sandbox/person.png")


def bodies(call: ApiCall, post: Post) -> dict[str, str]:
    """body and textBody."""
    names = _nicknames(call, post)
    html = texts.html(post.text, names, home=lambda user: home(call, user), entities=call.setting("entities", False))
    return {"body": html, "textBody": texts.plain(post.text, names)}


def _nicknames(call: ApiCall, post: Post) -> dict[str, str]:
    ids = texts.named(post.text)
    if not ids or ids == [call.dialect.city_id]:
        return {call.dialect.city_id: call.dialect.city_name}
    people = Person.objects.filter(world=call.world, network="me2day", external_id__in=ids)
    return {call.dialect.city_id: call.dialect.city_name, **{person.external_id: person.name for person in people}}


def _addresses(call: ApiCall, post: Post) -> dict[str, str]:
    """permalink names the second, which is not unique; plink the id."""
    day, user = post.created_at.astimezone(SEOUL), home(call, store.author_of(post).external_id)
    return {"permalink": f"{user}/{day:%Y/%m/%d#%H:%M:%S}", "plink": f"{user}/{day:%Y/%m/%d}/{post.external_id}"}


def post(call: ApiCall, item: Post, comments: int) -> dict[str, Any]:
    uploads, tags = list(item.uploads.all()), str(item.extra.get("tags", ""))
    user = home(call, store.author_of(item).external_id)
    return {
        "scope": None,
        **_addresses(call, item),
        **bodies(call, item),
        "kind": "think",
        "icon": ICON,
        "iconText": "리스트 미지정",
        "tagText": tags,
        "tags": [{"name": tag, "url": f"{user}/tag/{tag}"} for tag in tags.split()],
        "me2dayPage": user,
        "pubDate": local(item.created_at),
        "searchKeyword": None,
        "searchCount": 0,
        "commentsCount": comments,
        "metooCount": 0,
        "commentClosed": bool(item.extra.get("comment_closed", False)),
        "contentType": "me2photo" if uploads else None,
        "iconUrl": _source(call, uploads[0]) if uploads else None,
        "callbackUrl": _photo_page(call, uploads[0]) if uploads else "",
        "author": author(call, item),
        "location": {"name": "", "longitude": None, "latitude": None, "address": None},
        "media": _media(call, uploads[0]) if uploads else {},
        "fromapp": "me2app",
        "domain": None,
        "identifier": None,
        "multimedia": [],
        "note": None,
        "postGroupNo": -1,
        "post_id": item.external_id,
        "origin_post": None,
        "pingback_to": None,
        "metoo_at": None,
        "metoo_by": None,
    }


def _source(call: ApiCall, upload: Upload) -> str:
    return f"{call.base_url}/media/{upload.name}"


def _photo_page(call: ApiCall, upload: Upload) -> str:
    return f"{call.base_url}/front/me2photo?id={upload.external_id}"


def _media(call: ApiCall, upload: Upload) -> dict[str, Any]:
    return {
        "type": "me2photo",
        "provider": "nphoto_inf",
        "photoId": upload.external_id,
        "photoUrl": _source(call, upload),
        "permalink": _photo_page(call, upload),
        "width": upload.width,
        "height": upload.height,
    }


def comment(call: ApiCall, item: Post) -> dict[str, Any]:
    """A comment as get_comments gives it."""
    uploads = list(item.uploads.all())
    return {
        "commentId": item.external_id,
        **bodies(call, item),
        "pubDate": local(item.created_at),
        "author": author(call, item),
        "postId": item.root.external_id if item.root else "",
        "imageUrl": _source(call, uploads[0]) if uploads else None,
    }


def tracked(call: ApiCall, item: Post) -> dict[str, Any]:
    """A comment as track_comments gives it: with its post, without textBody, in the other spelling of time."""
    below = item.root or item
    return {
        "post": {
            **_addresses(call, below),
            "body": bodies(call, below)["body"],
            "me2dayPage": home(call, store.author_of(below).external_id),
            "pubDate": zulu(call, below.created_at),
            "post_id": below.external_id,
        },
        "comment": {
            "commentId": item.external_id,
            "body": bodies(call, item)["body"],
            "pubDate": zulu(call, item.created_at),
            "author": author(call, item),
        },
    }


def person(call: ApiCall, someone: Person) -> dict[str, Any]:
    friends = int(call.setting("friends", 5_000)) if someone.is_city else 1
    return {
        "openid": home(call, someone.external_id),
        "nickname": someone.name,
        "description": "",
        "homepage": "",
        "email": "",
        "cellphone": "",
        "messenger": "",
        "realname": None,
        "birthday": None,
        "location": {"name": "", "timezone": "Asia/Seoul"},
        "celebrity": {"name": "", "profession": ""},
        "me2dayHome": home(call, someone.external_id),
        "rssDaily": f"{home(call, someone.external_id)}/rss_daily",
        "invitedBy": None,
        "pinMeCount": 0,
        "updated": zulu(call, call.now),
        "totalPosts": Post.objects.filter(author=someone, parent=None, deleted_at=None).count(),
        "registered": "2009-11-03 21:06:09",
        "postIcons": [{"iconIndex": 1, "iconType": 1, "url": ICON, "description": "생각", "default": True}],
        "autoAccept": True,
        "naverId": someone.external_id,
        "id": someone.external_id,
        "face": _face(call),
        "friendsCount": friends,
        "pubDate": local(call.now),
    }
