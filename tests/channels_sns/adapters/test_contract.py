"""Every adapter keeps the contract: the shared suite, for every network that the desk and the sandbox both speak."""

from __future__ import annotations

import pytest
import requests

from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import Adapter
from tests.channels_sns.adapters.suite import CHECKS, Bench, Check
from tests.sandbox import World

KINDS = list(ADAPTERS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
@pytest.mark.parametrize("kind", KINDS)
def test_contract(world: World, kind: str, check: Check) -> None:
    if kind not in requests.get(f"{world.address}/control/ready", timeout=10).json()["networks"]:
        pytest.skip(f"the sandbox does not speak {kind}")
    if not ADAPTERS[kind].capabilities.pulled:
        pytest.skip("nothing can be polled here: tested with what is pushed")
    check(Bench(world, kind))


@pytest.mark.parametrize("cls", ADAPTERS.values(), ids=KINDS)
def test_capabilities_are_whole(cls: type[Adapter]) -> None:
    can = cls.capabilities
    assert can.label
    assert can.polls
    assert can.secret_sets
    assert can.max_length > 0
    assert cls.measure("") == 0
    assert cls.measure("a") <= cls.measure("가") <= 2
    assert cls.measure("\u1100\u1161") == cls.measure("가"), "decomposed Hangul counts as composed"
