# Two commands for a newcomer: `make run` and `make test`. Each works on a fresh machine.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check sweep bench interop fuzz translations clean chromium

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PINNED := setup.cfg pyproject.toml constraints.txt
CHROMIUM := $(shell command -v chromium || command -v chromium-browser)
WORKERS ?= 2
SECONDS_TO_FUZZ ?= 120

# need PROGRAM-OR-CHECK, PACKAGE: install what the system lacks when root, otherwise say it in one sentence
need = $(1) >/dev/null 2>&1 || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(2) >/dev/null; \
	else echo "Il manque $(2) : installez-le (apt-get install $(2)), puis relancez." >&2; exit 1; fi; }

help:
	@echo "make run      start Jalon with its demo on http://localhost:8000"
	@echo "make test     every test, on SQLite and PostgreSQL, in a real browser"
	@echo "make check    style, types, import contracts, translations"
	@echo "make sweep    every page in every width, theme and language"
	@echo "make interop  other implementations verify our badges, and we theirs"
	@echo "make bench    us and our peers, timed alternating, as the table in README.md"
	@echo "make fuzz     bytes of all kinds thrown at the verifier"

$(VENV)/bin/python:
	@[ -n "$(PYTHON)" ] || { $(call need,command -v python3,python3 python3-venv); }
	@p="$(PYTHON)"; p="$${p:-python3}"; $(call need,$$p -c 'import ensurepip$(comma) venv',python3-venv); $$p -m venv $(VENV)

comma := ,

$(VENV)/.run: $(VENV)/bin/python $(PINNED)
	@echo "Installation des bibliothèques (une minute la première fois)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . 
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

chromium:
	@$(call need,command -v chromium || command -v chromium-browser,chromium)

run: $(VENV)/.run
	@exec $(BIN)/jalon serve --demo

test: $(VENV)/.dev chromium
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not sweep"

sweep: $(VENV)/.dev chromium
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) -m sweep

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python tests/house/translations.py

translations: $(VENV)/.dev
	@$(BIN)/python tests/house/translations.py --update

interop: $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[interop]'
	@$(call need,command -v node,nodejs npm)
	@tests/interop/run.sh

bench: $(VENV)/.dev
	@$(call need,command -v node,nodejs npm)
	@$(BIN)/python bench/run.py --write

fuzz: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris==3.0.0
	@$(BIN)/python -m tests.fuzz.run $(SECONDS_TO_FUZZ)

clean:
	rm -rf $(VENV) build *.egg-info
