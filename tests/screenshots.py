"""docs/screenshots from a running demo (make screenshots): the desk as officers see it, wide, on a phone, dark.

Starts `manage.py desk` with its demo in a folder of its own; the posts are the demo's, nobody's real ones. The pictures
of the documentation come first, then every page that a person of the desk can reach by links, at both sizes, into
docs/screenshots/every-page, which is not part of the repository.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import django
import requests
from django.urls import Resolver404, resolve
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser import CHROMIUM, DESKTOP, FLAGS, PHONE
from tests.sandbox import free_port

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screenshots"
EVERY_PAGE = FOLDER / "every-page"
BYTES_MAX = 300_000
START_SECONDS = 120
SIZES = {"1440": DESKTOP, "390": PHONE}
LIST = "/admin/complaints/complaint/"
#: What is taken: name → address, by who logs in; an open complaint and the triage desk are added.
OFFICER = {
    "start": "/admin/",
    "list": f"{LIST}?tab=all",
    "search": f"{LIST}?tab=all&q=안내판",
    "incidents": "/admin/complaints/incident/",
    "broadcasts": "/admin/broadcasts/",
    "suggestions": f"{LIST}suggestions/",
    "templates": "/admin/complaints/replytemplate/",
    "outgoing": "/admin/channels_sns/outboundpost/",
}
OTHERS = {
    "manager": {"reports": "/admin/reports/", "definitions": "/admin/reports/definitions/"},
    "tour-head": {"tray": "/admin/tray/"},
    "administrator": {"accounts": "/admin/channels_sns/account/", "departments": "/admin/departments/department/"},
}
#: Who together see every page.
WALKERS = ("officer1", "manager", "tour-head", "administrator", "auditor", "arbiter")
#: Links that are no pages.
NO_PAGES = {"admin:logout", "admin:jsi18n", "set_language"}
IN_THE_DARK, IN_ENGLISH = ("list", "complaint", "triage"), ("list", "triage")


class Places:
    """Addresses of the running demo, and its log-ins: role → user name, one password."""

    def __init__(self, folder: Path) -> None:
        self.folder, port, sandbox_port = folder, free_port(), free_port()
        self.ports = ("--port", str(port), "--sandbox-port", str(sandbox_port))
        self.desk, self.sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"

    def password(self) -> str:
        """The one word that all demo log-ins share: the last of the first line."""
        lines = (self.folder / "demo-logins.txt").read_text(encoding="utf-8").splitlines()
        return next(
            found.group() for line in lines if (found := re.search(r"(?<![0-9a-f])[0-9a-f]{10}(?![0-9a-f])", line))
        )


@contextmanager
def running_demo() -> Iterator[Places]:
    """The whole desk with its demo, as `make run` starts it, on free ports."""
    with tempfile.TemporaryDirectory(prefix="desk-screenshots-") as folder:
        places = Places(Path(folder))
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        environment["DESK_VAR_DIR"] = folder
        command = [sys.executable, "manage.py", "desk", *places.ports]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            _await(process, places)
            yield places
        finally:
            process.terminate()
            process.wait(30)


def _await(process: subprocess.Popen[bytes], places: Places) -> None:
    """Until the desk answers and the demo, which is sown last, has written its log-ins."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{places.desk}/healthz", timeout=2).ok and (places.folder / "demo-logins.txt").exists():
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    message = f"the desk did not start ({process.poll()})"
    raise RuntimeError(message)


class Camera:
    """One browser context: a size, a language, light or dark."""

    def __init__(
        self, browser: Browser, places: Places, size: str, *, dark: bool = False, english: bool = False
    ) -> None:
        self.places, self.ending = places, f"{size}{'-dark' if dark else ''}{'-en' if english else ''}"
        viewport: ViewportSize = SIZES[size]
        self.context = browser.new_context(
            viewport=viewport,
            locale="en" if english else "ko-KR",
            timezone_id="Asia/Seoul",
            color_scheme="dark" if dark else "light",
        )
        self.page: Page = self.context.new_page()

    def log_in(self, username: str, password: str) -> None:
        self.page.goto(f"{self.places.desk}/admin/login/?next=/admin/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.page.click("#login-form button")
        self.page.wait_for_selector(".who")

    def take(self, name: str, address: str, folder: Path = FOLDER) -> Path:
        """What the window shows at `address`, as a PNG with a palette."""
        self.page.goto(address if "://" in address else f"{self.places.desk}{address}")
        self.page.wait_for_load_state("networkidle")
        path = folder / f"{name}-{self.ending}.png"
        path.write_bytes(small_png(self.page.screenshot()))
        return path


def small_png(picture: bytes) -> bytes:
    """The picture with as many colours as fit into BYTES_MAX."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        buffer = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= BYTES_MAX:
            break
    return buffer.getvalue()


def pictures(browser: Browser, places: Places) -> Iterator[Path]:
    """All pictures of the documentation, each as it is taken."""
    for size in SIZES:
        stranger = Camera(browser, places, size)
        yield stranger.take("login", "/admin/login/")
        yield stranger.take("sandbox-x", f"{places.sandbox}/demo/x/")
        officer = _logged_in(Camera(browser, places, size), "officer1")
        complaint, number = complaint_with_photo(officer.page)
        shown = {**OFFICER, "complaint": complaint, "triage": f"/admin/desk/{number}/"}
        yield from (officer.take(name, address) for name, address in shown.items())
        dark = _logged_in(Camera(browser, places, size, dark=True), "officer1")
        yield from (dark.take(name, shown[name]) for name in IN_THE_DARK)
        for username, pages in OTHERS.items():
            camera = _logged_in(Camera(browser, places, size), username)
            yield from (camera.take(name, address) for name, address in pages.items())
        if size == "1440":
            english = _logged_in(Camera(browser, places, size, english=True), "officer1")
            yield from (english.take(name, shown[name]) for name in IN_ENGLISH)


def _logged_in(camera: Camera, username: str) -> Camera:
    camera.log_in(username, camera.places.password())
    return camera


def complaint_with_photo(page: Page) -> tuple[str, str]:
    """Address and number of the newest complaint that nobody has taken up, with a photo if there is one."""
    page.goto(f"{page.url.split('/admin/')[0]}{LIST}?tab=new")
    line = page.locator(".line:has(.c-photo img)").or_(page.locator(".line")).first
    return str(line.locator(".line-link").get_attribute("href")), line.locator(".number-plain").inner_text()


def every_page(browser: Browser, places: Places) -> Iterator[Path]:
    """Each page once at each size: whoever of the desk comes to it first by links shows it."""
    seen: set[str] = set()
    for username in WALKERS:
        wide, phone = (_logged_in(Camera(browser, places, size), username) for size in SIZES)
        waiting = _links(wide.page)  # logged in, and at the start page
        while waiting:
            address = waiting.pop(0)
            name = page_name(address)
            if name in seen or not _is_page(wide, address):
                continue
            seen.add(name)
            yield wide.take(name, address, EVERY_PAGE)
            waiting += [found for found in _links(wide.page) if page_name(found) not in seen]
            yield phone.take(name, address, EVERY_PAGE)


def page_name(address: str) -> str:
    """`reports-slice`, `broadcasts-page`: the name of its route; NO_PAGES and what leads nowhere have none."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
    return "" if name in NO_PAGES else name.replace(":", "-")


def _is_page(camera: Camera, address: str) -> bool:
    """Does it have a name, may this person see it, and is it no file?"""
    if not page_name(address):
        return False
    answer = camera.context.request.get(f"{camera.places.desk}{address}")
    return answer.ok and answer.headers.get("content-type", "").startswith("text/html")


def _links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href^='/admin/']", "links => links.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys(found))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "busan_sns.settings")
    django.setup()
    EVERY_PAGE.mkdir(parents=True, exist_ok=True)
    with running_demo() as places, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for path in chain(pictures(browser, places), every_page(browser, places)):
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
