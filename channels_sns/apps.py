"""The mailroom: it knows posts, not complaints."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    name = "channels_sns"
    verbose_name = _("Channels")
