"""The fortnight as it is written down in complaints.json: who writes what, and how each complaint ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

FILE = Path(__file__).with_name("complaints.json")
#: How it begins, if not with a citizen's post: the city's question (1PM 토크), a comment under it.
BEGINNINGS = {"talk": "speak", "opinion": "comment"}
#: How it ends → its steps, each after that share of the minutes that the case `took`.
ENDS: dict[str, tuple[tuple[str, float], ...]] = {
    "received": (),
    "triaged": (("triage", 1),),
    "assigned": (("triage", 0.5), ("assign", 1)),
    "returned": (("assign", 0.2), ("send_back", 1)),
    "in_progress": (("assign", 0.2), ("start", 1)),
    "drafted": (("assign", 0.1), ("start", 0.3), ("draft", 1)),
    "completed": (("assign", 0.1), ("start", 0.3), ("draft", 0.8), ("approve", 1)),
    "failed": (("assign", 0.1), ("draft", 0.8), ("delete_post", 0.9), ("approve", 1)),
    "closed": (("assign", 0.1), ("start", 0.4), ("close", 1)),
    "on_hold": (("assign", 0.2), ("start", 0.5), ("hold", 1)),
    "transferred": (("transfer", 1),),
    "dismissed": (("dismiss", 1),),
    "more": (("triage", 0.5), ("assign", 1), ("follow_up", 1)),
}
ENDS |= {"talk": (), "opinion": ()}
ENDS["told"] = (*ENDS["completed"], ("tell", 1))
ENDS["praised"] = (*ENDS["completed"], ("ask_consent", 1.1), ("follow_up", 1.1))
ENDS |= dict.fromkeys(("thanked", "reopened"), (*ENDS["completed"], ("follow_up", 1)))


@dataclass(frozen=True, slots=True)
class Entry:
    """One complaint. `wish`: the network it is told on, where the sandbox speaks it. `handle` is the citizen's."""

    wish: str
    posted_at: datetime
    name: str
    handle: str
    text: str
    end: str
    took: timedelta = timedelta(0)
    photo: str = ""
    alt: str = ""
    department: str = ""
    reply: str = ""
    reason: str = ""
    agency: str = ""
    later_text: str = ""
    later_after: timedelta = timedelta(0)

    def steps(self) -> list[tuple[datetime, str]]:
        """What happens to it, and when, from its first post on."""
        waits = dict.fromkeys(("follow_up", "tell"), self.later_after)
        first = [(self.posted_at, BEGINNINGS.get(self.end, "post"))]
        return first + [
            (self.posted_at + self.took * share + waits.get(name, timedelta(0)), name) for name, share in ENDS[self.end]
        ]


def read(*, now: datetime) -> list[Entry]:
    """All entries, their times counted back from `now`, oldest first."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    entries = [_entry(row, content["citizens"], now) for row in content["complaints"]]
    return sorted(entries, key=lambda entry: entry.posted_at)


def _entry(row: dict[str, Any], citizens: Sequence[str], now: datetime) -> Entry:
    later = row.get("follow_up", {})
    texts = {name: row.get(name, "") for name in ("photo", "alt", "department", "reply", "reason", "agency")}
    return Entry(
        wish=row["on"],
        posted_at=_moment(row["at"], now),
        name=_citizen(citizens[row["who"]]),
        handle=f"demo_{row['who'] + 1:02}",
        text=row["text"],
        end=row["end"],
        took=timedelta(minutes=row.get("took", 0)),
        later_text=later.get("text", ""),
        later_after=timedelta(minutes=later.get("after", 0)),
        **texts,
    )


def _citizen(word: str) -> str:
    return word if word.startswith("Demo") else f"데모시민 {word}"


def _moment(told: str, now: datetime) -> datetime:
    """ "3d 09:10": that time of the day three days ago; "95m": so many minutes ago."""
    day, _space, clock = told.partition(" ")
    if not clock:
        return now - timedelta(minutes=int(day.removesuffix("m")))
    date = timezone.localdate(now) - timedelta(days=int(day.removesuffix("d")))
    return timezone.make_aware(datetime.combine(date, time.fromisoformat(clock)))
