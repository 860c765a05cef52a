"""For the type checker only: the product's apps and the sandbox's in one registry (at run time they never meet)."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "channels_sns.sandbox.apps.SandboxConfig"]
