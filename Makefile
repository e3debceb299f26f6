# Two commands for a fresh machine: `make run` shows what Brightline does, `make test` shows that it holds.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint types layers law mutate fuzz wheel bench docs pages lock spark fmt clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/' | awk -F: '{printf "  make %-8s%s\n", $$1, $$2}'

setup: $(VENV)/ready  ## make .venv with .venv/bin/brightline

$(VENV)/ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Brightline needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: setup  ## answer a request, hold a short interview, replay the Pennsylvania detainers
	@$(BIN)/python -m brightline.cli.tour

test: setup  ## run the tests
	$(BIN)/python -m pytest

check: test lint types layers law mutate docs wheel  ## everything that CI runs

lint: setup  ## ruff: format and lint
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks

types: setup  ## mypy, strict, on the engine
	$(BIN)/mypy

layers: setup  ## import-linter: the direction between rooms
	$(BIN)/lint-imports --no-cache

law: setup  ## the law files: findings and layout
	$(BIN)/brightline law check
	$(BIN)/brightline law fmt --check

mutate: setup  ## whether a scenario sees each change of the law that alters an answer
	$(BIN)/brightline law mutate

fuzz: setup  ## a bounded run of the fuzzers
	$(BIN)/python tests/fuzz/fuzz_expressions.py -runs=20000 -max_total_time=30
	$(BIN)/python tests/fuzz/fuzz_lawfile.py -runs=20000 -max_total_time=30

wheel: setup  ## build the wheel, install it in a clean place and smoke it
	bash tests/wheel.sh

bench: $(VENV)-bench/ready  ## speed, side by side in one run
	$(VENV)-bench/bin/python -m benchmarks

$(VENV)-bench/ready: requirements/bench.txt
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

docs: setup  ## check that generated pages are current
	$(BIN)/python docs/generate.py --check

pages: setup  ## write the generated pages anew
	$(BIN)/python docs/generate.py

lock: setup  ## write requirements/*.txt anew
	$(COMPILE) --extra replay --extra guard --extra reports --extra fast --extra charts --extra postgres --extra solver --group test --group browser --group lint --group fuzz --group build --group lock -o requirements/dev.txt
	$(COMPILE) --extra replay --extra guard --extra fast --extra solver --extra spark --group bench --group build -o requirements/bench.txt
	$(COMPILE) --extra replay -o requirements/core.txt
	$(COMPILE) --extra spark --constraint requirements/dev.txt -o requirements/spark.txt

spark: setup  ## add PySpark, which is large, to .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt

fmt: setup  ## format the code and the law files
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks
	$(BIN)/brightline law fmt

clean:  ## remove what was made
	rm -rf $(VENV) $(VENV)-bench dist build .mypy_cache .ruff_cache .hypothesis .pytest_cache
