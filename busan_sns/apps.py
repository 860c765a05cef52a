"""The roof: wiring only."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RoofConfig(AppConfig):
    name = "busan_sns"

    def ready(self) -> None:
        """Every process that knows the settings knows the broker: @shared_task and nudges find the app."""
        import busan_sns.celery  # noqa: F401


class DeskAdminConfig(AdminConfig):
    """Django's admin with our site in the place of the stock one."""

    default_site = "busan_sns.admin_site.DeskAdminSite"
