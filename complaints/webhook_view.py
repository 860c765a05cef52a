"""The door that networks push through: /webhooks/<account>/<key>/. Kept first, answered at once, read right after.

It works without Celery. What dies between keeping and reading is read by the clock. Whoever does not know the address
or the signature learns nothing: 404.
"""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels_sns import webhooks
from channels_sns.accounts import capabilities_of, open_adapter
from channels_sns.adapters.push import Pushed
from channels_sns.models import Account
from channels_sns.secrets import SecretsUnreadable
from complaints import intake
from complaints.models import ComplaintPost

logger = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, account_id: int, key: UUID) -> HttpResponseBase:
    """GET: the network asks whether we are we. POST: a delivery."""
    account = Account.objects.filter(pk=account_id, push_key=key, enabled=True).first()
    if account is None or not capabilities_of(account).webhook:
        raise Http404
    try:
        return _deliver(request, account) if request.method == "POST" else _challenge(request, account)
    except (webhooks.Unverified, SecretsUnreadable, RequestDataTooBig) as error:
        raise Http404 from error


def _challenge(request: HttpRequest, account: Account) -> HttpResponse:
    answer = webhooks.challenge(account, request.GET.dict())
    if answer is None:
        raise Http404
    kind = "application/json" if answer.startswith("{") else "text/plain"
    return HttpResponse(answer, content_type=kind)


def _deliver(request: HttpRequest, account: Account) -> HttpResponse:
    now = timezone.now()
    delivery, new = webhooks.receive(account, headers=dict(request.headers), body=request.body, now=now)
    pushed = webhooks.read(delivery, now=now) if new else None
    if pushed is not None and pushed.posts:
        _register(now)
    return _answer(account, pushed or Pushed())


def _register(now: datetime) -> None:
    """At once if it can be; the posts are safe, and what fails here the clock does again. The network hears nothing."""
    try:
        intake.register_waiting(now=now)
    except Exception:
        logger.exception("what was pushed waits to be registered")


def _answer(account: Account, pushed: Pushed) -> HttpResponse:
    """Where the citizen reads our answer at once, it holds his receipt number."""
    with translation.override(account.language):
        said = open_adapter(account).push_answer(pushed, receipt=_receipt(account, pushed), language=account.language)
    return HttpResponse(status=200) if said is None else JsonResponse(dict(said))


def _receipt(account: Account, pushed: Pushed) -> str:
    """The number of the complaint that the newest pushed post belongs to; "" where there is none (yet)."""
    ids = [post.external_id for post in pushed.posts]
    links = ComplaintPost.objects.filter(post__account=account, post__external_id__in=ids)
    return links.order_by("-id").values_list("complaint__number", flat=True).first() or ""
