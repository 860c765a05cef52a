"""Two Mastodon servers that others wrote, each with a city and a citizen, and the citizen's hand on them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.peers.install import MASTODON_MOCK, SNAC
from tests.peers.running import required, running
from tests.sandbox import free_port
from tests.services import own_folder

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; its accounts are called city and citizen."""

    port: int
    city_token: str
    citizen_token: str

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    def citizen_writes(self, text: str, image: bytes = b"") -> str:
        """A public post with at most one photo; its id."""
        data = {"status": text, "visibility": "public", "language": "ko"}
        if image:
            upload = self._ask("POST", "/api/v2/media", files={"file": ("lamp.png", image, "image/png")})
            data["media_ids[]"] = upload["id"]
        return str(self._ask("POST", "/api/v1/statuses", data=data)["id"])

    def answers(self, post_id: str) -> list[dict[str, Any]]:
        """The city's statuses right under a post, as the citizen sees them."""
        below = self._ask("GET", f"/api/v1/statuses/{post_id}/context")["descendants"]
        return [one for one in below if one["account"]["username"] == "city" and one["in_reply_to_id"] == post_id]

    def _ask(self, method: str, path: str, **parts: Any) -> Any:
        """On a fresh connection: snac resets those that are used again."""
        headers = {"Authorization": f"Bearer {self.citizen_token}", "Connection": "close"}
        answer = requests.request(method, self.base_url + path, headers=headers, timeout=20, **parts)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()


@contextlib.contextmanager
def running_mock() -> Iterator[Server]:
    """mastodon_mock: scopes are enforced, Idempotency-Key and rate limits are on."""
    program, port = required(MASTODON_MOCK), free_port()
    with own_folder("mastodon-mock") as folder:
        (folder / "mock.toml").write_text(
            f'[server]\nhost = "127.0.0.1"\nport = {port}\n[auth]\nenforce_scopes = true\n'
            "[ratelimit]\nenabled = true\nlimit = 300\nwindow_seconds = 300\n"
            '[[seed.accounts]]\nusername = "city"\ndisplay_name = "톡톡부산"\naccess_token = "city_token"\n'
            '[[seed.accounts]]\nusername = "citizen"\naccess_token = "citizen_token"\n'
        )
        command = [str(program), "serve", "--config", "mock.toml", "--in-memory", "--log-level", "warning"]
        with running(command, ready=f"http://127.0.0.1:{port}/api/v1/instance", folder=folder):
            yield Server(port, "city_token", "citizen_token")


@contextlib.contextmanager
def running_snac() -> Iterator[Server]:
    """snac: a small fediverse server in C, in daily use. It refuses to be root, and then runs as nobody."""
    program, port = required(SNAC), free_port()
    user = "nobody" if os.geteuid() == 0 else None
    with own_folder("snac") as folder:
        snac = Path(shutil.copy(program, folder / "snac"))
        folder.chmod(0o755)
        if user:
            shutil.chown(folder, user)
        passwords = _prepare_snac(snac, folder / "data", port, user)
        with running(
            [str(snac), "httpd", "data"], ready=f"http://localhost:{port}/api/v1/instance", folder=folder, user=user
        ):
            tokens = {name: _snac_token(f"http://localhost:{port}", name, passwords[name]) for name in passwords}
            yield Server(port, tokens["city"], tokens["citizen"])


def _prepare_snac(snac: Path, data: Path, port: int, user: str | None) -> dict[str, str]:
    """A server's folder with its two accounts; their passwords."""

    def run(*arguments: str, answers: str = "") -> str:
        command = [str(snac), *arguments]
        return subprocess.run(
            command, input=answers, cwd=data.parent, user=user, capture_output=True, text=True, timeout=30, check=True
        ).stdout

    run("init", str(data), answers=f"127.0.0.1\n{port}\nlocalhost:{port}\n\nadmin@example.test\n")
    settings = data / "server.json"
    settings.write_text(settings.read_text().replace('"protocol": "https"', '"protocol": "http"'))
    said = {name: run("adduser", str(data), name) for name in ("city", "citizen")}
    return {name: re.findall(r"password is (\S+)", words)[0] for name, words in said.items()}


def _snac_token(base_url: str, login: str, password: str) -> str:
    """The code flow of OAuth, through snac's own login form."""

    def post(path: str, **data: str) -> requests.Response:
        return requests.post(
            base_url + path, data=data, headers={"Connection": "close"}, allow_redirects=False, timeout=20
        )

    app = post("/api/v1/apps", client_name="desk", redirect_uris=OUT_OF_BAND, scopes="read write").json()
    form = {"login": login, "passwd": password, "redir": OUT_OF_BAND, "cid": app["client_id"], "state": ""}
    code = post("/oauth/x-snac-login", **form).text.strip()
    client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": OUT_OF_BAND, "scope": "read write"}
    return str(post("/oauth/token", **client, **asked).json()["access_token"])
