"""The opinions under a talk go to a department, and its answer comes back into the result."""

from __future__ import annotations

import smtplib
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_sns import broadcasts
from channels_sns.models import Broadcast, InboundPost
from complaints import opinion_briefs, opinion_mail, opinions, tasks
from complaints.models import OpinionBrief, OpinionMail
from departments import directory
from departments.models import Membership, Role
from tests.broadcasting import approve
from tests.complaints.admin.desk import client_as, client_of
from tests.complaints.test_opinions import make_talk
from tests.make import NOON, make_department, make_person, make_post

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)
PLAN = "다음 달부터 금·토요일에 자정까지 엽니다."


def one_more(talk: Broadcast, text: str = "제안합니다") -> None:
    account = talk.variants.get().account
    make_post(account, text, author="late", state=InboundPost.State.COLLECTED, under=talk, root_id="t")
    opinions.collect(now=NOON)


def sent(talk: Broadcast, **values: Any) -> OpinionBrief:
    department = values.pop("department", None) or make_department()
    return opinion_briefs.send(talk, department, by=make_person(Role.OFFICER), now=timezone.now(), **values)


def test_a_summary_is_kept_as_it_was_sent() -> None:
    talk = make_talk("@busan 찬성합니다 010-1234-5678", "반대합니다")
    brief = sent(talk, note="예산을 봐 주세요")
    one_more(talk)
    told = opinions.thawed(OpinionBrief.objects.get().summary)
    assert (told.total, told.undecided, brief.note) == (2, 2, "예산을 봐 주세요")
    assert {value: n for value, _label, n in told.counts if n} == {"FOR": 1, "AGAINST": 1}
    assert [texts for _value, _label, texts in told.quotes] == [["찬성합니다 010-****-5678"], ["반대합니다"]]
    assert opinion_briefs.opinions_of(brief).count() == 2


def test_nothing_new_is_not_sent_again_and_another_department_may_have_it() -> None:
    talk = make_talk("찬성합니다")
    brief = sent(talk)
    with pytest.raises(opinion_briefs.NotPossible, match=brief.department.name):
        sent(talk, department=brief.department)
    assert sent(talk).number == 1
    opinions.confirm(opinions.of(talk), "QUESTION", by=make_person(Role.OFFICER), now=NOON)
    assert sent(talk, department=brief.department).number == 2
    told = [row for row in opinion_briefs.of(talk) if row.department == brief.department]
    assert [vars(row)["replaced"] for row in told] == [False, True]
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionBrief.objects.filter(pk=brief.pk).update(answer="예")


def test_what_cannot_be_sent_or_answered_says_why() -> None:
    with pytest.raises(opinion_briefs.NotPossible):
        sent(make_talk())
    talk = make_talk("찬성합니다")
    with pytest.raises(opinion_briefs.NotPossible, match="300"):
        sent(talk, note="가" * 301)
    brief, staff = sent(talk), make_person(Role.STAFF)
    for text, why in (("", "."), ("가" * 501, "501"), ("김주무관 010-1234-5678", "1234")):
        with pytest.raises(opinion_briefs.NotPossible, match=why):
            opinion_briefs.answer(brief, by=staff, now=NOON, text=text)
    one_more(talk)
    newer = sent(talk, department=brief.department)
    with pytest.raises(opinion_briefs.NotPossible):
        opinion_briefs.answer(brief, by=staff, now=NOON, text=PLAN)
    opinion_briefs.answer(newer, by=staff, now=NOON, text=PLAN)
    with pytest.raises(opinion_briefs.NotPossible):
        opinion_briefs.answer(newer, by=make_person(Role.HEAD), now=NOON, text="아니요")
    assert (newer.answer, newer.answered_by) == (PLAN, staff)


def test_the_result_holds_the_newest_answer_of_each_department() -> None:
    talk, officer = make_talk("찬성합니다"), make_person(Role.OFFICER)
    brief, staff = sent(talk), make_person(Role.STAFF)
    opinion_briefs.answer(brief, by=staff, now=NOON, text="검토합니다.")
    one_more(talk)
    newer, other = sent(talk, department=brief.department), sent(talk, department=make_department("도로계획과"))
    opinion_briefs.answer(newer, by=staff, now=LATER, text=PLAN)
    result = opinions.draft_result(talk, by=officer, now=NOON)
    assert f"관광정책과: {PLAN}" in result.text
    assert "검토합니다." not in result.text
    assert not opinion_briefs.put_into(result, newer, by=officer, now=LATER)
    assert not opinion_briefs.put_into(result, other, by=officer, now=LATER)
    opinion_briefs.answer(other, by=staff, now=LATER, text="인도를 넓힙니다.")
    result.version += 7
    with pytest.raises(broadcasts.Conflict):
        opinion_briefs.put_into(result, other, by=officer, now=LATER)
    result.refresh_from_db()
    assert opinion_briefs.put_into(result, other, by=officer, now=LATER)
    result.refresh_from_db()
    assert result.text.endswith("도로계획과: 인도를 넓힙니다.")


def test_an_answer_written_in_single_letters_is_put_into_the_result_once() -> None:
    talk, officer = make_talk("찬성합니다"), make_person(Role.OFFICER)
    brief, result = sent(talk), opinions.draft_result(talk, by=officer, now=NOON)
    opinion_briefs.answer(brief, by=make_person(Role.STAFF), now=NOON, text=unicodedata.normalize("NFD", PLAN))
    assert opinion_briefs.put_into(result, brief, by=officer, now=LATER)
    result.refresh_from_db()
    assert not opinion_briefs.put_into(result, brief, by=officer, now=LATER)


# --- mails ------------------------------------------------------------------------------------------------------------


def test_each_of_the_department_with_an_address_gets_one_mail(settings: Any) -> None:
    settings.MAIL_ENABLED, tour = True, make_department()
    for role, address in ((Role.STAFF, "staff@example.org"), (Role.HEAD, "head@example.org"), (Role.STAFF, "")):
        make_person(role, tour, email=address)
    gone = make_person(Role.STAFF, tour, email="gone@example.org")
    make_person(Role.STAFF, email="elsewhere@example.org")
    brief = sent(make_talk("찬성합니다", "반대합니다"), department=tour, note="예산")
    directory.revoke(Membership.objects.get(user=gone), now=timezone.now())
    assert opinion_mail.send_due(now=timezone.now()) == 2
    assert opinion_mail.send_due(now=timezone.now() + timedelta(days=1)) == 0
    assert sorted(one.to[0] for one in mail.outbox) == ["head@example.org", "staff@example.org"]
    body = str(mail.outbox[0].body)
    assert f"/admin/tray/talks/{brief.pk}/" in body
    assert "예산" in body
    assert "찬성합니다" not in body
    assert OpinionMail.objects.get(user=gone).state == "DROPPED"
    (line,) = opinion_briefs.of(brief.broadcast)
    assert (vars(line)["mails_sent"], vars(line)["mails_all"]) == (2, 3)


def test_a_mail_server_that_fails_is_tried_again_and_given_up(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAIL_ENABLED, tour, now = True, make_department(), timezone.now() + timedelta(hours=1)
    make_person(Role.STAFF, tour, email="staff@example.org")
    sent(make_talk("찬성합니다"), department=tour)

    def refuse(_message: EmailMessage) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    for _try in range(20):
        opinion_mail.send_due(now=now)
        now += timedelta(hours=1)
    row = OpinionMail.objects.get()
    assert (row.state, row.attempts) == ("FAILED", 8)
    assert "gone" in row.error
    OpinionMail.objects.update(state="SENDING", lease_until=NOON, attempts=8)
    assert opinion_mail.send_due(now=now) == 0
    assert OpinionMail.objects.get().state == "FAILED"


def test_two_workers_send_one_mail(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAIL_ENABLED, tour = True, make_department()
    make_person(Role.STAFF, tour, email="staff@example.org")
    sent(make_talk("찬성합니다"), department=tour)
    monkeypatch.setattr("complaints.errands.claim", lambda *_row, **_values: False)
    assert opinion_mail.send_due(now=timezone.now()) == 0
    monkeypatch.undo()
    tasks.mail_reports()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("switch", ["MAIL_ENABLED", "SENDING_ENABLED"])
def test_a_switch_keeps_the_mails_back(settings: Any, switch: str) -> None:
    settings.MAIL_ENABLED, tour = True, make_department()
    make_person(Role.STAFF, tour, email="staff@example.org")
    setattr(settings, switch, False)
    sent(make_talk("찬성합니다"), department=tour)
    assert opinion_mail.send_due(now=timezone.now()) == 0
    assert OpinionMail.objects.count() == (1 if switch == "SENDING_ENABLED" else 0)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_from_the_officer_to_the_department_and_back() -> None:
    talk, tour, officer = make_talk("@busan 찬성 <b>합니다</b>"), make_department(), client_as(Role.OFFICER)
    head, staff = (
        client_as(Role.HEAD, tour),
        client_of(make_person(Role.STAFF, tour, last_name="김", first_name="주무")),
    )
    address = f"/admin/broadcasts/{talk.pk}/opinions/"
    assert "Nothing is waiting" in staff.get("/admin/tray/", headers={"accept-language": "en"}).content.decode()
    refused = officer.post(f"{address}brief/", {"department": "x", "note": "꼭 보관할 글"})
    assert (refused.status_code, "꼭 보관할 글" in refused.content.decode()) == (400, True)
    posted = {"department": tour.pk, "note": "예산도 봐 주세요"}
    assert officer.post(f"{address}brief/", posted).status_code == 303
    again = officer.post(f"{address}brief/", {**posted, "note": "한 번 더"})
    assert (again.status_code, "한 번 더" in again.content.decode()) == (400, True)
    brief = OpinionBrief.objects.get()
    page = f"/admin/tray/talks/{brief.pk}/"
    assert page in staff.get("/admin/tray/").content.decode()
    english = {"accept-language": "en"}
    assert "of citizens, to answer" in staff.get("/admin/", headers=english).content.decode()
    assert "of citizens, to answer" not in officer.get("/admin/", headers=english).content.decode()
    read = staff.get(page).content.decode()
    assert "찬성 &lt;b&gt;합니다" in read
    assert "@busan" not in read
    assert "예산도 봐 주세요" in read
    head.get(page)
    brief.refresh_from_db()
    assert brief.read_by is not None
    assert brief.read_by.last_name == "김"
    long = staff.post(f"{page}answer/", {"answer": "가" * 600})
    assert (long.status_code, "가" * 600 in long.content.decode()) == (400, True)
    assert officer.post(f"{address}result/").status_code == 303
    assert staff.post(f"{page}answer/", {"answer": PLAN}).status_code == 302
    late = head.post(f"{page}answer/", {"answer": "안 됩니다"})
    assert (late.status_code, "안 됩니다" in late.content.decode()) == (400, True)
    assert page not in staff.get("/admin/tray/").content.decode()
    answered = staff.get(page).content.decode()
    assert PLAN in answered
    assert "김주무" in answered
    shown = officer.get(address).content.decode()
    assert PLAN in shown
    assert f'name="plan" value="{brief.pk}"' in shown
    officer.post(f"{address}result/", {"plan": brief.pk})
    assert PLAN in Broadcast.objects.get(follows=talk).text


def test_a_department_without_people_is_said_and_a_result_being_written_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talk, tour, officer = make_talk("찬성합니다"), make_department(), client_as(Role.OFFICER)
    address = f"/admin/broadcasts/{talk.pk}/opinions/"
    page = officer.post(f"{address}brief/", {"department": tour.pk}, follow=True).content.decode()
    assert 'class="warning"' in page
    brief = OpinionBrief.objects.get()
    opinion_briefs.answer(brief, by=make_person(Role.STAFF, tour), now=NOON, text=PLAN)
    result = opinions.draft_result(talk, by=make_person(Role.OFFICER), now=NOON)
    broadcasts.change(result, version=1, by=make_person(Role.OFFICER), now=NOON, text="고쳐 쓴 결과")

    def clash(*_rows: object, **_values: object) -> None:
        raise broadcasts.Conflict

    monkeypatch.setattr(broadcasts, "change", clash)
    page = officer.post(f"{address}result/", {"plan": brief.pk}, follow=True).content.decode()
    assert 'class="warning"' in page
    monkeypatch.undo()
    result.refresh_from_db()
    approve(result)
    assert not opinion_briefs.put_into(result, brief, by=make_person(Role.OFFICER), now=NOON)


def test_who_answers_after_the_result_was_posted_is_told_so() -> None:
    talk, tour = make_talk("찬성합니다"), make_department()
    brief, staff = sent(talk, department=tour), client_as(Role.STAFF, tour)
    approve(opinions.draft_result(talk, by=make_person(Role.OFFICER), now=NOON))
    answered = staff.post(f"/admin/tray/talks/{brief.pk}/answer/", {"answer": PLAN}, follow=True).content.decode()
    assert 'class="warning"' in answered


def test_both_pages_ask_as_often_for_one_as_for_many() -> None:
    tour, officer = make_department(), client_as(Role.OFFICER)
    staff, counts = client_as(Role.STAFF, tour), list[tuple[int, int, int]]()
    for many in (1, 30):
        talk = make_talk(*(f"찬성 {n}" for n in range(many)))
        brief = sent(talk, department=tour)
        for _more in range(min(many, 3)):
            sent(talk)
        asked = []
        for client, page in (
            (officer, f"/admin/broadcasts/{talk.pk}/opinions/"),
            (staff, f"/admin/tray/talks/{brief.pk}/"),
            (staff, "/admin/tray/"),
        ):
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            asked.append(len(queries))
        counts.append((asked[0], asked[1], asked[2]))
    assert counts[0] == counts[1]
