"""make messages: collect the texts (xgettext), then compile them. Needs Debian's gettext only for collecting."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "ko" / "LC_MESSAGES" / "django.po"
IGNORED = (".venv", ".tools", "var", "tests", "bench", "docs")


def collect(folder: Path = ROOT) -> None:
    """Bring the catalogue below `folder` up to date with the sources; dates that change on each run are left out."""
    ignore = [word for name in IGNORED for word in ("--ignore", f"{name}/*")]
    command = [
        sys.executable,
        str(folder / "manage.py"),
        "makemessages",
        "--locale",
        "ko",
        "--no-obsolete",
        "--no-wrap",
    ]
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "busan_sns.settings"}
    subprocess.run(
        [*command, "--add-location", "file", "--verbosity", "0", *ignore], cwd=folder, env=settings, check=True
    )
    catalogue = folder / CATALOGUE.relative_to(ROOT)
    text = re.sub(r'^"POT-Creation-Date:.*\n', "", catalogue.read_text(encoding="utf-8"), flags=re.MULTILINE)
    catalogue.write_text(text, encoding="utf-8")


def compiled(catalogue: Path = CATALOGUE) -> bytes:
    """What the .mo file must hold."""
    return bytes(polib.pofile(str(catalogue)).to_binary())


def main() -> None:
    collect()
    CATALOGUE.with_suffix(".mo").write_bytes(compiled())
    missing = [entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.translated()]
    sys.stdout.write("".join(f"untranslated: {text}\n" for text in missing))
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
