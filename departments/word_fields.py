"""A list of words in a form, as a person writes it: separated by commas or lines."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: As in the city file.
LONGEST = 100


class WordsField(forms.CharField):
    """Reads and shows a JSON list of texts; blanks and repeats are dropped."""

    widget = forms.Textarea

    def __init__(self, *, encoder: object = None, decoder: object = None, **options: Any) -> None:
        super().__init__(**{"help_text": _("Separated by commas"), **options, "widget": forms.Textarea({"rows": 2})})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        words = (word.strip() for word in re.split(r"[,\n]", super().to_python(value) or ""))
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if any(len(word) > LONGEST for word in value):
            raise ValidationError(_("A word has at most %(limit)d characters."), params={"limit": LONGEST})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))
