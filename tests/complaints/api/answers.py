"""Asking the API as a program does, and holding its answers against its own description."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from complaints import api_tokens

HOME = "/api/v1/"


def key_of(user: User, *, days: int = 30, name: str = "dashboard") -> str:
    return api_tokens.issue(owner=user, name=name, days=days, now=timezone.now())[1]


class Program:
    """Something with a key."""

    def __init__(self, key: str, **headers: str) -> None:
        self.headers = {"Authorization": f"Bearer {key}", **headers}

    def get(self, address: str, **headers: str) -> Any:
        return Client().get(HOME + address, headers={**self.headers, **headers})

    def read(self, address: str) -> Any:
        answer = self.get(address)
        assert answer.status_code == 200, answer.content
        assert answer.headers["Content-Type"] == "application/json"
        return answer.json()


def program_of(user: User, **headers: str) -> Program:
    return Program(key_of(user), **headers)


def faults(value: Any, schema: dict[str, Any], shapes: dict[str, Any], where: str = "") -> list[str]:
    """Where the value is not as the schema says; as much of JSON Schema as the description uses."""
    if "$ref" in schema:
        return faults(value, shapes[schema["$ref"].rpartition("/")[2]], shapes, where)
    if "anyOf" in schema:
        found = [faults(value, each, shapes, where) for each in schema["anyOf"]]
        return [] if [] in found else found[0]
    kinds: dict[str, Any] = {
        "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
        "null": type(None),
    }  # fmt: skip
    kind = schema["type"]
    if not isinstance(value, kinds[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return [f"{where}: {value!r} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is none of {schema['enum']}"]
    if kind == "array":
        return [
            one
            for number, each in enumerate(value)
            for one in faults(each, schema["items"], shapes, f"{where}[{number}]")
        ]
    if kind == "object":
        return _of_object(value, schema, shapes, where)
    return _of_text(value, schema, where) if kind == "string" else []


def _of_object(value: dict[str, Any], schema: dict[str, Any], shapes: dict[str, Any], where: str) -> list[str]:
    more, known = schema["additionalProperties"], schema.get("properties", {})
    found = [f"{where}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, each in value.items():
        if name in known or more:
            found += faults(each, known.get(name, more), shapes, f"{where}.{name}")
        else:
            found.append(f"{where}: {name} is unknown")
    return found


def _of_text(value: str, schema: dict[str, Any], where: str) -> list[str]:
    read: dict[str, Any] = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}
    if "format" in schema:
        read[schema["format"]](value)
    if schema.get("format") == "date-time" and not re.search(r"\+09:00$", value):
        return [f"{where}: {value} is not in Asia/Seoul"]
    return []
