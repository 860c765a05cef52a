"""A complaint that goes elsewhere: the citizen reads where, under his own post."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from complaints import replies, transfers, workflow
from complaints.models import Complaint, Status
from departments.models import Agency, Role
from tests.channels_sns.scripted import Script, script
from tests.complaints.admin.desk import client_as, make_row, page_of
from tests.complaints.fates import rows_of
from tests.make import NOON, make_account, make_agency, make_complaint, make_district, make_person

pytestmark = pytest.mark.django_db
__all__ = ["script"]

AFTER = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _network(script: Script) -> None:
    """Every complaint here came over the scripted network."""


def haeundae() -> Agency:
    return make_agency("해운대구청", name_en="Haeundae-gu Office", district=make_district())


def handed_over(agency: Agency, *, words: str = "", language: str = "ko") -> tuple[Complaint, str]:
    complaint = make_complaint(account=make_account("scripted"), language=language)
    officer = make_person(Role.OFFICER)
    with translation.override("en" if language == "ko" else "ko"):  # the officer's language is not the citizen's
        reply = transfers.transfer(
            complaint, by=officer, version=1, now=AFTER, agency=agency, reason="구청 소관", words=words
        )
    return complaint, rows_of(reply.outbox_key)[0].text


def test_the_citizen_reads_where_it_went_and_the_reason_stays_inside() -> None:
    office = haeundae()
    complaint, text = handed_over(office, words="담당 부서는 건설과입니다.")
    assert "해운대구청으로 이송했습니다" in text
    assert "담당 부서는 건설과입니다." in text
    assert "구청 소관" not in text
    assert (complaint.status, complaint.agency) == (Status.TRANSFERRED, office)
    assert list(complaint.events.values_list("move", flat=True)) == ["transfer", "told_transfer"]


@pytest.mark.parametrize(("name", "form"), [("부산교통공사", "부산교통공사로"), ("부산경찰청", "부산경찰청으로")])
def test_the_particle_fits_the_name(name: str, form: str) -> None:
    assert form in handed_over(make_agency(name))[1]


def test_he_reads_it_in_his_language() -> None:
    assert "Haeundae-gu Office" in handed_over(haeundae(), language="en")[1]
    assert "부산경찰청" in handed_over(make_agency("부산경찰청"), language="en")[1]


def test_only_a_number_that_somebody_has_rung_is_given() -> None:
    assert "119" not in handed_over(make_agency("소방", hotline="119"))[1]
    assert "120" in handed_over(make_agency("구청", hotline="120", hotline_verified=True))[1]


def test_a_notice_that_cannot_be_posted_hands_nothing_over() -> None:
    complaint, officer = make_complaint(account=make_account("scripted")), make_person(Role.OFFICER)
    with pytest.raises(replies.NotPossible):
        transfers.transfer(
            complaint, by=officer, version=1, now=AFTER, agency=make_agency(), reason="x", words="가" * 99_999
        )
    complaint.refresh_from_db()
    assert (complaint.status, complaint.version, complaint.replies.count()) == (Status.RECEIVED, 1, 0)


def test_pressed_twice_it_is_one_notice() -> None:
    complaint, officer = make_complaint(account=make_account("scripted")), make_person(Role.OFFICER)
    stale, agency = Complaint.objects.get(pk=complaint.pk), make_agency()
    transfers.transfer(complaint, by=officer, version=1, now=AFTER, agency=agency, reason="x")
    with pytest.raises(workflow.Conflict):
        transfers.transfer(stale, by=officer, version=1, now=AFTER, agency=agency, reason="x")
    assert complaint.replies.count() == 1


def test_the_form_offers_the_office_of_the_district_first_and_none_that_has_ended() -> None:
    district = make_district()
    own, other, police = make_agency("해운대구청", district=district), make_agency("중구청"), make_agency("부산경찰청")
    Agency.objects.filter(pk=other.pk).update(district=make_district("중구"))
    make_agency("옛 기관", active_to="2020-01-01")
    complaint = make_row(district=district)
    officer = client_as(Role.OFFICER)
    page = officer.get(page_of(complaint)).content.decode()
    places = [page.index(f">{agency.name}</option>") for agency in (own, other, police)]
    assert places == sorted(places)
    assert "옛 기관" not in page
    posted = {"version": complaint.version, "agency": own.pk, "reason": "구청 일", "words": "건설과입니다."}
    assert officer.post(page_of(complaint, "move", "transfer"), posted).status_code == 302
    assert "건설과입니다." in complaint.replies.get().text
