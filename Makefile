# Sporen's commands. Each makes its own virtual environment; nothing is installed outside this folder, nothing as root.

PYTHON ?= $(shell for each in python3.13 python3.12 python3.11 python3; do \
	if "$$each" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
	then command -v "$$each"; break; fi; done)

VENV := .venv
BENCH_VENV := build/bench-venv
DEMO := build/demo
SPOREN := $(VENV)/bin/sporen
RUN := $(VENV)/bin/python -m
DECLARED := setup.cfg pyproject.toml forensics/__init__.py
BENCH_MESSAGES ?= 1000000
BENCH_WORK ?= build/bench

export SPOREN_HOME ?= $(CURDIR)/build/home
export PIP_DISABLE_PIP_VERSION_CHECK = 1
unexport PYTHONDONTWRITEBYTECODE  # each of many processes would compile the program anew

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-full full lint bench wheelhouse clean

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '  %-16s %s\n' "$$name" "$$text"; done

# --- Virtual environments ---------------------------------------------------------------------------------------

define make_venv
	@[ -n "$(PYTHON)" ] || { echo "Sporen needs Python 3.11 or newer with its venv module (on Debian and Ubuntu:" \
		"python3-venv). Install it, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(1)/bin/python" -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear "$(1)"
endef

$(VENV)/stamp-plain: $(DECLARED)
	$(call make_venv,$(VENV))
	$(VENV)/bin/python -m pip install -q -e .
	@touch $@

$(VENV)/stamp-test: $(DECLARED)
	$(call make_venv,$(VENV))
	$(VENV)/bin/python -m pip install -q -e '.[test]'
	@touch $@ $(VENV)/stamp-plain

$(BENCH_VENV)/stamp: $(DECLARED)
	$(call make_venv,$(BENCH_VENV))
	$(BENCH_VENV)/bin/python -m pip install -q -e '.[bench]'
	@touch $@

# --- The demonstration ------------------------------------------------------------------------------------------

demo: export SPOREN_HOME = $(CURDIR)/$(DEMO)/home
demo: $(VENV)/stamp-plain  ## Make an invented phone and go from evidence to report
	rm -rf $(DEMO)
	$(VENV)/bin/python fixtures/demo/make_demo.py $(DEMO)/phone
	$(SPOREN) new $(DEMO)/case --number DEMO-001 --examiner "A. Examiner" --organisation "Demonstration" \
		--exhibit DEMO.01 --authority prosecutor:DEMO-AUTH-1:2026-10-15 --language nl
	$(SPOREN) ingest $(DEMO)/case $(DEMO)/phone
	@echo "$(SPOREN) flags $(DEMO)/case   (the first of them)"
	@COLUMNS=160 $(SPOREN) flags $(DEMO)/case >$(DEMO)/flags.txt && sed -n 1,12p $(DEMO)/flags.txt
	$(SPOREN) report $(DEMO)/case -o $(DEMO)/delivery
	$(SPOREN) verify $(DEMO)/case --evidence $(DEMO)/phone
	$(SPOREN) verify $(DEMO)/delivery
	@echo
	@echo "The report:   $(DEMO)/delivery/data/report.pdf"
	@echo "Its pages:    $(DEMO)/delivery/data/html/index.html"
	@echo "The flags:    $(DEMO)/flags.txt"
	@echo "The case:     $(DEMO)/case (try: $(SPOREN) search $(DEMO)/case lijst)"
	@echo "To review it: $(SPOREN) review $(DEMO)/case"

# --- Checks -----------------------------------------------------------------------------------------------------

lint: $(VENV)/stamp-test  ## Format, lint and types
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy

test: lint  ## Format, lint, types and the tests, but the slow ones
	$(RUN) pytest -m "not full" -n auto --dist loadfile --no-loadscope-reorder

test-full: test full  ## All of `make test`, then the slow suites too

# pytest answers 5 when nothing is marked `full`: that is not a failure.
full: $(VENV)/stamp-test
	@$(RUN) pytest -m full || { code=$$?; [ $$code -eq 5 ] && echo "No suite is marked full."; }

bench: $(BENCH_VENV)/stamp  ## Measure Sporen, its yardsticks and another exporter (BENCH_MESSAGES=1000000)
	$(BENCH_VENV)/bin/python benchmarks/run.py --messages $(BENCH_MESSAGES) --work $(BENCH_WORK) --exporter --markdown

# --- Offline workstations ---------------------------------------------------------------------------------------

wheelhouse: $(VENV)/stamp-plain  ## Collect all wheels for offline Windows, Linux and macOS workstations
	$(VENV)/bin/python install/wheelhouse.py wheelhouse

clean:  ## Remove what the other commands made
	rm -rf build dist wheelhouse $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
