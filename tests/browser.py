"""A real Chromium for tests: every visitor has a context of its own, and every page of it is watched.

def test_something(visit: Visit, desk: Desk) -> None:
    officer = visit("officer")
    officer.goto(f"{desk.address}/admin/")

At the end no page may have written an error to its console, broken the content security policy or asked another host.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

#: The marks of every file of tests/journeys: other processes see only what is committed.
JOURNEY = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
#: Debian's: the one without a window where it is installed (a third of the processor's time), else the full browser.
CHROMIUM = next(filter(Path.exists, map(Path, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium"))), None)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
#: Tells the console of every broken rule of the content security policy.
REPORT_CSP = """document.addEventListener('securitypolicyviolation', (event) =>
    console.error('content security policy', event.violatedDirective, event.blockedURI));"""


@dataclass
class Watch:
    """What a visitor's pages did wrong. `expected`: statuses a test provokes; Chromium logs such pages as errors."""

    problems: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def over(self, page: Page) -> None:
        page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("request", lambda request: self._look_at(request.url))

    def _note(self, text: str) -> None:
        if not any(f"status of {status}" in text for status in self.expected):
            self.problems.append(text)

    def _look_at(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.problems.append(f"asked another host: {url}")


class Visit(Protocol):
    """Open a page in a fresh context, as one more person with a browser. `tools`: not held to the page's CSP."""

    def __call__(
        self,
        *,
        javascript: bool = True,
        phone: bool = False,
        dark: bool = False,
        expected: set[int] | None = None,
        tools: bool = False,
    ) -> Page: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for the whole run."""
    if CHROMIUM is None:
        if os.environ.get("DESK_REQUIRE_SERVICES") == "1":
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    # Playwright's loop runs in this thread: without this Django would take every query for one inside a coroutine.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()
    patch.undo()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Visitors; all their contexts are closed and judged at the end."""
    watches: list[Watch] = []
    contexts = []

    def opened(
        *,
        javascript: bool = True,
        phone: bool = False,
        dark: bool = False,
        expected: set[int] | None = None,
        tools: bool = False,
    ) -> Page:
        context = chromium.new_context(
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            java_script_enabled=javascript,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            bypass_csp=tools,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(15_000)
        context.add_init_script(REPORT_CSP)
        watch = Watch(expected=expected or set())
        context.on("page", watch.over)
        watches.append(watch)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert [problem for watch in watches for problem in watch.problems] == []
