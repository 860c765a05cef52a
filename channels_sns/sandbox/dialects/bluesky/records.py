"""com.atproto.repo: records in the city's repository, looked at closely before they are taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from channels_sns.sandbox import store
from channels_sns.sandbox.calls import ApiCall
from channels_sns.sandbox.dialects.bluesky import ids, refusals, shapes, texts
from channels_sns.sandbox.models import Post, Upload

IMAGES = 4
IMAGE_BYTES = 1_000_000


def create(call: ApiCall) -> HttpResponse:
    """POST createRecord: a key that is taken is no clean refusal, the server breaks on it."""
    body = _body(call)
    rkey = body.get("rkey")
    with transaction.atomic():
        if rkey and Post.objects.filter(world=call.world, network="bluesky", external_id=_uri(rkey)).exists():
            raise refusals.refused(500, "Internal Server Error")
        post = _write(call, body["record"], rkey)
    return call.reply(_written(post))


def put(call: ApiCall) -> HttpResponse:
    """POST putRecord: the same key again is the same post, with the content that it has now."""
    body = _body(call)
    if not body.get("rkey"):
        raise refusals.invalid('Input must have the property "rkey"')
    with transaction.atomic():
        known = Post.objects.filter(world=call.world, network="bluesky", external_id=_uri(body["rkey"])).first()
        if known and known.deleted_at is None and "swapRecord" in body and body["swapRecord"] is None:
            raise refusals.refused(400, f"Record was at {shapes.cid(known)}", "InvalidSwap")
        post = _rewrite(call, known, body["record"]) if known else _write(call, body["record"], body["rkey"])
    return call.reply(_written(post))


def get(call: ApiCall) -> HttpResponse:
    """GET getRecord?repo&collection&rkey, from the repository itself: nothing lags."""
    query = call.query
    repo = query.get("repo", "")
    did = repo if repo.startswith("did:") else ids.did_of(repo)
    uri = f"at://{did}/{query.get('collection', '')}/{query.get('rkey', '')}"
    post = _standing(call, uri)
    if post is None:
        raise refusals.record_not_found(uri)
    return call.reply({**shapes.ref(post), "value": shapes.record(post)})


def delete(call: ApiCall) -> HttpResponse:
    """POST deleteRecord: also where nothing is left to delete."""
    body = call.json()
    _check_repo(body)
    if post := _standing(call, _uri(str(body.get("rkey", "")))):
        store.delete_post(post, dialect=call.dialect, now=call.now)
    return call.reply({"commit": _commit("deleted")})


def _standing(call: ApiCall, uri: str) -> Post | None:
    posts = store.standing(call.world, "bluesky").filter(external_id=uri, raw=None)
    return posts.select_related("author", "parent", "root").first()


def _uri(rkey: str) -> str:
    return ids.uri_of(ids.CITY_DID, rkey)


def _body(call: ApiCall) -> dict[str, Any]:
    body = call.json()
    _check_repo(body)
    rkey = body.get("rkey")
    if rkey is not None and not (isinstance(rkey, str) and ids.RKEY.fullmatch(rkey)):
        raise refusals.invalid("Invalid record key")
    if not isinstance(body.get("record"), dict):
        raise refusals.invalid('Input must have the property "record"')
    _check_record(body["record"])
    return body


def _check_repo(body: dict[str, Any]) -> None:
    if str(body.get("repo", "")).lower() not in (ids.CITY_DID, ids.CITY_HANDLE):
        raise refusals.refused(401, "Authentication Required")
    if body.get("collection") != ids.COLLECTION:
        raise refusals.invalid(f"Lexicon not found: {body.get('collection')}")


def _check_record(record: dict[str, Any]) -> None:
    if record.get("$type", ids.COLLECTION) != ids.COLLECTION:
        raise refusals.invalid(f"Invalid $type: expected {ids.COLLECTION}, got {record['$type']}")
    for name in ("text", "createdAt"):
        if not isinstance(record.get(name), str):
            raise refusals.in_record(f'Record must have the property "{name}"')
    _check_text(record["text"])
    try:
        datetime.fromisoformat(record["createdAt"])
    except ValueError as error:
        raise refusals.in_record("Record/createdAt must be an valid atproto datetime") from error
    for facet in record.get("facets", []):
        _check_facet(facet)
    if "reply" in record:
        _check_reply(record["reply"])


def _check_text(text: str) -> None:
    size, graphemes = len(text.encode("utf-8", "replace")), texts.graphemes(text)
    if size > texts.BYTES:
        raise refusals.in_record(f"string too big (maximum {texts.BYTES}, got {size}) at $.text")
    if graphemes > texts.GRAPHEMES:
        raise refusals.in_record(f"grapheme too big (maximum {texts.GRAPHEMES}, got {graphemes}) at $.text")


def _check_facet(facet: Any) -> None:
    index = facet.get("index") if isinstance(facet, dict) else None
    ends = [index.get(name) for name in ("byteStart", "byteEnd")] if isinstance(index, dict) else []
    if len(ends) != 2 or not all(type(end) is int and end >= 0 for end in ends) or "features" not in facet:
        raise refusals.in_record("Record/facets/0 must have the properties index and features")


def _check_reply(reply: Any) -> None:
    for name in ("root", "parent"):
        target = reply.get(name) if isinstance(reply, dict) else None
        if not isinstance(target, dict) or not isinstance(target.get("cid"), str):
            raise refusals.in_record(f'Record/reply/{name} must have the property "cid"')
        if not ids.URI.fullmatch(str(target.get("uri", ""))):
            raise refusals.in_record(f"Record/reply/{name}/uri must be a valid at-uri")


def _write(call: ApiCall, record: dict[str, Any], rkey: str | None) -> Post:
    """The post that the record makes; whether its parent still stands nobody asks."""
    uploads = _images(call, record)
    wanted = record.get("reply", {}).get("parent", {}).get("uri")
    parents = Post.objects.filter(world=call.world, network="bluesky", external_id=wanted, raw=None)
    parent = parents.select_related("author", "root", "parent").first() if wanted else None
    return store.add_post(
        world=call.world,
        dialect=call.dialect,
        author=call.dialect.city_of(call),
        text=record["text"],
        parent=parent,
        uploads=uploads,
        now=call.now,
        extra={"record": {"$type": ids.COLLECTION, **record}, **({"rkey": rkey} if rkey else {})},
    )


def _rewrite(call: ApiCall, post: Post, record: dict[str, Any]) -> Post:
    changed = post.extra.get("record") != {"$type": ids.COLLECTION, **record}
    if changed or post.deleted_at:
        post.extra["record"], post.text, post.deleted_at = {"$type": ids.COLLECTION, **record}, record["text"], None
        post.edited_at = call.now
        post.save(update_fields=["extra", "text", "deleted_at", "edited_at"])
    return post


def _images(call: ApiCall, record: dict[str, Any]) -> list[Upload]:
    """The uploads that the embed names, their descriptions with them."""
    embed = record.get("embed")
    if not isinstance(embed, dict) or embed.get("$type") != "app.bsky.embed.images":
        return []
    images = embed.get("images", [])
    if len(images) > IMAGES:
        raise refusals.in_record(f"array too big (maximum {IMAGES}, got {len(images)}) at $.embed.images")
    return [_upload(call, image) for image in images]


def _upload(call: ApiCall, image: dict[str, Any]) -> Upload:
    if not isinstance(image.get("alt"), str):
        raise refusals.in_record('Record/embed/images/0 must have the property "alt"')
    cid = image.get("image", {}).get("ref", {}).get("$link")
    upload = Upload.objects.filter(world=call.world, network="bluesky", external_id=cid).first()
    if upload is None:
        raise refusals.refused(400, f"Could not find blob: {cid}", "BlobNotFound")
    size, most = len(bytes(upload.content)), int(call.setting("image_bytes", IMAGE_BYTES))
    if size > most:
        words = f"This file is too large. It is {size} bytes but the maximum size is {most} bytes."
        raise refusals.refused(400, words, "BlobTooLarge")
    upload.alt = image["alt"]
    upload.save(update_fields=["alt"])
    return upload


def _written(post: Post) -> dict[str, Any]:
    return {**shapes.ref(post), "commit": _commit(post.external_id), "validationStatus": "valid"}


def _commit(of: str) -> dict[str, str]:
    return {"cid": ids.cid_of({"commit": of}), "rev": ids.tid(1)}
