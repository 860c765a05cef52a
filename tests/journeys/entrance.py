"""The way in: a person logs in on the page, as people do."""

from __future__ import annotations

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests.running_desk import Desk


def log_in(page: Page, desk: Desk, user: User) -> None:
    page.goto(f"{desk.address}/admin/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", desk.password)
    page.click("#login-form button")
    expect(page.locator(".who summary")).to_have_text(user.first_name)
