"""Fetch the programs of others that the desk is tested against:  python -m tests.peers.install

prism (npm) holds our calls and our sandbox's answers to the networks' own descriptions; axe-core (npm) judges how well
everybody can use our pages; mastodon_mock (PyPI) and snac (Debian) are Mastodon servers that others wrote; Google's and
Meta's own clients and a library for KakaoTalk's skills (PyPI) are second clients of our sandbox. They come through the
ordinary clients of their registries and lie in DESK_PEERS_DIR (.tools/peers); nothing is installed into the system.
What cannot be had is said; the others are fetched all the same, and the exit code is 1. Bluesky's own services are
fetched only by name (make test-bluesky): they are large.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
PEERS_DIR = Path(os.environ.get("DESK_PEERS_DIR") or PROJECT_DIR / ".tools" / "peers").resolve()
PRISM = PEERS_DIR / "node_modules" / ".bin" / "prism"
MASTODON_MOCK = PEERS_DIR / "mastodon_mock" / "bin" / "mastodon_mock"
AXE = PEERS_DIR / "node_modules" / "axe-core" / "axe.min.js"
BLUESKY = PEERS_DIR / "atproto" / "node_modules" / "@atproto" / "dev-env" / "package.json"
#: The Python beside which the second clients lie.
CLIENTS = PEERS_DIR / "clients" / "bin" / "python"
SECOND_CLIENTS = ("google-api-python-client==2.202.0", "facebook-business==26.0.3", "kakao-chatbot==0.4.3")
SNAC = PEERS_DIR / "snac" / "usr" / "bin" / "snac"
SECONDS = 600


class NotInstalledError(Exception):
    """A peer could not be had; the text says why."""


def install_prism() -> None:
    npm = _program("npm", "Node.js with npm")
    _run(npm, "install", "--no-audit", "--no-fund", "--prefix", str(PEERS_DIR), "@stoplight/prism-cli@5")


def install_axe() -> None:
    npm = _program("npm", "Node.js with npm")
    _run(npm, "install", "--no-audit", "--no-fund", "--prefix", str(PEERS_DIR), "axe-core@4")


def install_bluesky() -> None:
    """The last line of @atproto/dev-env that runs on Node 20: a real PDS, AppView and PLC, 360 MB."""
    npm, home = _program("npm", "Node.js with npm"), BLUESKY.parents[3]
    _run(npm, "install", "--no-audit", "--no-fund", "--prefix", str(home), "@atproto/dev-env@0.3.215")


def install_mastodon_mock() -> None:
    """In an environment of its own: its web framework is none of the desk's."""
    _environment(MASTODON_MOCK.parent.parent, "mastodon_mock==0.6.1")


def install_clients() -> None:
    """The same for the second clients; one that was left half-made is made again."""
    home = CLIENTS.parent.parent
    try:
        _environment(home, *SECOND_CLIENTS)
    except NotInstalledError:
        shutil.rmtree(home)
        raise


def _environment(home: Path, *packages: str) -> None:
    venv.create(home, with_pip=True)
    _run(str(home / "bin" / "pip"), "install", "--quiet", *packages)


def install_snac() -> None:
    """Unpacked, not installed; from the backports of the very mirror that this system's apt uses."""
    apt, dpkg = _program("apt-get", "Debian"), _program("dpkg-deb", "Debian")
    with tempfile.TemporaryDirectory(prefix="desk-apt-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "cache" / "archives" / "partial").mkdir(parents=True)
        (folder / "sources.list").write_text(f"deb {_mirror(apt)} {_codename()}-backports main\n")
        places = {"Dir::Etc::sourcelist": "sources.list", "Dir::State::lists": "lists", "Dir::Cache": "cache"}
        options = [f"-o{key}={folder / value}" for key, value in places.items()]
        options += ["-oDir::Etc::sourceparts=/dev/null", "-oAPT::Sandbox::User=root"]
        _run(apt, *options, "-qq", "update")
        _run(apt, *options, "-qq", "download", "snac2", cwd=folder)
        _run(dpkg, "-x", str(next(folder.glob("snac2_*.deb"))), str(SNAC.parents[2]))


def _mirror(apt: str) -> str:
    """Where this system's own packages come from."""
    wanted = ("indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Codename: {_codename()}")
    found = _run(apt, *wanted).split()
    if not found:
        raise NotInstalledError("apt knows no mirror yet: apt-get update")
    return found[0]


def _codename() -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line).get("VERSION_CODENAME", "")


def _program(name: str, what: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotInstalledError(f"{what} is not installed")
    return found


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotInstalledError(f"{Path(command[0]).name}: {' | '.join(said[-3:])[:500]}")
    return done.stdout


PEERS: dict[str, tuple[Path, Callable[[], None]]] = {
    "prism": (PRISM, install_prism),
    "axe-core": (AXE, install_axe),
    "mastodon_mock": (MASTODON_MOCK, install_mastodon_mock),
    "second clients": (CLIENTS, install_clients),
    "snac": (SNAC, install_snac),
}


#: Fetched only when they are named:  python -m tests.peers.install bluesky
ON_DEMAND: dict[str, tuple[Path, Callable[[], None]]] = {"bluesky": (BLUESKY, install_bluesky)}


def main(named: list[str]) -> int:
    PEERS_DIR.mkdir(parents=True, exist_ok=True)
    failed, known = 0, {**PEERS, **ON_DEMAND}
    for name in named or PEERS:
        program, install = known[name]
        if program.exists():
            print(f"{name}: here")
            continue
        try:
            install()
            print(f"{name}: installed")
        except (NotInstalledError, OSError, subprocess.SubprocessError) as error:
            failed = 1
            print(f"{name}: NOT installed: {error}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
