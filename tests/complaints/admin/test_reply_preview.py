"""The preview of a reply: every part as it will stand, the same as what then goes out."""

from __future__ import annotations

import html as entities
import re

import pytest
from django.test import Client

from channels_sns.models import InboundPost, OutboundPost
from complaints.models import Complaint
from departments.models import Role
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import make_account, make_complaint, make_department

pytestmark = pytest.mark.django_db
LONG = "안내판을 고쳤습니다. 다시 확인해 주세요. " * 20


@pytest.fixture
def complaint() -> Complaint:
    return make_row(status="IN_PROGRESS", department=make_department())


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


def parts(markup: str) -> list[str]:
    shown = markup.partition('<ol class="preview-parts">')[2].partition("</ol>")[0]
    found = re.findall(r'<p class="post-text"><bdi>(.*?)</bdi></p>', shown, re.DOTALL)
    return [entities.unescape(re.sub(r"<[^>]+>", "", text)) for text in found]


def test_what_is_shown_is_what_goes_out(complaint: Complaint, officer: Client) -> None:
    shown = officer.post(page_of(complaint, "measure"), {"text": LONG}).json()["preview"]
    assert "1 / 4" in shown
    officer.post(page_of(complaint, "reply"), {"version": "1", "text": LONG, "action": "approve"})
    assert parts(shown) == list(OutboundPost.objects.order_by("part").values_list("text", flat=True))


def test_a_saved_draft_keeps_its_number(complaint: Complaint, officer: Client) -> None:
    officer.post(page_of(complaint, "reply"), {"version": "1", "text": "고쳤습니다", "action": "draft"})
    page = officer.get(page_of(complaint)).content.decode()
    assert parts(page) == [f"고쳤습니다 (접수 {complaint.number}-1)"]


def test_the_mention_that_a_network_wants_is_shown_and_counted(officer: Client) -> None:
    account = make_account("mastodon")
    complaint = make_complaint(account=account, status="IN_PROGRESS")
    shown = officer.post(page_of(complaint, "measure"), {"text": "고쳤습니다"}).json()["preview"]
    assert parts(shown) == [f"@citizen7 고쳤습니다 (접수 {complaint.number}-1)"]
    assert f"{len(parts(shown)[0])} / 500" in shown


def test_without_javascript_the_button_shows_it_and_saves_nothing(complaint: Complaint, officer: Client) -> None:
    posted = {"version": "1", "text": "고쳤습니다 <b>", "action": "preview"}
    for door in (page_of(complaint, "reply"), f"/admin/desk/{complaint.number}/reply/"):
        answer = officer.post(door, posted)
        assert answer.status_code == 200
        assert parts(answer.content.decode()) == [f"고쳤습니다 <b> (접수 {complaint.number}-1)"]
        assert "고쳤습니다 &lt;b&gt;</textarea>" in answer.content.decode()
    assert not complaint.replies.exists()


@pytest.mark.parametrize("text", ["", " \n", "가" * 5000])
def test_what_cannot_stand_is_not_shown(complaint: Complaint, officer: Client, text: str) -> None:
    assert officer.post(page_of(complaint, "measure"), {"text": text}).json()["preview"].strip() == ""


def test_what_was_typed_and_kept_is_previewed_when_one_comes_back(complaint: Complaint, officer: Client) -> None:
    officer.post(f"/admin/desk/{complaint.number}/keep/", {"field": "reply", "text": "아직 쓰는 중"})
    assert parts(officer.get(f"/admin/desk/{complaint.number}/").content.decode()) == [
        f"아직 쓰는 중 (접수 {complaint.number}-1)"
    ]


# --- who sees it ----------------------------------------------------------------------------------------------------


def make_comment(**account: object) -> Complaint:
    made = make_complaint(account=make_account("facebook", **account), status="IN_PROGRESS")
    InboundPost.objects.filter(complaint_link__complaint=made).update(kind="comment")
    return made


def test_the_choice_stands_only_where_there_is_one(complaint: Complaint, officer: Client) -> None:
    assert 'class="reply-reach"' not in officer.get(page_of(complaint)).content.decode()
    chosen = officer.get(page_of(make_comment(token_scopes=["pages_messaging"]))).content.decode()
    assert 'class="reply-reach"' in chosen
    assert 'value="public" checked' in chosen


def test_a_private_answer_is_shown_drafted_and_posted_as_such(officer: Client) -> None:
    complaint = make_comment(token_scopes=["pages_messaging"])
    told = officer.post(page_of(complaint, "measure"), {"text": "고쳤습니다", "reach": "private"}).json()
    assert "preview-private" in told["preview"]
    assert "2,000" in told["text"]
    officer.post(
        page_of(complaint, "reply"), {"version": "1", "text": "고쳤습니다", "action": "draft", "reach": "private"}
    )
    page = officer.get(page_of(complaint)).content.decode()
    assert 'value="private" checked' in page
    complaint.refresh_from_db()
    form = {"version": str(complaint.version), "text": "고쳤습니다", "action": "approve", "reach": "private"}
    officer.post(page_of(complaint, "reply"), form)
    assert OutboundPost.objects.get().private
    assert "badge-private" in officer.get(page_of(complaint)).content.decode()


def test_a_refused_form_keeps_the_choice(officer: Client) -> None:
    complaint = make_comment(token_scopes=["pages_messaging"])
    form = {"version": "1", "text": "010-1234-5678", "action": "draft", "reach": "private"}
    answer = officer.post(page_of(complaint, "reply"), form)
    assert answer.status_code == 400
    assert 'value="private" checked' in answer.content.decode()


def test_a_choice_that_is_gone_is_told_while_typing_and_before_posting(officer: Client) -> None:
    complaint = make_comment(token_scopes=["pages_messaging"])
    form = {"version": "1", "text": "고쳤습니다", "action": "draft", "reach": "private"}
    officer.post(page_of(complaint, "reply"), form)
    type(complaint.account).objects.update(token_scopes=[])
    told = officer.post(page_of(complaint, "measure"), {"text": "고쳤습니다", "reach": "private"}).json()
    assert told["over"]
    page = officer.get(page_of(complaint)).content.decode()
    assert "이 초안은 시민에게만 보이도록 쓴 것입니다" in page
    assert 'name="reach" value="public"' in page


def test_the_citizens_message_is_answered_in_private_without_a_choice(officer: Client) -> None:
    complaint = make_complaint(account=make_account("kakao"), status="IN_PROGRESS")
    InboundPost.objects.filter(complaint_link__complaint=complaint).update(kind="message")
    page = officer.get(page_of(complaint)).content.decode()
    assert 'name="reach" value="private"' in page
    assert 'class="reply-reach"' not in page
    assert "badge-private" in page
