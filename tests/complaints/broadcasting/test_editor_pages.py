"""The pages on which a broadcast is written, approved and looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from channels_sns import broadcasts
from channels_sns.models import Account, Amendment, Broadcast, PostResult
from channels_sns.models.broadcast import Kind
from departments.models import Role
from tests.broadcasting import TEXT, approve, make_draft, photo, posts
from tests.complaints.admin.desk import client_as, client_of
from tests.complaints.fates import fail, send
from tests.make import make_account, make_person

pytestmark = pytest.mark.django_db
State = Broadcast.State
NEW = "/admin/broadcasts/new/"


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


def page_of(broadcast: Broadcast) -> str:
    return reverse("broadcasts:page", args=[broadcast.pk])


def form(*accounts: Account, **values: Any) -> dict[str, Any]:
    """What a browser sends."""
    known = {"kind": "EVENT", "title": "다대포 영화제", "text": TEXT, "grace_minutes": "15", "version": "1"}
    return {**known, **{f"to_{account.pk}": "on" for account in accounts}, **values}


def draft_of(accounts: list[Account], **values: Any) -> Broadcast:
    return make_draft(accounts, now=timezone.now(), **values)


def test_a_draft_is_written_and_shown_on_each_account(officer: Client) -> None:
    x, facebook = make_account("x", name="부산시 X"), make_account("facebook", name="부산시 페이스북")
    assert officer.get(NEW + "?kind=TALK").status_code == 200
    values = {f"text_{facebook.pk}": "페이스북 친구 여러분!", f"links_{x.pk}": "yes", f"language_{x.pk}": "ko"}
    answer = officer.post(NEW, form(x, facebook, link="https://busan.go.kr", **values))
    broadcast = Broadcast.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(broadcast))
    page = officer.get(page_of(broadcast)).content.decode()
    assert "페이스북 친구 여러분!" in page
    assert f"{TEXT}\n\nhttps://busan.go.kr" in page
    assert "/280" in page
    assert "/8,000" in page
    assert "$0.2" in page


def test_it_is_changed_and_approved_in_one_step(officer: Client) -> None:
    account = make_account()
    broadcast = draft_of([account])
    answer = officer.post(page_of(broadcast), form(account, text="새 글입니다", action="approve"))
    assert answer.status_code == 303
    broadcast.refresh_from_db()
    assert (broadcast.state, [row.text for row in posts(broadcast)]) == (State.RELEASED, ["새 글입니다"])
    page = officer.get(page_of(broadcast)).content.decode()
    assert "새 글입니다" in page
    assert 'name="text"' not in page


def test_a_double_click_posts_once(officer: Client) -> None:
    account, other = make_account(), make_account("facebook")
    for text in (TEXT, f" {TEXT}\r\n"):
        assert officer.post(NEW, form(account, text=text, action="approve")).status_code == 303
    assert len(posts(Broadcast.objects.get())) == 1
    officer.post(NEW, form(other, action="approve"))
    client_as(Role.OFFICER).post(NEW, form(account, action="approve"))
    Broadcast.objects.update(created_at=timezone.now() - timedelta(hours=1))
    officer.post(NEW, form(account, action="approve"))
    assert Broadcast.objects.count() == 4


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_no_day_is_too_far_away(officer: Client, day: str) -> None:
    sent = form(make_account(), publish_at_0=day, publish_at_1="23:59", grace_minutes="600", action="approve")
    assert officer.post(NEW, sent, follow=True).status_code in (200, 400)
    assert officer.get("/admin/broadcasts/").status_code == 200


def test_a_time_is_taken_as_busan_tells_it(officer: Client) -> None:
    account = make_account()
    day = timezone.localdate() + timedelta(days=2)
    when = {"publish_at_0": f"{day}", "publish_at_1": "08:30"}
    officer.post(NEW, form(account, **when))
    broadcast = Broadcast.objects.get()
    assert broadcast.publish_at is not None
    assert f"{timezone.localtime(broadcast.publish_at):%Y-%m-%d %H:%M}" == f"{day} 08:30"
    page = officer.get(page_of(broadcast)).content.decode()
    assert f'value="{day}"' in page
    assert 'value="08:30"' in page
    officer.post(page_of(broadcast), form(account, action="approve", **when))
    broadcast.refresh_from_db()
    assert (broadcast.state, posts(broadcast)) == (State.APPROVED, [])


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"kind": "EMERGENCY"},
        {"link": "javascript:alert(1)"},
        {"publish_at_0": "2020-01-01", "publish_at_1": "09:00"},
        {"publish_at_0": "2020-01-01"},
        {"grace_minutes": "-1"},
        {"text": "가" * 8001},
    ],
    ids=["title", "kind", "link", "past", "half", "grace", "long"],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(officer: Client, values: dict[str, str]) -> None:
    account = make_account()
    sent = form(account, text_en="Kept words", **values)
    for address in (NEW, page_of(draft_of([account]))):
        answer = officer.post(address, sent)
        assert answer.status_code == 400
        assert "Kept words" in answer.content.decode()
    assert Broadcast.objects.get().text_en != "Kept words"


def test_who_is_slower_learns_it_and_loses_nothing(officer: Client) -> None:
    account = make_account()
    broadcast = draft_of([account])
    colleague = make_person(Role.OFFICER, first_name="민지")
    broadcasts.change(broadcast, version=1, by=colleague, now=timezone.now(), text="민지의 글")
    answer = officer.post(page_of(broadcast), form(account, text="내가 쓴 글"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "민지" in page
    assert "내가 쓴 글" in page
    assert f'name="version" value="{broadcast.version}"' in page


def test_a_photo_comes_with_its_words_or_is_asked_for_again(officer: Client) -> None:
    account = make_account()
    broadcast = draft_of([account])
    upload = SimpleUploadedFile("IMG_1.jpg", photo(), "image/jpeg")
    answer = officer.post(page_of(broadcast), form(account, text="글은 저장", photo=upload), follow=True)
    broadcast.refresh_from_db()
    assert (broadcast.text, broadcast.pictures.count()) == ("글은 저장", 0)
    assert "messagelist" in answer.content.decode()
    upload.seek(0)
    version = str(broadcast.version)
    officer.post(page_of(broadcast), form(account, photo=upload, alt="모래밭의 영화제", version=version))
    picture = broadcast.pictures.get()
    assert "모래밭의 영화제" in officer.get(page_of(broadcast)).content.decode()
    shown = officer.get(reverse("broadcasts:picture", args=[picture.pk, "small"]))
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    list(shown.streaming_content)  # type: ignore[attr-defined]
    assert officer.get(reverse("broadcasts:picture", args=[picture.pk, "huge"])).status_code == 404
    broadcast.refresh_from_db()
    drop = reverse("broadcasts:picture_drop", args=[broadcast.pk, picture.pk])
    officer.post(drop, {"version": "1"})
    assert broadcast.pictures.exists()
    officer.post(drop, {"version": broadcast.version})
    assert not broadcast.pictures.exists()


def test_words_without_a_file(officer: Client) -> None:
    account = make_account()
    broadcast = draft_of([account])
    officer.post(page_of(broadcast), form(account, text="새 글", alt="모래밭의 영화제"))
    broadcast.refresh_from_db()
    assert (broadcast.text, broadcast.pictures.count()) == ("새 글", 0)


def test_one_that_waits_is_taken_back_or_given_up(officer: Client) -> None:
    now = timezone.now()
    broadcast = approve(draft_of([make_account()], publish_at=now + timedelta(hours=2)), now=now)
    address = reverse("broadcasts:decide", args=[broadcast.pk, "take-back"])
    assert officer.get(page_of(broadcast)).status_code == 200
    officer.post(address, {"version": 1})
    broadcast.refresh_from_db()
    assert broadcast.state == State.APPROVED
    officer.post(address, {"version": broadcast.version})
    broadcast.refresh_from_db()
    assert broadcast.state == State.DRAFT
    cancel = reverse("broadcasts:decide", args=[broadcast.pk, "cancel"])
    officer.post(cancel, {"version": broadcast.version, "reason": "비가 옵니다\x00"})
    broadcast.refresh_from_db()
    assert (broadcast.state, broadcast.reason) == (State.CANCELLED, "비가 옵니다")
    assert "비가 옵니다" in officer.get(page_of(broadcast)).content.decode()
    again = officer.post(cancel, {"version": broadcast.version}, follow=True)
    assert "error" in again.content.decode()
    assert officer.post(reverse("broadcasts:decide", args=[broadcast.pk, "explode"])).status_code == 404


def test_what_became_of_it_stands_on_its_page(officer: Client) -> None:
    x, facebook = make_account("x"), make_account("facebook")
    now = timezone.now()
    broadcast = approve(draft_of([x, facebook]), now=now)
    first, second = posts(broadcast)
    send(first, now=now)
    fail(second, make_refusal(), now=now)
    page = officer.get(page_of(broadcast)).content.decode()
    assert "badge-SENT" in page
    assert "badge-FAILED" in page
    assert "zu lang" in page
    assert first.url in page


def make_refusal() -> Any:
    from channels_sns.adapters.contract import Rejected

    return Rejected("zu lang")


def test_warnings_stand_on_the_cards(officer: Client) -> None:
    stopped = make_account("me2day", name="미투데이", enabled=True, state="SUSPENDED", suspended_at=timezone.now())
    english = make_account("mastodon", language="en")
    broadcast = draft_of([stopped, english], text_en="")
    for n in range(2):
        broadcasts.add_picture(broadcast, photo(), alt=f"사진 {n}", version=broadcast.version)
    page = officer.get(page_of(broadcast)).content.decode()
    assert page.count("notice-warn") == 3
    broadcasts.vary(broadcast, stopped.pk, {"text": "다대포에서 만나요. " * 90})
    assert officer.get(page_of(broadcast)).content.decode().count("notice-warn") == 4


def test_the_lists(officer: Client) -> None:
    now = timezone.now()
    waiting = approve(draft_of([make_account()], title="기다림", publish_at=now + timedelta(hours=1)), now=now)
    gone = approve(draft_of([make_account()], title="나감"), now=now)
    given_up = draft_of([make_account()], title="그만둠")
    broadcasts.cancel(given_up, by=make_person(Role.OFFICER), version=1, now=now)
    for tab, title in (("open", waiting.title), ("sent", gone.title), ("not", given_up.title)):
        page = officer.get(reverse("broadcasts:list"), {"tab": tab}).content.decode()
        assert [name for name in ("기다림", "나감", "그만둠") if name in page] == [title]
    assert officer.get(reverse("broadcasts:list"), {"tab": "all"}).status_code == 404


def test_the_list_and_the_editor_ask_few_questions(officer: Client, django_assert_max_num_queries: Any) -> None:
    accounts = [make_account("x") for _turn in range(12)]
    for _turn in range(30):
        broadcast = draft_of(accounts)
    officer.get(page_of(broadcast))
    with django_assert_max_num_queries(8):
        officer.get(reverse("broadcasts:list"))
    with django_assert_max_num_queries(16):
        officer.get(page_of(broadcast))


def test_an_emergency_is_written_elsewhere(officer: Client) -> None:
    page = officer.get(NEW).content.decode()
    assert 'value="TALK"' in page
    assert 'value="EMERGENCY"' not in page
    broadcast = draft_of([make_account()], kind=Kind.EMERGENCY)
    assert officer.get(page_of(broadcast)).status_code == 200
    assert officer.get(reverse("broadcasts:page", args=[999])).status_code == 404
    assert client_of(make_person(Role.MANAGER)).get(page_of(broadcast)).status_code == 404


def test_it_is_taken_down_on_one_account_or_everywhere(officer: Client) -> None:
    x, facebook = make_account("x"), make_account("facebook")
    broadcast = approve(draft_of([x, facebook]), now=timezone.now())
    for n, row in enumerate(posts(broadcast)):
        send(row, now=timezone.now(), external_id=f"77{n}")
    address = reverse("broadcasts:take_down", args=[broadcast.pk])
    assert officer.get(page_of(broadcast)).content.decode().count(f'action="{address}"') == 3
    assert officer.post(address, {"account": "999"}).status_code == 404
    officer.post(address, {"account": x.pk})
    assert [row.outbound.account for row in Amendment.objects.all()] == [x]
    assert "badge-warn" in officer.get(page_of(broadcast)).content.decode()
    officer.post(address)
    officer.post(address)
    assert Amendment.objects.count() == 2
    page = officer.get(page_of(broadcast)).content.decode()
    assert f'action="{address}"' not in page
    assert [event.what for event in broadcast.events.all()].count("take down") == 3


def test_it_is_changed_where_the_network_can(officer: Client) -> None:
    x, facebook = make_account("x"), make_account("facebook")
    broadcast = approve(draft_of([x, facebook]), now=timezone.now())
    rows = posts(broadcast)
    for n, row in enumerate(rows):
        send(row, now=timezone.now(), external_id=f"77{n}")
    on_x, on_facebook = (reverse("broadcasts:correct", args=[broadcast.pk, row.pk]) for row in rows)
    page = officer.get(page_of(broadcast)).content.decode()
    assert (on_x in page, on_facebook in page) == (False, True)
    officer.post(on_x, {"text": "고친 글"})
    assert not Amendment.objects.exists()
    officer.post(on_facebook, {"text": " 고친 글\r\n둘째 줄\x00"})
    assert Amendment.objects.get().text == "고친 글\n둘째 줄"
    Amendment.objects.update(state="VERIFIED", verified_at=timezone.now())
    page = officer.get(page_of(broadcast)).content.decode()
    assert "고친 글" in page
    assert "badge-good" in page
    elsewhere = approve(draft_of([facebook]), now=timezone.now())
    assert officer.post(reverse("broadcasts:correct", args=[elsewhere.pk, rows[1].pk])).status_code == 404


def test_what_the_network_counted_stands_beside_the_post(officer: Client) -> None:
    account = make_account()
    broadcast = approve(draft_of([account]), now=timezone.now())
    (post,) = posts(broadcast)
    send(post, now=timezone.now())
    page = officer.get(page_of(broadcast)).content.decode()
    assert "1,234" not in page
    told = PostResult.objects.create(outbound=post, hours=1, counts={"reach": 1234}, counted_at=timezone.now())
    assert "1,234" in officer.get(page_of(broadcast)).content.decode()
    PostResult.objects.filter(pk=told.pk).update(counts={})
    with translation.override("en"):
        assert "none told" in officer.get(page_of(broadcast), headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    ("network", "why"),
    [
        ("x", "The network has not told how many saw it."),
        ("facebook", "How many saw it stands in the page&#x27;s Insights"),
        ("mastodon", "This network does not tell how many saw it."),
    ],
)
def test_where_nobody_knows_how_many_saw_it_the_page_says_why(officer: Client, network: str, why: str) -> None:
    broadcast = approve(draft_of([make_account(network)]), now=timezone.now())
    (post,) = posts(broadcast)
    send(post, now=timezone.now())
    english = {"accept-language": "en"}
    assert why not in officer.get(page_of(broadcast), headers=english).content.decode()
    row = PostResult.objects.create(outbound=post, hours=1, counts={"comments": 3}, counted_at=timezone.now())
    assert why in officer.get(page_of(broadcast), headers=english).content.decode()
    PostResult.objects.filter(pk=row.pk).update(counts={"comments": 3, "reach": 12})
    assert why not in officer.get(page_of(broadcast), headers=english).content.decode()
