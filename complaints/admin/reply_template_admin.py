"""Reply templates (답변 템플릿) in the admin: written by officers and administrators, checked when they are saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from channels_sns.adapters import ADAPTERS
from complaints import reply_templates
from complaints.models import ReplyTemplate
from complaints.models.kinds import LegalKind
from complaints.models.reply_template import LANGUAGES
from complaints.pages.names import NETWORK_WORDS
from departments import directory
from departments.models import Role

WRITERS = (Role.OFFICER, Role.ADMINISTRATOR)


class ReplyTemplateForm(forms.ModelForm):
    """A text whose fields are known, for a network that is known."""

    channel_kind = forms.ChoiceField(label=_("network"), required=False)

    class Meta:
        model = ReplyTemplate
        fields = ("title", "text", "department", "legal_kind", "channel_kind", "language", "in_use")
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "cols": 80})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Sequence[tuple[Any, Any]]] = {
            "legal_kind": LegalKind.choices,
            "channel_kind": network_choices(),
            "language": LANGUAGES,
        }
        for name, known in choices.items():
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [("", _("any")), *known]
        self.fields["department"].help_text = _("Empty: for every department.")
        self.fields["text"].help_text = _(
            "Fields: %(fields)s. What stands in square brackets is left out where a field in it is empty."
        ) % {"fields": reply_templates.field_names()}

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
        try:
            reply_templates.check(text)
        except reply_templates.NotPossible as error:
            raise forms.ValidationError(str(error)) from error
        return text


def network_choices() -> list[tuple[str, str]]:
    """(kind, name) of every network that the desk speaks."""
    return [(kind, str(NETWORK_WORDS.get(kind, cls.capabilities.label))) for kind, cls in ADAPTERS.items()]


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(admin.ModelAdmin):
    form = ReplyTemplateForm
    list_display = ("title", "department", "legal_kind", "network", "language", "in_use")
    list_filter = ("in_use", "language", "legal_kind")
    list_select_related = ("department",)
    search_fields = ("title", "text")
    autocomplete_fields = ("department",)
    actions = None

    @admin.display(description=_("network"), ordering="channel_kind")
    def network(self, row: ReplyTemplate) -> str:
        return dict(network_choices()).get(row.channel_kind, row.channel_kind)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReplyTemplate]:
        return ReplyTemplate.objects.order_by("title", "pk")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: ReplyTemplate | None = None) -> bool:
        return directory.has_role(request.user, *WRITERS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: ReplyTemplate | None = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, _request: HttpRequest, obj: ReplyTemplate | None = None) -> bool:
        """Taken out of use instead: replies were written with it."""
        return False
