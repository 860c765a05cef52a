"""A photo from the street: beside the draft, once, for who may draft, within the network's limit, clear where not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from channels_sns import media
from channels_sns.adapters import ADAPTERS
from channels_sns.models import InboundPost, OutboundPost
from complaints import consultations, replies, reply_photos
from complaints.models import AccessLog, Complaint, Consultation, ReplyPhoto
from complaints.pages import field_photos
from departments.models import Department, Role
from tests.complaints.admin.desk import client_as, client_of, make_row
from tests.complaints.admin.test_reply_photos import picture
from tests.make import make_account, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
ALT, TRAY = "바로잡은 안내판", "/admin/tray/"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def tour() -> Department:
    return make_department()


@pytest.fixture
def complaint(tour: Department) -> Complaint:
    return make_row(status="IN_PROGRESS", department=tour, accepted_at=timezone.now())


@pytest.fixture
def staff(tour: Department) -> Client:
    return client_of(make_person(Role.STAFF, tour))


def address(complaint: Complaint) -> str:
    return reverse("admin:tray_photo", args=[complaint.pk])


def send(client: Client, complaint: Complaint, content: bytes | None = None, **form: str) -> Any:
    files = {} if content is None else {"photo": SimpleUploadedFile("IMG_1.jpg", content, "image/jpeg")}
    return client.post(address(complaint), {"photo_alt": ALT, **form, **files})


def test_it_lies_beside_the_draft_and_leads_back_to_the_card(complaint: Complaint, staff: Client) -> None:
    answer = send(staff, complaint, picture())
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{TRAY}#{complaint.number}")
    photo = ReplyPhoto.objects.get()
    assert (photo.complaint, photo.reply, photo.alt) == (complaint, None, ALT)
    page = staff.get(TRAY).content.decode()
    assert f'id="{complaint.number}"' in page
    assert f'alt="{ALT}"' in page
    assert 'capture="environment"' in page
    assert list(complaint.events.values_list("move", flat=True)) == ["photo"]


def test_what_the_script_sent_is_said_on_the_next_whole_page(complaint: Complaint, staff: Client) -> None:
    files = {"photo": SimpleUploadedFile("IMG_1.jpg", picture(), "image/jpeg")}
    answer = staff.post(address(complaint), files, headers={"x-desk-script": "photo"})
    assert (answer.status_code, answer.content) == (204, b"")
    said = f"{complaint.number} 답변에 사진을"
    assert [said in staff.get(TRAY).content.decode() for _page in range(2)] == [True, False]


def test_it_goes_out_with_the_answer_that_is_written_later(complaint: Complaint, staff: Client) -> None:
    send(staff, complaint, picture(), photo_alt=" ")
    complaint.refresh_from_db()
    officer, now = make_person(Role.OFFICER), timezone.now()
    replies.draft(complaint, text="고쳤습니다.", by=officer, version=complaint.version, now=now)
    replies.approve(complaint, by=officer, version=complaint.version, now=now)
    assert OutboundPost.objects.get().media[0]["alt"] == field_photos.default_alt()
    late = send(staff, complaint, picture("blue"))
    assert late.status_code == 400
    assert "사진은 저장하지 않았습니다" in late.content.decode()
    assert ReplyPhoto.objects.count() == 1


def test_a_double_tap_is_one_photo_and_says_done_twice(complaint: Complaint, staff: Client) -> None:
    assert [send(staff, complaint, picture()).status_code for _tap in range(2)] == [302, 302]
    assert ReplyPhoto.objects.count() == 1
    assert complaint.events.count() == 1


def test_the_first_photo_begins_the_work(tour: Department, staff: Client) -> None:
    accepted = make_row(status="ASSIGNED", department=tour, accepted_at=timezone.now())
    send(staff, accepted, picture())
    accepted.refresh_from_db()
    assert accepted.status == "IN_PROGRESS"
    assert list(accepted.events.values_list("move", flat=True)) == ["start", "photo"]


def test_what_a_colleague_did_meanwhile_is_kept_and_he_learns_of_the_photo(
    complaint: Complaint, staff: Client, tour: Department
) -> None:
    head = make_person(Role.HEAD, tour)
    replies.draft(complaint, text="고치겠습니다.", by=head, version=complaint.version, now=timezone.now())
    seen = complaint.version
    assert send(staff, complaint, picture()).status_code == 302
    complaint.refresh_from_db()
    assert complaint.version > seen
    assert complaint.replies.get().text == "고치겠습니다."


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "사진을 먼저 찍거나 골라"), (b"%PDF-1.7", "읽을 수 있는 사진"), (b"", "읽을 수 있는 사진")],
)
def test_what_is_no_photo_is_refused_on_its_card_and_the_words_stay(
    complaint: Complaint, staff: Client, content: bytes | None, said: str
) -> None:
    answer = send(staff, complaint, content, photo_alt='"><script>alert(1)</script>')
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'class="notice notice-error tray-refused"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert said in page
    assert not ReplyPhoto.objects.exists()


def test_several_up_to_the_networks_limit_and_then_no_button(complaint: Complaint, staff: Client) -> None:
    colours = ("red", "green", "blue", "white")
    assert [send(staff, complaint, picture(colour)).status_code for colour in colours] == [302] * 4
    page = staff.get(TRAY).content.decode()
    assert "data-photo" not in page
    assert "4" in page
    more = send(staff, complaint, picture("black"))
    assert more.status_code == 400
    assert "최대 4장" in more.content.decode()
    assert ReplyPhoto.objects.count() == 4


def test_where_the_answer_is_private_and_takes_none_there_is_no_button(tour: Department, staff: Client) -> None:
    account = make_account("facebook", token_scopes=["pages_messaging"])
    message = make_complaint(account=account, status="IN_PROGRESS", department=tour)
    InboundPost.objects.filter(complaint_link__complaint=message).update(kind="message")
    assert "data-photo" not in staff.get(TRAY).content.decode()
    refused = send(staff, message, picture())
    assert refused.status_code == 400
    assert "비공개 답변에는 사진을" in refused.content.decode()
    silent = make_complaint(account=make_account("youtube"), status="IN_PROGRESS", department=tour)
    assert send(staff, silent, picture()).status_code == 400
    assert not ReplyPhoto.objects.exists()


def test_a_draft_says_who_will_read_it(tour: Department, staff: Client) -> None:
    account = make_account("facebook", token_scopes=["pages_messaging"])
    complaint = make_complaint(account=account, status="IN_PROGRESS", department=tour)
    InboundPost.objects.filter(complaint_link__complaint=complaint).update(kind="comment")
    assert send(staff, complaint, picture()).status_code == 302
    assert field_photos.beside([complaint])[complaint.pk].room == 0
    complaint.refresh_from_db()
    head = make_person(Role.HEAD, tour)
    replies.draft(complaint, text="고침", by=head, version=complaint.version, now=timezone.now(), private=True)
    assert field_photos.beside([complaint])[complaint.pk].most == 0


def test_only_who_has_the_tray_and_may_draft(complaint: Complaint, tour: Department) -> None:
    for role, department, expected in (
        (Role.OFFICER, None, 403),
        (Role.MANAGER, None, 403),
        (Role.STAFF, make_department("도로계획과"), 404),
        (Role.HEAD, tour, 302),
    ):
        assert send(client_as(role, department), complaint, picture()).status_code == expected
    assert AccessLog.objects.get().subject == complaint.number
    assert ReplyPhoto.objects.count() == 1


def test_a_department_that_was_only_asked_puts_none(complaint: Complaint) -> None:
    road, now = make_department("도로계획과"), timezone.now()
    wish = Consultation.Wish.OPINION
    by = make_person(Role.OFFICER)
    consultations.ask(complaint, by=by, now=now, department=road, wish=wish, question="누가 합니까?", hours=0)
    assert send(client_as(Role.STAFF, road), complaint, picture()).status_code == 403


@pytest.mark.parametrize("meanwhile", ["approved", "the same photo", "filled up"])
def test_what_happens_while_a_photo_is_repainted_counts(
    complaint: Complaint, staff: Client, tour: Department, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    paint, by, now = reply_photos.paint, make_person(Role.HEAD, tour), timezone.now()

    def slow(content: bytes) -> media.Painted:
        painted = paint(content)
        complaint.refresh_from_db()
        if meanwhile == "approved":
            replies.draft(complaint, text="고쳤습니다.", by=by, version=complaint.version, now=now)
            replies.approve(complaint, by=by, version=complaint.version, now=now)
        others = {"approved": [], "the same photo": [content], "filled up": [picture("red"), picture("blue")]}
        for other in others[meanwhile]:
            reply_photos.put(complaint, paint(other), alt=ALT, by=by, now=now)
        return painted

    monkeypatch.setattr(reply_photos, "paint", slow)
    monkeypatch.setattr(ADAPTERS["x"], "capabilities", replace(ADAPTERS["x"].capabilities, images_max=2))
    answer = send(staff, complaint, picture())
    assert answer.status_code == (302 if meanwhile == "the same photo" else 400)
    assert ReplyPhoto.objects.count() == {"approved": 0, "the same photo": 1, "filled up": 2}[meanwhile]


def test_no_sign_that_the_database_refuses_comes_through(complaint: Complaint, staff: Client) -> None:
    assert send(staff, complaint, picture(), photo_alt="바로잡은\x00 안내판").status_code == 302
    assert ReplyPhoto.objects.get().alt == ALT
    assert send(staff, complaint, picture("blue"), photo_alt="\x00").status_code == 302
    assert ReplyPhoto.objects.filter(alt=field_photos.default_alt()).count() == 1


def test_a_log_in_that_was_due_leads_back_to_the_card(complaint: Complaint, staff: Client) -> None:
    answer = staff.get(address(complaint))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{TRAY}#{complaint.number}")
    assert staff.get(reverse("admin:tray_photo", args=[complaint.pk + 999])).status_code == 404


def test_photos_cost_the_tray_the_same_for_any_number(tour: Department, staff: Client) -> None:
    def more(number: int) -> None:
        for _one in range(number):
            row = make_row(status="IN_PROGRESS", department=tour, accepted_at=timezone.now())
            ReplyPhoto.objects.create(
                id=uuid4(), complaint=row, alt=ALT, file="a", thumbnail="b", width=1, height=1, sha256="0",
                added_by=make_person(Role.STAFF, tour), added_at=timezone.now(),
            )  # fmt: skip

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(TRAY).content.decode().count(f'alt="{ALT}"') > 0
        return len(queries)

    more(1)
    staff.get(TRAY)
    one = cost()
    more(6)
    assert cost() == one
