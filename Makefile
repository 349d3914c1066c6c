# What a newcomer runs: `make run` to see it work, `make test` to see it proved.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed

.PHONY: install ui run test lint bench bench-console bench-guardrails bench-knowledge soak dist lock shapes coverage clients

install: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Craton needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: install ui  ## the server with a real model, its first credentials and a first answer
	@$(BIN)/craton pull
	@$(BIN)/craton serve --hello

test: install ui clients
	@if test -e $(NODE_MODULES); then cd ui && npm run --silent check; fi
	$(BIN)/pytest

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/python -m tools.shapes --check
	$(BIN)/pytest --quiet tests/architecture

bench: install  ## measure, and write the table into docs/benchmarks.md; LITELLM=path compares with that proxy too
	$(BIN)/python -m bench $(LITELLM)

bench-guardrails: install  ## judge the regression set, and write the figures into docs/guardrails-figures.md
	$(BIN)/python -m bench.guardrails

bench-console: install ui  ## measure the console in Chromium, and write the figures into docs/console-figures.md
	$(BIN)/python -m bench.console

bench-knowledge: install  ## ask knowledge bases, and write the figures into docs/knowledge-figures.md
	$(BIN)/python -m bench.knowledge

soak: install  ## kill, fill, stop and overload for an hour, and write the figures into docs/steadiness.md
	$(BIN)/python -m soak

shapes: install  ## generate craton/shapes anew from the service models
	$(BIN)/python -m tools.shapes

coverage: install  ## generate docs/coverage.md anew
	$(BIN)/craton coverage --markdown > docs/coverage.md

lock:  ## write requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --all-extras --group dev \
	  --no-header --no-emit-index-url --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-header --no-emit-index-url --output-file tests/clients/aws.lock tests/clients/aws.in
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-header --no-emit-index-url --output-file tests/clients/python.lock tests/clients/python.in
	cd tests/clients/js && npm install --package-lock-only --omit-lockfile-registry-resolved

clients: .clients/aws/.installed .clients/python/.installed .clients/js/.installed  ## other vendors' clients, for tests/clients

.clients/aws/.installed .clients/python/.installed: .clients/%/.installed: tests/clients/%.lock
	rm -rf $(@D)
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

.clients/js/.installed: tests/clients/js/package-lock.json tests/clients/js/package.json
	@mkdir -p $(@D)
	cp tests/clients/js/package.json tests/clients/js/package-lock.json $(@D)
	@if command -v npm >/dev/null; then cd $(@D) && npm ci --silent && touch .installed; \
	  else echo "There is no npm here: the tests of the JavaScript SDK will be skipped."; fi

CONSOLE := craton/console/index.html
NODE_MODULES := ui/node_modules/.installed

ui: install $(CONSOLE)  ## the console, for the server and the wheel

$(NODE_MODULES): ui/package-lock.json ui/package.json
	@if command -v npm >/dev/null; then cd ui && npm ci --no-audit --no-fund --silent && touch ../$@; \
	  else echo "There is no npm here: the console is left out, and its tests will be skipped."; fi

$(CONSOLE): $(NODE_MODULES) $(shell find ui -path ui/node_modules -prune -o -type f -not -name shapes.ts -print) \
  $(shell find craton/admin/data -type f)
	@if test -e $(NODE_MODULES); then cd ui && npm run --silent build; fi

dist: install ui  ## a wheel in dist/
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation
