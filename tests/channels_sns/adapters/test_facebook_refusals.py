"""Facebook's refusals, and what reading back makes of an answer that was lost."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from channels_sns.adapters import contract, facebook_errors
from channels_sns.adapters.contract import (
    ChannelError,
    Gone,
    IncomingPost,
    OutgoingPost,
    PermissionDenied,
    RateLimited,
    Rejected,
    ReplyNotAllowed,
    TargetGone,
    Transient,
)
from channels_sns.adapters.facebook import FacebookAdapter
from tests.channels_sns.adapters.graph_stub import (
    GONE,
    NOW,
    PAGE,
    Answer,
    GraphStub,
    comment,
    target,
    wall,
)
from tests.shared_material import shared

CLASSES = {
    "AuthExpired": contract.AuthExpired,
    "Duplicate": contract.Duplicate,
    "PermissionDenied": PermissionDenied,
    "RateLimited": RateLimited,
    "Rejected": Rejected,
    "TargetGone": TargetGone,
    "Transient": Transient,
}


def test_every_known_refusal_has_its_class(graph: GraphStub, adapter: FacebookAdapter) -> None:
    cases = json.loads(shared("fixtures", "errors", "facebook.json").read_text())["cases"]
    for case in cases:
        graph.say("me", Answer(case["body"], case["status"], case["headers"]))
        with pytest.raises(ChannelError) as caught:
            adapter.identify()
        wanted = CLASSES[case["map"].split("(")[0].split()[0]]
        assert type(caught.value) is wanted, f"{case['id']}: {caught.value!r}"
        if isinstance(case["body"], dict):
            assert caught.value.trace == case["body"]["error"].get("fbtrace_id", "")
    assert len(cases) > 20


@pytest.mark.parametrize("code", [1, 2])
def test_a_write_that_met_an_unknown_error_may_stand(graph: GraphStub, adapter: FacebookAdapter, code: int) -> None:
    graph.say(f"POST {PAGE}/feed", Answer({"error": {"message": "An unexpected error", "code": code}}, 400))
    with pytest.raises(contract.OutcomeUnknown):
        adapter.publish(adapter.prepare(OutgoingPost("k", "글")))


def test_200_closes_a_conversation_but_not_the_account(graph: GraphStub, adapter: FacebookAdapter) -> None:
    refused = Answer({"error": {"message": "(#200) Permissions error", "code": 200}}, 403)
    graph.say("POST 1_2/comments", refused)
    graph.say(f"POST {PAGE}/feed", refused)
    with pytest.raises(ReplyNotAllowed):
        adapter.publish(adapter.prepare(OutgoingPost("k", "답변", target=target("comment", "1_2"))))
    with pytest.raises(PermissionDenied):
        adapter.publish(adapter.prepare(OutgoingPost("k", "글")))


@pytest.mark.parametrize(
    ("header", "minutes"),
    [
        ('{"1090":[{"type":"pages","call_count":97,"estimated_time_to_regain_access":19}]}', 19),
        ('{"1":[{"estimated_time_to_regain_access":3}],"2":[{"estimated_time_to_regain_access":7},"x",null]}', 7),
        ('{"1090":[{"estimated_time_to_regain_access":0}]}', None),
        ('{"1090":[{"estimated_time_to_regain_access":true}]}', None),
        ('{"1090":[{"estimated_time_to_regain_access":1e12}]}', None),
        ('{"1090":{"call_count":1}}', None),
        ('{"1090":[', None),
        ("", None),
        ("[1]", None),
        ("17", None),
    ],
)
def test_usage_headers_are_read_with_care(header: str, minutes: int | None) -> None:
    again = facebook_errors.regain_at({"x-business-use-case-usage": header}, now=NOW)
    assert again == (NOW + timedelta(minutes=minutes) if minutes else None)


def test_what_is_not_found_is_gone_only_if_the_token_still_sees(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say(f"{PAGE}_1", Answer(GONE, 400))
    graph.say(f"{PAGE}_2", wall(2))
    found = adapter.lookup([f"{PAGE}_1", f"{PAGE}_2"])
    assert found[f"{PAGE}_1"] == Gone(f"{PAGE}_1", verified=True)
    assert isinstance(found[f"{PAGE}_2"], IncomingPost)
    graph.say(f"{PAGE}/feed", Answer({"error": {"message": "(#10) no permission", "code": 10}}, 403))
    assert adapter.lookup([f"{PAGE}_1"]) == {f"{PAGE}_1": Gone(f"{PAGE}_1", verified=False)}


# --- reading back ---------------------------------------------------------------------------------------------------

REPLY = target("reply", "1_3", root_id="1090_1", parent_id="1_2")


@pytest.mark.parametrize(
    ("items", "found", "complete"),
    [
        ([comment(9, author=PAGE, parent="1_2", message="답변 B26-1")], "1_9", True),
        ([comment(9, author="7", parent="1_2", message="답변 B26-1")], "", True),
        ([comment(9, author=PAGE, parent="1_2", message="답변 B26-2")], "", True),
        ([{**comment(9, parent="1_2", message="답변 B26-1"), "from": None}], "", False),
        (["poison"], "", False),
    ],
)
def test_an_answer_is_found_by_its_tag_wherever_it_was_hung(
    graph: GraphStub, adapter: FacebookAdapter, items: list[Any], found: str, complete: bool
) -> None:
    graph.say("1090_1/comments", {"data": items})
    seen = adapter.find_own(OutgoingPost("k", "답변 B26-1", tag="B26-1", target=REPLY), since=NOW)
    assert (seen.found.external_id if seen.found else "", seen.complete) == (found, complete)


def test_an_answer_under_a_post_that_is_gone_is_absent(graph: GraphStub, adapter: FacebookAdapter) -> None:
    graph.say("1090_1/comments", Answer(GONE, 400))
    assert adapter.find_own(OutgoingPost("k", "답변", tag="B26-1", target=REPLY), since=NOW).complete
