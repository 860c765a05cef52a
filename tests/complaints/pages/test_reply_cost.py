"""What a reply costs before it is sent, the way out of a dear link, and the texts that a post had before."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from channels_sns import shelf
from channels_sns.adapters.contract import OutgoingPost
from channels_sns.adapters.metering import Price
from channels_sns.adapters.x import XAdapter
from channels_sns.models import Evidence, InboundPost
from complaints import linkless
from complaints.models import Complaint, Reply
from complaints.pages import reply_cost
from departments.models import Role
from tests.channels_sns.scripted import make_incoming
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch) -> None:
    """X's price list, as the rule that matters here."""

    def price(self: XAdapter, post: OutgoingPost) -> Price:
        dear = "busan.go.kr" in post.text or "https://" in post.text
        return Price(Decimal("0.200"), "USD", "url") if dear else Price(Decimal("0.010"), "USD")

    monkeypatch.setattr(XAdapter, "price", price)


def assigned() -> Complaint:
    return make_row(status="ASSIGNED", department=make_department("도로계획과"))


@pytest.mark.parametrize(
    ("text", "words", "by_links"),
    [
        ("고쳤습니다.", "Costs $0.01", False),
        ("https://busan.go.kr/1 참고", "Costs $0.20, 20 times as much because of the link", True),
        ("", "", False),
        ("가" * 5000, "", False),
    ],
)
def test_the_cost_is_said_before_sending(priced: None, text: str, words: str, by_links: bool) -> None:
    with translation.override("en"):
        assert reply_cost.cost_of(assigned(), text) == reply_cost.Cost(words, by_links)


def test_a_reply_in_parts_costs_each_part(priced: None) -> None:
    with translation.override("en"):
        assert reply_cost.cost_of(assigned(), "고쳤습니다. " * 40).words == "Costs $0.02"


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        ("자세한 내용은 https://www.busan.go.kr/depart/road?x=1 참고", "ko", "자세한 내용은 부산시 누리집 참고"),
        ("신청은 busan.go.kr에서", "ko", "신청은 부산시 누리집에서"),
        ("See busan.go.kr, please", "en", "See the City of Busan's website, please"),
        ("지도 https://maps.example.com/a 입니다\n감사합니다", "ko", "지도 입니다\n감사합니다"),
        ("notbusan.go.kr 아님", "ko", "아님"),
        ("링크 없음", "ko", "링크 없음"),
    ],
)
def test_a_link_is_left_out_or_becomes_the_pages_name(text: str, language: str, plain: str) -> None:
    assert linkless.without_links(text, language) == plain


def test_the_editor_offers_the_variant_without_links_and_saves_nothing(priced: None) -> None:
    complaint, officer = assigned(), client_as(Role.OFFICER)
    measured = officer.post(page_of(complaint, "measure"), {"text": "busan.go.kr 참고"}).json()
    assert measured["by_links"]
    assert "$0.20" in measured["cost"]
    typed = {"text": "busan.go.kr 참고", "action": "without_links", "version": "1"}
    shown = officer.post(page_of(complaint, "reply"), typed)
    assert shown.status_code == 200
    assert ">부산시 누리집 참고</textarea>" in shown.content.decode()
    assert Reply.objects.count() == 0


def test_the_way_out_is_only_shown_where_a_link_is_dear(priced: None) -> None:
    complaint, officer = assigned(), client_as(Role.OFFICER)
    button = 'value="without_links"'
    page = officer.get(page_of(complaint)).content.decode()
    assert f"{button} hidden" in page
    saved = {"text": "busan.go.kr 참고", "action": "draft", "version": str(complaint.version)}
    page = officer.post(page_of(complaint, "reply"), saved, follow=True).content.decode()
    assert button in page
    assert f"{button} hidden" not in page


def test_a_network_that_counts_nothing_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(XAdapter, "price", lambda self, post: None)
    assert reply_cost.cost_of(assigned(), "고쳤습니다.") == reply_cost.Cost()


# --- evidence ---------------------------------------------------------------------------------------------------------


def edited_post() -> tuple[Complaint, InboundPost]:
    complaint = make_row("전화 010-1234-5678 주세요")
    post = InboundPost.objects.get(complaint_link__complaint=complaint)
    Evidence.objects.update_or_create(post=post, defaults={"raw": "{}", "sha256": "ab" * 32})
    later = make_incoming(
        post.external_id, "새 글입니다", edited_at=timezone.now(), posted_at=timezone.now() - timedelta(minutes=5)
    )
    shelf.put(post.account, (later,), now=timezone.now())
    return complaint, post


def test_the_texts_before_an_edit_can_be_opened() -> None:
    complaint, post = edited_post()
    post.refresh_from_db()
    assert post.text == "새 글입니다"
    page = client_as(Role.OFFICER).get(page_of(complaint)).content.decode()
    assert page.count('<details class="versions">') == 1
    assert "010-1234-5678" in page
    assert "새 글입니다" in page


def test_earlier_texts_are_masked_like_the_present_one() -> None:
    complaint, _post = edited_post()
    assert "010-1234-5678" not in client_as(Role.AUDITOR).get(page_of(complaint)).content.decode()


@pytest.mark.parametrize(("role", "sees"), [(Role.OFFICER, True), (Role.AUDITOR, True), (Role.MANAGER, False)])
def test_the_hash_of_the_evidence_is_for_who_must_prove_it(role: Role, sees: bool) -> None:
    complaint, _post = edited_post()
    Evidence.objects.update(sha256="cd" * 32)
    assert ("cd" * 32 in client_as(role).get(page_of(complaint)).content.decode()) == sees
