"""One reply to many citizens on five networks, while answers get lost, networks refuse and workers die: each gets one.

A proxy loses every tenth answer to a post, every network answers a storm of 429, and the worker is killed twice: in the
middle of carrying the reply out, and after a post that nobody wrote down. make faults plays it with 500 citizens.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from channels_sns import accounts, delivery, inbox, outbox
from channels_sns.models import Account, InboundPost, OutboundPost
from complaints import delivery_ledger, incident_replies, incidents, intake, releasing, settlement
from complaints.delivery_ledger import Fate
from complaints.models import Complaint, IncidentReply
from departments.models import Role
from tests.faults.proxy import Faults, running_proxy
from tests.make import make_department, make_person
from tests.sandbox import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.unmeasured]

NETWORKS = ("x", "facebook", "mastodon", "bluesky", "me2day")
CITIZENS = 500 if int(os.environ.get("DESK_FAULT_TRIALS", "0")) else 25
LOSE, STORM = 0.1, 4
STEP, STEPS_MAX = timedelta(seconds=61), 90
TEXT = "우동 상수도관을 고쳤습니다. 기다려 주셔서 고맙습니다."


@dataclass(slots=True)
class Desk:
    """Forked workers on the real database; time moves by the `now` that is passed in.

    What is posted carries the sandbox's own time, and a read-back looks no further back than the first attempt: every
    row is tried once before the time moves.
    """

    now: datetime

    def work(self, before: Callable[[], None] = lambda: None) -> int:
        """One worker to its end: carries out, sends, reads back, settles; its exit status."""
        self.now = max(self.now, timezone.now())
        connections.close_all()
        pid = os.fork()
        if not pid:
            status = 1
            try:
                before()
                releasing.carry_on(now=self.now)
                for pk in outbox.due_accounts(self.now):
                    delivery.deliver_due(Account.objects.get(pk=pk), now=self.now, limit=CITIZENS)
                settlement.settle(now=self.now)
                status = 0
            finally:
                os._exit(status)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_at(module: Any, point: str, turn: int) -> Callable[[], None]:
    """A worker that dies (SIGKILL) when it comes to this point for the `turn`th time."""

    def patch() -> None:
        passed = Counter[str]()

        def crash(name: str) -> None:
            passed[name] += 1
            if name == point and passed[name] == turn:
                os.kill(os.getpid(), signal.SIGKILL)

        vars(module)["crash_point"] = crash

    return patch


def collect(world: World, port: int, network: str, now: datetime) -> None:
    """The city's account behind the proxy, and what its citizens wrote."""
    account = accounts.connect(
        kind=network,
        handle=world.city(network)["handle"],
        base_url=f"http://127.0.0.1:{port}{urlsplit(world.base_url(network)).path}",
        secrets=world.credentials(network),
        now=now - timedelta(hours=1),
    )
    world.burst(network, CITIZENS // len(NETWORKS), "우동 사거리 상수도관이 터져 물이 넘칩니다 {n}")
    for _page in range(20):
        inbox.collect(account, now=now)


def released(officer: User, now: datetime) -> IncidentReply:
    incident = incidents.begin("우동 누수", by=officer, now=now, department=make_department("상수도사업본부"))
    incidents.gather(incident, Complaint.objects.all(), by=officer, now=now)
    reply = incident_replies.begin(incident, by=officer, now=now)
    words = {"text": TEXT, "text_en": "", "kind": "ANSWER"}
    reply = incident_replies.save(reply, **words, by=officer, version=reply.version, now=now)
    return incident_replies.release(reply, by=officer, version=reply.version, now=now)


def the_windows_open(now: datetime) -> None:
    """What the networks put off may be tried again."""
    Account.objects.update(send_after=None)
    OutboundPost.objects.filter(state=OutboundPost.State.QUEUED).update(next_attempt_at=now)


def fates_of(reply: IncidentReply) -> Counter[str]:
    lines = delivery_ledger.lines_of(reply)
    return Counter(fate.value for fate in delivery_ledger.fates(lines).values())


def standing(world: World) -> Counter[tuple[str, str]]:
    """How many posts of the city stand under which post of a citizen, on all networks."""
    return Counter(
        (network, post["parent"])
        for network in NETWORKS
        for post in world.posts(network)
        if post["is_city"] and not post["deleted"]
    )


def test_everybody_gets_one_reply(world: World, settings: Any) -> None:
    settings.QUARANTINE, settings.POLL_EVERY = timedelta(seconds=60), timedelta(0)
    settings.INCIDENT_GRACE = timedelta(0)
    begun, now, officer = time.monotonic(), timezone.now(), make_person(Role.OFFICER)
    with running_proxy(urlsplit(world.address).port or 0) as proxy:
        for network in NETWORKS:
            collect(world, proxy.port, network, now)
        assert intake.register_waiting(now=now).opened == CITIZENS
        reply, desk = released(officer, now), Desk(now)
        for network in NETWORKS:
            world.fault(network, "status", code=429, on="publish", times=STORM)
        proxy.spoil(Faults(lose=LOSE, only=b"POST "))
        assert desk.work(killed_at(releasing, "releasing.line", CITIZENS // 2)) == -signal.SIGKILL
        carried = reply.deliveries.exclude(reply=None).count()
        assert carried == OutboundPost.objects.count() == CITIZENS // 2 - 1
        for _round in range(STORM):
            the_windows_open(desk.now)
            assert desk.work() == 0
        for network in NETWORKS:
            world.no_faults(network)
        the_windows_open(desk.now)
        assert desk.work(killed_at(delivery, "outbox.after_http", 5)) == -signal.SIGKILL
        the_windows_open(desk.now)
        assert desk.work() == 0
        assert not OutboundPost.objects.filter(first_attempt_at=None).exists()
        steps = 0
        while fates_of(reply) != {Fate.SENT.value: CITIZENS} and steps < STEPS_MAX:
            desk.now, steps = desk.now + STEP, steps + 1
            assert desk.work() == 0
        lost = proxy.lost
    report(world, reply, lost, time.monotonic() - begun)


def report(world: World, reply: IncidentReply, lost: int, seconds: float) -> None:
    """The figures; the ledger, the networks' walls and the complaints say the same."""
    fates, replies = fates_of(reply), standing(world)
    refused = sum(call["status"] == 429 for network in NETWORKS for call in world.calls(network))
    doubled = sum(number - 1 for number in replies.values())
    print(
        f"\n{CITIZENS} citizens on {len(NETWORKS)} networks in {seconds:.0f} s: {len(replies)} answered,"
        f" {doubled} doubled, {lost} answers lost, {refused} times 429, worker killed twice; ledger {dict(fates)}"
    )
    assert fates == {Fate.SENT.value: CITIZENS}
    assert doubled == 0
    assert len(replies) == CITIZENS
    theirs = InboundPost.objects.filter(complaint_link__opened=True).values_list("account__kind", "external_id")
    assert set(replies) == set(theirs)
    assert Complaint.objects.filter(status="COMPLETED").count() == CITIZENS
    assert lost > 0
    assert refused >= len(NETWORKS)
