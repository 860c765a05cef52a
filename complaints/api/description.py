"""The API in the words of OpenAPI 3.1, made from the doors and their shapes: what it says is what they do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import URLPattern
from rest_framework import serializers
from rest_framework.serializers import BaseSerializer, Serializer

from complaints.api.problems import CONTENT_TYPE, PROBLEMS

VERSION = "1.0.0"
#: From the narrowest kind of field to the widest.
TYPES: tuple[tuple[type[serializers.Field], dict[str, Any]], ...] = (
    (serializers.BooleanField, {"type": "boolean"}),
    (serializers.IntegerField, {"type": "integer"}),
    (serializers.FloatField, {"type": "number"}),
    (serializers.DateTimeField, {"type": "string", "format": "date-time"}),
    (serializers.DateField, {"type": "string", "format": "date"}),
    (serializers.CharField, {"type": "string"}),
)
LIMITS = (("min_value", "minimum"), ("max_value", "maximum"), ("max_length", "maxLength"))
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": list(PROBLEMS)},
        "detail": {"type": "string"},
        "parameters": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": False,
}


def describe(routes: Iterable[URLPattern], *, base: str, title: str) -> dict[str, Any]:
    """Every address with its parameters and the shape of its answer."""
    doors = [(str(route.pattern), route.callback.view_class) for route in routes]  # type: ignore[attr-defined]
    described = [(path, door) for path, door in doors if getattr(door, "answers", None)]
    shapes: dict[str, Any] = {"Problem": PROBLEM}
    paths = {f"/{_template(path)}": {"get": _operation(door, path, shapes)} for path, door in described}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION},
        "servers": [{"url": base}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": shapes,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            },
        },
    }


def _template(path: str) -> str:
    """`complaints/<slug:number>` as `complaints/{number}`."""
    return re.sub(r"<\w+:(\w+)>", r"{\1}", path)


def _operation(door: Any, path: str, shapes: dict[str, Any]) -> dict[str, Any]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<\w+:(\w+)>", path)
    ]
    problem = {"description": "Problem", "content": {CONTENT_TYPE: {"schema": _ref("Problem")}}}
    answer = {"application/json": {"schema": _shape(door.answers(), shapes)}}
    return {
        "operationId": door.__name__,
        "summary": str(door.summary),
        "parameters": [*in_path, *(_parameter(name, field) for name, field in door.asks().fields.items())],
        "responses": {
            "200": {"description": str(door.summary), "content": answer},
            "304": {"description": "ETag"},
            "default": problem,
        },
    }


def _parameter(name: str, field: serializers.Field) -> dict[str, Any]:
    found = {"name": name, "in": "query", "required": False, "schema": _plain(field, null=False)}
    return found | ({"description": str(field.help_text)} if field.help_text else {})


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _shape(field: Any, shapes: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field; a serializer's is kept under its name."""
    if isinstance(field, serializers.ListSerializer):
        return {"type": "array", "items": _shape(field.child, shapes)}
    if isinstance(field, Serializer):
        return _nullable(_kept(field, shapes), field)
    if isinstance(field, serializers.ListField):
        return {"type": "array", "items": _shape(field.child, shapes)}
    if isinstance(field, serializers.DictField):
        return {"type": "object", "additionalProperties": _shape(field.child, shapes)}
    return _plain(field) | ({"description": str(field.help_text)} if field.help_text else {})


def _kept(field: BaseSerializer, shapes: dict[str, Any]) -> dict[str, Any]:
    name = type(field).__name__.removesuffix("Shape")
    if name not in shapes:
        shapes[name] = {}
        members = field.fields  # type: ignore[attr-defined]
        shapes[name] |= {
            "type": "object",
            "description": (type(field).__doc__ or "").strip(),
            "required": list(members),
            "properties": {each: _shape(member, shapes) for each, member in members.items()},
            "additionalProperties": False,
        }
    return _ref(name)


def _plain(field: Any, *, null: bool = True) -> dict[str, Any]:
    schema: dict[str, Any]
    if isinstance(field, serializers.ChoiceField):
        schema = {"type": "string", "enum": [*field.choices, *([""] if field.allow_blank else [])]}
    else:
        schema = dict(next(schema for kind, schema in TYPES if isinstance(field, kind)))
    schema |= {word: getattr(field, name) for name, word in LIMITS if getattr(field, name, None) is not None}
    return _nullable(schema, field) if null else schema


def _nullable(schema: dict[str, Any], field: Any) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]} if field.allow_null else schema
