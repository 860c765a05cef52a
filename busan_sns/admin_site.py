"""The admin site everything is registered on."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class DeskAdminSite(AdminSite):
    site_title = _("TokTok Busan complaint desk")
    site_header = _("TokTok Busan complaint desk")
    index_title = _("Desk")
    enable_nav_sidebar = False
