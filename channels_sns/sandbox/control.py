"""The tests' hand in the sandbox: JSON over loopback, without credentials.

    GET    /control/ready
    POST   /control/<world>/reset
    GET    /control/<world>/calls     → [{network, method, path, status, fault, at}]

and below /control/<world>/<network>/

    GET    credentials    → the city account's secrets (?set=oauth2: the other set)
    GET    city           → {id, handle, name, base_url}
    POST   city           {name}: what the city's account is called here
    POST   citizen-post   {handle?, name?, text, in_reply_to?, image_base64?, alt?, posted_at?, mention?, kind?, extra?}
                          → {id, url}; mention: put the city's mention in (default: as the network's own app does)
    POST   city-post      {text, in_reply_to?} → {id}: written past the API, e.g. by hand
    POST   edit           {id, text} → {id}
    POST   delete         {id}
    POST   redate         {id, posted_at}: as if it had been written then; its id stays
    POST   burst          {count, text?, people?} → {ids}
    POST   raw            {items: [JSON text…]} or {items_base64: […]} → {ids}
    GET    posts          → [{id, author, is_city, text, parent, deleted, replaced, kind, media, url}] oldest first
    POST   faults         {name, times? (null: until switched off; default 1), …parameters} → {id}
    GET    faults         what is on
    DELETE faults         all off
    GET    deliveries     → [{url, body, status, answer}] sent to webhooks
    POST   settings       {name: value…} → the settings of this network in this world
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from channels_sns.sandbox import faults, limits, push, store
from channels_sns.sandbox.dialects import DIALECTS
from channels_sns.sandbox.dialects.base import Dialect
from channels_sns.sandbox.models import Call, Fault, Person, Post, Upload, World

Action = Callable[[World, Dialect, dict[str, Any]], Any]


class Refused(Exception):
    """The control request makes no sense; its text says why."""


def ready(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ready": True, "networks": list(DIALECTS)})


@csrf_exempt
def reset(request: HttpRequest, world: str) -> JsonResponse:
    """Forget everything of this world."""
    for model in (Post, Upload, Person, Fault, Call):
        model.objects.filter(world__name=world).delete()
    World.objects.filter(name=world).delete()
    limits.forget(world)
    push.forget(world)
    return JsonResponse({})


def calls(request: HttpRequest, world: str) -> JsonResponse:
    rows = (
        Call.objects.filter(world__name=world)
        .order_by("pk")
        .values("network", "method", "path", "status", "fault", "at")
    )
    return JsonResponse(list(rows), safe=False)


@csrf_exempt
def act(request: HttpRequest, world: str, network: str, action: str) -> HttpResponse:
    dialect, do = DIALECTS.get(network), ACTIONS.get((request.method or "", action))
    if not dialect or not do:
        return JsonResponse({"error": f"no {request.method} {action} on {network}"}, status=404)
    try:
        body = json.loads(request.body or b"{}") | request.GET.dict()
        return JsonResponse(do(store.world_named(world), dialect, body), safe=False)
    except (Refused, store.NotAPhoto, KeyError, ValueError) as error:
        return JsonResponse({"error": f"{type(error).__name__}: {error}"}, status=400)


def post_named(world: World, dialect: Dialect, external_id: str) -> Post:
    found = (
        Post.objects.filter(world=world, network=dialect.kind, external_id=external_id)
        .select_related("author", "root")
        .first()
    )
    if not found:
        raise Refused(f"no post {external_id}")
    return found


def page_url(world: World, dialect: Dialect, post: Post) -> str:
    return f"/{world.name}/{dialect.kind}/thread/{post.external_id}"


def _citizen_post(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    author = store.citizen(world, dialect, handle=body.get("handle", "citizen"), name=body.get("name", ""))
    text = body["text"].encode("utf-8", "replace").decode()
    parent = post_named(world, dialect, body["in_reply_to"]) if body.get("in_reply_to") else None
    if body.get("mention", dialect.mentions_by_itself(parent)):
        text = dialect.with_mention(text, parent)
    return _write(world, dialect, author, text, body)


def _city_post(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    return _write(world, dialect, store.city(world, dialect), body["text"], body)


def _write(world: World, dialect: Dialect, author: Person, text: str, body: dict[str, Any]) -> Any:
    at = datetime.fromisoformat(body["posted_at"]) if body.get("posted_at") else timezone.now()
    image, parent_id = body.get("image_base64"), body.get("in_reply_to")
    uploads = (
        [
            store.add_upload(
                world=world, dialect=dialect, content=base64.b64decode(image), now=at, alt=body.get("alt", "")
            )
        ]
        if image
        else []
    )
    parent = post_named(world, dialect, parent_id) if parent_id else None
    post = store.add_post(
        world=world,
        dialect=dialect,
        author=author,
        text=text,
        parent=parent,
        uploads=uploads,
        now=at,
        kind=body.get("kind", ""),
        extra=body.get("extra"),
        backdated="posted_at" in body,
    )
    return {"id": post.external_id, "url": page_url(world, dialect, post)}


def _edit(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    post = store.edit_post(
        post_named(world, dialect, body["id"]), dialect=dialect, text=body["text"], now=timezone.now()
    )
    return {"id": post.external_id}


def _delete(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    store.delete_post(post_named(world, dialect, body["id"]), dialect=dialect, now=timezone.now())
    return {}


def _redate(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    store.redate_post(post_named(world, dialect, body["id"]), at=datetime.fromisoformat(body["posted_at"]))
    return {}


def _burst(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    people = [store.citizen(world, dialect, handle=f"citizen{number}") for number in range(int(body.get("people", 50)))]
    text = body.get("text", "{n}번째 민원입니다. 가로등이 꺼졌습니다.")
    text = dialect.with_mention(text) if dialect.mentions_by_itself(None) else text
    texts = (text.replace("{n}", str(number)) for number in range(1, int(body["count"]) + 1))
    return {"ids": store.add_burst(world=world, dialect=dialect, authors=people, texts=texts, now=timezone.now())}


def _raw(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    items = [item.encode("utf-8", "surrogatepass") for item in body.get("items", [])]
    items += [base64.b64decode(item) for item in body.get("items_base64", [])]
    return {"ids": store.add_raw(world=world, dialect=dialect, items=items, now=timezone.now())}


def _posts(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    posts = (
        Post.objects.filter(world=world, network=dialect.kind)
        .select_related("author", "parent")
        .prefetch_related("uploads")
    )
    return [
        {
            "id": post.external_id,
            "author": post.author.handle if post.author else None,
            "author_id": post.author.external_id if post.author else None,
            "is_city": bool(post.author and post.author.is_city),
            "text": post.text,
            "parent": post.parent.external_id if post.parent else None,
            "deleted": post.deleted_at is not None,
            "replaced": post.replaced,
            "kind": post.kind,
            "created_at": post.created_at,
            "url": page_url(world, dialect, post),
            "media": [{"name": upload.name, "alt": upload.alt} for upload in post.uploads.all()],
        }
        for post in posts.order_by("number")
    ]


def _add_fault(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    name = body.pop("name")
    if name not in faults.CATALOGUE:
        raise Refused(f"no fault {name}; there are {', '.join(faults.CATALOGUE)}")
    times = body.pop("times", None if name == "readback_lag" else 1)
    return {"id": store.switch_on(world, dialect.kind, name=name, params=body, times=times).pk}


def _faults(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    return list(
        Fault.objects.filter(world=world, network=dialect.kind)
        .order_by("pk")
        .values("id", "name", "params", "remaining")
    )


def _no_faults(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    Fault.objects.filter(world=world, network=dialect.kind).delete()
    return {}


def _deliveries(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    return push.sent((world.name, dialect.kind))


def _settings(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    world.settings[dialect.kind] = {**world.settings.get(dialect.kind, {}), **body}
    world.save(update_fields=["settings"])
    limits.forget(world.name)
    return world.settings[dialect.kind]


def _credentials(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    return dialect.other_credentials(world) if "set" in body else dialect.credentials(world)


def _city(world: World, dialect: Dialect, body: dict[str, Any]) -> Any:
    person = store.city(world, dialect)
    if "name" in body:
        person.name = body["name"]
        person.save(update_fields=["name"])
    return {
        "id": person.external_id,
        "handle": person.handle,
        "name": person.name,
        "base_url": f"/{world.name}/{dialect.kind}",
    }


ACTIONS: dict[tuple[str, str], Action] = {
    ("POST", "citizen-post"): _citizen_post,
    ("POST", "city-post"): _city_post,
    ("POST", "edit"): _edit,
    ("POST", "delete"): _delete,
    ("POST", "redate"): _redate,
    ("POST", "burst"): _burst,
    ("POST", "raw"): _raw,
    ("GET", "posts"): _posts,
    ("POST", "faults"): _add_fault,
    ("GET", "faults"): _faults,
    ("DELETE", "faults"): _no_faults,
    ("GET", "deliveries"): _deliveries,
    ("POST", "settings"): _settings,
    ("GET", "credentials"): _credentials,
    ("GET", "city"): _city,
    ("POST", "city"): _city,
}

urlpatterns = [
    path("control/ready", ready),
    path("control/<slug:world>/reset", reset),
    path("control/<slug:world>/calls", calls),
    path("control/<slug:world>/<slug:network>/<slug:action>", act),
]
