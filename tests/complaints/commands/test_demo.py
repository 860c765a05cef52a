"""manage.py demo: an empty desk becomes a believable one, or stays empty."""

from __future__ import annotations

import io
import json
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from channels_sns.models import Account, InboundMedia, OutboundPost
from complaints import good_news, invariants
from complaints.demo import entries, town
from complaints.demo.pictures import PICTURES, picture
from complaints.models import (
    AlertContact,
    Complaint,
    GoodNews,
    OpinionBrief,
    Promise,
    Reply,
    Status,
    Surge,
    Verdict,
)
from departments.models import Role
from tests.make import make_person
from tests.sandbox import World, free_port

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.unmeasured]


@pytest.fixture
def city() -> Iterator[None]:
    call_command("load_city", stdout=io.StringIO())
    yield
    (settings.VAR_DIR / "demo-logins.txt").unlink(missing_ok=True)


def demo(address: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command("demo", "--sandbox", address, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def told(city: None, sandbox: str) -> dict[str, Any]:
    return dict(json.loads(demo(sandbox, "--json")))


@pytest.mark.slow
def test_a_desk_that_could_be_real(told: dict[str, Any], sandbox: str) -> None:
    now = timezone.now()
    assert sum(told["complaints"].values()) == Complaint.objects.count() >= 60
    assert set(told["complaints"]) == set(Status.values), "every status is there to be seen"
    assert Complaint.objects.filter(priority="URGENT").count() >= 5
    assert Complaint.objects.open().filter(due_at__lt=now).count() >= 5
    assert Complaint.objects.filter(news_at__isnull=False).count() >= 3
    assert Complaint.objects.filter(reopened=1).count() == 2
    assert Complaint.objects.filter(language="en").count() >= 4
    kept, late = Promise.objects.kept_in_time(), Promise.objects.overdue(now)
    assert (kept.count(), late.count(), Promise.objects.owed().filter(due_at__gt=now).count()) == (1, 1, 1)
    said = Counter(row.counts for row in Verdict.objects.all())
    assert (said["SATISFIED"], said["NOT"]) == (6, 2), "satisfaction is there to be seen"
    english = Account.objects.get(kind="facebook", language="en")
    assert english.name == "Busan City (English)"
    assert set(Complaint.objects.filter(account=english).values_list("language", flat=True)) == {"en"}
    kakao, demo_world = Account.objects.get(kind="kakao"), World(sandbox, "demo")
    assert str(kakao.push_key) in demo_world.tell("kakao", "settings")["webhook_url"], "its messages find the desk"
    assert Reply.objects.filter(state="FAILED").count() == 1
    assert Complaint.objects.earliest("received_at").received_at < now - timedelta(days=13)
    assert InboundMedia.objects.filter(state="STORED").count() >= 10
    assert invariants.check_all(now=now) == []
    _the_articles_two_cases()
    _the_citys_voice()
    _the_replies_stand(sandbox)
    _everybody_can_log_in(told)


def _the_articles_two_cases() -> None:
    sign = Complaint.objects.get(text__contains="영화의전당")
    child = Complaint.objects.get(text__contains="아이를 잃어버렸")
    assert sign.answered_at is not None
    assert timedelta(hours=3) < sign.answered_at - sign.received_at < timedelta(hours=12)
    assert child.answered_at is not None
    assert child.answered_at - child.received_at <= timedelta(minutes=30)
    assert child.priority == "URGENT"


def _the_citys_voice() -> None:
    """An incident perhaps, a citizen who said yes, a talk that a department was told of, contacts that reach nobody."""
    assert Surge.objects.get(state="OPEN").complaints.count() == 5
    word = good_news.heard(GoodNews.objects.get())
    assert word is not None
    assert word.answer == "YES"
    brief = OpinionBrief.objects.get()
    assert {stance: n for stance, n in brief.summary["counts"].items() if n} == {
        "FOR": 2, "AGAINST": 1, "PROPOSAL": 2, "QUESTION": 1,
    }  # fmt: skip
    assert (brief.department.code, brief.summary["undecided"], brief.answered_at) == ("TOUR", 1, None)
    for contact in AlertContact.objects.all():
        assert contact.address.endswith("@example.org") or "-000-" in contact.address or "demo" in contact.address
        assert "데모" in contact.name


def _the_replies_stand(sandbox: str) -> None:
    """Each under its post, once, in the order of the days."""
    worlds = {language: World(sandbox, name) for language, name in (("ko", "demo"), ("en", "demo-english"))}
    for row in OutboundPost.objects.filter(state="SENT").select_related("account"):
        posts = worlds[row.account.language].posts(row.account.kind)
        found = [post for post in posts if post["id"] == row.external_id]
        assert len(found) == 1
        assert row.tag in found[0]["text"]
        assert found[0]["created_at"] < timezone.now().isoformat()
    assert any("(Ref. " in post["text"] for post in worlds["en"].posts("facebook")), "answered in English"
    for world in worlds.values():
        world.close()


def _everybody_can_log_in(told: dict[str, Any]) -> None:
    file = settings.VAR_DIR / "demo-logins.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert told["password"] in file.read_text(encoding="utf-8")
    assert len(told["logins"]) == User.objects.count() >= 15
    for login in told["logins"]:
        assert "데모" in login["name"]
        user = User.objects.get(username=login["username"])
        assert user.check_password(told["password"])
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/admin/").status_code == 200
    assert Account.objects.count() == len(told["accounts"]) >= 2


def test_a_used_desk_is_left_alone(city: None, sandbox: str) -> None:
    make_person(Role.OFFICER)
    with pytest.raises(CommandError, match="only for an empty desk") as caught:
        demo(sandbox, "--lang", "en")
    assert caught.value.returncode == 1
    assert not Account.objects.exists()


def test_a_desk_without_a_city_says_what_to_do(sandbox: str) -> None:
    with pytest.raises(CommandError, match="load_city"):
        demo(sandbox)


def test_no_sandbox_no_demo(city: None) -> None:
    with pytest.raises(CommandError) as caught:
        demo(f"http://127.0.0.1:{free_port()}")
    assert caught.value.returncode == 2
    assert not User.objects.exists()


def test_a_demo_that_breaks_off_leaves_nothing(city: None, sandbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_args: Any, **_options: Any) -> None:
        raise town.TownClosed("gone in the middle")

    monkeypatch.setattr(town.Town, "redate", closed)
    with pytest.raises(CommandError, match="gone in the middle") as caught:
        demo(sandbox)
    assert caught.value.returncode == 2
    assert not User.objects.exists()
    assert not Complaint.objects.exists()
    assert not (settings.VAR_DIR / "demo-logins.txt").exists()
    assert timedelta(days=1) > settings.LEASE, "the real leases are back"


def test_the_two_sides_must_share_a_network(city: None, sandbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town.Town, "networks", lambda _self: ["pigeons"])
    with pytest.raises(CommandError) as caught:
        demo(sandbox)
    assert caught.value.returncode == 2


def test_every_entry_is_complete() -> None:
    now = timezone.now()
    rows = entries.read(now=now)
    assert len(rows) >= 60
    assert len({row.handle for row in rows}) >= 24
    assert sum(row.end == "talk" for row in rows) == 1
    assert all(row.name.startswith(("데모시민", "Demo")) for row in rows)
    assert all(row.posted_at < now for row in rows)
    assert {row.photo for row in rows if row.photo} == set(PICTURES)
    assert all(len(row.text) <= 130 for row in rows), "fits every network"


@pytest.mark.parametrize("name", list(PICTURES))
def test_pictures_are_photos(name: str) -> None:
    assert picture(name).startswith(b"\xff\xd8")
