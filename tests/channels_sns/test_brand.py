"""One voice for many accounts."""

from __future__ import annotations

from typing import Any

import pytest

from channels_sns import brand as brands
from channels_sns.models import Account, Brand, Voice
from tests.make import make_account

pytestmark = pytest.mark.django_db


def make_brand(name: str = "톡톡부산", **values: Any) -> Brand:
    known = {"signature": "톡톡부산 드림", "signature_en": "TokTok Busan", "hashtags": "#부산", "hashtags_en": "#Busan"}
    return brands.save(Brand(), name=name, **{**known, **values})


def give_voice(account: Account, brand: Brand, **values: Any) -> Voice:
    known = {"language": "ko", "tone": "FRIENDLY", "signature": "", "hashtags": "", "signs": True, "tags": True}
    return brands.give_voice(account, brand=brand, **{**known, "links": True, **values})


def test_an_account_speaks_for_its_brand() -> None:
    voice = give_voice(make_account(), make_brand())
    assert brands.ending_of(voice, "ko") == "#부산\n톡톡부산 드림"
    assert brands.ending_of(voice, "en") == "#Busan\nTokTok Busan"


def test_what_is_its_own_stands_in_place_of_the_brands() -> None:
    voice = give_voice(make_account(), make_brand(), signature="부산시 X", hashtags="부산, #해운대", signs=True)
    assert brands.ending_of(voice, "ko") == "#부산 #해운대\n부산시 X"
    quiet = give_voice(make_account(), voice.brand, signs=False, tags=False)
    assert brands.ending_of(quiet, "ko") == ""


def test_without_a_voice_an_account_speaks_its_language_and_signs_nothing() -> None:
    voice = brands.voice_of(make_account(language="en"))
    assert (voice.is_given, voice.language, brands.ending_of(voice, "en")) == (False, "en", "")
    assert not voice.links
    assert brands.voice_of(make_account("facebook")).links


def test_a_voice_is_given_once_and_changed_later() -> None:
    account, brand = make_account(), make_brand()
    give_voice(account, brand)
    give_voice(account, brand, language="both", tone="BRIEF")
    account.refresh_from_db()
    assert (Voice.objects.count(), brands.voice_of(account).language, account.voice.tone) == (1, "both", "BRIEF")


def test_accounts_that_speak_to_everybody() -> None:
    mine = make_account("facebook")
    make_account("youtube")
    make_account("kakao")
    make_account(enabled=False)
    assert brands.speaking() == [mine]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("부산 #부산 #해운대,톡톡", "#부산 #해운대 #톡톡"),
        ("", ""),
        ("#\u1107\u116e\u1109\u1161\u11ab", "#부산"),
        ("#2030부산_엑스포", "#2030부산_엑스포"),
    ],
)
def test_hashtags_are_cleaned(typed: str, kept: str) -> None:
    assert brands.cleaned_hashtags(typed) == kept


@pytest.mark.parametrize("typed", ["#부산!", "##", "#2030", "a-b", "#<script>"])
def test_what_no_network_takes_for_a_hashtag_is_refused(typed: str) -> None:
    with pytest.raises(brands.NotPossible, match="#"):
        brands.cleaned_hashtags(typed)


def test_a_brand_has_a_name_and_only_one_has_it() -> None:
    make_brand()
    for name in (" ", "톡톡부산"):
        with pytest.raises(brands.NotPossible):
            make_brand(name)
    assert Brand.objects.count() == 1


def test_words_for_people() -> None:
    voice = give_voice(make_account(name="부산시 X"), make_brand())
    assert (str(voice.brand), str(voice)) == ("톡톡부산", "톡톡부산: 부산시 X")
