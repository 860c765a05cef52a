"""The way in: most journeys begin behind it, some take it as people do."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from tests.running_desk import Desk


def log_in(page: Page, desk: Desk, user: User) -> None:
    """The start page of somebody who has logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": desk.address}])
    page.goto(f"{desk.address}/admin/")
    expect(page.locator(".who summary")).to_have_text(user.first_name)


def log_in_by_form(page: Page, desk: Desk, user: User) -> None:
    """With a password that is hashed as in production, which takes a while, twice."""
    user.password = make_password(desk.password, hasher=PBKDF2PasswordHasher())
    user.save(update_fields=["password"])
    page.goto(f"{desk.address}/admin/")
    fill_in(page, desk, user)
    expect(page.locator(".who summary")).to_have_text(user.first_name)


def fill_in(page: Page, desk: Desk, user: User) -> None:
    page.fill("#id_username", user.username)
    page.fill("#id_password", desk.password)
    page.click("#login-form button")
