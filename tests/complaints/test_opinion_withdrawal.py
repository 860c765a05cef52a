"""A summary that went to the wrong department is taken back: from the tray, from the mails, from the result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from channels_sns import broadcasts
from complaints import mails, opinion_briefs, opinion_mail, opinions
from complaints.models import OpinionBrief, OpinionMail
from departments.models import Role
from tests.complaints.admin.desk import client_as
from tests.complaints.test_opinion_briefs import LATER, PLAN, one_more, sent
from tests.complaints.test_opinions import make_talk
from tests.make import NOON, make_department, make_person

pytestmark = pytest.mark.django_db
WHY = "교통 부서 소관입니다"


def withdraw(brief: OpinionBrief, reason: str = WHY) -> None:
    opinion_briefs.withdraw(brief, by=make_person(Role.OFFICER), now=timezone.now(), reason=reason)


def test_it_leaves_the_tray_is_recorded_and_may_be_sent_again() -> None:
    talk, tour = make_talk("찬성합니다"), make_department()
    brief, staff = sent(talk, department=tour), make_person(Role.STAFF, tour)
    assert list(opinion_briefs.waiting_for(staff)) == [brief]
    withdraw(brief)
    assert not opinion_briefs.waiting_for(staff).exists()
    with pytest.raises(opinion_briefs.NotPossible):
        opinion_briefs.answer(brief, by=staff, now=LATER, text=PLAN)
    with pytest.raises(opinion_briefs.NotPossible):
        withdraw(brief)
    kept = OpinionBrief.objects.get()
    assert (kept.withdrawn_for, kept.withdrawn_by is None, kept.answered_at) == (WHY, False, None)
    assert sent(talk).number == 1
    assert sent(talk, department=tour).number == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionBrief.objects.filter(pk=brief.pk).update(withdrawn_for="")


def test_without_the_newer_one_the_older_one_waits_again() -> None:
    talk, tour = make_talk("찬성합니다"), make_department()
    older = sent(talk, department=tour)
    one_more(talk)
    withdraw(sent(talk, department=tour))
    staff = make_person(Role.STAFF, tour)
    assert list(opinion_briefs.waiting_for(staff)) == [older]
    opinion_briefs.answer(older, by=staff, now=LATER, text=PLAN)
    assert older.answer == PLAN


@pytest.mark.parametrize("reason", ["", "가" * 301])
def test_a_reason_is_wanted(reason: str) -> None:
    brief = sent(make_talk("찬성합니다"))
    with pytest.raises(opinion_briefs.NotPossible):
        withdraw(brief, reason)
    assert OpinionBrief.objects.get().withdrawn_at is None


def test_what_it_answered_does_not_come_into_the_result_and_what_stands_there_is_taken_out_first() -> None:
    talk, officer = make_talk("찬성합니다"), make_person(Role.OFFICER)
    brief, other = sent(talk), sent(talk, department=make_department("도로계획과"))
    for one in (brief, other):
        opinion_briefs.answer(one, by=make_person(Role.STAFF), now=LATER, text=PLAN)
    withdraw(other)
    assert opinions.plans(talk) == [brief]
    result = opinions.draft_result(talk, by=officer, now=LATER)
    stale = OpinionBrief.objects.get(pk=other.pk)
    assert not opinion_briefs.put_into(result, stale, by=officer, now=LATER)
    with pytest.raises(opinion_briefs.NotPossible, match=brief.department.name):
        withdraw(brief)
    broadcasts.change(result, version=result.version, by=officer, now=LATER, text="반영 결과를 알려 드립니다.")
    withdraw(brief)
    assert opinions.plans(talk) == []


# --- mails ------------------------------------------------------------------------------------------------------------


def mailed(settings: Any) -> OpinionBrief:
    settings.MAIL_ENABLED, tour = True, make_department()
    make_person(Role.STAFF, tour, email="staff@example.org")
    return sent(make_talk("찬성합니다"), department=tour)


def go(days: int = 0) -> int:
    return opinion_mail.send_due(now=timezone.now() + timedelta(days=days))


def test_a_mail_that_has_not_left_never_does(settings: Any) -> None:
    withdraw(mailed(settings))
    assert (go(), go(days=1)) == (0, 0)
    assert OpinionMail.objects.get().state == "DROPPED"


def test_who_has_a_mail_gets_one_that_says_so(settings: Any) -> None:
    brief = mailed(settings)
    assert go() == 1
    withdraw(brief)
    assert (go(), go(days=1)) == (1, 0)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    assert "회수" in second.subject
    assert WHY in str(second.body)
    (line,) = opinion_briefs.of(brief.broadcast)
    assert (vars(line)["mails_sent"], vars(line)["mails_all"]) == (1, 1)


def test_it_is_taken_back_while_the_mail_is_on_its_way(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    brief, hand_over = mailed(settings), mails.hand_over

    def meanwhile(message: Any) -> None:
        monkeypatch.undo()
        withdraw(brief)
        hand_over(message)

    monkeypatch.setattr(mails, "hand_over", meanwhile)
    assert (go(), go()) == (1, 1)
    assert sorted(OpinionMail.objects.values_list("kind", "state")) == [("BRIEF", "SENT"), ("WITHDRAWN", "SENT")]


def test_a_worker_that_died_leaves_it_open_so_it_is_called_back(settings: Any) -> None:
    brief = mailed(settings)
    OpinionMail.objects.update(state="SENDING", attempts=1, lease_until=timezone.now())
    withdraw(brief)
    assert go(days=1) == 1
    assert "회수" in mail.outbox[0].subject
    assert OpinionMail.objects.get(kind="BRIEF").state == "DROPPED"


def test_who_was_refused_by_the_mail_server_needs_no_second_mail(settings: Any) -> None:
    brief = mailed(settings)
    OpinionMail.objects.update(state="SENDING", attempts=1, lease_until=timezone.now())
    withdraw(brief)
    OpinionMail.objects.filter(kind="BRIEF").update(state="DROPPED", lease_until=None)
    assert go() == 0
    assert OpinionMail.objects.get(kind="WITHDRAWN").state == "DROPPED"


@pytest.mark.parametrize("meanwhile", ["answered", "replaced"])
def test_a_delayed_mail_asks_for_nothing_that_came_already(settings: Any, meanwhile: str) -> None:
    brief = mailed(settings)
    if meanwhile == "answered":
        opinion_briefs.answer(brief, by=make_person(Role.STAFF), now=NOON, text=PLAN)
    else:
        settings.MAIL_ENABLED = False
        one_more(brief.broadcast)
        sent(brief.broadcast, department=brief.department)
        settings.MAIL_ENABLED = True
    assert go() == 0
    assert OpinionMail.objects.get().state == "DROPPED"


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_officer_takes_it_back_and_the_department_reads_why() -> None:
    talk, tour, officer = make_talk("찬성 <b>합니다</b>"), make_department(), client_as(Role.OFFICER)
    brief, staff = sent(talk, department=tour), client_as(Role.STAFF, tour)
    address, page = f"/admin/broadcasts/{talk.pk}/opinions/", f"/admin/tray/talks/{brief.pk}/"
    door = f"{address}brief/{brief.pk}/withdraw/"
    refused = officer.post(door, {"reason": " "})
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (400, True)
    assert officer.post(door, {"reason": "<i>교통</i> 소관"}).status_code == 303
    shown = officer.get(address).content.decode()
    assert "&lt;i&gt;교통&lt;/i&gt; 소관" in shown
    assert door not in shown
    assert officer.post(door, {"reason": "두 번 누름"}).status_code == 400
    assert officer.post(f"{address}brief/{brief.pk + 9}/withdraw/", {"reason": "x"}).status_code == 404
    assert page not in staff.get("/admin/tray/").content.decode()
    read = staff.get(page).content.decode()
    assert "&lt;i&gt;교통&lt;/i&gt; 소관" in read
    assert "찬성" not in read
    late = staff.post(f"{page}answer/", {"answer": "꼭 보관할 답변"})
    assert (late.status_code, "꼭 보관할 답변" in late.content.decode()) == (400, True)
    brief.refresh_from_db()
    assert (brief.read_at, brief.answered_at) == (None, None)
