"""Posts and comments of the city. The same words twice are two posts: me2day looks at nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.me2day import answers, door, reading, shapes, texts
from channels_sns.sandbox.models import Post, Upload

TOO_LONG = "본문은 150자까지 쓸 수 있습니다."


def create_post(call: ApiCall, *, user: str, **form: str) -> HttpResponse:
    """POST create_post/{user}: post[body], post[tags], attachment → the whole post."""
    door.check_user(call)
    if user != call.dialect.city_id:
        raise answers.closed(call)
    values, uploads = call.form(), _photo(call)
    text = _body(call, values.get("post[body]", ""), empty=bool(uploads))
    extra = {"tags": values.get("post[tags]", ""), "comment_closed": values.get("close_comment") == "true"}
    post = _write(call, text, uploads=uploads, extra=extra)
    return call.reply(shapes.post(call, reading.root(call, post.external_id), 0))


def create_comment(call: ApiCall, **form: str) -> HttpResponse:
    """POST create_comment: post_id, body → a code, no id."""
    door.check_user(call)
    values = call.form()
    post = reading.root(call, values.get("post_id", ""))
    if post.extra.get("comment_closed"):
        raise answers.closed(call)
    _write(call, _body(call, values.get("body", "")), parent=post)
    return answers.success(call)


def _body(call: ApiCall, text: str, *, empty: bool = False) -> str:
    if not text.strip() and not empty:
        raise answers.unacceptable(call, "본문을 입력해 주세요.")
    if texts.length(text) > texts.LONGEST:
        raise answers.unacceptable(call, TOO_LONG)
    return text


def _photo(call: ApiCall) -> list[Upload]:
    file = call.request.FILES.get("attachment")
    if file is None:
        return []
    try:
        return [store.add_upload(world=call.world, dialect=call.dialect, content=file.read(), now=call.now)]
    except store.NotAPhoto as error:
        raise answers.unacceptable(call, "사진 파일이 올바르지 않습니다.") from error


def _write(call: ApiCall, text: str, **more: Any) -> Post:
    city = call.dialect.city_of(call)
    return store.add_post(world=call.world, dialect=call.dialect, author=city, text=text, now=call.now, **more)


def delete_post(call: ApiCall, **form: str) -> HttpResponse:
    """Only one's own."""
    door.check_user(call)
    post = reading.root(call, _asked(call, "post_id"))
    if not store.author_of(post).is_city:
        raise answers.closed(call)
    store.delete_post(post, dialect=call.dialect, now=call.now)
    return answers.success(call)


def delete_comment(call: ApiCall, **form: str) -> HttpResponse:
    """One's own, or anybody's below one's own post."""
    door.check_user(call)
    found = store.standing(call.world, "me2day").filter(external_id=_asked(call, "comment_id"), raw=None)
    comment = found.exclude(root=None).select_related("author", "root__author").first()
    if not comment or not comment.root:
        raise answers.gone(call)
    if not (store.author_of(comment).is_city or store.author_of(comment.root).is_city):
        raise answers.closed(call)
    store.delete_post(comment, dialect=call.dialect, now=call.now)
    return answers.success(call)


def _asked(call: ApiCall, name: str) -> str:
    return str(call.form().get(name) or call.query.get(name, ""))
