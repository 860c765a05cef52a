"""What the subjects of the reports answer: a department, a channel, due times, hand-overs, districts, the month."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    FloatField,
    IntegerField,
    Serializer,
)

from complaints.api.shapes import (
    AnsweredShape,
    BacklogShape,
    FiguresShape,
    GroupShape,
    LineShape,
    NumbersShape,
    PeriodShape,
    SliceQuery,
    WeekShape,
)
from complaints.models import Figure
from complaints.reports import promises_kept, satisfaction, targets
from complaints.reports.tallies import Tally


class SubjectQuery(SliceQuery):
    """A period, who and where."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: field for name, field in super().get_fields().items() if name not in ("figure", "by")}


class DueQuery(SubjectQuery):
    """The same, of a figure that has a due time."""

    def get_fields(self) -> dict[str, serializers.Field]:
        figure = ChoiceField(list(targets.DUE), required=False, help_text=_("Which figure"))
        return {"figure": figure, **super().get_fields()}


class TallyQuery(SubjectQuery):
    """The same, without what such rows do not have."""

    tally: Tally

    def get_fields(self) -> dict[str, serializers.Field]:
        known = {"period", "on", "from", "to", *self.tally.dimensions}
        return {name: field for name, field in super().get_fields().items() if name in known}


class PromisesQuery(TallyQuery):
    tally = promises_kept.TALLY


class SatisfactionQuery(TallyQuery):
    tally = satisfaction.TALLY


class BesideShape(Serializer):
    """A figure of the unit itself, of its bureau, of the whole city."""

    figure = ChoiceField(Figure.choices)
    name = CharField()
    numbers = NumbersShape()


class DepartmentReportShape(FiguresShape):
    """`department` null: a bureau, or all there is."""

    name = CharField()
    department = IntegerField(allow_null=True)
    bureau = CharField(allow_blank=True)
    backlog = BacklogShape()
    came = IntegerField(help_text=_("came to it in the period"))
    sent_back = IntegerField()
    beside = BesideShape(many=True)
    departments = GroupShape(many=True)
    weeks = WeekShape(many=True)
    endings = GroupShape(many=True)
    onward = GroupShape(many=True)
    held = LineShape(many=True)


class ReachShape(Serializer):
    """A counter of the network. `change`: since the beginning of the period, null where that is not known."""

    account = CharField()
    counter = CharField(source="name")
    value = IntegerField()
    counted_on = DateField(source="on")
    change = IntegerField(allow_null=True)
    imported = BooleanField()


class ChannelReportShape(FiguresShape):
    name = CharField(allow_blank=True)
    backlog = BacklogShape()
    accounts = GroupShape(many=True)
    kinds = GroupShape(many=True)
    weeks = WeekShape(many=True)
    reach = ReachShape(many=True)


class PairShape(Serializer):
    """Two values together, as they stand in an address; “none” for the rows without one."""

    key = CharField()
    name = CharField()
    other_key = CharField()
    other_name = CharField()
    numbers = NumbersShape()


class TermShape(Serializer):
    """How long a legal kind may take, and where the law says so."""

    name = CharField()
    period = CharField()
    articles = CharField(allow_blank=True)


class DueTimesShape(AnsweredShape):
    figure = ChoiceField(Figure.choices)
    numbers = NumbersShape()
    before = NumbersShape()
    year_before = NumbersShape()
    kinds = GroupShape(many=True)
    departments = GroupShape(many=True)
    pairs = PairShape(many=True)
    overdue = LineShape(many=True)
    weeks = WeekShape(many=True)
    terms = TermShape(many=True)


class HandOversShape(AnsweredShape):
    """`passed_on`: from one department to another. `people`: first looks by officer and hour of the arrival."""

    passed_on = PairShape(many=True)
    endings = GroupShape(many=True)
    departments = GroupShape(many=True)
    people = PairShape(many=True)


class DistrictsShape(AnsweredShape):
    districts = GroupShape(many=True)


class NoticeShape(Serializer):
    """A notice of the month. `sent_at` null: it does not stand on the network."""

    kind = ChoiceField(["extended", "interim"])
    number = CharField()
    department = CharField()
    owed_since = DateField(source="since")
    sent_at = DateTimeField(source="told_at", allow_null=True)


class MonthlyShape(FiguresShape):
    """The monthly inspection (영 제22조). `late`: the first of those that are answered too late or overdue now."""

    inspect_by = DateField()
    over = BooleanField()
    numbers = NumbersShape()
    kinds = GroupShape(many=True)
    departments = GroupShape(many=True)
    late = LineShape(many=True)
    notices = NoticeShape(many=True)


# --- promises and satisfaction --------------------------------------------------------------------------------------


class CountsShape(Serializer):
    """`judged`: what the share is of; `share` null where there is none."""

    tally: Tally

    def get_fields(self) -> dict[str, serializers.Field]:
        counts: dict[str, serializers.Field] = {part: IntegerField() for part in self.tally.parts}
        return {**counts, "judged": IntegerField(), "share": FloatField(allow_null=True), "small_n": BooleanField()}


class PromiseCountsShape(CountsShape):
    tally = promises_kept.TALLY


class PromiseGroupShape(Serializer):
    by = ChoiceField(list(promises_kept.TALLY.dimensions))
    key = CharField()
    name = CharField()
    numbers = PromiseCountsShape()


class PromiseStepShape(Serializer):
    period = PeriodShape()
    numbers = PromiseCountsShape()


class PromisesShape(AnsweredShape):
    """`history`: twelve days, weeks, months or quarters until the end of the period; weeks of a range."""

    numbers = PromiseCountsShape()
    before = PromiseCountsShape()
    year_before = PromiseCountsShape()
    history = PromiseStepShape(many=True)
    groups = PromiseGroupShape(many=True)


class SatisfactionCountsShape(CountsShape):
    tally = satisfaction.TALLY


class SatisfactionGroupShape(Serializer):
    by = ChoiceField(list(satisfaction.TALLY.dimensions))
    key = CharField()
    name = CharField()
    numbers = SatisfactionCountsShape()


class SatisfactionStepShape(Serializer):
    period = PeriodShape()
    numbers = SatisfactionCountsShape()


class SatisfactionShape(AnsweredShape):
    """`history`: twelve days, weeks, months or quarters until the end of the period; weeks of a range."""

    numbers = SatisfactionCountsShape()
    before = SatisfactionCountsShape()
    year_before = SatisfactionCountsShape()
    history = SatisfactionStepShape(many=True)
    groups = SatisfactionGroupShape(many=True)
