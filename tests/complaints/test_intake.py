"""Every post becomes, or joins, exactly one complaint; what cannot be registered costs only itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from channels_sns import inbox
from channels_sns.models import DeadLetter, InboundMedia, InboundPost, OutboundPost
from complaints import intake, languages, replies, workflow
from complaints.models import Complaint, ComplaintPost, Reply
from departments.models import Department, Role
from tests.channels_sns.scripted import Script, make_incoming, make_page, make_scripted_account, script
from tests.complaints.admin.desk import LIST, client_as
from tests.complaints.fates import send
from tests.make import NOON, make_account, make_complaint, make_department, make_district, make_person, make_post
from tests.shared_material import shared

pytestmark = pytest.mark.django_db
__all__ = ["script"]

State = InboundPost.State


def register(after: timedelta = timedelta()) -> intake.Registered:
    return intake.register_waiting(now=NOON + after)


def of(post: InboundPost) -> Complaint:
    return ComplaintPost.objects.select_related("complaint").get(post=post).complaint


def test_a_post_becomes_a_numbered_complaint() -> None:
    post = make_post(make_account(), "가로등이 꺼졌습니다", arrived_at=NOON)
    assert register(timedelta(hours=9)) == intake.Registered(opened=1)
    complaint = of(post)
    assert (complaint.status, complaint.text, complaint.author) == ("RECEIVED", post.text, post.author)
    assert complaint.received_at == NOON, "when the mailroom got it, however late the desk looks"
    assert complaint.due_at == NOON + timedelta(hours=3 + 1), "three office hours, the lunch hour is none"
    assert (complaint.events.get().move, complaint.thread.get().opened) == ("register", True)
    post.refresh_from_db()
    assert post.state == State.REGISTERED
    assert register() == intake.Registered()


def test_what_the_text_says_is_noted() -> None:
    make_district("해운대구")
    department = make_department("도로안전과")
    department.duty_rows.create(text="가로등", words=["가로등이 꺼"])
    account = make_account(language="ko")
    post = make_post(account, "해운대구 가로등이 꺼졌고 불이 났습니다")
    InboundMedia.objects.create(id="00000000-0000-0000-0000-000000000001", post=post, url="https://p.example/1")
    english = make_post(account, "The sign is wrong https://t.example/x @busan", author="8")
    picture = make_post(account, "https://t.example/x #부산 1 2", author="9")
    register()
    complaint = of(post)
    assert complaint.district is not None
    assert (complaint.district.name, complaint.has_photo, complaint.language) == ("해운대구", True, "ko")
    assert (complaint.priority, complaint.urgent_words) == ("URGENT", ["불이 났"])
    suggestion = complaint.suggestions.get()
    assert (suggestion.department, suggestion.words) == (department, ["가로등이 꺼"])
    assert (of(english).language, of(english).has_photo, of(english).priority) == ("en", False, "NORMAL")
    assert of(picture).language == "ko", "the account's own"
    assert of(picture).district is None


def test_who_answers_a_post_or_its_root_joins_the_complaint() -> None:
    complaint = make_complaint()
    first = complaint.thread.get().post
    other = make_post(complaint.account, "저도 그렇습니다", author="8", parent_id=first.external_id)
    deeper = make_post(complaint.account, "저도요", author="9", parent_id="unknown", root_id=first.external_id)
    assert register() == intake.Registered(joined=2)
    assert of(other) == of(deeper) == complaint
    complaint.refresh_from_db()
    assert (complaint.news_at, complaint.status) == (NOON, "RECEIVED")
    assert list(complaint.events.values_list("move", flat=True)) == ["join", "join"]


def test_who_answers_our_reply_joins_its_complaint(script: Script) -> None:
    complaint = make_complaint(account=make_scripted_account(), status="IN_PROGRESS")
    head = make_person(Role.HEAD, complaint.department)
    replies.draft(complaint, text="가. " * 200, by=head, version=1, now=NOON)
    replies.approve(complaint, by=head, version=complaint.version, now=NOON)
    for part, row in enumerate(OutboundPost.objects.order_by("part"), start=1):
        send(row, now=NOON, external_id=f"ours{part}")
    posts = [make_post(complaint.account, "네", parent_id=f"ours{part}", author="8") for part in (1, 2)]
    assert register() == intake.Registered(joined=2)
    assert {of(post) for post in posts} == {complaint}


def test_who_answers_another_post_of_the_city_begins_a_complaint(script: Script) -> None:
    account = make_scripted_account()
    OutboundPost.objects.create(
        id="00000000-0000-0000-0000-000000000001",
        account=account,
        key="broadcast:1:1",
        text="축제",
        text_sha256="0",
        created_at=NOON,
        external_id="ours",
    )
    make_post(account, "주차가 어렵습니다", parent_id="ours")
    assert register() == intake.Registered(opened=1)


def test_an_edited_post_is_known_by_all_its_ids() -> None:
    complaint = make_complaint()
    first = complaint.thread.get().post
    first.versions.create(account=complaint.account, external_id="edit2", text="고쳤습니다", seen_at=NOON)
    answer = make_post(complaint.account, "네", author="8", parent_id="edit2")
    register()
    assert of(answer) == complaint


def test_the_same_citizen_under_one_post_of_the_city_goes_on_but_others_stand_apart() -> None:
    account = make_account()
    first = make_post(account, "물이 샙니다", root_id="city", parent_id="city")
    same_batch = make_post(account, "아직도 샙니다", root_id="city", parent_id="city")
    other = make_post(account, "버스가 안 와요", root_id="city", parent_id="city", author="8")
    unknown = [make_post(account, "모르는 사람", root_id="city", parent_id="city", author="") for _n in range(2)]
    assert register() == intake.Registered(opened=4, joined=1)
    assert of(same_batch) == of(first) != of(other)
    assert of(unknown[0]) != of(unknown[1])
    later = make_post(account, "또 샙니다", root_id="city", parent_id="city")
    assert register() == intake.Registered(joined=1)
    assert of(later) == of(first)


def test_the_same_names_on_another_account_are_strangers() -> None:
    complaint = make_complaint()
    first = complaint.thread.get().post
    make_post(make_account(), "다른 곳", parent_id=first.external_id)
    assert register() == intake.Registered(opened=1)


def test_a_chain_inside_one_batch_is_one_complaint_in_whatever_order_it_was_stored() -> None:
    account = make_account()
    third = make_post(account, "셋", external_id="c", parent_id="b", root_id="a", author="9", posted_at=NOON)
    second = make_post(account, "둘", external_id="b", parent_id="a", author="8", posted_at=NOON - timedelta(seconds=9))
    first = make_post(account, "하나", external_id="a", root_id="a", posted_at=NOON - timedelta(seconds=19))
    assert register() == intake.Registered(opened=1, joined=2)
    assert of(first) == of(second) == of(third)
    assert of(first).text == "하나"


@pytest.mark.parametrize(
    ("author", "text", "days", "reopened"),
    [
        ("7", "아직 안 고쳐졌습니다", 29, True),
        ("7", "감사합니다!", 29, False),
        ("8", "저도 불편합니다", 29, False),
        ("", "누구인지 모름", 29, False),
    ],
)
def test_only_the_citizen_himself_reopens_and_not_with_thanks(
    author: str, text: str, days: int, reopened: bool
) -> None:
    complaint = make_complaint(status="COMPLETED", department=make_department(), answered_at=NOON)
    post = make_post(complaint.account, text, author=author, parent_id=complaint.thread.get().post.external_id)
    assert register(timedelta(days=days)) == intake.Registered(joined=1, reopened=int(reopened))
    complaint.refresh_from_db()
    assert of(post) == complaint
    assert complaint.status == ("TRIAGED" if reopened else "COMPLETED")
    assert complaint.reopened == int(reopened)
    assert complaint.news_at is not None
    assert (complaint.due_at > NOON + timedelta(days=1)) == reopened


def test_two_posts_of_one_batch_reopen_once() -> None:
    complaint = make_complaint(status="COMPLETED")
    first = complaint.thread.get().post.external_id
    for text in ("아직 그대로입니다", "사진 보냅니다"):
        make_post(complaint.account, text, parent_id=first)
    assert register() == intake.Registered(joined=2, reopened=1)
    complaint.refresh_from_db()
    assert complaint.reopened == 1


def test_who_comes_back_after_thirty_days_begins_a_new_complaint() -> None:
    complaint = make_complaint(status="COMPLETED")
    post = make_post(complaint.account, "또 꺼졌습니다", parent_id=complaint.thread.get().post.external_id)
    assert register(timedelta(days=30, seconds=1)) == intake.Registered(opened=1)
    assert of(post) != complaint
    assert of(post).earlier == complaint
    complaint.refresh_from_db()
    assert (complaint.status, complaint.news_at) == ("COMPLETED", None)


def test_what_is_older_than_the_connection_is_kept_but_not_opened() -> None:
    account = make_account(connected_at=NOON)
    old = make_post(account, posted_at=NOON - timedelta(minutes=1, seconds=1))
    slow_clock = make_post(account, posted_at=NOON - timedelta(seconds=59), author="8")
    doubtful = make_post(account, posted_at=NOON - timedelta(days=9), posted_at_doubtful=True, author="9")
    assert register() == intake.Registered(opened=2, ignored=1)
    old.refresh_from_db()
    assert (old.state, old.state_reason) == (State.IGNORED, "older than the connection")
    assert of(slow_clock) != of(doubtful)


def test_our_own_echo_never_becomes_a_complaint(script: Script) -> None:
    account = make_scripted_account()
    page = make_page(make_incoming("1", "안내드립니다 (접수 B26-000010-1)", is_own=True))
    inbox.store(account, page, token=None, now=NOON)
    assert register() == intake.Registered()
    assert not Complaint.objects.exists()


def poisoned(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """The text "독" cannot be registered."""
    honest = languages.language_of

    def read(text: str, *, otherwise: str) -> str:
        if text == "독":
            raise error
        return honest(text, otherwise=otherwise)

    monkeypatch.setattr(languages, "language_of", read)


def test_a_poison_post_is_buried_and_the_others_are_registered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poisoned(monkeypatch, ValueError("cannot be read"))
    account = make_account()
    posts = [make_post(account, "독" if n == 20 else f"민원 {n}", author=str(n)) for n in range(50)]
    assert register() == intake.Registered(opened=49, dead=1)
    posts[20].refresh_from_db()
    assert posts[20].state == State.IGNORED
    assert DeadLetter.objects.get().error == "ValueError: cannot be read"
    assert Complaint.objects.count() == 49
    assert "could not be registered" in caplog.text


@pytest.mark.parametrize("singly", [False, True])
def test_a_database_that_is_away_buries_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, singly: bool
) -> None:
    make_post(make_account(), "독")
    poisoned(monkeypatch, OperationalError("database is locked"))
    if singly:  # the batch fails for another reason, then the database goes away
        monkeypatch.setattr(workflow, "register", _failing_once(workflow.register))
        monkeypatch.setattr(intake, "_suggestions", lambda *_args: [])
        poisoned_later = languages.language_of
        monkeypatch.setattr(languages, "language_of", _failing_once(poisoned_later))
    with pytest.raises(OperationalError):
        register()
    assert not DeadLetter.objects.exists()
    assert InboundPost.objects.get().state == State.WAITING


def _failing_once(function: Any) -> Any:
    failures = [ValueError("not this one")]

    def call(*args: Any, **kwargs: Any) -> Any:
        if failures:
            raise failures.pop()
        return function(*args, **kwargs)

    return call


def test_the_limit_is_kept_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BATCH", 2)
    account = make_account()
    for n in range(5):
        make_post(account, author=str(n))
    assert intake.register_waiting(now=NOON, limit=3) == intake.Registered(opened=4)
    assert register() == intake.Registered(opened=1)


def queries(posts: int, *, follow: bool) -> int:
    complaint = make_complaint()
    first = complaint.thread.get().post.external_id
    for n in range(posts):
        make_post(complaint.account, author=f"a{n}", root_id="city", parent_id=first if follow else "city")
    with CaptureQueriesContext(connection) as captured:
        assert register().total == posts
    return len(captured)


@pytest.mark.parametrize("follow", [False, True])
def test_a_batch_costs_the_same_few_queries_however_many_posts_it_has(follow: bool) -> None:
    """Only SQLite cuts a long INSERT in pieces."""
    queries(1, follow=follow)  # the gazetteer is read once
    few, many = queries(3, follow=follow), queries(90, follow=follow)
    assert few < 40
    assert many <= few + (0 if connection.vendor == "postgresql" else 9)


@pytest.mark.needs_pg
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_register_each_post_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BATCH", 10)
    account = make_account()
    for n in range(100):
        make_post(
            account, author=str(n), root_id="city", external_id=f"w{n}", parent_id=f"w{n - 1}" if n % 2 else "city"
        )
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait(10)
        try:
            register()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    register()
    assert ComplaintPost.objects.count() == 100
    assert Complaint.objects.count() == 50
    assert not InboundPost.objects.filter(state=State.WAITING).exists()
    assert not DeadLetter.objects.exists()


@pytest.mark.needs_pg
@pytest.mark.django_db(transaction=True)
def test_a_post_in_another_hand_is_passed_over() -> None:
    from django.db import transaction

    account = make_account()
    taken, free = make_post(account), make_post(account, author="8")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(InboundPost.objects.select_for_update().filter(pk=taken.pk))
            held.set()
            done.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        assert register() == intake.Registered(opened=1)
        assert of(free).thread.count() == 1
    finally:
        done.set()
        thread.join(10)
    assert register() == intake.Registered(opened=1)


def hostile_texts() -> Iterator[str]:
    yield from ("\x00", "a\x00b", "\ud83d", "가\udfff나", "", " ", "\u202e뒤집힘", "🇰", "@" * 300, "x" * 100_001)
    yield from json.loads(shared("corpora", "blns", "blns.json").read_text(encoding="utf-8"))
    for file in sorted(shared("corpora", "payloads").glob("*.txt")):
        yield from file.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    for row in json.loads(shared("corpora", "own", "hostile-values.json").read_text(encoding="utf-8")):
        value = json.loads(row["json"])
        yield value if isinstance(value, str) else json.dumps(value)


@pytest.mark.unmeasured
def test_hostile_texts_are_stored_registered_and_shown(script: Script) -> None:
    texts = list(dict.fromkeys(hostile_texts()))
    assert len(texts) > 900
    account = make_scripted_account(connected_at=NOON - timedelta(days=1))
    for start in range(0, len(texts), 100):
        posts = [
            make_incoming(f"h{start + n}", text, raw=json.dumps({"text": text}))
            for n, text in enumerate(texts[start : start + 100])
        ]
        assert inbox.store(account, make_page(*posts), token=None, now=NOON).dead == 0
    assert register() == intake.Registered(opened=len(texts))
    client = client_as(Role.OFFICER)
    pages = [client.get(LIST, {"tab": "all", "p": page}) for page in (1, 2)]
    looked = Complaint.objects.order_by("pk")[: len(texts) : 30]
    pages += [client.get(reverse("admin:complaints_complaint_change", args=[row.pk])) for row in looked]
    assert {page.status_code for page in pages} == {200}
    assert not any(b"<script>alert" in page.content.lower() for page in pages)


def test_no_reply_is_made_by_registering() -> None:
    make_post(make_account())
    register()
    assert not Reply.objects.exists()
    assert not Department.objects.exists()
