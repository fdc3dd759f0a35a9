# Every verb sets up what it needs: the stamp is older than pyproject.toml or requirements.lock
# only until the next command. Nothing is installed outside .venv.

# The first Python that is new enough; say PYTHON=/path/to/python for another.
PYTHON ?= $(or $(shell for name in python3 python3.13 python3.12 python3.11; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done),python3)
SHOP ?= data/sample
PERIOD ?=
QUOTES ?=
DIR ?= data/sample
SEED ?= 2026
SCALE ?= 1
WORKERS ?= 2
LOCK ?= 1

VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.stamp
UV := $(shell command -v uv 2>/dev/null)

# One font cache, one backend without a screen; a path with blanks in it is fine here.
export MPLBACKEND := Agg
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/matplotlib
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
# The verbs share one environment, so `make -j2 check test` must not set it up twice.
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup lab report check-files sample test browser spark check format strip bench lock audit environment house dictionary clean

help: ## show this list
	@echo "usage: make VERB [NAME=value ...]"
	@grep -E '^[a-z][a-z-]*:.*## ' $(firstword $(MAKEFILE_LIST)) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

##  For a seller

report: $(STAMP) ## render the report of a shop (SHOP=data/sample PERIOD=2026-10 or 2026-W42 QUOTES=none)
	@$(RUN) -m feedback_analysis report "$(SHOP)" $(if $(PERIOD),--period "$(PERIOD)") $(if $(QUOTES),--quotes "$(QUOTES)")

check-files: $(STAMP) ## say what every file in a shop's folder is, and what is missing (SHOP=)
	@$(RUN) -m feedback_analysis check "$(SHOP)"

lab: $(STAMP) ## open JupyterLab on the notebook to explore with, reading the shop meanwhile (SHOP=)
	@$(RUN) -m feedback_analysis.explore "$(SHOP)" >/dev/null 2>&1 &
	@MPLBACKEND= $(RUN) -m jupyter lab --notebook-dir=. notebooks/06_explore.ipynb \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

sample: $(STAMP) ## write a sample shop (DIR=data/sample SEED=2026 SCALE=1)
	@$(RUN) -m feedback_analysis sample "$(DIR)" --seed "$(SEED)" --scale "$(SCALE)"

##  For a developer

setup: $(STAMP) ## make the environment in .venv (LOCK=0: newest versions instead of the locked ones)

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, and $(PYTHON) is older or not there. Try: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(RUN) -c '' 2>/dev/null || { echo "making $(VENV)"; \
	  $(if $(UV),"$(UV)" venv --quiet --clear --python "$(PYTHON)" $(VENV),$(PYTHON) -m venv --clear $(VENV)) \
	  || { rm -rf $(VENV); echo "Python's venv module is not whole. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }; }
	@echo "installing into $(VENV); the first time takes a minute or two"
ifeq ($(LOCK),0)
	@$(if $(UV),VIRTUAL_ENV=$(VENV) "$(UV)" pip install --quiet,$(RUN) -m pip install --quiet) --upgrade -e ".[lab,test]"
else
	@$(if $(UV),VIRTUAL_ENV=$(VENV) "$(UV)" pip install --quiet,$(RUN) -m pip install --quiet) --require-hashes -r requirements.lock \
	  || { echo "A locked version could not be installed from here. The newest allowed ones may do: make setup LOCK=0" >&2; exit 1; }
	@$(if $(UV),VIRTUAL_ENV=$(VENV) "$(UV)" pip install --quiet,$(RUN) -m pip install --quiet) --no-deps -e .
endif
	@touch $@

test: $(STAMP) ## run every test, and every notebook on the sample shop (WORKERS=2)
	@$(RUN) -m pytest -n $(WORKERS) --dist loadfile --nbval-lax --nbval-current-env --nbval-cell-timeout=120 tests notebooks

browser: $(STAMP) ## install what the tests in a browser need beside Chromium; without it they are skipped
	@$(if $(UV),VIRTUAL_ENV=$(VENV) "$(UV)" pip install --quiet,$(RUN) -m pip install --quiet) -e ".[browser]"

spark: $(STAMP) ## install what the test on a Spark cluster needs beside Java; without it that is skipped
	@$(if $(UV),VIRTUAL_ENV=$(VENV) "$(UV)" pip install --quiet,$(RUN) -m pip install --quiet) -e ".[spark]"

check: $(STAMP) ## lint, format and generated files, without changing any
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) scripts/strip_notebooks.py --check notebooks
	@$(RUN) scripts/write_environment.py --check
	@$(RUN) scripts/draw_house.py --check

format: $(STAMP) ## put code and notebooks into the agreed form
	@$(RUN) -m ruff check --fix .
	@$(RUN) -m ruff format .

strip: $(STAMP) ## take outputs out of the notebooks, save those that a test compares
	@$(RUN) scripts/strip_notebooks.py notebooks

bench: $(STAMP) ## run the benchmarks
	@set -e; for file in benchmarks/[!_]*.py; do echo "== $$file"; $(RUN) "$$file"; done

lock: $(STAMP) ## write requirements.lock from pyproject.toml again (needs uv)
	@test -n "$(UV)" || { echo "uv is needed: pip install uv" >&2; exit 1; }
	@"$(UV)" pip compile pyproject.toml --upgrade --extra lab --extra test --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements.lock

audit: ## hold the locked versions against published advisories (needs pip-audit and a network)
	@command -v pip-audit >/dev/null || { echo "pip-audit is needed: pipx install pip-audit" >&2; exit 1; }
	@pip-audit --strict --disable-pip --require-hashes -r requirements.lock

environment: $(STAMP) ## write environment.yml (for conda) from pyproject.toml again
	@$(RUN) scripts/write_environment.py

house: $(STAMP) ## draw docs/house.svg from the floors of tests/test_house.py again
	@$(RUN) scripts/draw_house.py

dictionary: $(STAMP) ## write data/README.md, the data dictionary, from the tables again
	@$(RUN) -m feedback_analysis.dictionary

clean: ## remove .venv and what the tools leave behind; never your files or reports
	@rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	@find . -name .git -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -type d -exec rm -rf {} +
