# 톡톡부산 민원데스크. Needs only python3 (>= 3.11, with venv), make and git; uv is used when it is there, else fetched into .tools/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY ?= python3
PORT ?= 8400
SANDBOX_PORT ?= 8401
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
export UV_PYTHON_DOWNLOADS := never
PACKAGES := busan_sns complaints channels_sns departments tests bench

.PHONY: help run test test-bluesky check format bench screenshots messages faults lock licences clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.tools/bin/uv:
	$(PY) -m venv .tools
	.tools/bin/pip install -q --disable-pip-version-check uv

$(BIN)/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 이상이 필요합니다 / Python 3.11 or newer is needed (PY=python3.11 make run)' >&2; exit 1; }
	@$(PY) -c 'import ensurepip' 2>/dev/null || { echo 'venv가 없습니다 / venv is missing: apt-get install python3-venv' >&2; exit 1; }
	$(PY) -m venv $(VENV)

# What the desk needs to run. Only adds and updates: a developer's environment keeps its tools.
$(VENV)/.run: requirements/run.lock | $(BIN)/python $(filter .tools/bin/uv,$(UV))
	$(UV) pip install -q --require-hashes --python $(BIN)/python -r $<
	@touch $@

$(VENV)/.dev: requirements/dev.lock | $(BIN)/python $(filter .tools/bin/uv,$(UV))
	$(UV) pip sync -q --require-hashes --python $(BIN)/python $<
	@touch $(VENV)/.run $@

run: $(VENV)/.run ## start everything here: sandbox, web, worker (PORT=8400 SANDBOX_PORT=8401)
	@exec $(BIN)/python manage.py desk --port $(PORT) --sandbox-port $(SANDBOX_PORT)

test: $(VENV)/.dev ## all tests (ARGS="-k word"); DATABASE_URL and REDIS_URL choose real services
	$(BIN)/python -m pytest $(ARGS)

test-bluesky: $(VENV)/.dev ## Bluesky's own services against our adapter (needs PostgreSQL, Redis, Node 20; fetches 360 MB once)
	$(BIN)/python -m tests.peers.install bluesky
	DESK_BLUESKY=1 DESK_REQUIRE_PEERS=1 $(BIN)/python -m pytest -q tests/peers/test_bluesky_network.py $(ARGS)

check: $(VENV)/.dev ## format, lint, types, imports, settings, migrations, texts, Docker files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/hadolint Dockerfile
	$(BIN)/python -m pytest -q -n 2 tests/house

format: $(VENV)/.dev ## let ruff format and mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## measure: burst, lists, delivery
	$(BIN)/python -m bench $(ARGS)

screenshots: $(VENV)/.dev ## docs/screenshots from a running demo, in Chromium
	$(BIN)/python -m tests.screenshots $(ARGS)

messages: $(VENV)/.dev ## collect the texts for translation and compile them (needs gettext)
	$(BIN)/python -m tests.messages

faults: $(VENV)/.dev ## the long run of kills and resets; prints lost and doubled
	DESK_FAULT_TRIALS=$${DESK_FAULT_TRIALS:-320} $(BIN)/python -m pytest -q -s tests/faults $(ARGS)

lock: $(VENV)/.dev ## renew requirements/*.lock from pyproject.toml
	$(UV) pip compile -q --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements/run.lock
	$(UV) pip compile -q --upgrade --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --group dev -o requirements/dev.lock

licences: $(VENV)/.dev ## docs/licences.md from the installed packages
	$(BIN)/python -m tests.licences

clean: ## forget the environment and the demo data
	rm -rf $(VENV) .tools var
