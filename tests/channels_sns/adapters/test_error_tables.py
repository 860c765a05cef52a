"""Refusals as the networks word them, recorded or documented, become the error that the facts name."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, NamedTuple

import pytest

from channels_sns.adapters import contract
from channels_sns.adapters.contract import ErrorRule, OutcomeUnknown, Transient
from channels_sns.adapters.errors import classify
from channels_sns.adapters.http import NotJson, Response
from tests.shared_material import SHARED, shared

#: Network → the module that holds its RULES and said().
TABLES = {"x": "x_errors", "facebook": "facebook_errors", "youtube": "youtube_posts", "me2day": "me2day_posts"}
#: Cases that a table of their own answers: X's token server, Google's.
TOKEN_SERVERS = {"oauth2_invalid_refresh", "invalid_grant"}


class Case(NamedTuple):
    network: str
    id: str
    status: int
    headers: dict[str, str]
    body: Any
    expected: str

    def response(self) -> Response:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body, ensure_ascii=False)
        return Response(self.status, {name.lower(): value for name, value in self.headers.items()}, text.encode())


def cases() -> list[Case]:
    """Every refusal of the recordings; none where they are absent."""
    found = []
    for network in TABLES:
        path = SHARED / "fixtures" / "errors" / f"{network}.json"
        rows = json.loads(path.read_text(encoding="utf-8"))["cases"] if path.exists() else []
        found += [
            Case(network, row["id"], row["status"], row["headers"], row["body"], row["map"].split()[0].split("(")[0])
            for row in rows
        ]
    return found


def table(case: Case) -> tuple[tuple[ErrorRule, ...], Any]:
    try:
        module = import_module(f"channels_sns.adapters.{TABLES[case.network]}")
    except ModuleNotFoundError:
        pytest.skip(f"no adapter for {case.network} yet")
    if case.id in TOKEN_SERVERS and hasattr(module, "TOKEN_RULES"):
        return module.TOKEN_RULES, module.said_by_token_server
    return module.RULES, module.said


def decoded(response: Response) -> Any:
    try:
        return response.json()
    except NotJson:
        return {}


REFUSALS = [case for case in cases() if case.status >= 400]


def test_there_are_cases() -> None:
    shared("fixtures", "errors")
    assert len(REFUSALS) > 65


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case.network}-{case.id}")
def test_a_refusal_becomes_the_error_of_the_facts(case: Case) -> None:
    rules, said = table(case)
    response = case.response()
    expected = getattr(contract, case.expected)
    error = classify(rules, response, said(decoded(response)), writing=False)
    assert type(error) is expected, repr(error)
    unsure = classify(rules, response, said(decoded(response)), writing=True)
    assert type(unsure) is (OutcomeUnknown if expected is Transient else expected)


def test_success_of_me2day_looks_like_an_error() -> None:
    from channels_sns.adapters.me2day_posts import accepted

    shared("fixtures", "errors", "me2day.json")
    (case,) = [case for case in cases() if (case.network, case.id) == ("me2day", "ok_json")]
    assert accepted(case.body)
    assert accepted({"error": {"code": "0", "message": "성공했습니다."}})
    assert not accepted({"code": 1001})
    assert not accepted({})
    assert not accepted([])
