"""The fault proxy does what its faults say, and nothing without them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import requests

from tests.channels_sns.adapters.graph_stub import GraphStub, running_stub
from tests.faults.proxy import FaultProxy, Faults, running_proxy

PATH = "v1.0/words"
WORDS = {"words": "가로등 " * 400}


@pytest.fixture
def server() -> Iterator[GraphStub]:
    with running_stub() as stub:
        stub.say("words", WORDS)
        stub.say("POST words", WORDS)
        yield stub


@pytest.fixture
def proxy(server: GraphStub) -> Iterator[FaultProxy]:
    with running_proxy(int(server.url.rpartition(":")[2])) as between:
        yield between


def ask(proxy: FaultProxy, method: str = "GET", *, timeout: float = 10, body: bytes = b"") -> requests.Response:
    return requests.request(
        method, f"http://127.0.0.1:{proxy.port}/{PATH}", data=body, timeout=timeout, headers={"Connection": "close"}
    )


def test_without_faults_everything_goes_through(server: GraphStub, proxy: FaultProxy) -> None:
    body = b"x" * 300_000
    assert ask(proxy, "POST", body=body).json() == WORDS
    assert server.asked[0].body == body
    assert proxy.connections == 1


def test_latency_delays(proxy: FaultProxy) -> None:
    proxy.spoil(Faults(latency=0.2))
    begun = time.monotonic()
    assert ask(proxy).json() == WORDS
    assert time.monotonic() - begun >= 0.4


def test_slices_arrive_whole(proxy: FaultProxy) -> None:
    proxy.spoil(Faults(slicer=7))
    assert ask(proxy, "POST", body=b"y" * 2_000).json() == WORDS


def test_a_request_may_be_cut_off(server: GraphStub, proxy: FaultProxy) -> None:
    proxy.spoil(Faults(reset_after_up=40))
    with pytest.raises(requests.ConnectionError):
        ask(proxy)
    assert server.asked == []


def test_an_answer_may_be_cut_off(server: GraphStub, proxy: FaultProxy) -> None:
    proxy.spoil(Faults(reset_after_down=10))
    with pytest.raises(requests.ConnectionError):
        ask(proxy)
    assert len(server.asked) == 1


def test_the_server_did_it_and_the_client_never_learns(server: GraphStub, proxy: FaultProxy) -> None:
    proxy.spoil(Faults(cut_before_reply=1, only=b"POST "))
    assert ask(proxy).ok
    with pytest.raises(requests.ConnectionError):
        ask(proxy, "POST")
    assert [call.method for call in server.asked] == ["GET", "POST"]
    assert ask(proxy, "POST").ok


def test_what_a_black_hole_holds_arrives_late(server: GraphStub, proxy: FaultProxy) -> None:
    proxy.spoil(Faults(blackhole=True))
    with pytest.raises(requests.Timeout):
        ask(proxy, timeout=0.3)
    assert server.asked == []
    answers: list[requests.Response] = []
    waiting = threading.Thread(target=lambda: answers.append(ask(proxy)))
    waiting.start()
    while proxy.connections < 2:
        time.sleep(0.01)
    proxy.spoil()
    waiting.join(10)
    assert answers[0].json() == WORDS


def test_nobody_listens_until_somebody_does_again(server: GraphStub, proxy: FaultProxy) -> None:
    proxy.spoil(Faults(refuse=True))
    with pytest.raises(requests.ConnectionError):
        ask(proxy)
    assert server.asked == []
    proxy.spoil()
    assert ask(proxy).ok


def test_a_share_of_the_answers_is_lost_evenly(server: GraphStub, proxy: FaultProxy) -> None:
    proxy.spoil(Faults(lose=0.25, only=b"POST "))
    ends = []
    for _request in range(8):
        assert ask(proxy).ok
        try:
            ends.append(ask(proxy, "POST").ok)
        except requests.ConnectionError:
            ends.append(False)
    assert ends == [True, True, True, False] * 2
    assert (proxy.lost, len(server.asked)) == (2, 16)
