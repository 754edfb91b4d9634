# Digitscope's commands. Each sets up what it needs, once.

PYTHON := .venv/bin/python
RUNTIME := .venv/runtime-installed
DEV := .venv/dev-installed
EXPORT := .venv/export-installed
VIDEO := .venv/video-installed
SEARCH := .venv/search-installed
COMPARE := .venv/compare-installed
PACKAGE := .venv/package-installed
BUNDLE := .venv/bundle-installed
SET_UP_BY := pyproject.toml constraints.txt $(wildcard scripts/*.sh scripts/*.py)
PYTEST := $(PYTHON) -m pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal
BENCHES := $(sort $(filter-out %/bench_pictures.py %/bench_sheets.py,$(wildcard tests/bench/bench_*.py)))

.DEFAULT_GOAL := help
.PHONY: help run test check export video search bundle package proof fuzz endurance icons network screenshot bench pictures sheets clean libraries test-libraries
.NOTPARALLEL:
# Without its cache, Python compiles everything again at each start, and the tests start it often.
unexport PYTHONDONTWRITEBYTECODE

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

run: $(RUNTIME) libraries ## open the window; ARGS="--theme dark" passes arguments to main.py
	@$(PYTHON) main.py $(ARGS)

test: $(DEV) libraries ## run the tests; ARGS="-k pen" passes arguments to pytest
	@$(PYTEST) $(ARGS)

check: $(DEV) test-libraries ## lint, formatting and types, then the tests
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy core cli gui scripts main.py
	$(PYTEST)

export: $(EXPORT) ## install what ONNX export needs

video: $(VIDEO) ## install what films as MP4 need

search: $(SEARCH) ## install what searches need, on this machine and on a cluster

bundle: $(BUNDLE) libraries ## build dist/digitscope, the program for people without Python, and its archive
	@$(PYTHON) -m scripts.bundle

package: $(PACKAGE) bundle ## build wheel, source archive and bundle, and test them outside the checkout
	@$(PYTHON) -m pytest tests/package --timeout=900 -o faulthandler_timeout=0 $(ARGS)

proof: $(COMPARE) $(EXPORT) $(VIDEO) libraries ## compare with PyTorch, step by step, and with ONNX Runtime; write an MP4
	@$(PYTHON) -m pytest tests/proof $(ARGS)

fuzz: $(DEV) libraries ## open about 200,000 damaged run files, 20,000 networks and 10,000 data sets
	@DIGITSCOPE_FUZZ=20 $(PYTHON) -m pytest tests/core/saving/test_run_file_fuzz.py tests/core/importing/test_network_file_fuzz.py tests/core/datasets/own/test_own_data_fuzz.py --timeout=0 -o faulthandler_timeout=0 -rP $(ARGS)

endurance: $(DEV) libraries ## stress the window with random actions, kills and long runs; ARGS="kill --count 10" for a part
	@$(PYTHON) -m tests.endurance $(ARGS)

icons: $(RUNTIME) libraries ## make the icons of all sizes again from assets/icons/digitscope.svg
	$(PYTHON) -m scripts.make_icons

network: $(RUNTIME) libraries ## train the network that comes with the app, in about 20 minutes
	$(PYTHON) main.py train --preset pad --dataset mnist+strokes --validation 10000 \
		--weights-only --half-precision --save assets/network.npz

screenshot: $(SEARCH) libraries ## take the pictures of the README and of docs/ again
	@for theme in light dark; do \
		$(PYTHON) main.py --screenshot assets/screenshot-$$theme.png --theme $$theme && \
		$(PYTHON) main.py --screenshot docs/pictures/$$theme --view all --theme $$theme \
			--size 1280x720 --seconds 20 || exit; \
	done

bench: $(COMPARE) $(SEARCH) libraries ## measure speed: each tests/bench/bench_*.py
	@set -e; for bench in $(BENCHES:tests/bench/%.py=tests.bench.%); do \
		echo "$$bench"; $(PYTHON) -m $$bench; \
	done

pictures: $(RUNTIME) libraries ## measure accuracy on MNIST as pictures of many kinds; ARGS="--images 500"
	@$(PYTHON) -m tests.bench.bench_pictures $(ARGS)

sheets: $(RUNTIME) libraries ## measure how pages with many digits are cut and read; ARGS="--digits 500"
	@$(PYTHON) -m tests.bench.bench_sheets $(ARGS)

clean: ## remove .venv and every cache
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Checked every time, without a stamp: a .venv may outlive the system it was created on.
libraries: $(RUNTIME)
	@$(PYTHON) -E -S -m scripts.system_libraries

test-libraries: $(RUNTIME)
	@$(PYTHON) -E -S -m scripts.system_libraries --for-tests

$(RUNTIME): $(SET_UP_BY) $(PYTHON)
	@python=$$(sh scripts/find_python.sh) && "$$python" -m scripts.install runtime

$(DEV): $(SET_UP_BY) $(PYTHON)
	@python=$$(sh scripts/find_python.sh) && "$$python" -m scripts.install runtime dev export search cluster

$(EXPORT): $(SET_UP_BY) $(PYTHON)
	@python=$$(sh scripts/find_python.sh) && "$$python" -m scripts.install runtime export

$(VIDEO): $(SET_UP_BY) $(PYTHON)
	@python=$$(sh scripts/find_python.sh) && "$$python" -m scripts.install runtime video

$(SEARCH): $(SET_UP_BY) $(PYTHON)
	@python=$$(sh scripts/find_python.sh) && "$$python" -m scripts.install runtime search cluster

$(BUNDLE): $(SET_UP_BY) $(PYTHON)
	@python=$$(sh scripts/find_python.sh) && "$$python" -m scripts.install runtime bundle

$(PACKAGE): $(SET_UP_BY) $(PYTHON)
	@python=$$(sh scripts/find_python.sh) && "$$python" -m scripts.install runtime dev package

$(COMPARE): $(SET_UP_BY) $(PYTHON)
	@python=$$(sh scripts/find_python.sh) && "$$python" -m scripts.install runtime dev compare

# No recipe: if .venv's Python is missing or its link dangles, make considers the stamps outdated.
$(PYTHON):
