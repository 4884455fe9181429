# Contact Line's workshop. A bare machine needs make and python3 (3.11 or later) with its venv module.
#
#   make run      the page on http://localhost:8050 (PORT=9000 for another port, SOURCE=file.csv for other events)
#   make test     every test, those in a real browser included
#   make bench    the figures of speed, weight and memory
#   make help     all there is

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CODE := geodata events dashboard tests tools

.DEFAULT_GOAL := help
# A browser draws on all processors: its tests run after the others, and one after the other.
.NOTPARALLEL:
.PHONY: help run test quick browser bench hostile score lint format types pins plotly clean

help: ## What there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: $(VENV)/run.stamp ## Serve the page; prints its address
	@exec $(BIN)/contact-line serve $(SOURCE)

test: quick browser ## Every test; finds a Chromium and a PostgreSQL or installs them

quick: $(VENV)/dev.stamp ## The tests that need no browser, in as many processes as there are processors
	@$(BIN)/python -m tools.postgres --install
	$(BIN)/python -m pytest --ignore=tests/browser --numprocesses=logical --maxprocesses=4 --dist=loadfile

browser: $(VENV)/dev.stamp ## The tests in a real browser alone
	@$(BIN)/python -m tools.chromium --install
	$(BIN)/python -m pytest tests/browser

bench: $(VENV)/dev.stamp ## Speed, weight and memory against their targets
	@$(BIN)/python -m tools.chromium --install
	$(BIN)/python -m tests.bench

hostile: $(VENV)/dev.stamp ## Ten thousand mutated files: counts, slowest, peak memory
	$(BIN)/python -m tests.events.hostile 10000

score: $(VENV)/run.stamp ## How well the coder codes, against hand codings
	@$(BIN)/python -m tools.score

lint: $(VENV)/dev.stamp ## Style and likely mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/dev.stamp ## Put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/dev.stamp ## Strict types
	$(BIN)/mypy

pins: ## Write requirements.txt anew from the newest versions that pyproject.toml allows
	@rm -rf .tools/pins
	@$(PYTHON) -m venv .tools/pins
	.tools/pins/bin/pip install --quiet --disable-pip-version-check .
	@echo "# What the page runs on, exactly. To renew: make pins, then make test." > requirements.txt
	.tools/pins/bin/pip freeze --exclude contact-line | sed 's/^backports.zstd==.*/&; python_version < "3.14"/' >> requirements.txt

plotly: ## Write dashboard/vendor anew: the map's library with what the page draws alone (needs Node.js and npm)
	@mkdir -p .tools/plotly
	@cp tools/plotly/* .tools/plotly/
	cd .tools/plotly && npm install --no-package-lock --no-audit --no-fund --silent
	@cd .tools/plotly && node node_modules/esbuild/install.js
	cd .tools/plotly && node build.mjs ../../dashboard/vendor

clean: ## Take away everything that was made
	rm -rf $(VENV) .tools build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find $(CODE) -name __pycache__ -prune -exec rm -rf {} +

# The stamps say for which pyproject.toml and requirements.txt the environment was made.
$(VENV)/run.stamp: pyproject.toml requirements.txt
	@$(PYTHON) -m tools.ready
	@echo "Making the environment in $(VENV); the first time this takes about a minute."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.txt -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	@echo "Adding what the tests need."
	@$(BIN)/pip install --quiet --disable-pip-version-check -c requirements.txt -e '.[dev]'
	@touch $@
