"""One account, one reply in its outbox, and a clock that the test moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from channels_sns import delivery, outbox
from channels_sns.adapters.contract import ReplyTarget
from channels_sns.clock import database_now
from channels_sns.models import Account, Attempt, OutboundPost
from tests.channels_sns.scripted import make_scripted_account


class Desk:
    """One account, one reply, and a clock that the test moves."""

    def __init__(self, *, parts: int = 1, **account: Any) -> None:
        self.account = make_scripted_account(**account)
        self.now = database_now()
        target = ReplyTarget("100", author_handle="haeundae", author_id="7")
        texts = [f"답변 {n}" for n in range(1, parts + 1)]
        tags = [f"B26-004217-1 ({n}/{parts})" for n in range(1, parts + 1)]
        with transaction.atomic():
            self.rows = outbox.enqueue(
                account=self.account, key="reply:1", parts=texts, tags=tags, target=target, language="ko", now=self.now
            )

    def run(self, after: float = 0.0) -> OutboundPost:
        self.now += timedelta(seconds=after)
        delivery.deliver_due(Account.objects.get(pk=self.account.pk), now=self.now)
        return self.row()

    def row(self) -> OutboundPost:
        return OutboundPost.objects.get(pk=self.rows[0].pk)

    def fetch(self) -> Account:
        return Account.objects.get(pk=self.account.pk)


def history(row: OutboundPost) -> list[str]:
    return list(Attempt.objects.filter(outbound=row).values_list("to_state", flat=True))
