# Two stages: the first has what it needs to install, the second only what runs.
ARG BASE=python:3.11.14-slim-bookworm
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/run.lock /tmp/run.lock
RUN python -m venv /opt/desk \
 && /opt/desk/bin/pip install --require-hashes --only-binary :all: -r /tmp/run.lock

FROM ${BASE}
ENV PATH=/opt/desk/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DESK_PRODUCTION=1 DESK_VAR_DIR=/var/lib/desk DESK_BIND=0.0.0.0:8400
COPY --from=build /opt/desk /opt/desk
WORKDIR /srv/desk
COPY manage.py ./
COPY locale ./locale
COPY static ./static
COPY templates ./templates
COPY departments ./departments
COPY channels_sns ./channels_sns
COPY complaints ./complaints
COPY busan_sns ./busan_sns
RUN groupadd --gid 10001 desk && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/desk desk \
 && install -d -o 10001 -g 10001 /var/lib/desk /var/lib/desk/media \
 && SECRET_KEY=only-for-collecting DESK_FIELD_KEYS=unused DESK_VAR_DIR=/tmp/build DESK_STATIC_DIR=/srv/desk/collected \
    python manage.py collectstatic --noinput --verbosity 0 \
 && rm -rf /tmp/build
ENV DESK_STATIC_DIR=/srv/desk/collected
USER 10001:10001
VOLUME /var/lib/desk
EXPOSE 8400
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-m", "busan_sns.probe"]
CMD ["gunicorn", "-c", "python:busan_sns.gunicorn_conf", "busan_sns.wsgi:application"]
