"""manage.py collect and deliver: the whole way in the foreground, words for people, JSON for programs."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from channels_sns import accounts
from channels_sns.adapters.contract import Rejected, Transient
from channels_sns.models import Account, InboundPost, OutboundPost
from complaints import replies, workflow
from complaints.models import Complaint, Status
from departments.models import Role
from tests.channels_sns.scripted import Script, make_incoming, make_page, make_scripted_account, script
from tests.elsewhere import held_elsewhere
from tests.make import make_department, make_person

__all__ = ["script"]

pytestmark = pytest.mark.django_db(transaction=True)


def run(command: str, *arguments: str) -> tuple[int, str]:
    """(exit code, what was printed)."""
    out = io.StringIO()
    try:
        call_command(command, *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def run_json(command: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    code, text = run(command, "--json", *arguments)
    return code, dict(json.loads(text))


def make_account() -> Account:
    return make_scripted_account(connected_at=timezone.now() - timedelta(days=1))


def make_answered(account: Account) -> Complaint:
    """One complaint whose reply is approved and lies in the outbox."""
    officer = make_person(Role.OFFICER)
    complaint = Complaint.objects.get(account=account)
    now = timezone.now()
    workflow.assign(complaint, by=officer, version=complaint.version, now=now, department=make_department())
    replies.draft(complaint, text="고쳤습니다", by=officer, version=complaint.version, now=now)
    complaint.refresh_from_db()
    replies.approve(complaint, by=officer, version=complaint.version, now=now)
    return complaint


def arrive(script: Script) -> None:
    script.pages.append(make_page(make_incoming(posted_at=timezone.now())))


def test_from_the_post_to_the_settled_reply(script: Script) -> None:
    account = make_account()
    arrive(script)
    code, told = run_json("collect", "--account", "scripted:busan")
    assert (code, told["ok"], told["registered"]["opened"]) == (0, True, 1)
    assert told["accounts"] == [
        {"id": account.pk, "account": "scripted:busan", "new": 1, "known": 0, "changed": 0, "dead": 0, "pages": 1}
        | {"gap": "", "busy": False, "error": ""}
    ]
    complaint = make_answered(account)
    code, told = run_json("deliver")
    assert (code, told["settled"], told["waiting"]) == (0, 1, 0)
    assert told["accounts"] == [{"id": account.pk, "account": "scripted:busan", "posts": {"SENT": 1}}]
    complaint.refresh_from_db()
    assert complaint.status == Status.COMPLETED


def test_words_for_people_in_both_languages(script: Script) -> None:
    make_account()
    arrive(script)
    assert "new 1" in run("collect", "--lang", "en")[1]
    assert "nothing was due" in run("deliver", "--lang", "en")[1]


def test_a_failed_poll_is_exit_code_1(script: Script) -> None:
    make_account()
    script.pages.append(Transient("the line is dead"))
    code, told = run_json("collect")
    assert (code, told["ok"]) == (1, False)
    assert told["accounts"][0]["error"] == "Transient: the line is dead"


def test_a_stopped_account_is_not_polled_but_said(script: Script) -> None:
    account = make_account()
    accounts.suspend(account, reason="the token was refused", now=timezone.now())
    arrive(script)
    code, text = run("collect", "--lang", "en")
    assert code == 1
    assert "the token was refused" in text
    assert not InboundPost.objects.exists()


def test_a_poll_elsewhere_is_left_alone(script: Script) -> None:
    account = make_scripted_account(lease_until=timezone.now() + timedelta(minutes=1))
    with held_elsewhere("poll", account.pk):
        code, text = run("collect", "--lang", "en")
    assert code == 0
    assert "another process" in text


@pytest.mark.parametrize("name", ["x:nobody", "999", "scripted", "scripted:busan "])
def test_an_unknown_account_is_a_sentence(script: Script, name: str) -> None:
    make_account()
    for command in ("collect", "deliver"):
        with pytest.raises(CommandError, match=r"scripted:busan") as caught:
            call_command(command, "--account", name, "--lang", "en")
        assert caught.value.returncode == 2


def test_two_accounts_of_one_name_are_told_apart_by_id(script: Script) -> None:
    first, second = make_account(), make_scripted_account(base_url="https://other.example")
    with pytest.raises(CommandError, match=rf"{first.pk}, {second.pk}"):
        call_command("collect", "--account", "scripted:busan")
    assert run("collect", "--account", str(second.pk))[0] == 0


def test_a_refused_post_is_exit_code_1(script: Script) -> None:
    account = make_account()
    arrive(script)
    run("collect")
    make_answered(account)
    script.publish.append(Rejected("no"))
    code, told = run_json("deliver")
    assert (code, told["accounts"][0]["posts"], told["settled"]) == (1, {"FAILED": 1}, 1)


def test_until_idle_goes_on_until_nothing_waits(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account()
    arrive(script)
    run("collect")
    make_answered(account)
    monkeypatch.setattr("channels_sns.outcomes.next_try", lambda **_words: timezone.now())
    script.publish += [Transient("busy"), Transient("busy")]
    code, told = run_json("deliver")
    assert (code, told["waiting"]) == (1, 1)
    code, told = run_json("deliver", "--until-idle", "20")
    assert (code, told["accounts"][0]["posts"], told["waiting"]) == (0, {"QUEUED": 1, "SENT": 1}, 0)
    assert OutboundPost.objects.get().attempts == 3


def test_nothing_is_sent_while_sending_is_off(script: Script, settings: Any) -> None:
    settings.SENDING_ENABLED = False
    with pytest.raises(CommandError, match="DESK_SENDING_ENABLED") as caught:
        call_command("deliver")
    assert caught.value.returncode == 2


@pytest.mark.parametrize("command", ["collect", "deliver", "check_invariants"])
def test_help_speaks_the_language_asked_for(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import ManagementUtility

    with pytest.raises(SystemExit) as end:
        ManagementUtility(["manage.py", command, "--lang", "en", "--help"]).execute()
    assert end.value.code == 0
    assert "Exit codes: 0" in " ".join(capsys.readouterr().out.split())
