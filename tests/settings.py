"""The product's settings for tests: own folder, made-up secrets, fast passwords; services from the environment."""

import os
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="desk-tests-"))
os.environ["DESK_VAR_DIR"] = str(_FOLDER)
os.environ.setdefault("SECRET_KEY", "tests-only-and-long-enough-to-be-no-warning-in-any-check-of-django")
os.environ.setdefault("DESK_FIELD_KEYS", "HSDlVLJ3dYBJgYvVyd2e4zBMwvPK1kJ6RMd1c_RFYcY=")
os.environ.setdefault("DESK_LOG_LEVEL", "WARNING")
if (_worker := os.environ.get("PYTEST_XDIST_WORKER", "")) and os.environ.get("REDIS_URL", "").endswith("/0"):
    # A broker of its own, as it has a database of its own: no worker takes what another's clock hands out.
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'][:-1]}{int(_worker.removeprefix('gw')) % 15 + 1}"

from busan_sns.settings import *  # noqa: F403 E402
from busan_sns.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file even for SQLite: live servers and workers open it from other threads and processes.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / "test.sqlite3")}
