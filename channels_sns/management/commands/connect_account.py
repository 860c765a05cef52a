"""manage.py connect_account: put one of the city's accounts into the mailroom."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from channels_sns import accounts
from channels_sns.accounts import MissingSecrets, UnknownNetwork
from channels_sns.adapters import ADAPTERS
from channels_sns.adapters.contract import ChannelError


class Command(BaseCommand):
    """`--lang` is the account's language, in which it signs its replies, and so that of this output."""

    @property
    def help(self) -> str:  # type: ignore[override]
        return _(
            "Connect an account of the city: asks the network who the keys belong to and stores them encrypted. "
            "Connecting again renews the keys and keeps all history. A secret given as NAME=- is asked for without "
            "echo, or read from standard input, one line each. "
            "Exit codes: 0 connected, 1 the network refused or something is missing."
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(ADAPTERS), help=_("The network"))
        parser.add_argument("handle", help=_("The account's name on the network, without @"))
        parser.add_argument(
            "--base-url", default="", help=_("Address of the network's API; without it, the network's own")
        )
        parser.add_argument("--secret", action="append", default=[], metavar="NAME=VALUE", help=_("May be repeated"))
        parser.add_argument("--option", action="append", default=[], metavar="NAME=JSON", help=_("May be repeated"))
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument(
            "--lang",
            choices=languages,
            default=settings.LANGUAGE_CODE,
            help=_("Language of the account's replies and of the output"),
        )
        parser.add_argument("--name", default="", help=_("Name shown on the desk; without it, the network's"))
        parser.add_argument("--json", action="store_true", help=_("Print the result as one JSON object"))

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["lang"]):
            self._connect(options)

    def _connect(self, options: dict[str, Any]) -> None:
        try:
            account = accounts.connect(
                kind=options["kind"],
                handle=options["handle"].lstrip("@"),
                base_url=options["base_url"] or ADAPTERS[options["kind"]].default_base_url,
                secrets=dict(self._secret(item) for item in options["secret"]),
                now=timezone.now(),
                language=options["lang"],
                name=options["name"],
                options=dict(self._option(item) for item in options["option"]),
            )
        except (UnknownNetwork, MissingSecrets) as error:
            raise CommandError(str(error)) from error
        except ChannelError as error:
            raise CommandError(
                _("The network refused: %(error)s") % {"error": f"{type(error).__name__}: {error.detail}"}
            ) from error
        shown = {"id": account.pk, "kind": account.kind, "handle": account.handle, "name": account.name}
        if options["json"]:
            self.stdout.write(json.dumps(shown | {"external_id": account.external_id}, ensure_ascii=False))
        else:
            self.stdout.write(
                self.style.SUCCESS(_("Connected: %(name)s (%(kind)s @%(handle)s), account %(id)s.") % shown)
            )

    def _secret(self, item: str) -> tuple[str, str]:
        name, value = _pair(item)
        if value == "-":
            value = getpass(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        return name, value

    def _option(self, item: str) -> tuple[str, Any]:
        name, value = _pair(item)
        try:
            return name, json.loads(value)
        except ValueError:
            return name, value


def _pair(item: str) -> tuple[str, str]:
    name, found, value = item.partition("=")
    if not found or not name:
        raise CommandError(_("“%(item)s” is not NAME=VALUE.") % {"item": item})
    return name, value
