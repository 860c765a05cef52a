"""Photos of an answer: repainted, told in words, kept when the text is refused, fixed by the approval."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from channels_sns import media, outbox
from channels_sns.models import InboundPost, OutboundPost
from complaints import replies, reply_photos
from complaints.models import Complaint, Reply, ReplyPhoto
from complaints.pages import field_photos
from departments.models import Role
from tests.complaints.admin.desk import client_as, client_of, make_row, page_of
from tests.make import NOON, make_account, make_complaint, make_department, make_person

pytestmark = pytest.mark.django_db
TEXT, ALT = "안내판을 고쳤습니다.", "바로잡은 안내판"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def complaint() -> Complaint:
    return make_row(status="IN_PROGRESS", department=make_department())


@pytest.fixture
def officer() -> Client:
    return client_as(Role.OFFICER)


def picture(colour: str = "orange", **more: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, "JPEG", **more)
    return buffer.getvalue()


def photographed() -> bytes:
    """With the place where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif)


def send(client: Client, complaint: Complaint, content: bytes | None = None, **form: str) -> Any:
    complaint.refresh_from_db()
    known: dict[str, Any] = {"version": str(complaint.version), "text": TEXT, "action": "draft"}
    if content is not None:
        known["photo"] = SimpleUploadedFile("IMG_1.jpg", content, "image/jpeg")
    return client.post(page_of(complaint, "reply"), {**known, **form})


def test_a_photo_goes_out_with_the_first_part_and_without_its_place(complaint: Complaint, officer: Client) -> None:
    assert send(officer, complaint, photographed(), photo_alt=ALT, text="고쳤습니다. " * 60).status_code == 302
    page = officer.get(page_of(complaint)).content.decode()
    assert page.count(f'alt="{ALT}"') == 2  # in the form and in the preview
    assert send(officer, complaint, action="approve", text="고쳤습니다. " * 60).status_code == 302
    first, *others = OutboundPost.objects.order_by("part")
    (photo,) = ReplyPhoto.objects.all()
    assert first.media == [{"file": photo.file, "alt": ALT}]
    assert others
    assert [row.media for row in others] == [[]] * len(others)
    assert photo.reply == Reply.objects.get()
    with Image.open(media.path_of(photo.file)) as kept:
        assert not dict(kept.getexif())
    assert f'alt="{ALT}"' in officer.get(page_of(complaint)).content.decode()


def test_what_was_sent_is_kept_where_the_text_is_refused(complaint: Complaint, officer: Client) -> None:
    refused = send(officer, complaint, picture(), photo_alt=ALT, text="010-1234-5678", action="approve")
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "010-1234-5678" in page
    assert f'value="{ALT}"' in page
    assert send(officer, complaint, action="approve").status_code == 302
    assert len(OutboundPost.objects.get().media) == 1


def test_without_words_nothing_goes_out_and_the_photo_stays(complaint: Complaint, officer: Client) -> None:
    for alt in ("", "IMG_1.jpg"):
        answer = send(officer, complaint, picture(), photo_alt=alt, action="approve")
        assert answer.status_code == 400
        assert "글로 적어 주세요" in answer.content.decode()
    photo = ReplyPhoto.objects.get()
    assert not OutboundPost.objects.exists()
    told: dict[str, Any] = {f"photo-alt-{photo.pk}": ALT}
    send(officer, complaint, action="approve", **told)
    assert OutboundPost.objects.get().media[0]["alt"] == ALT


def test_a_double_click_is_one_photo(complaint: Complaint, officer: Client) -> None:
    form = {"version": "1", "text": TEXT, "action": "draft", "photo_alt": ALT}
    answers = [
        officer.post(page_of(complaint, "reply"), {**form, "photo": SimpleUploadedFile("a.jpg", picture())}).status_code
        for _press in range(2)
    ]
    assert answers == [302, 409]
    send(officer, complaint, picture(), photo_alt="다시")
    assert ReplyPhoto.objects.get().alt == ALT


def test_a_preview_and_a_taken_out_photo_lose_no_words(complaint: Complaint, officer: Client) -> None:
    shown = send(officer, complaint, picture(), photo_alt=ALT, action="preview", text="아직 쓰는 중")
    assert "아직 쓰는 중" in shown.content.decode()
    photo = ReplyPhoto.objects.get()
    gone = send(officer, complaint, action="", drop_photo=str(photo.pk), text="아직 쓰는 중")
    assert "아직 쓰는 중" in gone.content.decode()
    assert not ReplyPhoto.objects.exists()


def test_no_photo_and_too_large_a_one_are_refused_and_the_text_stays(
    complaint: Complaint, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for action in ("draft", "preview"):
        answer = send(officer, complaint, b"%PDF-1.7", photo_alt=ALT, action=action)
        assert (answer.status_code, TEXT in answer.content.decode()) == (400, True)
    monkeypatch.setattr(media, "CHOSEN_BYTES_MAX", 10)
    assert send(officer, complaint, picture(), photo_alt=ALT).status_code == 400
    assert not ReplyPhoto.objects.exists()


def test_a_network_without_photos_offers_none_and_refuses_one(officer: Client) -> None:
    complaint = make_complaint(account=make_account("youtube"), status="IN_PROGRESS")
    assert 'name="photo"' not in officer.get(page_of(complaint)).content.decode()
    answer = send(officer, complaint, picture(), photo_alt=ALT)
    assert answer.status_code == 400
    assert "사진을 붙일 수 없습니다" in answer.content.decode()
    assert not ReplyPhoto.objects.exists()


def test_no_more_than_the_network_takes_and_none_in_a_message(officer: Client) -> None:
    complaint = make_complaint(account=make_account("facebook", token_scopes=["pages_messaging"]), status="IN_PROGRESS")
    InboundPost.objects.filter(complaint_link__complaint=complaint).update(kind="comment")
    send(officer, complaint, picture(), photo_alt=ALT)
    private = send(officer, complaint, action="approve", reach="private")
    assert private.status_code == 400
    assert "비공개 답변에는 사진을" in private.content.decode()
    many = send(officer, complaint, picture("blue"), photo_alt="다른 사진 한 장", action="approve", reach="public")
    assert many.status_code == 400
    assert "최대 1장" in many.content.decode()
    assert ReplyPhoto.objects.count() == 1
    assert not OutboundPost.objects.exists()


@pytest.mark.parametrize("action", ["draft", "preview"])
def test_one_too_many_is_refused_when_it_is_added_and_the_text_stays(officer: Client, action: str) -> None:
    complaint = make_complaint(account=make_account("facebook"), status="IN_PROGRESS")
    send(officer, complaint, picture(), photo_alt=ALT)
    answer = send(officer, complaint, picture("blue"), photo_alt="둘째", action=action, text="아직 쓰는 중")
    page = answer.content.decode()
    assert (answer.status_code, "최대 1장" in page, "아직 쓰는 중" in page) == (400, True, True)
    assert send(officer, complaint, picture(), photo_alt="같은 사진", action=action).status_code in {200, 302}
    assert ReplyPhoto.objects.get().alt == ALT


def test_an_answer_that_was_taken_back_offers_its_photos_again(complaint: Complaint, officer: Client) -> None:
    send(officer, complaint, picture(), photo_alt=ALT, action="approve")
    complaint.refresh_from_db()
    replies.recall(complaint, by=make_person(Role.OFFICER), version=complaint.version, now=NOON)
    assert [photo.alt for photo in reply_photos.of_draft(complaint)] == [ALT]
    assert Reply.objects.get().photos.count() == 1
    send(officer, complaint, action="approve")
    again = Reply.objects.get(number=2)
    row = OutboundPost.objects.get(key=f"{again.outbox_key}:1")
    outbox.cancel(row, by="officer", now=NOON)
    assert row.media[0]["alt"] == ALT


def test_the_file_is_for_who_sees_the_complaint(complaint: Complaint, officer: Client) -> None:
    send(officer, complaint, picture(), photo_alt=ALT)
    address = reverse("photo", args=[ReplyPhoto.objects.get().pk, "large"])
    for known in (officer, client_of(make_person(Role.STAFF, complaint.department))):
        answer = known.get(address)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]
    for stranger in (client_as(Role.STAFF), Client()):
        assert stranger.get(address).status_code == 404


# --- at once, without the text ----------------------------------------------------------------------------------------


def test_a_photo_on_site_is_kept_at_once_and_the_text_stays_in_the_form(officer: Client) -> None:
    complaint = make_row(status="ASSIGNED", department=make_department())
    shown = send(officer, complaint, picture(), action="photo", text="아직 쓰는 중")
    page = shown.content.decode()
    assert (shown.status_code, "아직 쓰는 중" in page, 'class="success"' in page) == (200, True, True)
    photo = ReplyPhoto.objects.get()
    assert (photo.alt, photo.reply) == (field_photos.default_alt(), None)
    complaint.refresh_from_db()
    assert complaint.status == "IN_PROGRESS"
    told: dict[str, Any] = {f"photo-alt-{photo.pk}": ALT}
    again = send(officer, complaint, picture("blue"), action="photo", photo_alt="옆에서 본 모습", **told)
    assert 'id="reply-photo-alt" name="photo_alt" maxlength="1000" value=""' in again.content.decode()
    assert set(ReplyPhoto.objects.values_list("alt", flat=True)) == {ALT, "옆에서 본 모습"}
    assert not Reply.objects.exists()


def test_without_a_photo_it_says_so_and_loses_nothing(complaint: Complaint, officer: Client) -> None:
    for content in (None, b"%PDF-1.7"):
        refused = send(officer, complaint, content, action="photo", text="아직 쓰는 중", photo_alt=ALT)
        page = refused.content.decode()
        assert (refused.status_code, "아직 쓰는 중" in page, f'value="{ALT}"' in page) == (400, True, True)
    assert not ReplyPhoto.objects.exists()


def test_where_a_colleague_was_faster_both_texts_are_shown_and_the_photo_is_chosen_again(
    complaint: Complaint, officer: Client
) -> None:
    seen = str(complaint.version)
    replies.draft(
        complaint, text="동료가 쓴 답변", by=make_person(Role.OFFICER), version=complaint.version, now=timezone.now()
    )
    refused = send(officer, complaint, picture(), action="photo", text="내가 쓴 답변", version=seen)
    page = refused.content.decode()
    assert (refused.status_code, "내가 쓴 답변" in page, "동료가 쓴 답변" in page) == (409, True, True)
    assert not ReplyPhoto.objects.exists()
    assert Reply.objects.get().text == "동료가 쓴 답변"


def test_who_may_not_draft_puts_no_photo(complaint: Complaint) -> None:
    manager = client_as(Role.MANAGER)
    assert send(manager, complaint, picture(), action="photo").status_code == 400
    assert not ReplyPhoto.objects.exists()


def test_the_triage_desk_has_the_same_button(complaint: Complaint, officer: Client) -> None:
    files = {"photo": SimpleUploadedFile("IMG_1.jpg", picture(), "image/jpeg")}
    form = {"version": str(complaint.version), "text": "아직 쓰는 중", "action": "photo", **files}
    shown = officer.post(reverse("admin:desk_reply", args=[complaint.number]), form)
    page = shown.content.decode()
    assert (shown.status_code, "아직 쓰는 중" in page, 'class="success"' in page) == (200, True, True)
    assert ReplyPhoto.objects.count() == 1
