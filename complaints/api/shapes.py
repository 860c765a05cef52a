"""What goes in and out, as DRF's serializers: they write the answers, and the description is made from them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    DictField,
    FloatField,
    IntegerField,
    ListField,
    Serializer,
)

from complaints.models import Duration, Exclusion, Figure, Status
from complaints.reports.dimensions import DIMENSIONS
from complaints.reports.lists import CLOCKS
from complaints.reports.numbers import PARTS, Numbers
from complaints.reports.periods import FIRST, LAST, NAMES

ID_MAX = 2**63 - 1
PAGE_SIZE, SIZE_MAX, PAGE_MAX = 100, 200, 500


def id_(**more: Any) -> IntegerField:
    return IntegerField(min_value=1, max_value=ID_MAX, **more)


class Day(DateField):
    """A day of the almanac."""

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not FIRST < day < LAST:
            self.fail("invalid", format="1990 … 2099")
        return day


class Nothing(Serializer):
    """No parameters."""


# --- reports ----------------------------------------------------------------------------------------------------------


class SliceQuery(Serializer):
    """As the addresses of the pages of the reports say it; left out: the first answers of the last 30 days."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """Their names are words of Python too, so that they cannot be attributes of a class."""
        known: dict[str, serializers.Field] = {
            "figure": ChoiceField(Figure.values, required=False, help_text=_("Which figure")),
            "by": ChoiceField(list(DIMENSIONS), required=False, help_text=_("Broken down by")),
            "period": ChoiceField(list(NAMES), required=False, help_text=_("Kind of the period")),
            "on": Day(required=False, help_text=_("A day in the period, in Asia/Seoul")),
            "from": Day(required=False, help_text=_("First day of a range")),
            "to": Day(required=False, help_text=_("Last day of a range")),
        }
        for name, dimension in DIMENSIONS.items():
            known[name] = CharField(required=False, max_length=100, help_text=str(dimension.label))
        return known


class ListQuery(SliceQuery):
    """A slice, and which of its numbers; page by page."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            **super().get_fields(),
            "part": ChoiceField(list(PARTS), required=False, help_text=_("The number whose cases are listed")),
            "clock": ChoiceField(list(CLOCKS), required=False, help_text=_("The clock that orders the list")),
            "page": IntegerField(min_value=1, max_value=PAGE_MAX, default=1, help_text=_("Page, from 1")),
            "size": IntegerField(min_value=1, max_value=SIZE_MAX, default=PAGE_SIZE, help_text=_("Lines of a page")),
        }


class NumbersShape(Serializer):
    """All numbers of one figure; lengths in whole seconds, null where there is no case."""

    def get_fields(self) -> dict[str, serializers.Field]:
        counted: dict[str, serializers.Field] = {
            field.name: IntegerField(allow_null=field.default is None) for field in fields(Numbers)
        }
        return {
            **counted,
            "share_within_target": FloatField(source="share", allow_null=True),
            "reopen_rate": FloatField(allow_null=True),
            "small_n": BooleanField(source="is_small"),
        }


class FigureShape(Serializer):
    figure = ChoiceField(Figure.choices)
    name = CharField()
    numbers = NumbersShape()
    before = NumbersShape()
    year_before = NumbersShape()


class GroupShape(Serializer):
    """`key`: as it stands in an address; “none” for the rows without a value."""

    key = CharField()
    name = CharField()
    numbers = NumbersShape()


class PeriodShape(Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "name": ChoiceField(list(NAMES)),
            "from": DateTimeField(source="begins"),
            "to": DateTimeField(source="ends", help_text=_("The first moment after it")),
        }


class AnsweredShape(Serializer):
    """What every answer of the reports says of itself."""

    computed_at = DateTimeField()
    period = PeriodShape()
    where = DictField(child=CharField())
    small_below = IntegerField()


class FiguresShape(AnsweredShape):
    figures = FigureShape(many=True)


class TodayShape(Serializer):
    received = IntegerField()
    answered = IntegerField()


class BacklogShape(Serializer):
    open = IntegerField()
    oldest_seconds = IntegerField(allow_null=True)
    unanswered = IntegerField()
    unanswered_oldest_seconds = IntegerField(allow_null=True)
    overdue = IntegerField()


class WeekShape(Serializer):
    week = DateField(help_text=_("The Monday"))
    received = IntegerField()
    numbers = NumbersShape()


class ArrivalShape(Serializer):
    weekday = IntegerField(min_value=1, max_value=7)
    hour = IntegerField(min_value=0, max_value=23)
    count = IntegerField()


class OverviewShape(FiguresShape):
    today = TodayShape()
    backlog = BacklogShape()
    worst_departments = GroupShape(many=True)
    channels = GroupShape(many=True)
    weeks = WeekShape(many=True)
    arrivals = ArrivalShape(many=True)


class SliceShape(AnsweredShape):
    figure = ChoiceField(Figure.choices)
    by = ChoiceField(list(DIMENSIONS))
    groups = GroupShape(many=True)


class LineShape(Serializer):
    """One span of one complaint. No text and no name of a citizen."""

    number = CharField(source="complaint__number")
    figure = ChoiceField(Figure.choices)
    state = ChoiceField(Duration.State.choices)
    excluded = ChoiceField(Exclusion.choices, allow_blank=True)
    account = IntegerField(source="account_id")
    department = IntegerField(source="department_id", allow_null=True)
    district = IntegerField(source="district_id", allow_null=True)
    began_at = DateTimeField()
    ended_at = DateTimeField(allow_null=True)
    due_at = DateTimeField(allow_null=True)
    wall_seconds = IntegerField(allow_null=True)
    working_seconds = IntegerField(allow_null=True)
    status = ChoiceField(Status.choices, source="complaint__status")


class LinesShape(AnsweredShape):
    part = ChoiceField(list(PARTS))
    clock = ChoiceField(list(CLOCKS))
    count = IntegerField()
    page = IntegerField()
    pages = IntegerField()
    lines = LineShape(many=True)


class DefinitionShape(Serializer):
    code = CharField()
    name = CharField()
    meaning = CharField()
    begins = CharField()
    ends = CharField()
    falls_away = CharField()
    source = CharField()  # type: ignore[assignment]
    due = BooleanField()


class RuleShape(Serializer):
    code = CharField()
    meaning = CharField()


class WordShape(RuleShape):
    name = CharField()


class DefinitionsShape(Serializer):
    figures = DefinitionShape(many=True)
    numbers = WordShape(many=True)
    exclusions = RuleShape(many=True)
    clocks = RuleShape(many=True)
    rules = ListField(child=CharField())
    small_below = IntegerField()
