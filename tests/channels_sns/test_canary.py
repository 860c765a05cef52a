"""A token that stands in an error reaches no log, no row that people see, no dump (R18)."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from busan_sns.log_lines import OneLineForRefusals
from channels_sns import inbox
from channels_sns.models import Account, Attempt, OutboundPost
from channels_sns.redaction import RedactSecrets
from tests.channels_sns.one_reply import Desk
from tests.channels_sns.scripted import NOON, Script, make_scripted_account, script

pytestmark = pytest.mark.django_db
__all__ = ["script"]

CANARY = "canary-7f3a9"
LEAKS = (
    f"Max retries exceeded with url: /me?access_token={CANARY}&fields=id",
    f"{{'access_token': '{CANARY}', 'id': 1}}",
    f'{{"refresh_token": "{CANARY}"}}',
    f"sent Authorization: Bearer {CANARY}",
    f"redis://:{CANARY}@127.0.0.1/0",
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product's own console handler would write."""
    config: Any = settings.LOGGING
    assert config["handlers"]["console"]["filters"] == ["one_line", "redact"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(OneLineForRefusals())
    handler.addFilter(RedactSecrets())
    handler.setFormatter(logging.Formatter(config["formatters"]["line"]["format"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("leak", LEAKS)
def test_a_token_in_an_error_stays_out_of_logs_and_rows(script: Script, log: io.StringIO, leak: str) -> None:
    desk = Desk(secrets="")
    script.publish = [RuntimeError(leak)]
    desk.run()
    script.find_own = [RuntimeError(leak)]
    desk.run(2)
    script.pages = [RuntimeError(leak)]
    inbox.collect(make_scripted_account(handle="second"), now=NOON)
    kept = [*Attempt.objects.values_list("detail", flat=True), *Account.objects.values_list("last_error", flat=True)]
    assert "RuntimeError" in log.getvalue()
    assert log.getvalue().count("Traceback") == 3
    assert CANARY not in log.getvalue() + str(kept) + str(OutboundPost.objects.values().get())


def test_a_dump_of_the_database_shows_no_token(script: Script, capsys: pytest.CaptureFixture[str]) -> None:
    make_scripted_account()
    call_command("dumpdata")
    assert "t-canary-1" not in capsys.readouterr().out
