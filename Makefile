# `make help` lists what there is. On a fresh machine only Python (3.11, 3.12 or 3.13) and make are needed:
# whatever a target needs beyond that, it sets up.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE_TESTS := tests/interop/node tests/browser/node
HTMLUNIT_TESTS := tests/interop/htmlunit

# PYTHON=… asks for one interpreter; an environment made with another is made again.
PYTHON ?=
ifneq ($(PYTHON),)
ifneq ($(PYTHON),$(shell cat $(READY) 2>/dev/null))
.PHONY: $(READY)
endif
endif

# All tests run in several processes at once, each file in one of them; what is asked for by TESTS runs in one alone.
PARALLEL = $(if $(TESTS),,--numprocesses auto --maxprocesses 8 --dist loadscope --no-loadscope-reorder)

.PHONY: help demo test test-full conformance test-quick chromium apache node htmlunit lint types layers check bench lock clean

help: ## Show this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20
	@echo
	@echo "  PYTHON=python3.12 chooses the interpreter; TESTS='tests/model -k code' is passed on to pytest."

$(READY): requirements.lock pyproject.toml
	@scripts/set-up $(VENV) $(PYTHON)

demo: $(READY) ## Run every scenario against the bundled clients: one has to be caught, the other to pass
	@printf 'First a client that leaves every check out. It has to be caught, or this would be no test:\n\n'
	@$(BIN)/oidc-harness run --client-name careless --quiet; test $$? -eq 1
	@printf '\n`oidc-harness run --client-name careless` tells why, each time. Now a client that does it all:\n\n'
	$(BIN)/oidc-harness run

test: $(READY) ## Run the tests; those that need what is not installed are skipped
	$(BIN)/python -m pytest $(PARALLEL) $(TESTS)

test-full: $(READY) chromium apache node htmlunit ## Run all tests, those in Chromium and with other people's clients among them
	OIDC_HARNESS_FULL=1 $(BIN)/python -m pytest $(PARALLEL) $(TESTS)

test-quick: $(READY) ## Run the tests that need neither Chromium nor foreign clients nor generated input
	$(BIN)/python -m pytest $(PARALLEL) -m "not browser and not interop and not property" $(TESTS)

conformance: $(READY) ## Perform the modules of the certification programme, and write docs/conformance.md
	@$(BIN)/python -m pytest tests/conformance --junit-xml=build/conformance.xml; status=$$?; \
	    $(BIN)/python -m docs.conformance build/conformance.xml && exit $$status

chromium:
	@scripts/find-chromium

apache:
	@scripts/find-apache

# Node itself is not installed for you: without it the tests of the Node clients say so and are skipped.
ifneq ($(shell command -v npm 2>/dev/null),)
node: $(NODE_TESTS:%=%/node_modules/.package-lock.json)
endif

%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	npm ci --no-audit --no-fund --prefix $*
	@touch $@

# Nor is Java, which runs HtmlUnit; Maven fetches that.
ifneq ($(shell command -v mvn 2>/dev/null),)
htmlunit: $(HTMLUNIT_TESTS)/target/dependency
endif

$(HTMLUNIT_TESTS)/target/dependency: $(HTMLUNIT_TESTS)/pom.xml
	cd $(HTMLUNIT_TESTS) && mvn --quiet --batch-mode dependency:copy-dependencies
	@touch $@

lint: $(READY) ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## Check the types
	$(BIN)/mypy

layers: $(READY) ## Check who imports whom
	$(BIN)/lint-imports

check: lint types layers test ## These three, and the tests

bench: $(READY) ## Measure flows beside a bare aiohttp server
	$(BIN)/python -m benchmarks

lock: ## Renew requirements.lock from pyproject.toml (needs uv; UPGRADE=1 takes the newest versions)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group dev \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	    $(if $(UPGRADE),--upgrade) pyproject.toml --output-file requirements.lock

clean: ## Remove everything that was made here
	rm -rf .venv .venv-newest dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis $(NODE_TESTS:%=%/node_modules) tests/interop/*/build $(HTMLUNIT_TESTS)/target
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
