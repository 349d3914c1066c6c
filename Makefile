# What a newcomer runs: `make run` to see it work, `make test` to see it proved.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed

.PHONY: install run test lint bench dist lock shapes coverage clients clean

install: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Craton needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: install
	$(BIN)/craton serve --hello

lock:  ## write requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --all-extras --group dev \
	  --no-header --no-emit-index-url --output-file requirements.lock pyproject.toml
