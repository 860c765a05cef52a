"""All settings, from the environment (docs/settings.md lists them). Without any: the embedded desk on SQLite."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from busan_sns.env import choice, env, positive, read_embedded_secrets, secret

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("DESK_VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.bool("DESK_DEBUG", False)
#: Production refuses to start on made-up secrets; the embedded desk writes its own into var/secret.env.
PRODUCTION = env.bool("DESK_PRODUCTION", False)
if not PRODUCTION:
    read_embedded_secrets(VAR_DIR / "secret.env")
SECRET_KEY = secret("SECRET_KEY", "" if PRODUCTION else "embedded-desk-without-secrets-only-for-loopback-use")
#: Fernet keys for the accounts' tokens, newest first, comma separated.
FIELD_KEYS = tuple(key for key in secret("DESK_FIELD_KEYS").split(",") if key)
if PRODUCTION and not (SECRET_KEY and FIELD_KEYS):
    raise ImproperlyConfigured("SECRET_KEY and DESK_FIELD_KEYS are needed in production")

ALLOWED_HOSTS = env.list("DESK_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("DESK_CSRF_TRUSTED_ORIGINS", default=[])
#: The address under which people reach the desk, without a slash at the end.
PUBLIC_URL = env.str("DESK_PUBLIC_URL", "http://127.0.0.1:8400")

INSTALLED_APPS = [
    "busan_sns.apps.DeskAdminConfig",
    "busan_sns.apps.RoofConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "departments.apps.DepartmentsConfig",
    "channels_sns.apps.ChannelsConfig",
    "complaints.apps.ComplaintsConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "busan_sns.urls"
WSGI_APPLICATION = "busan_sns.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------------------------------------
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
}
POSTGRES_OPTIONS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 5000,
    # A search's bitmap of a million rows stays exact in 16 MB; compiling a query takes longer than most of them run.
    "options": "-c statement_timeout=15s -c idle_in_transaction_session_timeout=30s -c work_mem=16MB -c jit=off",
}


def _database() -> dict[str, Any]:
    if not secret("DATABASE_URL"):
        VAR_DIR.mkdir(parents=True, exist_ok=True)
    config = env.db_url_config(secret("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'desk.sqlite3'}")
    config["OPTIONS"] = (
        SQLITE_OPTIONS if "sqlite" in config["ENGINE"] else {**POSTGRES_OPTIONS, **config.get("OPTIONS", {})}
    )
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    return dict(config)


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker ---------------------------------------------------------------------------------------------------------
#: Empty: embedded, one worker process on memory://, the database rows are the queue.
REDIS_URL = secret("REDIS_URL")
#: Who may read /metrics: "Authorization: Bearer …". Empty: the page does not exist.
METRICS_TOKEN = secret("DESK_METRICS_TOKEN")

# --- people ---------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AXES_VERBOSE = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
#: Proxies of our own in front of the desk, whose X-Forwarded-For is believed.
PROXY_COUNT = env.int("DESK_PROXY_COUNT", 0)
AXES_CLIENT_IP_CALLABLE = "busan_sns.visitors.address_of"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "desk_session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_I18N = True
FORMAT_MODULE_PATH = ["busan_sns.formats"]
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
#: Where an image has collected the static files; unset, they are served from where they lie.
STATIC_ROOT = env.str("DESK_STATIC_DIR", "") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env.str("DESK_MEDIA_DIR", str(VAR_DIR / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_PERMISSIONS = 0o640

# --- browser --------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("DESK_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-desk_session"
    CSRF_COOKIE_NAME = "__Host-desk_csrf"

# --- the desk -------------------------------------------------------------------------------------------------------
#: One switch for a restore: nothing leaves while it is off.
SENDING_ENABLED = env.bool("DESK_SENDING_ENABLED", True)
#: May the officer who wrote a reply approve it? (four-eyes rule)
FOUR_EYES = env.bool("DESK_FOUR_EYES", False)
#: Telephone numbers and addresses of mail that may stand in a reply, beside those of departments and agencies.
PUBLIC_CONTACTS = env.list("DESK_PUBLIC_CONTACTS", default=[])
#: What the law of civil complaints leaves open (docs/decisions/0013-open-questions-of-the-clocks.md).
DUE_MOMENT = choice("DESK_DUE_MOMENT", "closing", "midnight")
DUE_OFF_DAY = choice("DESK_DUE_OFF_DAY", "next", "counts")
DUE_LATE_DAY = choice("DESK_DUE_LATE_DAY", "counts", "next")
PROMOTED_CLOCK = choice("DESK_PROMOTED_CLOCK", "receipt", "promotion")
IMMEDIATE_HOURS = positive("DESK_IMMEDIATE_HOURS", 3)
#: Wall time within which something urgent must be answered, day and night; the city's own rule.
EMERGENCY_WITHIN = timedelta(minutes=positive("DESK_EMERGENCY_MINUTES", 30))
#: A department that has not accepted a complaint within so many office hours loses it to the desk again.
ACCEPT_HOURS = positive("DESK_ACCEPT_HOURS", 2)
#: Sent back so often, a complaint goes to the arbiter.
BOUNCES = positive("DESK_BOUNCES", 2)
#: Mail goes out by this server (smtp+tls://user:password@host:587); unset, there is no mail.
MAIL_URL = secret("DESK_MAIL_URL")
MAIL_ENABLED = bool(MAIL_URL)
_mail = env.email_url_config(MAIL_URL or "dummymail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"] or "localhost", _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_TLS")), bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DESK_MAIL_FROM", "desk@localhost")
#: Alarms also go to this address as a signed POST; the key signs. INSIDE: its very origin may be in the city's network.
ALERT_WEBHOOK_URL = env.str("DESK_ALERT_WEBHOOK_URL", "")
ALERT_WEBHOOK_KEY = secret("DESK_ALERT_WEBHOOK_KEY")
ALERT_WEBHOOK_INSIDE = env.bool("DESK_ALERT_WEBHOOK_INSIDE", False)
if ALERT_WEBHOOK_URL and not ALERT_WEBHOOK_KEY:
    raise ImproperlyConfigured("DESK_ALERT_WEBHOOK_URL needs DESK_ALERT_WEBHOOK_KEY, which signs what is sent")
#: Origins (http://host:port) in the city's own network to which an emergency's webhooks may go in the clear.
AGENCY_WEBHOOKS_INSIDE = env.list("DESK_AGENCY_WEBHOOKS_INSIDE", default=[])
#: Time after which an unconfirmed post may be sent again; unset: max(120 s, 2 × (time-out + the network's index lag)).
QUARANTINE = timedelta(seconds=env.float("DESK_QUARANTINE_SECONDS")) if env.str("DESK_QUARANTINE_SECONDS", "") else None
#: So long the released reply of an incident can be taken back as a whole.
INCIDENT_GRACE = timedelta(seconds=env.float("DESK_INCIDENT_GRACE_SECONDS", 60))
#: Two posts of one account nearer to each other than this are warned of.
BROADCAST_GAP = timedelta(minutes=positive("DESK_BROADCAST_GAP_MINUTES", 10))
#: So many requests a minute of one person's programs; the rest are asked to wait.
API_PER_MINUTE = positive("DESK_API_PER_MINUTE", 120)
LEASE = timedelta(seconds=env.float("DESK_LEASE_SECONDS", 60))
POLL_EVERY = timedelta(seconds=env.float("DESK_POLL_SECONDS", 60))
HTTP_TIMEOUT = env.float("DESK_HTTP_TIMEOUT_SECONDS", 15)
CRASH_AT = env.str("DESK_CRASH_AT", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "redact": {"()": "channels_sns.redaction.RedactSecrets"},
        "one_line": {"()": "busan_sns.log_lines.OneLineForRefusals"},
    },
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line", "redact"]}},
    "root": {"handlers": ["console"], "level": env.str("DESK_LOG_LEVEL", "INFO")},
}
