# Every target sets up what it needs. `make PYTHON=python3.12 test` picks another interpreter.
PYTHON ?= python3
JOBS ?= 2
# Workers that may not keep what they compiled compile pytest's plugins and all tests each time, which takes longer than collecting them.
PYTEST := PYTHONDONTWRITEBYTECODE= .venv/bin/pytest

BIN := .venv/bin
LOCKED := .venv/.locked
READY := .venv/.ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench fuzz simulate docs lock clean rebuild

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(READY) ## the whole way on sample_data, each command shown
	@./docs/demo.sh

test: $(READY) ## the quick tests
	@$(PYTEST) -n $(JOBS) --dist worksteal -q

# Tests that need pyspark and Java, or playwright, run where those are found.
check: $(READY) ## everything CI runs: lint, format, types, floors, all tests with coverage
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "make check: run '$(BIN)/ruff format'" >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >.venv/floors.log 2>&1 || { cat .venv/floors.log >&2; exit 1; }
	@marks="not bench"; \
	$(BIN)/python -c 'import pyspark' 2>/dev/null && command -v java >/dev/null || marks="$$marks and not spark"; \
	$(BIN)/python -c 'import playwright' 2>/dev/null || marks="$$marks and not browser"; \
	$(PYTEST) -n $(JOBS) --dist worksteal -q -m "$$marks" --cov --cov-report=

bench: $(READY) ## times and peak memory beside sqlite3 .import, and of nights beside SQL by hand
	@$(BIN)/python bench/imports.py
	@$(BIN)/python bench/night.py --thousand --third
	@$(BIN)/python bench/outreach.py

fuzz: $(READY) ## new random rules against the oracle, and 300,000 spoilt playbooks: findings, but no crash and no hang
	@PDO_FUZZ=$(WORLDS) $(BIN)/pytest -q -n $(JOBS) -m slow tests/property/test_engine_is_oracle.py
	@$(BIN)/python -m tests.property.fuzz $(COUNT)

simulate: $(READY) ## a year of a shop with crashes (DAYS=, CUSTOMERS=, CRASHES=), checked by what knows nothing of the program
	@$(BIN)/python -m tests.simulate

docs: $(READY) ## the generated parts of docs/
	@$(BIN)/python docs/build.py

lock: ## work the locked versions out anew (needs the network)
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install -qq 'uv>=0.13,<0.14'; }
	@.venv-lock/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --upgrade --quiet --no-annotate --custom-compile-command 'make lock' -o requirements.lock

clean: ## remove everything that make has made
	@rm -rf .venv .venv-lock build dist htmlcov .coverage .coverage.* .hypothesis
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment knows its own path: one that was copied or moved is made anew.
ifneq ($(shell cat $(LOCKED) 2>/dev/null),$(CURDIR))
$(LOCKED): rebuild
endif

$(LOCKED): requirements.lock
	@$(PYTHON) -c '' 2>/dev/null || { \
	  echo "pdo: '$(PYTHON)' does not run; install Python 3.11 or newer (apt install python3 python3-venv) or say make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "pdo: needs Python 3.11 or newer, '$(PYTHON)' is $$($(PYTHON) -V 2>&1); say make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "pdo: '$(PYTHON)' cannot make virtual environments; remedy: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv (once, about a minute) ..." >&2
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@echo '$(CURDIR)' >$@

$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
