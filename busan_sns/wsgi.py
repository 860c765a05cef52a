"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

from busan_sns.encoding import utf8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "busan_sns.settings")
application = utf8_only(get_wsgi_application())
