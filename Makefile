# `make help` lists every target that has "##" words behind it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
DATA := $(or $(DATA_DIR),var)

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# A machine that keeps no bytecode pays ten seconds for every start.
unexport PYTHONDONTWRITEBYTECODE
# Behind a company's proxy the machine knows whom to trust, and Node and uv on their own do not.
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(CERTIFICATES),)
export NODE_EXTRA_CA_CERTS ?= $(CERTIFICATES)
export UV_SYSTEM_CERTS ?= 1
endif

# The site of `make run`: this machine only, plain http, a secret key of its own.
LOCAL := env HTTPS=off SITE_URL=http://127.0.0.1:$(PORT) SECRET_KEY_FILE=$(abspath $(DATA))/secret_key
# What a site on the internet sets: enough for the checks that look at settings and ask no server.
PRODUCTION := env -u DEBUG -u HTTPS SECRET_KEY=$$(python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	DATABASE_URL=postgres://segue@db/segue REDIS_URL=redis://redis/0 \
	SITE_URL=https://segue.example ALLOWED_HOSTS=segue.example
MANAGE := python manage.py

.PHONY: help run test test-sqlite lint check format build manage bench prove pins clean \
	python python-dev node front-end secret-key world test-packages

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build world ## Serve the site with its demo world at http://127.0.0.1:8000 (PORT=8123 serves elsewhere)
	@exec $(LOCAL) $(MANAGE) serve --port $(PORT)

test: python-dev test-packages front-end ## Run every test, on PostgreSQL, Redis and Chromium
	@NODE_OPTIONS=--test-reporter=spec npm test --silent
	@pytest -n $(JOBS)

test-sqlite: python-dev test-packages front-end ## Run what asks a database once more, on SQLite
	@pytest -n $(JOBS) --sqlite

lint: python-dev front-end ## Check format, style, types, imports, migrations, API schema, deployment and docs
	@echo "==> Format and style"
	@ruff format --check --quiet . || { echo "Some files are out of shape: make format"; exit 1; }
	@ruff check --quiet .
	@djade --check --target-version 5.2 $$(find templates -name '*.html')
	@echo "==> Types"
	@mypy
	@echo "==> Who imports whom"
	@lint-imports --no-logo
	@echo "==> Migrations, API schema, deployment"
	@$(PRODUCTION) DATABASE_URL=sqlite://:memory: $(MANAGE) makemigrations --check --dry-run
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	@$(PRODUCTION) $(MANAGE) spectacular --validate --fail-on-warn --file /dev/null
	@echo "==> Docs"
	@pytest --no-services --quiet tests/test_docs.py tests/test_architecture.py

check: lint test test-sqlite ## Everything that CI runs

format: python-dev ## Put code and templates into shape
	ruff check --fix --quiet . || true
	ruff format --quiet .
	djade --target-version 5.2 $$(find templates -name '*.html') || true

build: front-end ## Build the front end and gather the static files
	@make/once $(DATA)/static/.stamp "Gathering static files" static/dist/manifest.json static/public requirements.txt -- \
		env DEBUG=on $(MANAGE) collectstatic --clear --noinput --verbosity 0 --ignore '*.map' --ignore 'redoc*'

manage: python secret-key ## Run a command of the local site, as in: make manage DO="createsuperuser"
	@$(LOCAL) $(MANAGE) $(or $(DO),help)

bench: python-dev ## Measure the engine on the machine at hand
	python -m recommendations.engine.benchmark.real
	python -m recommendations.engine.benchmark.newcomers
	python -m recommendations.engine.cold --folder
	python -m recommendations.engine.benchmark.speed --set hetrec --times 3
	python -m recommendations.engine.benchmark.speed
	python -m recommendations.engine.benchmark.speed --scale
	python -m recommendations.engine.serving_speed

prove: python-dev test-packages build world ## Prove the larger promises: losses, load, Lighthouse (takes long)
	pytest -m prove
	pytest -m prove --sqlite tests/jobs/test_kills.py
	PICTURES=1 pytest -n $(JOBS) tests/browser
	python -m recommendations.engine.benchmark.speed --growth
	make/lighthouse

pins: python ## Write requirements*.txt anew from pyproject.toml (UP=--upgrade takes newer versions)
	@pin() { uv pip compile --quiet --no-annotate --python-version 3.11 --custom-compile-command "make pins" $(UP) "$$@"; }; \
	pin pyproject.toml --output-file requirements.txt; \
	pin pyproject.toml --group dev --output-file requirements-dev.txt; \
	pin --group node --output-file requirements-node.txt

clean: ## Remove all that was installed or built; the data in var/ stays
	rm -rf .venv node_modules static/dist $(DATA)/static test-results .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# The steps behind the commands

python:
	@make/python requirements.txt

python-dev:
	@make/python requirements-dev.txt

node: python
	@make/node

front-end: node
	@make/once node_modules/.stamp "Installing the packages of the front end" package.json package-lock.json -- \
		npm ci --loglevel=error --no-audit --no-fund --no-update-notifier
	@make/once static/dist/.stamp "Building the front end" package-lock.json vite.config.js static templates -- \
		npm run build --silent -- --logLevel warn

secret-key:
	@mkdir -p $(DATA)
	@[ -s $(DATA)/secret_key ] || ( umask 077; head -c 48 /dev/urandom | base64 -w 0 > $(DATA)/secret_key.new; \
		mv $(DATA)/secret_key.new $(DATA)/secret_key )

world: python secret-key
	@[ -s $(DATA)/segue.sqlite3 ] || rm -f $(DATA)/stamps/*
	@make/once $(DATA)/stamps/tables "Preparing the database" requirements.txt $(wildcard */migrations) -- \
		$(LOCAL) $(MANAGE) migrate --verbosity 0
	@make/once $(DATA)/stamps/demo "Making the demo world and its first model" musicsite/demo $(wildcard */migrations) -- \
		$(LOCAL) $(MANAGE) demo

test-packages:
	@make/packages initdb=postgresql redis-server=redis-server /usr/bin/chromium=chromium \
		/usr/share/fonts/truetype/liberation=fonts-liberation
