"""Nothing is lost, nothing is stored twice, the cursor never runs ahead (R7, R8, R10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from channels_sns import inbox, shelf
from channels_sns.adapters.contract import (
    AuthExpired,
    BadItem,
    IncomingAuthor,
    IncomingMedia,
    PermissionDenied,
    QuotaExhausted,
    RateLimited,
    Transient,
)
from channels_sns.models import Account, Author, DeadLetter, InboundMedia, InboundPost, OutboundPost, PostVersion
from channels_sns.secrets import unseal
from tests.channels_sns.scripted import NOON, Script, later, make_incoming, make_page, make_scripted_account, script
from tests.elsewhere import held_elsewhere

pytestmark = pytest.mark.django_db
__all__ = ["script"]


def collect(account: Account, now: datetime = NOON) -> inbox.Collected:
    result = inbox.collect(account, now=now)
    account.refresh_from_db()
    return result


def test_a_page_and_its_cursor_are_stored_together(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1"), make_incoming("2"), cursor={"since": "2"})]
    result = collect(account)
    assert (result.new, result.pages, account.cursor) == (2, 1, {"since": "2"})
    assert account.last_polled_at == NOON
    assert account.last_item_at == NOON - timedelta(minutes=5)
    assert account.next_poll_at is not None
    assert account.next_poll_at > NOON
    assert account.lease_token is None


def test_the_same_page_again_changes_nothing(script: Script) -> None:
    account = make_scripted_account()
    for _round in range(2):
        script.pages = [make_page(make_incoming("1"), make_incoming("1"))]
        result = collect(account)
    assert (result.new, result.known, InboundPost.objects.count()) == (0, 1, 1)


def test_a_crash_between_pages_keeps_the_first_and_its_cursor(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("9"), cursor={"walk": "9"}), KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        inbox.collect(account, now=NOON)
    account.refresh_from_db()
    assert (account.cursor, InboundPost.objects.count(), account.lease_until) == ({"walk": "9"}, 1, None)


def test_only_one_poller_at_a_time(script: Script) -> None:
    account = make_scripted_account(lease_until=later(60))
    script.pages = [make_page(make_incoming())]
    with held_elsewhere("poll", account.pk):
        assert collect(account).busy
        assert not InboundPost.objects.exists()
        assert collect(account, later(61)).new == 1


def test_a_poller_that_died_is_followed_at_once(script: Script) -> None:
    account = make_scripted_account(lease_until=later(300), lease_token=uuid4())
    script.pages = [make_page(make_incoming())]
    assert account.pk in inbox.due_accounts(NOON)
    assert collect(account).new == 1


def test_a_poller_that_lost_its_lease_moves_no_cursor(script: Script) -> None:
    account = make_scripted_account()

    def page_after_theft() -> object:
        Account.objects.filter(pk=account.pk).update(lease_token=None)
        return make_page(make_incoming("5"), cursor={"since": "5"})

    script.pages = [page_after_theft]
    assert collect(account).busy
    assert (account.cursor, InboundPost.objects.count()) == ({}, 0)


def test_forty_nine_of_fifty_are_stored_and_one_is_a_dead_letter(script: Script) -> None:
    account = make_scripted_account()
    posts = [make_incoming(str(n)) for n in range(49)]
    script.pages = [make_page(*posts, bad=(BadItem(raw=b'{"id": NaN}', error="not JSON"),))]
    result = collect(account)
    letter = DeadLetter.objects.get()
    assert (result.new, result.dead, bytes(letter.raw), letter.tries) == (49, 1, b'{"id": NaN}', 1)


def test_the_same_dead_letter_only_counts(script: Script) -> None:
    account = make_scripted_account()
    for _round in range(3):
        script.pages = [make_page(bad=(BadItem(raw=b"x", error="\x00bad"),))]
        collect(account)
    assert DeadLetter.objects.get().tries == 3


@pytest.mark.parametrize(
    "poison",
    [
        make_incoming("1\x00"),
        make_incoming("\ud800"),
        make_incoming("x" * 129),
        make_incoming(""),
        make_incoming("p", author=IncomingAuthor("a" * 65)),
        make_incoming("p", parent_id="\x00"),
    ],
)
def test_an_unfit_identifier_costs_only_its_own_post(script: Script, poison: object) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1"), poison, make_incoming("2"))]  # type: ignore[arg-type]
    result = collect(account)
    assert (result.new, result.dead) == (2, 1)
    assert set(InboundPost.objects.values_list("external_id", flat=True)) == {"1", "2"}


def test_a_post_that_the_database_refuses_is_buried_alone(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1"), make_incoming("2", kind="kind-too-long" * 9), make_incoming("3"))]
    from django.db import DataError

    from channels_sns import shelf

    original = shelf._insert_all

    def strict(account: Account, posts: list[object], now: datetime) -> int:
        if any(len(post.kind) > 10 for post in posts):  # type: ignore[attr-defined]
            raise DataError("value too long")
        return original(account, posts, now)  # type: ignore[arg-type]

    monkeypatch.setattr(shelf, "_insert_all", strict)
    result = collect(account)
    assert (result.new, result.dead, account.cursor) == (2, 1, {"since": "3"})
    assert DeadLetter.objects.get().external_id == "2"


def test_text_breaks_nothing_and_stays_readable(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1", "부산\x00시\ud800\r\n주민 900101-1234567"))]
    collect(account)
    post = InboundPost.objects.get()
    assert post.text == "부산시�\n주민 900101-*******"
    assert "1234567" not in post.evidence.raw
    assert len(post.evidence.sha256) == 64


def test_impossible_times_are_replaced_and_marked(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [
        make_page(
            make_incoming("1", posted_at=datetime(1, 1, 1, tzinfo=UTC)),
            make_incoming("2", posted_at=datetime(9999, 1, 1, tzinfo=UTC)),
        )
    ]
    collect(account)
    assert set(InboundPost.objects.values_list("posted_at", "posted_at_doubtful")) == {(NOON, True)}


def test_an_edit_becomes_a_version_and_no_second_post(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1", "처음"))]
    collect(account)
    script.pages = [make_page(make_incoming("1", "고침"))]
    assert collect(account, later(60)).changed == 1
    post = InboundPost.objects.get()
    assert (post.text, list(post.versions.values_list("text", flat=True))) == ("고침", ["처음", "고침"])


def test_an_edit_under_a_new_id_belongs_to_the_first_post(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1", "처음"))]
    collect(account)
    for _round in range(2):
        script.pages = [make_page(make_incoming("2", "고침", earlier_ids=("1",)))]
        collect(account, later(60))
    script.pages = [make_page(make_incoming("3", "또 고침", earlier_ids=("1", "2")))]
    collect(account, later(90))
    assert InboundPost.objects.get().text == "또 고침"
    assert list(PostVersion.objects.values_list("external_id", flat=True)) == ["1", "2", "3"]


def test_a_later_poll_that_serves_an_older_text_again_makes_no_version(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1", "처음"))]
    collect(account)
    script.pages = [
        make_page(make_incoming("2", "고침", earlier_ids=("1",)), make_incoming("2", "고침", earlier_ids=("1",)))
    ]
    collect(account)
    script.pages = [make_page(make_incoming("3", "끝", earlier_ids=("2",)))]
    collect(account)
    script.pages = [make_page(make_incoming("2", "고침", earlier_ids=("1",)))]
    assert collect(account).changed == 0
    assert InboundPost.objects.get().text == "끝"


def test_our_own_echo_is_linked_and_never_waits(script: Script) -> None:
    account = make_scripted_account()
    from channels_sns import outbox

    (row,) = outbox.enqueue(account=account, key="k", parts=["답"], tags=[""], target=None, language="ko", now=NOON)
    OutboundPost.objects.filter(pk=row.pk).update(external_id="55")
    script.pages = [make_page(make_incoming("55", is_own=True, media=(IncomingMedia("https://photos.example/1.jpg"),)))]
    collect(account)
    echo = InboundPost.objects.get()
    assert (echo.state, echo.outbound_id) == (InboundPost.State.OWN, row.pk)
    assert not InboundMedia.objects.exists()


def test_authors_are_kept_once_and_follow_their_names(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1"), make_incoming("2", author=None))]
    collect(account)
    script.pages = [make_page(make_incoming("3", author=IncomingAuthor("7", "haeundae", "\u202e새 이름\u200b")))]
    collect(account)
    assert list(Author.objects.values_list("name", flat=True)) == ["새 이름"]
    assert InboundPost.objects.get(external_id="2").author is None


def test_photos_wait_for_the_photo_room(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [
        make_page(make_incoming("1", "", media=(IncomingMedia("https://photos.example/1.jpg", alt="표지판"),)))
    ]
    collect(account)
    photo = InboundMedia.objects.get()
    assert (photo.state, photo.alt, photo.next_try_at) == (InboundMedia.State.WAITING, "표지판", NOON)


def test_a_gap_is_shown(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming(), gap="800 of more than 800 mentions")]
    assert collect(account).gap
    assert (account.gap, account.gap_at) == ("800 of more than 800 mentions", NOON)


def test_a_failed_poll_backs_off_and_says_so(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming()), Transient("502")]
    result = collect(account)
    assert (result.error, account.failures, account.state) == ("Transient: 502", 1, Account.State.ACTIVE)
    assert account.next_poll_at is not None
    assert later(1) <= account.next_poll_at <= later(15 * 60)


def test_a_rate_limit_is_waited_for_but_not_for_ever(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [RateLimited("429", retry_at=NOON + timedelta(days=9999))]
    collect(account)
    assert account.next_poll_at is not None
    assert account.next_poll_at <= later(15 * 60 + 5)


def test_an_empty_budget_stops_polling_for_an_hour(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [QuotaExhausted("credits")]
    collect(account)
    assert account.next_poll_at == later(3600)


@pytest.mark.parametrize("error", [AuthExpired("401"), PermissionDenied("scope")])
def test_a_refused_token_stops_the_account_and_discards_nothing(script: Script, error: Exception) -> None:
    account = make_scripted_account(cursor={"since": "3"})
    script.pages = [error]
    collect(account)
    assert (account.state, account.cursor) == (Account.State.SUSPENDED, {"since": "3"})
    assert account.pk not in inbox.due_accounts(later(9999))


def test_a_token_that_can_be_renewed_is_renewed_once(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [AuthExpired("401"), make_page(make_incoming())]
    script.refresh = [{"token": "fresh"}]
    assert collect(account).new == 1
    assert unseal(account.secrets) == {"token": "fresh"}


def test_unreadable_secrets_stop_the_account(script: Script) -> None:
    account = make_scripted_account(secrets="garbage")
    assert "SecretsUnreadable" in collect(account).error
    assert account.state == Account.State.SUSPENDED


def test_an_endless_walk_is_cut(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_scripted_account()
    monkeypatch.setattr(inbox, "PAGES_MAX", 3)
    script.pages = [make_page(make_incoming(str(n))) for n in range(9)]
    found = collect(account)
    assert (found.pages, found.gap) == (3, "")


def test_a_walk_that_is_cut_and_begins_anew_is_no_silent_loss(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_scripted_account(cursor={"since": "1"})
    monkeypatch.setattr(inbox, "PAGES_MAX", 3)
    script.pages = [make_page(make_incoming(str(n)), cursor={"since": "1"}) for n in range(9)]
    found = collect(account)
    account.refresh_from_db()
    assert (found.gap, account.gap, account.gap_at) == (inbox.TOO_LONG, inbox.TOO_LONG, NOON)


def test_due_accounts_are_the_working_ones_whose_time_has_come() -> None:
    due = make_scripted_account()
    make_scripted_account(handle="b", next_poll_at=later(1))
    make_scripted_account(handle="c", enabled=False)
    assert inbox.due_accounts(NOON) == [due.pk]


def test_an_item_without_a_poll_leaves_the_cursor_alone(script: Script) -> None:
    account = make_scripted_account(cursor={"since": "1"})
    inbox.store(account, make_page(make_incoming("2")), token=None, now=NOON)
    inbox.store(account, make_page(), token=None, now=NOON)
    account.refresh_from_db()
    assert (account.cursor, InboundPost.objects.count()) == ({"since": "1"}, 1)


def test_a_post_the_desk_cannot_register_is_set_aside_whole(script: Script) -> None:
    account = make_scripted_account()
    script.pages = [make_page(make_incoming("1"), make_incoming("2"))]
    collect(account)
    first, second = InboundPost.objects.order_by("external_id")
    inbox.bury(first, error="boom", now=NOON)
    inbox.mark_many([second.pk], InboundPost.State.REGISTERED)
    shelf.mark_gone(second, now=NOON)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.gone_at) == (
        InboundPost.State.IGNORED,
        InboundPost.State.REGISTERED,
        NOON,
    )
    assert "가로등이" in bytes(DeadLetter.objects.get().raw).decode()
