"""One text in the words of each citizen's network: language, links that cost, mention, number, length, price."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_sns.adapters.metering import Price
from complaints import incidents
from complaints.models import IncidentReply
from complaints.wordings import Wordings
from departments.models import Role
from tests.make import NOON, make_account, make_complaint, make_person

pytestmark = pytest.mark.django_db

KOREAN = "수도관을 고쳤습니다. 자세한 내용은 https://www.busan.go.kr/water 참고"
ENGLISH = "The water main is repaired. See https://www.busan.go.kr/water"


def make_reply(text: str = KOREAN, text_en: str = ENGLISH) -> IncidentReply:
    officer = make_person(Role.OFFICER)
    incident = incidents.begin("누수", by=officer, now=NOON)
    return IncidentReply(incident=incident, number=1, text=text, text_en=text_en, drafted_by=officer, drafted_at=NOON)


def test_each_gets_his_language() -> None:
    facebook, words = make_account("facebook"), Wordings(make_reply())
    spoken = {code: words.of(make_complaint(account=facebook, language=code)) for code in ("ko", "en", "ja")}
    assert spoken["ko"].text == KOREAN
    assert spoken["en"] is spoken["ja"]
    assert (spoken["en"].text, spoken["en"].language) == (ENGLISH, "en")
    only_korean = Wordings(make_reply(text_en=""))
    assert only_korean.of(make_complaint(account=facebook, language="en")).text == KOREAN


def test_where_a_link_costs_it_is_left_out() -> None:
    words = Wordings(make_reply())
    dear, free = (
        words.of(make_complaint(account=make_account("x"))),
        words.of(make_complaint(account=make_account("me2day"))),
    )
    assert (dear.linkless, free.linkless) == (True, False)
    assert dear.text == "수도관을 고쳤습니다. 자세한 내용은 부산시 누리집 참고"
    assert "https://" in free.text


def test_a_preview_is_what_will_stand_there() -> None:
    words = Wordings(make_reply(text_en=""))
    x, facebook, mastodon = (make_complaint(account=make_account(kind)) for kind in ("x", "facebook", "mastodon"))
    previews = words.previews([x, facebook, mastodon])
    assert previews[mastodon.pk].parts[0].startswith("@citizen7 ")
    assert previews[x.pk].parts[0].endswith(f"(접수 {x.number}-1)")
    assert previews[x.pk].longest <= previews[x.pk].limit == 280
    assert isinstance(previews[x.pk].price, Price)
    assert previews[facebook.pk].price is None


def test_a_long_text_is_parted_or_does_not_fit() -> None:
    x = make_complaint(account=make_account("x"))
    assert len(Wordings(make_reply("물이 샙니다. " * 60)).previews([x])[x.pk].parts) > 1
    hopeless = Wordings(make_reply("물이 샙니다. " * 3000)).previews([x])[x.pk]
    assert (hopeless.parts, hopeless.price) == ((), None)
    assert hopeless.longest > hopeless.limit


def test_previews_ask_as_often_for_one_as_for_many() -> None:
    account, words, counts = make_account("x"), Wordings(make_reply()), list[int]()
    for many in (1, 20):
        rows: list[Any] = [make_complaint(account=account, author=str(n)) for n in range(many)]
        with CaptureQueriesContext(connection) as queries:
            words.previews(rows)
        counts.append(len(queries))
    assert counts[0] == counts[1]
