"""The whole embedded desk, its worker and its web server killed at work: no post is lost, no reply stands twice."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from channels_sns import accounts
from channels_sns.models import Attempt, OutboundPost
from complaints import invariants
from complaints.models import Complaint, ComplaintPost, Status
from departments.models import Department, Role
from tests.busan_sns.desk_process import Desk, running, wait
from tests.make import make_person
from tests.office import Office
from tests.sandbox import World
from tests.services import child_environment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.embedded,
    pytest.mark.unmeasured,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

NETWORK, POSTS = "mastodon", 40
#: Short times, so that what a death leaves in the air is found out while the test runs.
PACE = {"DESK_POLL_SECONDS": "1", "DESK_LEASE_SECONDS": "2", "DESK_QUARANTINE_SECONDS": "1"}
#: After so many posts: who is killed, while a reply is under way that the network treats like this.
DEATHS: dict[int, tuple[str, str]] = {
    8: ("celery", "delay_after_store"),
    18: ("celery", "blackhole"),
    24: ("gunicorn", ""),
    30: ("celery", ""),
}


def kill(desk: Desk, who: str) -> None:
    """Without warning; the supervisor starts it again."""
    victim = desk.child(who)
    os.kill(victim, signal.SIGKILL)
    wait(lambda: desk.child(who) not in (0, victim))


def write_and_kill(world: World, desk: Desk, office: Office) -> None:
    """So many posts, and the deaths between them."""
    for number in range(POSTS):
        world.citizen_post(NETWORK, f"가로등이 꺼졌습니다, {number + 1}번째 골목", handle=f"demo_{number:02}")
        office.answer_all()
        who, fault = DEATHS.get(number, ("", ""))
        if fault:
            world.fault(NETWORK, fault, seconds=1)
            wait(lambda: office.answer_all() == POSTS or OutboundPost.objects.filter(state="SENDING").exists())
        if who:
            kill(desk, who)


def test_a_desk_that_is_killed_at_work_loses_and_doubles_nothing(tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path / "var", tmp_path / "var" / "media"
    environment = child_environment()
    keys = {name: environment[name] for name in ("DATABASE_URL", "SECRET_KEY", "DESK_FIELD_KEYS")}
    with running(tmp_path / "var", **keys, **PACE) as desk:
        world = World(f"http://127.0.0.1:{desk.sandbox_port}", "embedded")
        world.settings(NETWORK, limits=False)
        handle, secrets = world.city(NETWORK)["handle"], world.credentials(NETWORK)
        address, now = world.base_url(NETWORK), timezone.now()
        accounts.connect(kind=NETWORK, handle=handle, base_url=address, secrets=secrets, now=now)
        office = Office(make_person(Role.OFFICER), Department.objects.get(code="ROADSAFE"))
        write_and_kill(world, desk, office)
        wait(lambda: office.answer_all() == POSTS, seconds=40)
        wait(lambda: Complaint.objects.filter(status=Status.COMPLETED).count() == POSTS, seconds=40)
        posts = [post for post in world.posts(NETWORK) if not post["is_city"]]
        assert len(posts) == POSTS
        assert [len(world.replies(NETWORK, post["id"])) for post in posts] == [1] * POSTS
        told = desk.log.read_text(encoding="utf-8")
        world.close()
    registered = list(ComplaintPost.objects.exclude(post__state="OWN").values_list("post__external_id", flat=True))
    assert sorted(registered) == sorted(post["id"] for post in posts)
    assert Complaint.objects.count() == POSTS
    assert told.count("(-9)") == len(DEATHS), "the supervisor did not see every death"
    assert Attempt.objects.filter(detail="lease ran out").exists(), "the kills hit nothing: the test proves nothing"
    assert invariants.check_all(now=timezone.now()) == []
