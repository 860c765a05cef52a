"""The two waits that people feel: from a citizen's post to the officer's list, from the approval to the reply.

python -m bench journey [--rounds 5] [--desk URL --sandbox URL --var FOLDER]

Without addresses it starts a desk of its own (manage.py desk, demo included) in a temporary folder and stops it again.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from bench.desk import running_desk
from channels_sns.adapters import ADAPTERS
from tests.sandbox import World

LIST_SECONDS, REPLY_SECONDS = 15, 3
LIST = "/admin/complaints/complaint/"


def main(arguments: list[str]) -> int:
    """Print the figures; 1 if one of them misses its target or a reply stands twice."""
    parser = argparse.ArgumentParser(prog="bench journey")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--desk", default="")
    parser.add_argument("--sandbox", default="")
    parser.add_argument("--var", type=Path)
    options = parser.parse_args(arguments)
    if options.desk:
        return _measure(options.desk, options.sandbox, options.var, options.rounds)
    with _own_desk() as (desk, sandbox, folder):
        return _measure(desk, sandbox, folder, options.rounds)


@contextmanager
def _own_desk() -> Iterator[tuple[str, str, Path]]:
    """`manage.py desk` with the demo; the time until it is open is printed."""
    with tempfile.TemporaryDirectory(prefix="desk-journey-") as name, running_desk(Path(name) / "var") as desk:
        print(f"open with the demo          {desk.seconds:6.2f} s")
        yield desk.address, desk.sandbox, Path(name) / "var"


def _until(condition: Callable[[], object], seconds: float) -> float:
    """Seconds until `condition` is true."""
    begun = time.perf_counter()
    while not condition():
        if time.perf_counter() - begun > seconds:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.05)
    return time.perf_counter() - begun


class Officer:
    """A browser without a window: logs in, reads the list, presses the buttons."""

    def __init__(self, desk: str, password: str) -> None:
        self._desk, self._session = desk, requests.Session()
        page = self._get("/admin/login/")
        self._post("/admin/login/", page, {"username": "officer1", "password": password, "next": "/admin/"})

    def find(self, words: str) -> str:
        """Address of the complaint in the list that says `words`; "" if it is not there yet."""
        page = self._get(f"{LIST}?tab=all")
        row = next((row for row in re.split(r"<tr", page) if words in row), "")
        found = re.search(rf'href="({LIST}\d+/change/)', row)
        return found.group(1) if found else ""

    def prepare(self, complaint: str, text: str) -> None:
        """Assign it to the first department of the list and save a draft."""
        page = self._get(complaint)
        offered = re.search(r'name="department" value="(\d+)"|<option value="(\d+)"', page)
        assert offered, "the page offers no department"
        self._press(complaint, "move/assign/", {"department": offered.group(1) or offered.group(2)})
        self._press(complaint, "reply/", {"action": "draft", "text": text})

    def approve(self, complaint: str, text: str) -> None:
        self._press(complaint, "reply/", {"action": "approve", "text": text})

    def _press(self, complaint: str, where: str, fields: dict[str, str]) -> None:
        page = self._get(complaint)
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version, page[:500]
        self._post(complaint.replace("change/", where), page, {"version": version.group(1), **fields})

    def _get(self, path: str) -> str:
        answer = self._session.get(f"{self._desk}{path}", timeout=20)
        answer.raise_for_status()
        return answer.text

    def _post(self, path: str, page: str, fields: dict[str, str]) -> None:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "the page has no form"
        body = {"csrfmiddlewaretoken": token.group(1), **fields}
        answer = self._session.post(f"{self._desk}{path}", data=body, timeout=20)
        answer.raise_for_status()


def _measure(desk: str, sandbox: str, folder: Path, rounds: int) -> int:
    password = re.search(r"\b[0-9a-f]{10}\b", (folder / "demo-logins.txt").read_text(encoding="utf-8"))
    assert password, "the demo's log-ins name no password"
    officer, world = Officer(desk, password.group()), World(sandbox, "demo")
    spoken = requests.get(f"{sandbox}/control/ready", timeout=10).json()["networks"]
    networks = [network for network in spoken if network in ADAPTERS]
    print(f"{'round':7}{'network':12}{'in the list':>12}{'reply stands':>14}")
    waits = [_round(officer, world, number, networks[number % len(networks)]) for number in range(rounds)]
    listed, replied = max(one for one, _other in waits), max(other for _one, other in waits)
    print(f"{'worst':19}{listed:10.2f} s{replied:12.2f} s   (targets {LIST_SECONDS} s, {REPLY_SECONDS} s)")
    return int(listed > LIST_SECONDS or replied > REPLY_SECONDS)


def _round(officer: Officer, world: World, number: int, network: str) -> tuple[float, float]:
    words = f"안내판이 비뚤어졌어요 {time.time_ns() % 10**8}"
    text = f"바로잡았습니다 {number + 1}"
    post_id = world.citizen_post(network, words, handle="demo_01", name="데모시민 갈매기")
    listed = _until(lambda: officer.find(words), 60)
    complaint = officer.find(words)
    officer.prepare(complaint, text)
    officer.approve(complaint, text)
    replied = _until(lambda: world.replies(network, post_id), 60)
    assert len(world.replies(network, post_id)) == 1, "the reply stands twice"
    print(f"{number + 1:<7}{network:12}{listed:10.2f} s{replied:12.2f} s")
    return listed, replied
