"""The door for pushed deliveries: who is not the network learns nothing, who is becomes a complaint once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

import pytest
import requests
from django.test import Client
from django.utils import timezone
from requests_oauthlib import OAuth1

from channels_sns import accounts, inbox, webhooks
from channels_sns.models import Account, InboundPost, PushDelivery
from channels_sns.secrets import seal, unseal
from complaints import intake
from complaints.models import Complaint
from complaints.tasks import sweep
from tests.channels_sns.sandbox.receiver import Answer, Receiver, Request, receiving
from tests.channels_sns.scripted import make_scripted_account
from tests.sandbox import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("busan")]

PAGE, SECRET, VERIFY = "1090", "canary-app-secret", "우리끼리-1"


@pytest.fixture
def facebook() -> Account:
    secrets = {"page_access_token": "t", "app_secret": SECRET, "verify_token": VERIFY}
    return make_scripted_account(kind="facebook", external_id=PAGE, secrets=seal(secrets))


def door(account: Account) -> str:
    return f"/webhooks/{account.pk}/{account.push_key}/"


def comment(number: int = 1, **more: Any) -> bytes:
    value = {"item": "comment", "verb": "add", "post_id": f"{PAGE}_55", "comment_id": f"55_{number}"}
    told = {"from": {"id": "7", "name": "홍길동"}, "created_time": 1795489200, "message": "가로등이 꺼졌어요"}
    changes = [{"field": "feed", "value": {**value, **told, **more}}]
    return json.dumps({"object": "page", "entry": [{"id": PAGE, "time": 1795489200, "changes": changes}]}).encode()


def signature(body: bytes, key: str = SECRET) -> str:
    return "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def push(account: Account, body: bytes, header: str | None = None) -> Any:
    headers = {"X-Hub-Signature-256": signature(body) if header is None else header}
    return Client().post(door(account), body, content_type="application/json", headers=headers)


# --- who may come in --------------------------------------------------------------------------------------------------


def test_a_signed_delivery_becomes_a_complaint_at_once(facebook: Account) -> None:
    answer = push(facebook, comment())
    assert (answer.status_code, answer.content) == (200, b"")
    assert Complaint.objects.get().text == "가로등이 꺼졌어요"
    assert PushDelivery.objects.get().state == PushDelivery.State.READ


@pytest.mark.parametrize(
    "header",
    ["", "sha256=", signature(b"another body"), signature(comment(), "another key"), signature(comment())[7:],
     "sha256=부산", "sha256=\xff\xfe", "sha1=" + signature(comment())[7:]],
)  # fmt: skip
def test_a_wrong_signature_is_answered_like_a_wrong_address(facebook: Account, header: str) -> None:
    assert push(facebook, comment(), header.encode("utf-8").decode("latin-1")).status_code == 404
    assert not PushDelivery.objects.exists()
    assert not InboundPost.objects.exists()


def test_no_signature_at_all_is_one_too(facebook: Account) -> None:
    assert Client().post(door(facebook), comment(), content_type="application/json").status_code == 404
    assert not PushDelivery.objects.exists()


def test_the_signature_holds_for_the_bytes_not_for_their_meaning(facebook: Account) -> None:
    body = comment()
    same_meaning = json.dumps(json.loads(body), ensure_ascii=False).encode()
    assert push(facebook, same_meaning, signature(body)).status_code == 404
    assert push(facebook, same_meaning).status_code == 200


@pytest.mark.parametrize("size", [2_000_001, 2_600_000])
def test_a_body_that_is_too_large_is_refused(facebook: Account, size: int) -> None:
    body = comment() + b" " * (size - len(comment()))
    assert push(facebook, body).status_code == 404
    assert not PushDelivery.objects.exists()


def test_a_wrong_address_and_an_account_out_of_use_are_the_same(facebook: Account) -> None:
    addresses = [
        f"/webhooks/{facebook.pk}/{uuid4()}/",
        f"/webhooks/{facebook.pk + 1}/{facebook.push_key}/",
        f"/webhooks/{make_scripted_account(kind='mastodon').pk}/{facebook.push_key}/",
    ]
    silent = make_scripted_account(kind="mastodon", handle="silent")
    Account.objects.filter(pk=facebook.pk).update(enabled=False)
    for address in [*addresses, door(silent), door(facebook)]:
        answer = Client().post(
            address, comment(), content_type="application/json", headers={"X-Hub-Signature-256": signature(comment())}
        )
        assert answer.status_code == 404
    assert not PushDelivery.objects.exists()


def test_secrets_that_cannot_be_opened_keep_the_door_shut(facebook: Account) -> None:
    Account.objects.filter(pk=facebook.pk).update(secrets="not ours")
    assert push(facebook, comment()).status_code == 404
    assert Client().get(door(facebook)).status_code == 404


def test_other_ways_to_knock_are_refused(facebook: Account) -> None:
    for method in ("put", "patch", "delete"):
        assert getattr(Client(), method)(door(facebook)).status_code == 405


def test_a_stopped_account_still_takes_what_is_pushed(facebook: Account) -> None:
    """Its token may be dead; what comes by itself is not thrown away."""
    Account.objects.filter(pk=facebook.pk).update(state=Account.State.SUSPENDED, suspended_at=timezone.now())
    assert push(facebook, comment()).status_code == 200
    assert InboundPost.objects.count() == 1


# --- the challenge ----------------------------------------------------------------------------------------------------


def test_the_challenge_is_echoed_as_plain_words(facebook: Account) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "<b>1158201444</b>"}
    answer = Client().get(door(facebook), asked)
    assert (answer.status_code, answer.content.decode()) == (200, "<b>1158201444</b>")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Client().get(door(facebook), asked | {"hub.verify_token": "아무나"}).status_code == 404
    assert Client().get(door(facebook)).status_code == 404


# --- once, and never lost ---------------------------------------------------------------------------------------------


def test_the_same_delivery_again_changes_nothing(facebook: Account) -> None:
    for _turn in range(3):
        assert push(facebook, comment()).status_code == 200
    assert (PushDelivery.objects.count(), InboundPost.objects.count(), Complaint.objects.count()) == (1, 1, 1)


def test_a_delivery_that_cannot_be_read_is_answered_and_kept(facebook: Account) -> None:
    body = b'{"object": "user"}'
    assert push(facebook, body).status_code == 200
    delivery = PushDelivery.objects.get()
    assert (delivery.state, delivery.tries, bytes(delivery.body)) == (PushDelivery.State.WAITING, 1, body)
    for _turn in range(webhooks.TRIES_MAX):
        sweep()
        PushDelivery.objects.filter(pk=delivery.pk).update(retry_at=None)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == (PushDelivery.State.FAILED, webhooks.TRIES_MAX)
    assert "no delivery about a Page" in delivery.error


def test_what_died_between_keeping_and_reading_is_read_by_the_clock(
    facebook: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: object, **_more: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(webhooks, "read", dies)
        with pytest.raises(SystemExit):
            push(facebook, comment())
    assert PushDelivery.objects.get().state == PushDelivery.State.WAITING
    assert not InboundPost.objects.exists()
    sweep()
    assert Complaint.objects.get().text == "가로등이 꺼졌어요"


def test_a_desk_that_cannot_register_answers_and_registers_later(
    facebook: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The delivery is safe: whatever breaks afterwards is the desk's own affair, and a repetition is no second one."""

    def breaks(**_more: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(intake, "register_waiting", breaks)
        assert push(facebook, comment()).status_code == 200
    assert InboundPost.objects.count() == 1
    sweep()
    assert Complaint.objects.count() == 1


# --- as the sandbox's networks push -----------------------------------------------------------------------------------


def handed_over(account: Account, request: Request) -> Any:
    """What the sandbox sent over the wire, given to the desk's door byte for byte."""
    names = ("x-hub-signature-256", "x-twitter-webhooks-signature")
    headers = {name: request.headers[name] for name in names if name in request.headers}
    return Client().post(door(account), request.body, content_type=request.headers["content-type"], headers=headers)


def account_of(world: World, network: str, **secrets: str) -> Account:
    city = world.city(network)
    return make_scripted_account(
        kind=network,
        handle=city["handle"],
        external_id=city["id"],
        base_url=world.base_url(network),
        secrets=seal({**world.credentials(network), **secrets}),
    )


def answers_for(account: Account, answered: list[str]) -> Any:
    def answer(request: Request) -> Answer:
        adapter = accounts.open_adapter(account)
        told = adapter.challenge(request.query) if request.method == "GET" else None
        answered.append(told or "")
        return (200, told.encode()) if told else (404 if request.method == "GET" else 200, b"")

    return answer


def x_call(account: Account, path: str, body: dict[str, Any]) -> requests.Response:
    key = unseal(account.secrets)
    signed = OAuth1(key["consumer_key"], key["consumer_secret"], key["access_token"], key["access_token_secret"])
    return requests.post(f"{account.base_url}/2/{path}", json=body, auth=signed, timeout=20)


def test_x_registers_our_address_and_its_events_become_complaints(world: World) -> None:
    account, answered = account_of(world, "x"), list[str]()
    with receiving(answers_for(account, answered)) as post_box:
        assert x_call(account, "webhooks", {"url": post_box.url}).status_code == 200, answered
        for kind in ("post.mention.create", "post.delete"):
            subscription = {"event_type": kind, "filter": {"user_id": account.external_id}}
            assert x_call(account, "activity/subscriptions", subscription).status_code == 200
        world.settings("x", push_twice=True)
        post_id = world.citizen_post("x", "가로등이 꺼졌습니다", handle="gildong", name="홍길동 (가상)")
        first, again = post_box.waited(2)
        world.delete("x", post_id)
        deleted = post_box.waited(4)[2]
    assert [handed_over(account, one).status_code for one in (first, again)] == [200, 200]
    post = InboundPost.objects.get()
    assert (post.external_id, post.can_reply, Complaint.objects.count()) == (post_id, True, 1)
    assert post.author is not None
    assert post.author.handle == "gildong"
    assert handed_over(account, deleted).status_code == 200
    post.refresh_from_db()
    assert post.gone_at is not None


def test_facebook_subscribes_us_and_its_lots_become_complaints(world: World) -> None:
    account, answered = account_of(world, "facebook", verify_token=f"verify-{world.name}"), list[str]()
    with receiving(answers_for(account, answered)) as post_box:
        subscribed(world, account, post_box)
        world.settings("facebook", push_batch=2)
        ids = [world.citizen_post("facebook", f"{n}번째 민원", handle=f"citizen{n}") for n in (1, 2)]
        (lot,) = post_box.waited(1)
    assert handed_over(account, lot).status_code == 200
    assert set(InboundPost.objects.values_list("external_id", flat=True)) == set(ids)
    assert Complaint.objects.count() == 2


def subscribed(world: World, account: Account, post_box: Receiver) -> None:
    world.settings("facebook", webhook_url=post_box.url)
    token = unseal(account.secrets)
    proof = hmac.new(token["app_secret"].encode(), token["page_access_token"].encode(), hashlib.sha256).hexdigest()
    answer = requests.post(
        f"{account.base_url}/v26.0/{account.external_id}/subscribed_apps",
        data={"subscribed_fields": "feed,mention", "appsecret_proof": proof},
        headers={"Authorization": f"Bearer {token['page_access_token']}"},
        timeout=20,
    )
    assert answer.json() == {"success": True}


@pytest.mark.parametrize("first", ["poll", "push"])
def test_what_is_polled_and_pushed_is_one_complaint(world: World, first: str) -> None:
    account, answered = account_of(world, "facebook", verify_token=f"verify-{world.name}"), list[str]()
    with receiving(answers_for(account, answered)) as post_box:
        subscribed(world, account, post_box)
        world.citizen_post("facebook", "가로등이 꺼졌습니다")
        (pushed,) = post_box.waited(1)
    for step in ("poll", "push") if first == "poll" else ("push", "poll"):
        if step == "poll":
            inbox.collect(account, now=timezone.now())
        else:
            handed_over(account, pushed)
    intake.register_waiting(now=timezone.now())
    assert (InboundPost.objects.count(), Complaint.objects.count()) == (1, 1)


def test_the_answer_to_xs_challenge_is_json(world: World) -> None:
    account = account_of(world, "x")
    answer = Client().get(door(account), {"crc_token": "17"})
    key = world.credentials("x")["consumer_secret"].encode()
    digest = base64.b64encode(hmac.new(key, b"17", hashlib.sha256).digest()).decode()
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"response_token": f"sha256={digest}"}
