# dpdk-host: `make run` and `make test` are all that a newcomer needs; each does its own set-up.

PREFIX ?= /usr/local
PROFILE ?= virtual
SWIFT ?= swift
# Where install finds what was built.
PROGRAMS ?= .build/release
# Those of somebody else's build are taken as they are.
PROGRAMS_GIVEN = $(filter-out file,$(origin PROGRAMS))
# A release build carries the Swift runtime with it, so that the programs run where no Swift is.
RELEASE = -c release --static-swift-stdlib
# SwiftPM caches what the manifest learned from pkg-config until the environment changes.
BUILD = DPDK_VERSION=$$(pkg-config --modversion libdpdk 2>/dev/null || echo none) $(SWIFT)
# What takes both CPUs of a small machine before all others: tests beside it would wait in vain.
ALONE = EngineProgram/(TruthTests|BenchmarkTests)

.PHONY: all setup build run revert test test-image test-source lab lab-mutations check check-loops format bench install uninstall bundle deb rpm test-bundle test-install clean

all: build

setup: ## install the packages that this machine lacks to build and run
	@scripts/install-packages

build: setup ## build both programs for release
	$(BUILD) build $(RELEASE)

run: build ## prepare this machine and measure a packet rate
	@bin=$$($(SWIFT) build $(RELEASE) --show-bin-path) && \
	  if [ "$$(id -u)" = 0 ]; then exec "$$bin/dpdk-host" provision --profile $(PROFILE); \
	  else exec sudo "$$bin/dpdk-host" provision --profile $(PROFILE); fi

revert: ## undo what run did
	@if [ "$$(id -u)" = 0 ]; then exec .build/release/dpdk-host revert; else exec sudo .build/release/dpdk-host revert; fi

test: ## run every test that this machine can run
	@scripts/install-packages test
	$(BUILD) test --disable-xctest --skip '$(ALONE)'
	$(BUILD) test --disable-xctest --skip-build --filter '$(ALONE)'

test-image: build ## apply to a real disk image and revert it, also with faults; takes minutes
	@scripts/install-packages image
	Tests/Image/run

test-source: build ## build a real DPDK from its source package, and run the engine on it; takes minutes
	@scripts/install-packages source
	Tests/Source/run

lab: $(if $(LAB_PROGRAMS),,build) ## boot machines and prepare them for DPDK; SCENARIO=NAME for one, LAB_PROGRAMS=DIR for ready programs
	@scripts/install-packages lab bundle
	@Tests/Lab/run $(SCENARIO)

lab-mutations: $(if $(LAB_PROGRAMS),,build) ## break the product on purpose, and see the lab's scenarios fail; builds it for each
	@scripts/install-packages lab
	@Tests/Lab/replay $(MUTATION)

check: ## format, imports between the rooms, what is shipped beside the programs, warnings as errors
	@scripts/install-packages test check
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests
	scripts/check-imports
	scripts/check-shipped
	WARNINGS_AS_ERRORS=1 $(BUILD) build --build-tests

check-loops: build ## what the packet loops are compiled to: no call, bounds check, retain or allocation a packet
	@scripts/install-packages check
	@bin=$$($(SWIFT) build $(RELEASE) --show-bin-path) && scripts/check-loops "$$bin/dpdk-host-engine"

format: ## rewrite the sources in the house's format
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

bench: build ## compare with dpdk-testpmd, DPDK's Python tools and bare sysfs writes
	@scripts/install-packages test
	@bin=$$($(SWIFT) build $(RELEASE) --show-bin-path) && \
	  Benchmarks/engine-against-testpmd --engine "$$bin/dpdk-host-engine" && \
	  Benchmarks/host-against-tools --program "$$bin/dpdk-host" && \
	  Benchmarks/interfaces-of-eight --program "$$bin/dpdk-host"

install: ## put what `make` built, profiles, templates, manual pages and completions below PREFIX (and DESTDIR)
	@bin=$(PROGRAMS); [ -x "$$bin/dpdk-host" ] || { echo "nothing is built: run 'make' first" >&2; exit 1; }; \
	  install -D -m 0755 "$$bin/dpdk-host" "$(DESTDIR)$(PREFIX)/bin/dpdk-host" && \
	  if [ -e "$$bin/dpdk-host-engine" ]; then \
	    install -D -m 0755 "$$bin/dpdk-host-engine" "$(DESTDIR)$(PREFIX)/bin/dpdk-host-engine"; \
	  else echo "the engine was not built: libdpdk-dev is not installed" >&2; fi
	@scripts/install-templates "$(DESTDIR)$(PREFIX)/share/dpdk-host"
	@scripts/install-documents "$(DESTDIR)$(PREFIX)" "$(PROGRAMS)"

uninstall: ## remove what install put there
	rm -f "$(DESTDIR)$(PREFIX)/bin/dpdk-host" "$(DESTDIR)$(PREFIX)/bin/dpdk-host-engine"
	rm -rf "$(DESTDIR)$(PREFIX)/share/dpdk-host"
	share="$(DESTDIR)$(PREFIX)/share"; for name in dpdk-host dpdk-host-engine; do \
	  rm -f "$$share/man/man8/$$name.8" "$$share/bash-completion/completions/$$name" \
	    "$$share/zsh/site-functions/_$$name" "$$share/fish/vendor_completions.d/$$name.fish"; \
	done

bundle: $(if $(PROGRAMS_GIVEN),,build) ## put both programs and all that they need into one archive below dist
	@scripts/install-packages bundle
	@scripts/make-bundle "$(PROGRAMS)" dist

deb: $(if $(PROGRAMS_GIVEN),,build) ## make Debian packages below dist
	@scripts/install-packages packages
	@scripts/make-deb "$(PROGRAMS)" dist

rpm: $(if $(PROGRAMS_GIVEN),,build) ## make RPM packages below dist
	@scripts/install-packages packages
	@scripts/make-rpm "$(PROGRAMS)" dist

test-bundle: $(if $(PROGRAMS_GIVEN),,build) ## run the bundle on three Debians without DPDK, and install and remove the packages
	@scripts/install-packages bundle packages roots
	PROGRAMS="$(PROGRAMS)" Tests/Bundle/run
	PROGRAMS="$(PROGRAMS)" Tests/Packages/run

test-install: $(if $(PROGRAMS_GIVEN),,build) ## install DPDK by the bundle in three Debians, run their testpmd, and take it away again
	@scripts/install-packages bundle roots
	PROGRAMS="$(PROGRAMS)" Tests/Install/run

clean: ## remove what was built; .lab and .bundle hold what was fetched, and stay
	rm -rf .build dist
