"""The roof: wiring only."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RoofConfig(AppConfig):
    name = "busan_sns"


class DeskAdminConfig(AdminConfig):
    """Django's admin with our site in the place of the stock one."""

    default_site = "busan_sns.admin_site.DeskAdminSite"
