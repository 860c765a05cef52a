"""A broadcast as it will stand on each account."""

from __future__ import annotations

from typing import Any

import pytest

from channels_sns import broadcasts, composition
from channels_sns.adapters.text import TooLong
from channels_sns.models import Account, Broadcast
from tests.broadcasting import TEXT, TEXT_EN, make_draft
from tests.channels_sns.test_brand import give_voice, make_brand
from tests.make import make_account

pytestmark = pytest.mark.django_db


def composed(account: Account, broadcast: Broadcast | None = None, **variant: Any) -> composition.Composed:
    broadcast = broadcast or make_draft([account])
    if variant:
        broadcasts.vary(broadcast, account.pk, variant)
    return composition.compose(broadcast, broadcast.variants.get(account=account))


def test_text_link_hashtags_and_signature_in_this_order() -> None:
    account = make_account("facebook")
    give_voice(account, make_brand())
    found = composed(account, make_draft([account], link="https://www.busan.go.kr/film"))
    assert found.parts == (f"{TEXT}\n\nhttps://www.busan.go.kr/film\n\n#부산\n톡톡부산 드림",)
    assert (found.lengths, found.limit, found.language) == ((len(found.parts[0]),), 8000, "ko")


def test_without_links_on_x_unless_somebody_says_so() -> None:
    account = make_account("x")
    broadcast = make_draft(
        [account], text=f"{TEXT} https://busan.go.kr/a 오세요 busan.go.kr", link="https://busan.go.kr/b"
    )
    free = composed(account, broadcast)
    assert free.parts == (f"{TEXT} 오세요",)
    assert free.price is not None
    dear = composed(account, broadcast, links=True)
    assert dear.price is not None
    assert dear.parts[0].endswith("https://busan.go.kr/b")
    assert (dear.price.why, dear.price.amount > 5 * free.price.amount) == ("url", True)


def test_a_link_that_stands_in_the_text_is_not_put_there_twice() -> None:
    account = make_account("mastodon")
    found = composed(account, make_draft([account], text="보기 https://busan.go.kr/a", link="https://busan.go.kr/a"))
    assert found.parts == ("보기 https://busan.go.kr/a",)


def test_both_languages_stand_together_where_they_fit_and_else_one_under_the_other() -> None:
    wide, narrow = make_account("mastodon"), make_account("x")
    brand = make_brand()
    give_voice(wide, brand, language="both")
    give_voice(narrow, brand, language="both")
    broadcast = make_draft([wide, narrow], text=f"{TEXT} " * 5)
    assert composed(wide, broadcast).parts[0].count(TEXT_EN) == 1
    parts = composed(narrow, broadcast).parts
    assert [part[-6:] for part in parts] == [" (1/2)", " (2/2)"]
    assert (TEXT in parts[0], TEXT_EN in parts[1], "#Busan" in parts[1], TEXT in parts[1]) == (True, True, True, False)


def test_a_long_text_is_cut_into_parts_that_fit() -> None:
    account = make_account("me2day")
    found = composed(account, make_draft([account], text="다대포에서 만나요. " * 30))
    assert 2 <= len(found.parts) <= 4
    assert max(found.lengths) <= found.limit


def test_what_is_too_long_however_it_is_cut_is_told() -> None:
    account = make_account("me2day")
    found = composed(account, make_draft([account], text="다대포에서 만나요. " * 90))
    assert (found.parts, found.too_long) == ((), True)
    with pytest.raises(TooLong):
        composition.parts_of(["가 " * 100, "나 " * 130], limit=100, measure=len)


def test_an_account_has_its_own_words() -> None:
    account = make_account("facebook")
    found = composed(account, text="페이스북 친구 여러분!", text_en="Dear friends!", language="both")
    assert found.parts == ("페이스북 친구 여러분!\n\nDear friends!",)


def test_without_words_in_its_language_there_is_nothing_to_post() -> None:
    account = make_account("facebook", language="en")
    assert composed(account, make_draft([account], text_en="")).parts == ()
    assert composed(account, make_draft([account])).parts == (TEXT_EN,)


@pytest.mark.parametrize(
    ("part", "tag"),
    [
        ("좋은 아침입니다!\n#부산 https://busan.go.kr", "좋은 아침입니다!"),
        ("@police 아이를 찾습니다 <빨간 모자>", "아이를 찾습니다"),
        ("가" * 60, "가" * 40),
        ("", ""),
    ],
)
def test_a_post_is_found_again_by_words_that_no_network_changes(part: str, tag: str) -> None:
    assert composition.tags_of([part, f"{part} (2/2)"])[0] == tag


def test_what_stands_under_it_is_found_by_its_number() -> None:
    tags = composition.tags_of(["같은 글 (1/3)", "같은 글 (2/3)", f"{'가' * 60} #부산 (3/3)"])
    assert tags == ["같은 글 (1/3)", "같은 글 (2/3)", "(3/3)"]
    assert composition.tags_of([]) == []
