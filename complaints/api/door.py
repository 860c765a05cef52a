"""What every address of the API has in common: who may come, how often, what is understood, how it is answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.functional import Promise
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from complaints import access_log
from complaints.api.credentials import AtTheDesk, ByKey, BySession, PerPerson
from complaints.api.problems import answer_to
from complaints.models import ApiToken


class OnlyJson(BaseContentNegotiation):
    """Whatever the other side would like best."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Door(APIView):
    """One address, read by GET. `asks`: its parameters, all of them; `answers`: the shape of what it says."""

    authentication_classes = (ByKey, BySession)
    permission_classes: tuple[type[BasePermission], ...] = (AtTheDesk,)
    throttle_classes = (PerPerson,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = OnlyJson
    http_method_names = ["get", "head"]

    summary: str | Promise = ""
    asks: type[Serializer] = Serializer
    answers: type[Serializer]

    def get_exception_handler(self) -> Any:
        return answer_to

    def asked(self, request: Request) -> dict[str, Any]:
        """The parameters, checked. Raises ValidationError for one that is unknown, said twice or makes no sense."""
        given: Mapping[str, list[str]] = dict(request.query_params.lists())
        form = self.asks(data={name: values[-1] for name, values in given.items()})
        wrong = {name: ["?"] for name, values in given.items() if name not in form.fields or len(values) > 1}
        if not form.is_valid():
            wrong |= {str(name): ["?"] for name in form.errors}
        if wrong:
            raise ValidationError(wrong)
        return dict(form.validated_data)

    def record(self, request: Request, action: str, subject: str) -> None:
        """Into the access record, with the name of the key that was used."""
        token = cast("ApiToken | None", request.auth)
        access_log.record(
            user=cast("User", request.user),
            action=action,
            subject=subject,
            reason=f"API: {token.name}" if token else "API",
            request=request._request,
            now=timezone.now(),
        )

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        """Never kept for others; an answer that the other side has already is not sent again."""
        done = super().finalize_response(request, response, *args, **kwargs)
        done["Cache-Control"] = "private, no-cache"
        patch_vary_headers(done, ("Authorization", "Cookie", "Accept-Language"))
        if done.status_code != 200:
            return done
        plain: HttpRequest = request._request if isinstance(request, Request) else request
        done["ETag"] = tag_of(response.data)
        return cast("HttpResponseBase", get_conditional_response(plain, etag=done["ETag"], response=done))


def tag_of(data: Mapping[str, Any]) -> str:
    """The same for the same answer, whenever it was computed."""
    kept = {name: value for name, value in data.items() if name != "computed_at"}
    return f'W/"{hashlib.sha256(json.dumps(kept, cls=JSONEncoder).encode()).hexdigest()[:32]}"'


class Nothing(Door):
    """Every other address below /api/."""

    def get(self, request: Request, **_rest: Any) -> HttpResponseBase:
        raise NotFound
