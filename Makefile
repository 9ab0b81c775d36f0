# `make demo` to try the bot, `make test` to run every test. The rest serves these two.

PYTHON ?= python3
VENV := .venv
LAB := .lab-venv
CLIENTS := .clients-venv
PEERS := .peers-venv
ENGINES := .engines-venv
TYPES := tests/slack_checks/ts
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
# More than a small machine has cores: tests mostly wait, for timers and for other processes.
TESTERS := 4
# The order of the files. `make test ORDER=random` shuffles, and prints the seed.
ORDER := files
SOURCES := bot handlers storage cloud sandbox tests benchmarks

.PHONY: demo test check lint docs bench engines lock release clean
.DEFAULT_GOAL := demo

# `make demo CLOUD=real` tries the bot on a real Keystone, Glance and Swift.
CLOUD := standin

demo: $(VENV)/.demo $(if $(filter real,$(CLOUD)),$(LAB)/.ready)
	@$(VENV)/bin/python -m sandbox --cloud $(CLOUD)

test: check
	$(VENV)/bin/python -m pytest --numprocesses $(TESTERS) --dist loadfile \
		--no-loadscope-reorder $(if $(filter random,$(ORDER)),,-p no:randomly)

check: $(VENV)/.dev $(LAB)/.ready $(CLIENTS)/.ready $(TYPES)/.ready lint

lint: $(VENV)/.dev
	$(VENV)/bin/ruff format --check $(SOURCES)
	$(VENV)/bin/ruff check $(SOURCES)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Writes the tables that come from code, then the site; a broken link fails.
docs: $(VENV)/.dev
	PYTHONPATH=. $(VENV)/bin/cog -r --verbosity=0 docs/*.md
	$(VENV)/bin/python -m tests.docs.drawings
	$(VENV)/bin/zensical build --clean --strict

bench: $(VENV)/.dev $(LAB)/.ready $(PEERS)/.ready
	$(VENV)/bin/python -m benchmarks

engines: $(VENV)/.dev $(ENGINES)/.ready
	$(VENV)/bin/python -m benchmarks.engines

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "Python's venv module is needed (Debian and Ubuntu: apt-get install python3-venv)"; rm -rf $(VENV); exit 1; }

$(VENV)/.demo: requirements.lock | $(VENV)/bin/python
	@echo "Setting up (once, about a minute) ..."
	@$(VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@$(VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.demo

# A real Keystone, Glance and Swift, apart from the bot: their packages are many and strict.
$(LAB)/.ready: tests/lab/requirements-lab.txt | $(VENV)/bin/python
	@$(PYTHON) -m venv $(LAB)
	@$(LAB)/bin/python $(PIP_INSTALL) -r tests/lab/requirements-lab.txt
	@touch $@

# OpenStack's own clients, which tests run as anybody would.
$(CLIENTS)/.ready: tests/clients/requirements-clients.txt | $(VENV)/bin/python
	@$(PYTHON) -m venv $(CLIENTS)
	@$(CLIENTS)/bin/python $(PIP_INSTALL) -r tests/clients/requirements-clients.txt
	@touch $@

$(PEERS)/.ready: benchmarks/requirements-peers.txt
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python $(PIP_INSTALL) -r benchmarks/requirements-peers.txt
	@touch $@

$(ENGINES)/.ready: benchmarks/engines/requirements.txt
	@$(PYTHON) -m venv $(ENGINES)
	@$(ENGINES)/bin/python $(PIP_INSTALL) -r benchmarks/engines/requirements.txt
	@touch $@

# Without npm the tests that need Slack's declarations say so (and fail in CI).
$(TYPES)/.ready: $(TYPES)/package.json
	@if command -v npm >/dev/null; then \
		npm install --prefix $(TYPES) --no-package-lock --no-audit --no-fund --loglevel=error && touch $@; \
	fi

# Pins every dependency, for every platform, without naming a registry's host.
lock: | $(VENV)/bin/python
	$(VENV)/bin/python $(PIP_INSTALL) uv
	for out in "requirements.lock" "requirements-bus.lock --extra bus" "requirements-dev.lock --extra dev"; do \
		set -- $$out; lock=$$1; shift; \
		$(VENV)/bin/uv pip compile pyproject.toml "$$@" --universal --python-version 3.11 \
			--generate-hashes --no-header --no-emit-index-url --quiet --output-file $$lock || exit 1; \
	done

# `make release VERSION=0.2.0`, with DRY=1 in a clone that is then thrown away.
release: $(VENV)/.dev
	$(VENV)/bin/python .ci/release $(VERSION) $(if $(DRY),--dry)

clean:
	rm -rf $(VENV) $(LAB) $(CLIENTS) $(PEERS) $(ENGINES) $(TYPES)/node_modules $(TYPES)/.ready artifacts
