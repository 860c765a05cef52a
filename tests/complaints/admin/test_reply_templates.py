"""Templates in the reply form and in the admin."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from complaints.models import Complaint, ReplyTemplate
from departments.models import Department, Role
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.make import make_department

pytestmark = pytest.mark.django_db
ADMIN = "/admin/complaints/replytemplate/"


@pytest.fixture
def department() -> Department:
    return make_department("홍보담당관")


@pytest.fixture
def complaint(department: Department) -> Complaint:
    return make_row(status="IN_PROGRESS", department=department)


@pytest.fixture
def template() -> ReplyTemplate:
    return ReplyTemplate.objects.create(title="조치 완료", text="{담당 부서}는 마쳤습니다.[ 문의: {전화}]")


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


def field_of(html: str) -> str:
    return html.partition('<textarea id="reply-text"')[2].partition(">")[2].partition("</textarea>")[0]


# --- in the form ------------------------------------------------------------------------------------------------------


def test_the_form_offers_what_fits_filled(complaint: Complaint, template: ReplyTemplate, officer: Client) -> None:
    html = officer.get(page_of(complaint)).content.decode()
    assert 'data-insert="홍보담당관은 마쳤습니다."' in html
    assert "조치 완료" in html


def test_who_may_not_write_is_offered_nothing(complaint: Complaint, template: ReplyTemplate) -> None:
    html = client_as(Role.MANAGER).get(page_of(complaint)).content.decode()
    assert "data-insert" not in html


@pytest.mark.parametrize(
    ("typed", "shown"), [("", "홍보담당관은 마쳤습니다."), ("먼저 쓴 글", "먼저 쓴 글\n홍보담당관은 마쳤습니다.")]
)
def test_without_javascript_the_server_puts_it_in_and_saves_nothing(
    complaint: Complaint, template: ReplyTemplate, officer: Client, typed: str, shown: str
) -> None:
    posted = {"version": "1", "text": typed, "template": str(template.pk)}
    for door in (page_of(complaint, "reply"), f"/admin/desk/{complaint.number}/reply/"):
        answer = officer.post(door, posted)
        assert answer.status_code == 200
        assert field_of(answer.content.decode()) == shown
    assert not complaint.replies.exists()


@pytest.mark.parametrize("wanted", ["x", "0", "9" * 30, "１"])
def test_what_is_no_template_changes_nothing(complaint: Complaint, officer: Client, wanted: str) -> None:
    answer = officer.post(page_of(complaint, "reply"), {"version": "1", "text": "내 글", "template": wanted})
    assert (answer.status_code, field_of(answer.content.decode())) == (200, "내 글")


def test_a_template_of_another_department_is_not_put_in(complaint: Complaint, officer: Client) -> None:
    foreign = ReplyTemplate.objects.create(title="남의 것", text="남의 글", department=make_department("도로계획과"))
    answer = officer.post(page_of(complaint, "reply"), {"version": "1", "text": "내 글", "template": foreign.pk})
    assert "남의 글" not in answer.content.decode()


def test_a_field_that_was_not_filled_is_told_and_nothing_is_lost(complaint: Complaint, officer: Client) -> None:
    posted = {"version": "1", "text": "{전화}로 문의해 주세요", "action": "approve"}
    answer = officer.post(page_of(complaint, "reply"), posted)
    assert answer.status_code == 400
    assert "{전화}" in answer.content.decode()
    assert field_of(answer.content.decode()) == "{전화}로 문의해 주세요"
    assert not complaint.replies.exists()


# --- in the admin -----------------------------------------------------------------------------------------------------

POSTED = {
    "title": "새 답변", "text": "{담당 부서}입니다", "department": "", "legal_kind": "", "channel_kind": "x",
    "language": "ko",
    "in_use": "on",
}  # fmt: skip


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
def test_officers_and_administrators_write_templates(role: Role) -> None:
    assert client_as(role).post(f"{ADMIN}add/", POSTED).status_code == 302
    row = ReplyTemplate.objects.get()
    assert (row.title, row.channel_kind, row.language, row.in_use) == ("새 답변", "x", "ko", True)


@pytest.mark.parametrize("role", [Role.STAFF, Role.HEAD, Role.MANAGER, Role.AUDITOR])
def test_others_do_not(role: Role) -> None:
    assert client_as(role).post(f"{ADMIN}add/", POSTED).status_code == 403
    assert not ReplyTemplate.objects.exists()


def test_a_mistake_is_told_beside_the_field_and_what_was_typed_stays(officer: Client) -> None:
    answer = officer.post(f"{ADMIN}add/", {**POSTED, "text": "{부서장}입니다"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("{부서장}") == 2
    assert not ReplyTemplate.objects.exists()


def test_a_network_that_the_desk_does_not_speak_is_refused(officer: Client) -> None:
    assert officer.post(f"{ADMIN}add/", {**POSTED, "channel_kind": "cyworld"}).status_code == 200
    assert not ReplyTemplate.objects.exists()


def test_nobody_deletes_one(officer: Client, template: ReplyTemplate) -> None:
    assert officer.post(f"{ADMIN}{template.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ReplyTemplate.objects.exists()


def test_the_list_names_the_network_in_words(officer: Client) -> None:
    ReplyTemplate.objects.create(title="가", text="나", channel_kind="facebook")
    ReplyTemplate.objects.create(title="다", text="라", channel_kind="gone")
    with translation.override("ko"):
        html = officer.get(ADMIN).content.decode()
    assert "gone" in html
    assert ">facebook<" not in html


@pytest.mark.parametrize("rows", [1, 40])
def test_the_list_asks_the_same_number_of_queries(
    officer: Client, department: Department, rows: int, django_assert_max_num_queries: object
) -> None:
    ReplyTemplate.objects.bulk_create(
        ReplyTemplate(title=f"가 {n}", text="나", department=department) for n in range(rows)
    )
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        officer.get(ADMIN)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_adds_what_comes_with_the_desk(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_reply_templates", json=True)
    assert f'"added": {ReplyTemplate.objects.count()}' in capsys.readouterr().out
    call_command("load_reply_templates")
    assert "0" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"templates": [{"code": "a"}]}'])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "t.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("load_reply_templates", str(file))
    with pytest.raises(CommandError):
        call_command("load_reply_templates", str(tmp_path / "none.json"))
