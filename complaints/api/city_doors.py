"""The city's directory and the health of its accounts, for programs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_sns import health_words
from channels_sns.models import Account
from complaints.api import complaint_shapes as shapes
from complaints.api.credentials import AtTheDesk
from complaints.api.door import Door
from departments import directory
from departments.models import Department, Role


class Administrators(BasePermission):
    """The connections are theirs (docs/rights.md)."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return directory.has_role(request.user, Role.ADMINISTRATOR)


class Departments(Door):
    summary = _("Every department, those that have ended too")
    answers = shapes.DepartmentsShape

    def get(self, request: Request) -> Response:
        self.asked(request)
        rows = Department.objects.order_by("id")
        return Response(self.answers({"departments": list(rows)}).data)


class Accounts(Door):
    summary = _("The city's accounts and how their connections are")
    permission_classes = (AtTheDesk, Administrators)
    answers = shapes.AccountsShape

    def get(self, request: Request) -> Response:
        self.asked(request)
        now = timezone.now()
        rows = Account.objects.defer("secrets").order_by("id")
        found = [_with_health(health_words.of(row, now=now)) for row in rows]
        return Response(self.answers({"computed_at": now, "accounts": found}).data)


def _with_health(health: health_words.Health) -> dict[str, Any]:
    account = health.account
    kept = ("pk", "kind", "name", "handle", "language", "enabled", "state", "failures")
    times = ("last_polled_at", "last_item_at")
    said = {"tone": health.tone, "says": health.state, "to_do": health.to_do, "gap": bool(account.gap)}
    return {name: getattr(account, name) for name in (*kept, *times)} | said
