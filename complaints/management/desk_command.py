"""What the desk's commands have in common: a language, --json, the choice of accounts, no traceback for a slip."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from channels_sns.models import Account

#: Exit codes: 1 the answer is no (each command says what that means), 2 what was asked for makes no sense.
NO, SENSELESS = 1, 2
Item = TypeVar("Item")


class DeskCommand(BaseCommand):
    """`about` is the help, asked for in the language of --lang. `handle` runs in that language."""

    requires_migrations_checks = True

    def about(self) -> str:
        raise NotImplementedError

    @property
    def help(self) -> str:  # type: ignore[override]
        return self.about()

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument(
            "--lang", choices=languages, default=settings.LANGUAGE_CODE, help=_("Language of the output")
        )
        parser.add_argument("--json", action="store_true", help=_("Print the result as one JSON object"))

    def run_from_argv(self, argv: list[str]) -> None:
        """--help comes before the arguments are read, so the language is looked for by hand."""
        with translation.override(_language_in(argv)):
            super().run_from_argv(argv)

    def execute(self, *args: Any, **options: Any) -> str | None:
        with translation.override(options.get("lang") or settings.LANGUAGE_CODE):
            return super().execute(*args, **options)

    def tell(self, result: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
        """The result for a program, or the lines for a person."""
        self.stdout.write(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(lines))


def _language_in(argv: Sequence[str]) -> str:
    """The value of --lang among the arguments; a wrong one is left to the parser's own complaint."""
    known = [code for code, _name in settings.LANGUAGES]
    pairs = [*pairwise(argv), *(tuple(word.split("=", 1)) for word in argv if "=" in word)]
    found = [pair[1] for pair in pairs if pair[0] == "--lang" and pair[1] in known]
    return found[-1] if found else settings.LANGUAGE_CODE


def progress(items: Sequence[Item]) -> Iterable[Item]:
    """`items`, with a bar on the terminal while they are worked on; nothing where nobody watches."""
    return tqdm(items, disable=not sys.stderr.isatty(), leave=False)


def add_account_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--account",
        action="append",
        default=[],
        metavar="KIND:HANDLE|ID",
        help=_("Only this account; may be repeated. Without it: every account in use"),
    )


def chosen_accounts(names: Sequence[str]) -> list[Account]:
    """The accounts that were named, else all in use. Raises CommandError for a name that is none."""
    if not names:
        return list(Account.objects.filter(enabled=True).order_by("id"))
    return [_account_named(name) for name in dict.fromkeys(names)]


def _account_named(name: str) -> Account:
    kind, colon, handle = name.partition(":")
    if colon:
        found = list(Account.objects.filter(kind=kind, handle=handle.lstrip("@")))
    else:
        found = list(Account.objects.filter(pk=int(name))) if name.isdecimal() and len(name) < 18 else []
    if len(found) > 1:
        ids = ", ".join(str(account.pk) for account in found)
        raise CommandError(
            _("“%(name)s” is several accounts; name one by its id: %(ids)s.") % {"name": name, "ids": ids},
            returncode=SENSELESS,
        )
    if not found:
        known = ", ".join(label_of(account) for account in Account.objects.order_by("id")) or "–"
        raise CommandError(
            _("There is no account “%(name)s”. Connected: %(known)s.") % {"name": name, "known": known},
            returncode=SENSELESS,
        )
    return found[0]


def label_of(account: Account) -> str:
    """As --account takes it."""
    return f"{account.kind}:{account.handle}"
