"""What each network can do, as a table: from what the adapters declare, for the command and for docs/channels.md.

In English and without Django: it is the same everywhere.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from typing import Any

from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import Adapter, Capabilities
from channels_sns.adapters.metering import Allowance
from channels_sns.adapters.oauth import ways_of
from channels_sns.adapters.rewind import REWINDS

RULES = {
    "open": "to every post",
    "summoned_only": "only where the author mentioned or quoted us",
    "can_reply_flag": "where the network says so",
}
EDITS = {"new_id": "a new post", "same_id": "the same post", "none": "not possible"}


def as_data() -> list[dict[str, Any]]:
    """One object for each network, for programs."""
    return [_data_of(cls) for cls in ADAPTERS.values()]


def as_table() -> list[list[str]]:
    """Rows of cells, for people; the first row names the networks."""
    columns = [rows_of(cls) for cls in ADAPTERS.values()]
    head = ["what", *(cls.capabilities.label for cls in ADAPTERS.values())]
    return [head, *([name, *(column[name] for column in columns)] for name in columns[0])]


def _data_of(cls: type[Adapter]) -> dict[str, Any]:
    """Everything that is declared, and what follows from other tables."""
    can = cls.capabilities
    declared = {one.name: _plain(getattr(can, one.name)) for one in fields(can)}
    ways = [way.name for way in ways_of(can.kind)]
    return {
        **declared,
        "base_url": cls.default_base_url,
        "connects_in_browser": ways,
        "reads_again": can.kind in REWINDS,
    }


def _plain(value: Any) -> Any:
    """A declared value as JSON: lengths of time in seconds, sets in order."""
    match value:
        case timedelta():
            return value.total_seconds()
        case Decimal():
            return float(value)
        case frozenset():
            return sorted(value)
        case tuple():
            return [_plain(one) for one in value]
        case Allowance():
            return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        case _:
            return value


def rows_of(cls: type[Adapter]) -> dict[str, str]:
    """Line → cell of one network."""
    can = cls.capabilities
    return {
        "kind for `connect_account`": f"`{can.kind}`",
        "address, unless given": cls.default_base_url or "each account names its own",
        "connects in the browser": _yes(bool(ways_of(can.kind))),
        "read by polling": ", ".join(sorted(can.polls)) if can.pulled else "nothing",
        "pushes posts to us": _yes(can.webhook),
        "can be read again after a gap": _yes(can.kind in REWINDS),
        "length of a post": f"{can.max_length:,}",
        "photos in a post": f"{can.images_max}, {can.image_bytes_max / 1e6:g} MB each" if can.images_max else "none",
        "photos in a reply": str(can.photos_of_reply(private=False) or "none"),
        "publishes": _yes(can.publish),
        "replies": RULES[can.reply_rule],
        "private reply to the author": _privately(can),
        "takes down our own posts": _yes(can.delete_own),
        "an edited post is": EDITS[can.edits],
        "our own posts can be read back": f"yes, within {_seconds(can)} s" if can.own_readback else "no",
        "answers a post with its id": _yes(can.returns_id),
        "refuses the same text twice": _yes(can.refuses_duplicates),
        "source looked at before a reply": _yes(can.looks_before_reply),
        "counters": _yes(can.metrics),
        "secrets": " or ".join(", ".join(f"`{name}`" for name in names) for names in can.secret_sets),
        "allowance": "; ".join(_allowances(can)) or "–",
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _privately(can: Capabilities) -> str:
    if not can.private_reply:
        return "no"
    said = [f"yes, to: {', '.join(sorted(can.private_reply))}", f"{can.private_length or can.max_length:,} signs"]
    said += [f"{can.private_images_max or 'no'} photos"]
    said += ["once until the author answers"] if can.private_once else []
    return ", ".join([*said, *([f"with the right `{can.private_scope}`"] if can.private_scope else [])])


def _seconds(can: Capabilities) -> str:
    return f"{can.index_lag.total_seconds():g}"


def _allowances(can: Capabilities) -> list[str]:
    """An allowance without a limit of the network's is what the city may limit itself."""
    return [
        f"{one.unit} a {one.period}: {'no limit but the city’s own' if one.limit is None else f'{one.limit:,}'}"
        for one in can.allowances
    ]
