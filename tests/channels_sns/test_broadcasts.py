"""Broadcasts: written, approved, and into the outbox once."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, transaction
from PIL import Image

from channels_sns import broadcasts, freezes, media, outbox, releases
from channels_sns.models import Broadcast, OutboundPost
from channels_sns.models.broadcast import Kind
from departments.models import Role
from tests.broadcasting import TEXT, approve, make_draft, photo, posts
from tests.complaints.fates import fail, send
from tests.make import NOON, make_account, make_person

pytestmark = pytest.mark.django_db
State = Broadcast.State
MINUTE = timedelta(minutes=1)


def scheduled(**values: Any) -> Broadcast:
    return approve(make_draft(publish_at=NOON + 60 * MINUTE, **values))


def test_an_approved_one_without_a_time_goes_out_at_once_on_every_account() -> None:
    x, facebook = make_account("x"), make_account("facebook")
    broadcast = approve(make_draft([x, facebook]))
    assert (broadcast.state, broadcast.publish_at, broadcast.released_at) == (State.RELEASED, NOON, NOON)
    rows = posts(broadcast)
    assert {row.account_id for row in rows} == {x.pk, facebook.pk}
    assert {(row.text, row.lane, row.not_after, row.target == {}) for row in rows} == {
        (TEXT, "broadcast", NOON + 15 * MINUTE, True)
    }
    assert [event.what for event in broadcast.events.all()] == ["draft", "approve", "release"]


def test_no_account_gets_it_twice() -> None:
    broadcast = approve(make_draft())
    with pytest.raises(IntegrityError), transaction.atomic():
        releases.release(broadcast, now=NOON)
    assert len(posts(broadcast)) == 1


def test_one_with_a_time_waits_for_it() -> None:
    broadcast = scheduled()
    assert releases.release_due(now=NOON + 59 * MINUTE) == 0
    assert (broadcast.state, posts(broadcast)) == (State.APPROVED, [])
    assert releases.release_due(now=NOON + 60 * MINUTE) == 1
    assert releases.release_due(now=NOON + 61 * MINUTE) == 0
    assert len(posts(broadcast)) == 1


def test_one_that_is_too_late_is_refused_and_says_why() -> None:
    broadcast = scheduled(grace_minutes=10)
    assert releases.release_due(now=NOON + 71 * MINUTE) == 0
    broadcast.refresh_from_db()
    assert (broadcast.state, posts(broadcast)) == (State.MISSED, [])
    assert "11" in broadcast.reason
    assert broadcast.events.get(what="missed").note == broadcast.reason


@pytest.mark.parametrize(("error", "goes_on"), [(ZeroDivisionError, True), (OperationalError, False)])
def test_one_that_breaks_our_code_holds_up_none_behind_it(
    error: type[Exception], goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, release = scheduled(), releases.release
    scheduled()

    def poisoned(one: Broadcast, *, now: datetime) -> None:
        if one.pk == broken.pk:
            raise error
        release(one, now=now)

    monkeypatch.setattr(releases, "release", poisoned)
    with nullcontext() if goes_on else pytest.raises(error):
        assert releases.release_due(now=NOON + 60 * MINUTE) == 1


def test_within_its_grace_it_still_goes() -> None:
    scheduled(grace_minutes=10)
    assert releases.release_due(now=NOON + 70 * MINUTE) == 1


def test_what_lies_in_the_outbox_too_long_is_taken_back_with_its_parts() -> None:
    broadcast = approve(make_draft([make_account("me2day")], text="다대포에서 만나요. " * 30))
    assert len(posts(broadcast)) > 1
    late = NOON + 16 * MINUTE
    assert list(outbox.due(late)) == []
    assert outbox.expire(now=late) == len(posts(broadcast))
    assert {row.state for row in posts(broadcast)} == {"CANCELLED"}
    assert posts(broadcast)[0].history.last().detail == "too late"  # type: ignore[union-attr]
    assert outbox.expire(now=late) == 0


def test_once_the_first_part_stands_the_others_follow_however_late() -> None:
    broadcast = approve(make_draft([make_account("me2day")], text="다대포에서 만나요. " * 30))
    send(posts(broadcast)[0], now=NOON)
    assert outbox.expire(now=NOON + 60 * MINUTE) == 0
    assert list(outbox.due(NOON + 60 * MINUTE)) == [posts(broadcast)[1]]


def test_an_emergency_goes_first_and_is_never_too_late() -> None:
    account = make_account()
    first = approve(make_draft([account]))
    urgent = approve(make_draft([account], kind=Kind.EMERGENCY, text="아이를 찾습니다"))
    assert [row.key for row in outbox.due(NOON)] == [posts(urgent)[0].key, posts(first)[0].key]
    assert (posts(urgent)[0].not_after, posts(urgent)[0].lane) == (None, "emergency")


def test_what_was_read_before_is_not_overwritten() -> None:
    broadcast, officer = make_draft(), make_person(Role.OFFICER)
    version = broadcast.version
    broadcasts.change(broadcast, version=version, by=officer, now=NOON, text="새 글")
    with pytest.raises(broadcasts.Conflict):
        broadcasts.change(broadcast, version=version, by=officer, now=NOON, text="다른 글")
    with pytest.raises(broadcasts.Conflict):
        broadcasts.approve(broadcast, by=officer, version=version, now=NOON)
    broadcast.refresh_from_db()
    assert (broadcast.text, broadcast.state, broadcast.written_by) == ("새 글", State.DRAFT, officer)


def test_an_approved_one_is_not_changed_but_taken_back() -> None:
    broadcast, officer = scheduled(), make_person(Role.OFFICER)
    with pytest.raises(broadcasts.NotPossible):
        broadcasts.change(broadcast, version=broadcast.version, by=officer, now=NOON, text="새 글")
    broadcasts.take_back(broadcast, by=officer, version=broadcast.version, now=NOON)
    broadcasts.change(broadcast, version=broadcast.version, by=officer, now=NOON, text="새 글")
    assert releases.release_due(now=NOON + 60 * MINUTE) == 0
    approve(broadcast)
    releases.release_due(now=NOON + 60 * MINUTE)
    assert posts(broadcast)[0].text == "새 글"


def test_a_cancelled_one_does_not_go() -> None:
    broadcast = scheduled()
    officer = make_person(Role.OFFICER)
    broadcasts.cancel(broadcast, by=officer, version=broadcast.version, now=NOON, reason="비가 옵니다")
    assert releases.release_due(now=NOON + 60 * MINUTE) == 0
    assert (broadcast.state, broadcast.reason) == (State.CANCELLED, "비가 옵니다")
    with pytest.raises(broadcasts.NotPossible):
        broadcasts.cancel(broadcast, by=officer, version=broadcast.version, now=NOON)


def test_four_eyes(settings: Any) -> None:
    settings.FOUR_EYES = True
    officer = make_person(Role.OFFICER)
    broadcast = make_draft(by=officer)
    with pytest.raises(broadcasts.NotPossible):
        approve(broadcast, by=officer)
    broadcast.refresh_from_db()
    approve(broadcast)
    approve(make_draft(by=officer, kind=Kind.EMERGENCY), by=officer)


@pytest.mark.parametrize(
    "values", [{"title": " "}, {"publish_at": NOON}, {"publish_at": NOON - MINUTE}], ids=["title", "now", "past"]
)
def test_what_makes_no_sense_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(broadcasts.NotPossible):
        make_draft(**values)
    assert not Broadcast.objects.exists()


def test_no_field_but_those_that_may_be_written() -> None:
    with pytest.raises(TypeError, match="state"):
        make_draft(state="RELEASED")


def test_a_time_that_passed_while_it_waited_for_approval() -> None:
    broadcast = make_draft(publish_at=NOON + MINUTE)
    with pytest.raises(broadcasts.NotPossible):
        approve(broadcast, now=NOON + 2 * MINUTE)
    broadcast.refresh_from_db()
    assert broadcast.state == State.DRAFT


def test_every_account_must_be_able_to_take_it() -> None:
    nowhere = make_draft()
    broadcasts.address(nowhere, [])
    for broadcast in (
        nowhere,
        make_draft([make_account("me2day", name="미투데이")], text="다대포에서 만나요. " * 90),
        make_draft([make_account("x", language="en")], text_en=""),
    ):
        with pytest.raises(broadcasts.NotPossible):
            approve(broadcast)
        broadcast.refresh_from_db()
        assert (broadcast.state, broadcast.version, posts(broadcast)) == (State.DRAFT, 1, [])


def test_accounts_come_and_go_and_what_was_said_for_one_stays() -> None:
    x, facebook = make_account("x"), make_account("facebook")
    broadcast = make_draft([x])
    broadcasts.vary(broadcast, x.pk, {"text": " 짧게 ", "links": True})
    broadcasts.address(broadcast, [x, facebook])
    assert {(one.account_id, one.text, one.links) for one in broadcast.variants.all()} == {
        (x.pk, "짧게", True),
        (facebook.pk, "", None),
    }
    broadcasts.address(broadcast, [facebook])
    assert [one.account_id for one in broadcast.variants.all()] == [facebook.pk]


# --- photos -----------------------------------------------------------------------------------------------------------


def test_photos_go_out_repainted_with_their_words() -> None:
    broadcast = make_draft()
    picture = broadcasts.add_picture(broadcast, photo(), alt=" 모래밭의  영화제 ", version=broadcast.version)
    assert (picture.alt, picture.position, picture.width) == ("모래밭의 영화제", 0, 80)
    with Image.open(media.path_of(picture.file)) as kept:
        assert not kept.getexif()
    (row,) = posts(approve(broadcast))
    assert row.media == [{"file": picture.file, "alt": "모래밭의 영화제"}]


@pytest.mark.parametrize("alt", ["", " ", "가", "IMG_0001.JPG", "가" * 1001])
def test_a_photo_needs_words(alt: str) -> None:
    broadcast = make_draft()
    with pytest.raises(broadcasts.NotPossible):
        broadcasts.add_picture(broadcast, photo(), alt=alt, version=broadcast.version)


def test_what_is_no_photo_is_refused() -> None:
    broadcast = make_draft()
    for content in (b"", b"<svg/>", b"\xff\xd8 broken", b"x" * 15_000_001):
        with pytest.raises(broadcasts.NotPossible):
            broadcasts.add_picture(broadcast, content, alt="사진 설명", version=broadcast.version)
    assert not broadcast.pictures.exists()


def test_four_photos_at_most_and_any_can_be_taken_out() -> None:
    broadcast = make_draft()
    pictures = [
        broadcasts.add_picture(broadcast, photo(), alt=f"사진 {n}", version=broadcast.version) for n in range(4)
    ]
    with pytest.raises(broadcasts.NotPossible):
        broadcasts.add_picture(broadcast, photo(), alt="하나 더", version=broadcast.version)
    broadcast.refresh_from_db()
    broadcasts.drop_picture(broadcast, pictures[1].pk, version=broadcast.version)
    again = {"file": pictures[0].file, "thumbnail": pictures[0].thumbnail, "width": 80, "height": 60}
    broadcasts.take_picture(broadcast, again, alt="다시 쓰는 사진", version=broadcast.version)
    assert [one.alt for one in broadcast.pictures.all()] == ["사진 0", "사진 2", "사진 3", "다시 쓰는 사진"]
    with pytest.raises(broadcasts.Conflict):
        broadcasts.drop_picture(broadcast, pictures[0].pk, version=1)


def test_as_many_photos_as_a_network_takes() -> None:
    assert broadcasts.fits_pictures(make_account("me2day"), 4) == 1
    assert broadcasts.fits_pictures(make_account("x"), 3) == 3


# --- what follows -----------------------------------------------------------------------------------------------------


def test_what_follows_stands_under_where_the_first_stands() -> None:
    x, facebook = make_account("x"), make_account("facebook", name="부산시 페이스북")
    talk = approve(make_draft([x, facebook], kind=Kind.TALK))
    assert talk.collects
    send(posts(talk)[0], now=NOON, external_id="77")
    result = approve(make_draft([x, facebook], kind=Kind.NEWS, follows=talk, under=True))
    assert not result.collects
    (row,) = posts(result)
    assert (row.account, row.target["external_id"], row.target["root_id"]) == (x, "77", "77")
    assert "부산시 페이스북" in result.events.get(what="release").note


def test_deliveries_say_the_worst_of_their_posts() -> None:
    account, other = make_account("me2day"), make_account()
    broadcast = approve(make_draft([account, other], text="다대포에서 만나요. " * 30))
    first, second, *_rest = [row for row in posts(broadcast) if row.account == account]
    assert {one.variant.account_id: one.state for one in releases.deliveries(broadcast)}[account.pk] == "QUEUED"
    send(first, now=NOON, external_id="1")
    fail(second, outbox_error(), now=NOON)
    found = {one.variant.account_id: one for one in releases.deliveries(broadcast)}
    assert (found[account.pk].state, found[account.pk].url) == ("FAILED", "https://n.example/1")
    assert releases.posts_of([broadcast]) == posts(broadcast)
    nothing = releases.deliveries(make_draft())[0]
    assert (nothing.state, nothing.url) == ("", "")


def outbox_error() -> Any:
    from channels_sns.adapters.contract import Rejected

    return Rejected("no")


def test_two_at_once_release_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    broadcast = scheduled()
    Broadcast.objects.filter(pk=broadcast.pk).update(state=State.CANCELLED)
    assert not releases._release_alone(broadcast.pk, NOON)
    assert not OutboundPost.objects.exists()


def test_words_for_people() -> None:
    broadcast = make_draft()
    variant = broadcast.variants.get()
    assert (str(broadcast), str(variant), str(broadcast.events.get())) == ("다대포 영화제", variant.key, "draft")
    assert broadcast.latest is None


# --- while an emergency has the floor ---------------------------------------------------------------------------------


def test_nothing_scheduled_goes_out_and_what_its_time_passes_is_missed() -> None:
    soon, later = scheduled(grace_minutes=10), approve(make_draft(publish_at=NOON + 65 * MINUTE))
    assert freezes.begin(reason="실종", by=None, now=NOON) == freezes.begin(reason="또", by=None, now=NOON)
    assert releases.release_due(now=NOON + 65 * MINUTE) == 0
    assert (soon.state, str(freezes.current())) == (State.APPROVED, "실종")
    assert freezes.end(now=NOON + 71 * MINUTE)
    assert not freezes.end(now=NOON + 71 * MINUTE)
    assert releases.release_due(now=NOON + 72 * MINUTE) == 1
    soon.refresh_from_db()
    later.refresh_from_db()
    assert (soon.state, later.state) == (State.MISSED, State.RELEASED)
    assert "긴급" in soon.reason


def test_what_lies_in_the_outbox_stays_there_and_an_emergency_goes() -> None:
    account = make_account()
    news, answer = approve(make_draft([account])), outbox.Terms()
    outbox.enqueue(
        account=account, key="reply:9", parts=["답"], tags=[""], target=None, language="ko", now=NOON, terms=answer
    )
    freezes.begin(reason="실종", by=None, now=NOON)
    at_once = approve(make_draft([account]))
    alarm = approve(make_draft([account], kind=Kind.EMERGENCY))
    assert [row.lane for row in outbox.due(NOON)] == ["emergency", "reply"]
    assert (at_once.state, posts(at_once), alarm.state) == (State.APPROVED, [], State.RELEASED)
    freezes.end(now=NOON + MINUTE)
    assert releases.release_due(now=NOON + MINUTE) == 1
    assert posts(news)[0] in outbox.due(NOON + MINUTE)
    assert releases.held_up(NOON, None) == [news, at_once]
    assert releases.held_up(NOON + 2 * MINUTE, NOON + 3 * MINUTE) == [news, at_once]


def test_a_freeze_long_ago_is_no_excuse() -> None:
    freezes.begin(reason="실종", by=None, now=NOON - 60 * MINUTE)
    freezes.end(now=NOON - 30 * MINUTE)
    broadcast = scheduled(grace_minutes=1)
    releases.release_due(now=NOON + 90 * MINUTE)
    broadcast.refresh_from_db()
    assert "긴급" not in broadcast.reason
