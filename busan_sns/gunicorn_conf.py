"""The web server's settings (gunicorn -c python:busan_sns.gunicorn_conf)."""

import os

bind = os.environ.get("DESK_BIND", "127.0.0.1:8400")
worker_class = "gthread"
workers = int(os.environ.get("DESK_WEB_WORKERS", "1"))
threads = int(os.environ.get("DESK_WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 5
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
# gunicorn 27 would open a control socket in the home folder.
control_socket_disable = True
# Addresses of pages may hold search words about people: no access log.
accesslog = None
errorlog = "-"
loglevel = "warning"
forwarded_allow_ips = os.environ.get("DESK_FORWARDED_ALLOW_IPS", "127.0.0.1")
