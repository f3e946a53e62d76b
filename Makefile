# Everything a fresh machine with Python 3.11+ needs; `make help` lists it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= out
PYTEST_OPTIONS ?=

export HF_HUB_OFFLINE = 1
export PYANNOTE_METRICS_ENABLED = 0

.PHONY: help setup demo test check bench serve samples clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: $(VENV)/.installed ## a virtual environment with the engine and its tools

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) (once, about two minutes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

demo: setup ## score the two sample days, print the tables, write the reports
	@mkdir -p $(OUT)
	$(BIN)/qa-engine --db $(OUT)/demo_en.db records import samples/day_en/Master.csv --time-zone Europe/London
	$(BIN)/qa-engine --db $(OUT)/demo_en.db score samples/day_en --scorecard scorecards/phone_en.yaml || test $$? -eq 3
	$(BIN)/qa-engine --db $(OUT)/demo_en.db report --format html -o $(OUT)/report_en.html
	$(BIN)/qa-engine --db $(OUT)/demo_ru.db records import samples/day_ru/Master.csv --time-zone Europe/Moscow
	$(BIN)/qa-engine --db $(OUT)/demo_ru.db score samples/day_ru --scorecard scorecards/phone_ru.yaml || test $$? -eq 3
	$(BIN)/qa-engine --db $(OUT)/demo_ru.db report --format html -o $(OUT)/report_ru.html
	$(BIN)/qa-engine --db $(OUT)/demo_ru.db records compare
	@echo; echo "Open the reports: $(OUT)/report_en.html and $(OUT)/report_ru.html"

test: setup ## all tests that can run on this machine; the others say why they are skipped
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

check: setup ## lint, format, types, import contracts, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell

bench: setup ## accuracy and speed, one row per measurement
	$(BIN)/python -m tests.benchmark

serve: setup ## the review desk of the demo day in the browser
	@test -f $(OUT)/demo_en.db || $(MAKE) demo
	$(BIN)/qa-engine --db $(OUT)/demo_en.db serve

samples: setup ## build the sample days again (needs the Debian packages named in samples/README.md)
	$(BIN)/python samples/make_samples.py

clean: ## remove what demo, test and check left
	rm -rf $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
