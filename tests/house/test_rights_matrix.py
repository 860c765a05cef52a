"""Who may open what (docs/rights.md): every address of the desk stands in this table, or the test fails.

A cell: + opens, - is answered 403 or 404, > goes to the log-in. Columns in the order of VISITORS; staff and head come
in twice, with a row of their own department and with a foreign one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from channels_sns import broadcasts, repeats
from channels_sns.models import Brand, DeadLetter, OutboundPost
from complaints import (
    api_tokens,
    bulk,
    consultations,
    incident_replies,
    incidents,
    opinion_briefs,
    opinions,
    saved_views,
)
from complaints.models import Complaint, Consultation, Opinion, ReplyTemplate, Sighting, Surge
from departments.models import Department, Role
from tests.broadcasting import approve, make_draft, photo, posts
from tests.complaints.admin.desk import client_as, make_photo, make_row
from tests.complaints.alarm import make_contact, prepare, start
from tests.make import make_account, make_department, make_person, make_post, make_promise, make_verdict

pytestmark = [pytest.mark.django_db, pytest.mark.unmeasured]

VISITORS = (
    "officer", "staff", "staff elsewhere", "head", "head elsewhere", "manager", "auditor", "administrator", "inactive",
    "anonymous",
)  # fmt: skip
#                   ofc st st' hd hd' mgr aud adm ina ano
EVERYBODY_INSIDE = ["+", "+", "+", "+", "+", "+", "+", "+", ">", ">"]
THE_DESK = ["+", "+", "-", "+", "-", "+", "+", "-", ">", ">"]
THE_HANDS = ["+", "+", "-", "+", "-", "-", "-", "-", ">", ">"]
APPROVERS = ["+", "-", "-", "+", "-", "-", "-", "-", ">", ">"]
THE_LIST = ["+", "+", "+", "+", "+", "+", "+", "-", ">", ">"]
OFFICERS = ["+", "-", "-", "-", "-", "-", "-", "-", ">", ">"]
SHARERS = ["+", "-", "-", "-", "-", "+", "-", "-", ">", ">"]
ADMINISTRATORS = ["-", "-", "-", "-", "-", "-", "-", "+", ">", ">"]
TEMPLATE_WRITERS = ["+", "-", "-", "-", "-", "-", "-", "+", ">", ">"]
READERS = ["-", "-", "-", "-", "-", "-", "+", "+", ">", ">"]
PHOTOS = ["+", "+", "-", "+", "-", "+", "+", "-", "-", "-"]
OPEN_TO_ALL = ["+", "+", "+", "+", "+", "+", "+", "+", "+", "+"]
HELD_IN_TRAY = ["-", "+", "-", "+", "-", "-", "-", "-", ">", ">"]
TRAY = ["-", "+", "+", "+", "+", "-", "-", "-", ">", ">"]
LEDGER = ["+", "-", "-", "+", "+", "+", "+", "-", ">", ">"]
REPORTS = ["-", "-", "-", "+", "+", "+", "+", "-", ">", ">"]
FIGURES = ["+", "-", "-", "-", "-", "+", "+", "+", ">", ">"]
# The API answers 401 where a page leads to the log-in.
API_ALL = ["+", "+", "+", "+", "+", "+", "+", "+", "-", "-"]
API_LIST = ["+", "+", "+", "+", "+", "+", "+", "-", "-", "-"]
API_REPORTS = ["-", "-", "-", "+", "+", "+", "+", "-", "-", "-"]
API_ADMINISTRATORS = ["-", "-", "-", "-", "-", "-", "-", "+", "-", "-"]
NOBODY = ["-", "-", "-", "-", "-", "-", "-", "-", ">", ">"]

MATRIX: dict[str, list[str]] = {
    "home": OPEN_TO_ALL,
    "healthz": OPEN_TO_ALL,
    "readyz": OPEN_TO_ALL,
    "metrics": ["-"] * 10,
    "webhook": ["-"] * 10,
    "set_language": OPEN_TO_ALL,
    "photo": PHOTOS,
    "api:overview": API_REPORTS,
    "api:figures": API_REPORTS,
    "api:slice": API_REPORTS,
    "api:list": API_REPORTS,
    "api:department": API_REPORTS,
    "api:channel": API_REPORTS,
    "api:due_times": API_REPORTS,
    "api:hand_overs": API_REPORTS,
    "api:districts": API_REPORTS,
    "api:promises": API_REPORTS,
    "api:satisfaction": API_REPORTS,
    "api:monthly": API_REPORTS,
    "api:definitions": API_REPORTS,
    "api:complaints": API_LIST,
    "api:complaint": PHOTOS,
    "api:departments": API_ALL,
    "api:accounts": API_ADMINISTRATORS,
    "api:description": API_ALL,
    "api:nothing": ["-"] * 10,
    "admin:api_tokens": EVERYBODY_INSIDE,
    "admin:api_token_new": EVERYBODY_INSIDE,
    "admin:api_token_revoke": ADMINISTRATORS,
    "admin:index": EVERYBODY_INSIDE,
    "admin:login": OPEN_TO_ALL,
    "admin:logout": OPEN_TO_ALL,
    "admin:password_change": EVERYBODY_INSIDE,
    "admin:password_change_done": EVERYBODY_INSIDE,
    "admin:jsi18n": EVERYBODY_INSIDE,
    "admin:autocomplete": NOBODY,
    "admin:view_on_site": NOBODY,
    "admin:complaints_complaint_changelist": THE_LIST,
    "admin:complaints_complaint_change": THE_DESK,
    "admin:complaints_complaint_answers": THE_DESK,
    "admin:complaints_complaint_move": THE_DESK,
    "admin:complaints_complaint_clock": THE_DESK,
    "admin:complaints_complaint_consult": THE_DESK,
    "admin:complaints_complaint_repeat": THE_DESK,
    "admin:complaints_complaint_reply": THE_DESK,
    "admin:complaints_complaint_measure": THE_DESK,
    "admin:complaints_complaint_note": THE_HANDS,
    "admin:complaints_complaint_same": THE_DESK,
    "admin:complaints_complaint_seen": THE_HANDS,
    "admin:complaints_complaint_here": THE_HANDS,
    "admin:complaints_complaint_keep": THE_HANDS,
    "admin:complaints_complaint_tag": THE_HANDS,
    "admin:complaints_complaint_good_news": OFFICERS,
    "admin:complaints_complaint_views": THE_LIST,
    "admin:complaints_complaint_view_save": THE_LIST,
    "admin:complaints_complaint_view_change": SHARERS,
    "admin:complaints_complaint_view_delete": SHARERS,
    "admin:complaints_complaint_suggestions": FIGURES,
    "admin:complaints_complaint_bulk": OFFICERS,
    "admin:complaints_complaint_bulk_run": OFFICERS,
    # A run is its officer's alone; here it is somebody else's.
    "admin:complaints_complaint_bulk_report": NOBODY,
    "admin:complaints_complaint_bulk_undo": NOBODY,
    "admin:complaints_incident_changelist": THE_LIST,
    "admin:complaints_incident_change": THE_DESK,
    "admin:complaints_incident_begin": OFFICERS,
    "admin:complaints_incident_settings": OFFICERS,
    "admin:complaints_incident_gather": OFFICERS,
    "admin:complaints_incident_split": OFFICERS,
    "admin:complaints_incident_close": OFFICERS,
    "admin:complaints_incident_reopen": OFFICERS,
    "admin:complaints_incident_answer": THE_DESK,
    "admin:complaints_incident_answer_begin": THE_HANDS,
    "admin:complaints_incident_answer_save": THE_HANDS,
    "admin:complaints_incident_answer_skip": THE_HANDS,
    "admin:complaints_incident_answer_release": APPROVERS,
    "admin:complaints_incident_answer_extend": APPROVERS,
    "admin:complaints_incident_answer_stop": APPROVERS,
    "admin:complaints_complaint_promise": THE_DESK,
    "admin:complaints_complaint_verdict": OFFICERS,
    "admin:promises": THE_LIST,
    "admin:promises_export": THE_LIST,
    "admin:complaints_incident_surge_join": OFFICERS,
    "admin:complaints_incident_surge_dismiss": OFFICERS,
    "admin:shift": OFFICERS,
    "admin:shift_note": OFFICERS,
    "admin:shift_taken": OFFICERS,
    "admin:alerts": EVERYBODY_INSIDE,
    "admin:alerts_read": EVERYBODY_INSIDE,
    "admin:alerts_count": EVERYBODY_INSIDE,
    "admin:desk_home": OFFICERS,
    "admin:desk_item": OFFICERS,
    "admin:desk_similar": OFFICERS,
    "admin:desk_pulse": OFFICERS,
    "admin:desk_keys": OFFICERS,
    "admin:desk_move": OFFICERS,
    "admin:desk_urgent": OFFICERS,
    "admin:desk_clock": OFFICERS,
    "admin:desk_place": OFFICERS,
    "admin:desk_tag": OFFICERS,
    "admin:desk_reply": OFFICERS,
    "admin:desk_note": OFFICERS,
    "admin:desk_keep": OFFICERS,
    "admin:desk_incident": OFFICERS,
    "admin:desk_tie": OFFICERS,
    "admin:desk_untie": OFFICERS,
    "admin:desk_here": OFFICERS,
    "admin:complaints_accesslog_changelist": READERS,
    "admin:complaints_replytemplate_changelist": TEMPLATE_WRITERS,
    "admin:complaints_replytemplate_add": TEMPLATE_WRITERS,
    "admin:complaints_replytemplate_change": TEMPLATE_WRITERS,
    "admin:complaints_replytemplate_history": TEMPLATE_WRITERS,
    "admin:complaints_replytemplate_delete": NOBODY,
    "admin:channels_sns_account_changelist": ADMINISTRATORS,
    "admin:channels_sns_account_change": ADMINISTRATORS,
    "admin:channels_sns_account_check": ADMINISTRATORS,
    "admin:channels_sns_account_reread": ADMINISTRATORS,
    "admin:channels_sns_account_unread": ADMINISTRATORS,
    "admin:channels_sns_account_connect": ADMINISTRATORS,
    "admin:channels_sns_account_connect_network": ADMINISTRATORS,
    "admin:channels_sns_account_connect_leave": ADMINISTRATORS,
    "admin:channels_sns_account_connect_callback": ADMINISTRATORS,
    "admin:channels_sns_account_connect_choose": ADMINISTRATORS,
    "admin:channels_sns_outboundpost_changelist": OFFICERS,
    "admin:channels_sns_outboundpost_change": OFFICERS,
    "admin:channels_sns_outboundpost_decide": OFFICERS,
    "admin:channels_sns_deadletter_changelist": OFFICERS,
    "admin:channels_sns_deadletter_change": OFFICERS,
    "admin:ledger": LEDGER,
    "admin:tray": TRAY,
    "admin:tray_photo": HELD_IN_TRAY,
    "admin:tray_brief": HELD_IN_TRAY,
    "admin:tray_brief_answer": HELD_IN_TRAY,
    "admin:overdue": LEDGER,
    "admin:overdue_letter": ["+", "-", "-", "+", "-", "+", "+", "-", ">", ">"],
    "admin:overdue_send": SHARERS,
    "admin:interim": LEDGER,
    "reports:overview": REPORTS,
    "reports:slice": REPORTS,
    "reports:list": REPORTS,
    "reports:department": REPORTS,
    "reports:channel": REPORTS,
    "reports:due_times": REPORTS,
    "reports:hand_overs": REPORTS,
    "reports:monthly": REPORTS,
    "reports:promises": REPORTS,
    "reports:satisfaction": REPORTS,
    "reports:tally_export": REPORTS,
    "reports:districts": REPORTS,
    "reports:export": REPORTS,
    "reports:definitions": REPORTS,
    "reports:saved": REPORTS,
    "reports:saved_save": REPORTS,
    "reports:saved_change": NOBODY,
    "reports:saved_stop": NOBODY,
    "reports:saved_delete": NOBODY,
    "reports:saved_leave": NOBODY,
    "broadcasts:list": OFFICERS,
    "broadcasts:new": OFFICERS,
    "broadcasts:page": OFFICERS,
    "broadcasts:decide": OFFICERS,
    "broadcasts:picture_drop": OFFICERS,
    "broadcasts:picture": OFFICERS,
    "broadcasts:opinions": OFFICERS,
    "broadcasts:opinion_brief": OFFICERS,
    "broadcasts:opinion_withdraw": OFFICERS,
    "broadcasts:opinion_confirm": OFFICERS,
    "broadcasts:opinion_result": OFFICERS,
    "broadcasts:opinion_complaint": OFFICERS,
    "broadcasts:take_down": OFFICERS,
    "broadcasts:correct": OFFICERS,
    "broadcasts:brands": OFFICERS,
    "broadcasts:brand": OFFICERS,
    "broadcasts:voice": OFFICERS,
    "broadcasts:calendar": OFFICERS,
    "broadcasts:repeats": OFFICERS,
    "broadcasts:repeat": OFFICERS,
    "broadcasts:repeat_stop": OFFICERS,
    "broadcasts:followers": ["+", "-", "-", "+", "+", "+", "+", "-", ">", ">"],
    "emergencies:list": OFFICERS,
    "emergencies:new": OFFICERS,
    "emergencies:contacts": OFFICERS,
    "emergencies:contact": OFFICERS,
    "emergencies:page": OFFICERS,
    "emergencies:live": OFFICERS,
    "emergencies:act": OFFICERS,
    "emergencies:photo_drop": OFFICERS,
    "emergencies:called": OFFICERS,
    "emergencies:weigh": OFFICERS,
    "emergencies:report": OFFICERS,
    "emergencies:export": OFFICERS,
    "admin:auth_user_changelist": READERS,
    "admin:auth_user_change": READERS,
    "admin:auth_user_history": READERS,
    "admin:auth_user_add": ADMINISTRATORS,
    "admin:auth_user_delete": NOBODY,
    "admin:auth_user_password_change": ADMINISTRATORS,
}
#: The directory: everybody at the desk reads it, administrators change it; memberships are theirs alone.
DIRECTORY = (
    "department",
    "agency",
    "topic",
    "district",
    "place",
    "holiday",
    "officehours",
    "membership",
    "city",
    "oncall",
)
REGISTERED = {
    "complaints.complaint",
    "complaints.incident",
    "complaints.accesslog",
    "complaints.replytemplate",
    "channels_sns.account",
    "channels_sns.outboundpost",
    "channels_sns.deadletter",
    "auth.user",
    *(f"departments.{name}" for name in DIRECTORY),
}
POSTS = {"set_language", "admin:logout"}
ENDS_THE_SESSION = {"admin:logout"}
POST_ONLY = (
    "_answer_extend", "_answer_release", "_answer_save", "_answer_skip", "_answer_stop", "_begin", "_bulk",
    "_bulk_run", "_bulk_undo", "_check", "_clock", "_close", "_consult", "_decide", "_down", "_drop", "_gather",
    "_good_news", "_here", "_keep", "_keys", "_measure", "_move", "_note", "_place", "_promise", "_reopen", "_repeat",
    "_reply", "_reread", "_same", "_seen", "_settings", "_split", "_surge_dismiss", "_surge_join", "_tag", "_taken",
    "_tie", "_token_new", "_token_revoke", "_unread", "_untie", "_urgent", "_verdict", "_view_change", "_view_delete",
    "_view_save", "alerts_read", "opinion_complaint", "opinion_confirm", "opinion_result", "overdue_send", "tray_photo",
    "repeat_stop", "saved_change", "saved_delete", "saved_leave", "saved_save", "saved_stop", ":called", ":correct",
    ":weigh", "broadcasts:decide", "emergencies:act", "brief_answer", "opinion_brief", "opinion_withdraw",
)  # fmt: skip
#: Answers that mean “you are in”: done, moved on, refused for its content, or asked with the wrong method.
INSIDE = {200, 204, 302, 303, 400, 405, 409, 503}


def patterns(resolver: Any, space: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name or ''}", entry


def named() -> set[str]:
    return {name for name, _pattern in patterns(get_resolver())}


def is_directory(name: str) -> bool:
    return any(name.startswith(f"admin:departments_{model}_") for model in DIRECTORY)


def test_every_address_stands_in_the_matrix() -> None:
    unknown = {name for name in named() if name not in MATRIX and not is_directory(name)}
    # Django's page of one app, its answer to a path that is none, and the redirect from a row's bare address.
    assert unknown - {"admin:app_list", "admin:", ""} == set()
    assert set(MATRIX) - named() == set()


def test_every_model_of_the_admin_stands_in_the_matrix() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == REGISTERED


class Desk:
    """One row of everything, and the ten visitors."""

    def __init__(self) -> None:
        self.mine, self.other = make_department("꽃길과"), make_department("바람과")
        self.complaint: Complaint = make_row(status="ASSIGNED", department=self.mine)
        self.promise = make_promise(self.complaint)
        self.verdict = make_verdict(self.promise.reply)
        self.photo: UUID = make_photo(self.complaint)
        now = timezone.now()
        self.outbound = OutboundPost.objects.create(
            id=UUID(int=1), account=self.complaint.account, key="k", text="x", text_sha256="0", created_at=now
        )
        self.letter = DeadLetter.objects.create(
            account=self.complaint.account, sha256="0", raw=b"x", error="x", first_seen_at=now, last_seen_at=now
        )
        self.person = make_person(Role.STAFF, self.mine)
        self.spoken = approve(make_draft([self.complaint.account]))
        self.talk = make_draft([self.complaint.account], kind="TALK")
        post = make_post(self.complaint.account, state="COLLECTED", under=self.talk)
        opinions.collect(now=now)
        self.opinion = Opinion.objects.get(post=post)
        self.brief = opinion_briefs.send(self.talk, self.mine, by=make_person(Role.OFFICER), now=now)
        values = {"kind": "MORNING", "title": "아침인사", "days": "DAILY", "at": time(8, 30)}
        self.repeat = repeats.begin(accounts=[self.complaint.account], by=make_person(Role.OFFICER), now=now, **values)
        self.brand = Brand.objects.create(name="톡톡부산")
        self.broadcast = make_draft([self.complaint.account])
        self.picture = broadcasts.add_picture(self.broadcast, photo(), alt="사진 설명", version=1)
        self.view = saved_views.save(owner=make_person(Role.OFFICER), name="v", query="tab=all", shared=True, now=now)
        self.surge = Surge.objects.create(seed=self.complaint, found_at=now, usual=0)
        self.incident = incidents.begin("누수", by=make_person(Role.OFFICER), now=now, department=self.mine)
        self.phone = make_contact()
        self.alarm = start(prepare([make_account("facebook", name="긴급")], [self.phone], now=now), now=now)
        seen = make_post(make_account("mastodon", name="제보"), "봤어요")
        self.sighting = Sighting.objects.create(emergency=self.alarm, post=seen, gathered_at=now)
        self.template = ReplyTemplate.objects.create(title="t", text="t")
        incident_replies.begin(self.incident, by=make_person(Role.OFFICER), now=now)
        self.token, _key = api_tokens.issue(owner=self.person, name="t", days=30, now=now)
        held = make_row(status="IN_PROGRESS", department=self.mine, due_at=now - timedelta(hours=1), accepted_at=now)
        asked: dict[str, Any] = {
            "department": self.other,
            "wish": Consultation.Wish.OPINION,
            "question": "?",
            "hours": 0,
        }
        consultations.ask(held, by=make_person(Role.OFFICER), now=now, **asked)
        self.run = bulk.run(UUID(int=2), [], bulk.Order(reason="x"), by=make_person(Role.OFFICER), now=now)

    def arguments(self, name: str) -> dict[str, Any]:
        rows: dict[str, dict[str, Any]] = {
            "admin:complaints_complaint_view_": {"pk": self.view.pk},
            "admin:complaints_complaint_bulk_run": {},
            "admin:complaints_complaint_bulk_": {"key": self.run.pk},
            "admin:complaints_complaint_bulk": {},
            "admin:complaints_complaint_view": {},
            "admin:complaints_complaint_suggestions": {},
            "admin:complaints_incident_begin": {},
            "admin:complaints_incident_answer_begin": {"pk": self.incident.pk},
            "admin:complaints_incident_answer": {"pk": self.incident.pk, "number": 1},
            "admin:complaints_incident_surge": {"surge": self.surge.pk},
            "admin:complaints_incident": {"pk": self.incident.pk},
            "admin:overdue_": {"pk": self.mine.pk},
            "admin:tray_brief": {"pk": self.brief.pk},
            "admin:desk": {"ref": self.complaint.number},
            "admin:tray_photo": {"pk": self.complaint.pk},
            "admin:complaints_complaint": {"pk": self.complaint.pk},
            "admin:channels_sns_account_connect": {},
            "admin:channels_sns_account": {"pk": self.complaint.account_id},
            "admin:channels_sns_outboundpost": {"pk": self.outbound.pk},
            "admin:channels_sns_deadletter": {"pk": self.letter.pk},
            "admin:complaints_replytemplate": {"object_id": self.template.pk},
            "admin:auth_user_password": {"id": self.person.pk},
            "admin:auth_user": {"object_id": self.person.pk},
            "reports:saved_save": {},
            "reports:saved_": {"pk": 1},
            "reports:export": {"ending": "csv"},
            "admin:promises_export": {"ending": "csv"},
            "reports:tally_export": {"name": "satisfaction", "ending": "csv"},
            "broadcasts:opinion_complaint": {"pk": self.talk.pk, "opinion_id": self.opinion.pk},
            "broadcasts:opinion_withdraw": {"pk": self.talk.pk, "brief_id": self.brief.pk},
            "broadcasts:opinion": {"pk": self.talk.pk},
            "broadcasts:list": {},
            "broadcasts:new": {},
            "broadcasts:decide": {"pk": self.broadcast.pk, "name": "cancel"},
            "broadcasts:picture_drop": {"pk": self.broadcast.pk, "picture_id": self.picture.pk},
            "broadcasts:picture": {"picture_id": self.picture.pk, "size": "small"},
            "broadcasts:page": {"pk": self.broadcast.pk},
            "broadcasts:take_down": {"pk": self.spoken.pk},
            "broadcasts:correct": {"pk": self.spoken.pk, "post_id": posts(self.spoken)[0].pk},
            "broadcasts:calendar": {},
            "broadcasts:repeats": {},
            "broadcasts:repeat": {"pk": self.repeat.pk},
            "broadcasts:followers": {},
            "broadcasts:brands": {},
            "emergencies:list": {},
            "emergencies:new": {},
            "emergencies:contacts": {},
            "emergencies:contact": {"pk": self.phone.pk},
            "emergencies:act": {"pk": self.alarm.pk, "name": "thaw"},
            "emergencies:photo_drop": {"pk": self.alarm.pk, "picture_id": self.picture.pk},
            "emergencies:called": {"pk": self.alarm.pk, "alert_id": self.alarm.alerts.get().pk},
            "emergencies:weigh": {"pk": self.alarm.pk, "sighting_id": self.sighting.pk},
            "emergencies:": {"pk": self.alarm.pk},
            "broadcasts:brand": {"pk": self.brand.pk},
            "broadcasts:voice": {"account_id": self.complaint.account_id},
            "photo": {"media_id": self.photo, "size": "large"},
            "webhook": {"account_id": self.complaint.account_id, "key": self.complaint.account.push_key},
            "api:complaints": {},
            "api:complaint": {"number": self.complaint.number},
            "admin:api_token_revoke": {"pk": self.token.pk},
            "admin:view_on_site": {"content_type_id": 1, "object_id": 1},
        }
        if name.endswith(("_changelist", "_add", "_view_save", "desk_home", "desk_pulse", "desk_keys")):
            return {}
        found = next((dict(values) for start, values in rows.items() if name.startswith(start)), {})
        more: dict[str, dict[str, Any]] = {
            "_move": {"name": "start"},
            "_clock": {"name": "kind"},
            "_consult": {"name": "ask"},
            "_good_news": {"name": "ask"},
            "_repeat": {"name": "link"},
            "_decide": {"decision": "cancel"},
            "_network": {"kind": "x"},
            "_promise": {"promise": self.promise.pk, "name": "withdraw"},
            "_verdict": {"verdict": self.verdict.pk},
        }
        return found | next((values for end, values in more.items() if name.endswith(end)), {})

    def visitor(self, who: str) -> Client:
        if who == "anonymous":
            return Client()
        if who == "inactive":
            return client_as(Role.OFFICER, is_active=False)
        role = Role(who.split(maxsplit=1)[0])
        department: Department | None = None
        if role in (Role.STAFF, Role.HEAD):
            department = self.other if "elsewhere" in who else self.mine
        return client_as(role, department)


def outcome(client: Client, name: str, arguments: dict[str, Any]) -> str:
    """+ inside, - refused, > sent to the log-in."""
    path = reverse(name, kwargs=arguments)
    posts = name in POSTS or name.endswith(POST_ONLY)
    answer = client.post(path) if posts else client.get(path)
    if answer.streaming:
        list(answer)
    if answer.status_code == 302 and "/login/" in answer.headers["Location"] and name not in ("home", "admin:logout"):
        return ">"
    if answer.status_code in INSIDE:
        return "+"
    assert answer.status_code in (401, 403, 404), (name, answer.status_code)
    return "-"


@pytest.mark.parametrize("who", VISITORS)
def test_each_visitor_opens_what_the_matrix_says(who: str) -> None:
    column = VISITORS.index(who)
    wrong: dict[str, str] = {}
    desk = Desk()
    client = desk.visitor(who)
    for name, cells in MATRIX.items():
        got = outcome(client, name, desk.arguments(name))
        if name in ENDS_THE_SESSION:
            client = desk.visitor(who)
        if got != cells[column]:
            wrong[name] = f"{got} instead of {cells[column]}"
    assert wrong == {}


def test_an_arbiter_sees_the_list_and_of_the_complaints_only_what_came_before_him() -> None:
    desk = Desk()
    client, closed = client_as(Role.ARBITER), {name for name, cells in MATRIX.items() if cells != OPEN_TO_ALL}
    before = {name for name in closed if outcome(client, name, desk.arguments(name)) == "+"}
    assert before <= {
        name for name, cells in MATRIX.items() if cells in (THE_LIST, EVERYBODY_INSIDE, API_LIST, API_ALL)
    }
    assert "admin:complaints_complaint_changelist" in before
    Complaint.objects.filter(pk=desk.complaint.pk).update(arbitration="WAITING")
    seen = {name for name in closed if outcome(client, name, desk.arguments(name)) == "+"} - before
    assert seen <= {name for name, cells in MATRIX.items() if cells in (THE_DESK, PHOTOS)}
    assert {"admin:complaints_complaint_change", "admin:complaints_complaint_move", "photo"} <= seen


@pytest.mark.parametrize("who", VISITORS)
def test_the_directory_is_read_by_all_and_changed_by_administrators(who: str) -> None:
    client = Desk().visitor(who)
    inside = who not in ("inactive", "anonymous")
    for model in DIRECTORY:
        looks = inside and (model != "membership" or who == "administrator")
        adds = (who == "administrator" and model != "city") or (who == "officer" and model == "oncall")
        shut = "-" if inside else ">"
        assert outcome(client, f"admin:departments_{model}_changelist", {}) == ("+" if looks else shut), model
        assert outcome(client, f"admin:departments_{model}_add", {}) == ("+" if adds else shut), model
