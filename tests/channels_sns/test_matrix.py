"""manage.py channels tells what every adapter declares, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from django.core.management import call_command

from channels_sns import matrix
from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import Capabilities


def test_the_json_names_every_network_and_everything_declared(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("channels", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert [row["kind"] for row in rows] == list(ADAPTERS)
    declared = {field.name for field in fields(Capabilities)}
    assert [row["kind"] for row in rows if declared - row.keys()] == []


def test_the_json_says_what_the_adapters_say(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("channels", "--json")
    for row in json.loads(capsys.readouterr().out):
        can = ADAPTERS[row["kind"]].capabilities
        assert (row["max_length"], row["polls"], row["webhook"]) == (can.max_length, sorted(can.polls), can.webhook)
        assert [tuple(names) for names in row["secret_sets"]] == list(can.secret_sets)


def test_people_read_a_block_for_each_network(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("channels")
    said = capsys.readouterr().out
    head, *rows = matrix.as_table()
    assert [label for label in head[1:] if label not in said] == []
    assert said.count("length of a post") == len(ADAPTERS)
    assert {len(row) for row in rows} == {len(head)}
