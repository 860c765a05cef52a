"""Past answers on a page: as its lines, and one of them taken into the editor, behind what stands there already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from complaints import past_answers, permissions, privacy
from complaints.models import Complaint, Reply
from complaints.pages import reply_desk, words
from complaints.pages.page import Page
from departments import working_time

ASKED_MAX = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One past answer; `asked`: what it answered, shortened."""

    reply_id: int
    text: str
    number: str
    asked: str
    department: str
    when: str


def lines(complaint: Complaint, user: User, *, now: datetime) -> list[Line]:
    """For this person: only answers to complaints that he may see."""
    found = past_answers.of_complaint(complaint, among=Complaint.objects.visible_to(user))
    masked = privacy.is_masked_on(complaint, user)
    return [
        Line(
            reply_id=one.reply_id,
            text=one.text,
            number=one.number,
            asked=_beginning(one.asked, masked=masked),
            department=one.department,
            when=words.ago(one.answered_at, now=now),
        )
        for one in found
    ]


def _beginning(text: str, *, masked: bool) -> str:
    begun = text[:ASKED_MAX]
    return privacy.mask_beginning(begun, cut=len(text) > ASKED_MAX) if masked else begun


def put_into(page: Page, user: User, answer: str, *, now: datetime) -> None:
    """The past answer whose id is `answer` stands in the page's editor, behind what was there; nothing is saved.

    An answer that stands there already is not put in again.
    """
    text = _text_of(answer, page.complaint, user)
    if text:
        before = page.together.kept.reply or page.reply.draft_text
        typed = before if text in before else f"{before}\n\n{text}".strip()
        page.typed = {**page.typed, "text": typed}
        calendar = working_time.calendar_for()
        page.reply = reply_desk.desk_of(page.complaint, user, now=now, calendar=calendar, typed=typed)
        page.added = text


def _text_of(answer: str, complaint: Complaint, user: User) -> str:
    """ "" where there is none for this person, or nothing to write."""
    if not (answer.isascii() and answer.isdigit() and len(answer) < 10) or not permissions.may_draft(user, complaint):
        return ""
    seen = Complaint.objects.visible_to(user)
    found = Reply.objects.public().filter(pk=int(answer), state=Reply.State.SENT, complaint__in=seen)
    return found.values_list("text", flat=True).first() or ""
