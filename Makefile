# Every target sets up what it needs; a second run finds it done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export TF_CPP_MIN_LOG_LEVEL ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test test-serving test-slow test-times lint stubs docs links release accuracy claims bench bench-quick clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[recipes]'
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

demo: $(VENV)/.installed  ## train on Japanese Vowels, export, query and verify the export without seqkit
	$(BIN)/python -m recipes.series_classification --output runs/demo --overwrite --export saved_models/japanese_vowels
	$(BIN)/python -m recipes.query_export saved_models/japanese_vowels --request runs/demo/request.json
	$(BIN)/python -m seqkit.serving verify saved_models/japanese_vowels

# Examples in docstrings have processes of their own, as what TensorFlow compiles for a test it keeps.
test: $(VENV)/.installed-test  ## run the tests
	$(BIN)/python -m pytest -n 2 tests
	$(BIN)/python -m pytest -n 2 seqkit

test-slow: $(VENV)/.installed-test  ## run the tests that train for minutes or take long
	$(BIN)/python -m pytest -m "slow and not docker"

test-serving: $(VENV)/.installed-test  ## run the tests against TensorFlow Serving's container: needs docker
	docker info --format '{{.ServerVersion}}'
	$(BIN)/python -m pytest -m docker -rs tests/serving/test_container.py

# The list keeps `make test` short: what takes seconds by itself is run by `make test-slow`.
test-times: $(VENV)/.installed-test  ## measure the tests, and list those that are slow
	rm -f .test_times
	SEQKIT_TEST_TIMES=$(CURDIR)/.test_times $(BIN)/python -m pytest -n 2 -m "not docker and (listed or not slow)"
	$(BIN)/python -m tools.slow_tests .test_times
	rm -f .test_times

lint: $(VENV)/.installed-test  ## check style, types, and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

stubs: $(VENV)/.installed-test  ## write the stubs that editors and type checkers read
	$(BIN)/python -m tools.stubs

$(VENV)/.installed-docs: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

# No network but the package index, which serves the data of the examples once.
docs: $(VENV)/.installed-docs  ## build the documentation site in docs/_build/html, warnings as errors
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

links: $(VENV)/.installed-docs  ## follow the documentation's links to other sites: needs the network
	$(BIN)/python -m sphinx -b linkcheck -D plot_gallery=0 docs docs/_build/links

$(VENV)/.installed-release: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check build twine check-wheel-contents
	@touch $@

# The wheel is tried as a stranger would: alone in a new environment, with no extra.
release: $(VENV)/.installed-release  ## build the distributions in dist/, check them, and try the wheel
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/check-wheel-contents dist/*.whl
	rm -rf dist/.fresh && $(PYTHON) -m venv dist/.fresh
	dist/.fresh/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	$(BIN)/python -m tools.strangers_walk dist/.fresh/bin/python
	rm -rf dist/.fresh

accuracy: $(VENV)/.installed  ## print the tables of accuracies, over seeds: five hours
	for cell in lstm peephole_lstm gru; do \
	  $(BIN)/python -m recipes.series_classification --cell $$cell --seeds 5 \
	    --output runs/accuracy_$$cell --overwrite || exit 1; \
	done
	$(BIN)/python -m recipes.text_classification --seeds 3 --output runs/accuracy_snippets --overwrite
	$(BIN)/python -m recipes.text_classification --dataset r8 --seeds 2 --output runs/accuracy_r8 --overwrite
	$(BIN)/python -m recipes.tagging --compare --seeds 2 --epochs 6 --batch-size 64 \
	  --learning-rate 0.003 --learning-rate-schedule constant --embedding-dim 128 \
	  --max-length none --n-iter-no-change 2 --output runs/accuracy_tagging --overwrite
	$(BIN)/python -m recipes.translation --preset standard --seeds 3 --compare \
	  --output runs/accuracy_translation --overwrite
	$(BIN)/python -m recipes.translation --preset full --output runs/accuracy_translation_full --overwrite
	$(BIN)/python -m recipes.dates --seeds 3 --output runs/accuracy_dates --overwrite
	$(BIN)/python -m recipes.forecasting --seeds 1 --output runs/accuracy_tourism --overwrite
	$(BIN)/python -m recipes.forecasting --dataset m3 --seeds 1 --output runs/accuracy_m3 --overwrite
	$(BIN)/python -m recipes.pronunciation --compare --output runs/accuracy_pronunciation_cells --overwrite
	$(BIN)/python -m recipes.pronunciation --preset full --output runs/accuracy_pronunciation --overwrite

claims: $(VENV)/.installed  ## write the pages of what cells can learn, beside the papers' figures: an hour
	for recipe in gradient_flow long_lags counting timing cell_comparison; do \
	  $(BIN)/python -m recipes.$$recipe --overwrite --report docs/results/$$recipe.md || exit 1; \
	done

bench: $(VENV)/.installed-bench  ## print the tables of speed and memory
	$(BIN)/python -m benchmarks.defaults
	$(BIN)/python -m benchmarks.layers
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.engines
	$(BIN)/python -m benchmarks.many_fits
	$(BIN)/python -m benchmarks.small_fits
	$(BIN)/python -m benchmarks.prediction
	$(BIN)/python -m benchmarks.exports
	$(BIN)/python -m benchmarks.serving --minutes 2
	$(BIN)/python -m benchmarks.gradient_monitor
	$(BIN)/python -m benchmarks.bucketing
	$(BIN)/python -m benchmarks.decoding
	$(BIN)/python -m benchmarks.translation_training
	$(BIN)/python -m benchmarks.stream_memory
	$(BIN)/python -m benchmarks.forecasting

bench-quick: $(VENV)/.installed-bench  ## print what a change does to speed, in five minutes
	$(BIN)/python -m benchmarks.quick

clean:  ## remove the environment and what was generated
	rm -rf $(VENV) runs dist docs/_build docs/api docs/gallery
