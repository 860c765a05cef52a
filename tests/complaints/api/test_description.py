"""The OpenAPI description says what the API does: every answer is held against it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver

from departments.models import Role
from tests.complaints.api.answers import Program, faults, program_of
from tests.complaints.reports.office import make_hand_counted
from tests.make import make_complaint, make_person

pytestmark = pytest.mark.django_db
#: A value that each of these takes; the others take what their schema says.
KNOWN = {"network": "x", "kind": "mention", "priority": "URGENT", "legal_kind": "SNS", "ending": "send_back"}


def described(program: Program) -> dict[str, Any]:
    found: dict[str, Any] = program.read("openapi.json")
    return found


def test_every_address_is_described() -> None:
    paths = set(described(program_of(make_person(Role.OFFICER)))["paths"])
    names = {name for name in get_resolver().namespace_dict["api"][1].reverse_dict if isinstance(name, str)}
    assert len(paths) == len(names - {"description", "nothing"})


def test_every_answer_is_as_described() -> None:
    make_hand_counted()
    row = make_complaint("본문")
    manager, administrator = program_of(make_person(Role.MANAGER)), program_of(make_person(Role.ADMINISTRATOR))
    api = described(manager)
    shapes = api["components"]["schemas"]
    for path, operations in api["paths"].items():
        operation = operations["get"]
        address = path.lstrip("/").replace("{number}", row.number)
        program = administrator if path == "/accounts" else manager
        query = "?on=2026-11-15" if any(each["name"] == "on" for each in operation["parameters"]) else ""
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        answer = program.read(address + query)
        assert faults(answer, schema, shapes) == [], path
        problem = program.get(f"{address}?nothing=1")
        assert problem.status_code == 400
        assert faults(problem.json(), shapes["Problem"], shapes) == []


def test_every_parameter_that_is_described_is_understood() -> None:
    """Once for addresses that take the same ones."""
    office = make_hand_counted()
    program = program_of(make_person(Role.MANAGER))
    values = {"integer": "1", "boolean": "true"}
    there = {"department": str(office.tour.pk), "account": str(office.account.pk)}
    paths = {str(each["get"]["parameters"]): (path, each["get"]) for path, each in described(program)["paths"].items()}
    for path, operation in paths.values():
        for each in operation["parameters"]:
            if each["in"] == "path" or each["name"] in ("cursor", "bureau"):
                continue
            schema = each["schema"]
            value = schema.get("enum", [""])[0] or values.get(
                schema["type"], "2026-11-15" if "format" in schema else "1"
            )
            value = {**KNOWN, **there}.get(each["name"], value)
            answer = program.get(f"{path.lstrip('/')}?{each['name']}={value}")
            assert answer.status_code == 200, (path, each["name"], answer.content)


def test_a_wrong_answer_would_be_noticed() -> None:
    shapes: dict[str, Any] = {"A": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}}
    shapes["A"]["additionalProperties"] = False
    wrongs: list[Any] = [{}, {"n": "1"}, {"n": True}, {"n": 1, "m": 1}, []]
    for wrong in wrongs:
        assert faults(wrong, {"$ref": "#/A"}, shapes)
    assert faults("b", {"type": "string", "enum": ["a"]}, shapes)
    assert faults("2026-11-15T00:00:00Z", {"type": "string", "format": "date-time"}, shapes)
    assert not faults(None, {"anyOf": [{"$ref": "#/A"}, {"type": "null"}]}, shapes)
