from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "channels_sns.sandbox"
    label = "sandbox"
    default_auto_field = "django.db.models.BigAutoField"
