"""Field selection: `id,from{name},comments.limit(5).filter(stream){id}` read, checked and applied to a node."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from channels_sns.sandbox.dialects.facebook.refusals import invalid, refused
from channels_sns.sandbox.dialects.facebook.words import DEFAULTS, KNOWN

NAME = re.compile(r"\s*([A-Za-z0-9_]+)((?:\.[a-z_]+\([^()]*\))*)\s*")
MODIFIER = re.compile(r"\.([a-z_]+)\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Field:
    """One wanted field; `modifiers` are those of an edge, `inner` is what stands in its braces."""

    name: str
    modifiers: Mapping[str, str] = field(default_factory=dict)
    inner: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A thing of the graph. A callable value is an edge: it gets its Field and gives what is to be served."""

    type: str
    values: Mapping[str, Any | Callable[[Field], Any]]


def parse(text: str) -> tuple[Field, ...]:
    """Raises Graph's syntax error."""
    if not text:
        return ()
    found, end = _several(text, 0)
    if end != len(text):
        raise _syntax(text, end)
    return found


def _several(text: str, at: int) -> tuple[tuple[Field, ...], int]:
    found = []
    while True:
        match = NAME.match(text, at)
        if not match:
            raise _syntax(text, at)
        at, inner = match.end(), tuple[Field, ...]()
        if text[at : at + 1] == "{":
            inner, at = _several(text, at + 1)
            if text[at : at + 1] != "}":
                raise _syntax(text, at)
            at += 1
        found.append(Field(match[1], dict(MODIFIER.findall(match[2])), inner))
        if text[at : at + 1] != ",":
            return tuple(found), at
        at += 1


def _syntax(text: str, at: int) -> Exception:
    wrong = text[at : at + 1]
    expected = f'Expected name instead of "{wrong}".' if wrong else "Expected name or closing brace, found the end."
    return refused(2500, f"Syntax error {expected} at character {at}: {text}")


def pick(node: Node, wanted: Sequence[Field]) -> dict[str, Any]:
    """The wanted fields of `node` that have a value; the id comes always. Raises for a name that its type lacks."""
    answer: dict[str, Any] = {}
    for one in wanted or parse(DEFAULTS[node.type]):
        if one.name not in KNOWN[node.type]:
            raise invalid(f"Tried accessing nonexisting field ({one.name}) on node type ({node.type})")
        value = node.values.get(one.name)
        served = value(one) if callable(value) else _inside(value, one.inner)
        if served is not None:
            answer[one.name] = served
    return {**answer, "id": node.values["id"]}


def _inside(value: Any, inner: Sequence[Field]) -> Any:
    if not inner:
        return value
    if isinstance(value, list):
        return [_inside(item, inner) for item in value]
    if not isinstance(value, dict):
        return value
    if "data" in value:
        return {**value, "data": _inside(value["data"], inner)}
    return {one.name: _inside(value[one.name], one.inner) for one in inner if one.name in value}
