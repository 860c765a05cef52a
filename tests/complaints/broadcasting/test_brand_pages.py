"""The pages of brand and voices."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from channels_sns.models import Brand, Voice
from departments.models import Role
from tests.channels_sns.test_brand import give_voice, make_brand
from tests.complaints.admin.desk import client_as
from tests.make import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


def test_a_brand_is_made_and_renamed(officer: Client) -> None:
    answer = officer.post(reverse("broadcasts:brands"), {"name": "톡톡부산", "hashtags": "부산"})
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("broadcasts:brands"))
    brand = Brand.objects.get()
    assert (brand.name, brand.hashtags) == ("톡톡부산", "#부산")
    officer.post(reverse("broadcasts:brand", args=[brand.pk]), {"name": "다이내믹 부산", "signature": "부산시"})
    brand.refresh_from_db()
    assert (brand.name, brand.signature, brand.hashtags) == ("다이내믹 부산", "부산시", "")


@pytest.mark.parametrize("values", [{"name": ""}, {"name": "톡톡부산", "hashtags": "#부산!"}])
def test_what_is_wrong_is_told_and_what_was_typed_stays(officer: Client, values: dict[str, str]) -> None:
    answer = officer.post(reverse("broadcasts:brands"), {"signature": "시청 드림", **values})
    assert answer.status_code == 400
    assert "시청 드림" in answer.content.decode()
    assert not Brand.objects.exists()


def test_the_list_shows_who_speaks_how(officer: Client) -> None:
    brand = make_brand()
    give_voice(make_account(name="부산시 X"), brand, language="both")
    make_account("facebook", name="부산시 페이스북")
    page = officer.get(reverse("broadcasts:brands")).content.decode()
    assert page.index("톡톡부산 드림") < page.index("부산시 X") < page.index("부산시 페이스북")


def test_an_account_gets_a_voice(officer: Client) -> None:
    account, brand = make_account("facebook"), make_brand()
    address = reverse("broadcasts:voice", args=[account.pk])
    assert officer.get(address).status_code == 200
    values: dict[str, Any] = {"brand": brand.pk, "language": "both", "tone": "FORMAL", "signs": "on"}
    assert officer.post(address, {**values, "hashtags": "#!"}).status_code == 400
    assert officer.post(address, values).status_code == 303
    voice = Voice.objects.get()
    assert (voice.language, voice.tone, voice.signs, voice.tags, voice.links) == ("both", "FORMAL", True, False, False)
    assert 'value="톡톡' not in officer.get(address).content.decode()


def test_without_a_brand_there_is_nothing_to_speak_for(officer: Client) -> None:
    address = reverse("broadcasts:voice", args=[make_account().pk])
    assert reverse("broadcasts:brands") in officer.get(address).content.decode()


def test_an_account_that_cannot_speak_has_no_page(officer: Client) -> None:
    assert officer.get(reverse("broadcasts:voice", args=[make_account("youtube").pk])).status_code == 404
    assert officer.get(reverse("broadcasts:brand", args=[999])).status_code == 404


def test_the_list_asks_few_questions(officer: Client, django_assert_max_num_queries: Any) -> None:
    brand = make_brand()
    for _turn in range(12):
        give_voice(make_account(), brand)
    officer.get(reverse("broadcasts:brands"))
    with django_assert_max_num_queries(8):
        officer.get(reverse("broadcasts:brands"))
