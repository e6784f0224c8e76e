# Madang. `make` alone prints the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help

DATA ?=
BUILD := swift build -c release --product madang
BINARY := .build/release/madang

.PHONY: help deps build run test test-long soak browser shots bench lint format readme clean

help: ## Print the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

deps: ## Install what is missing (Debian packages), and say what
	@missing=""; \
	for package in libsqlite3-dev libssl-dev python3 make; do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' \
	    || missing="$$missing $$package"; \
	done; \
	command -v python3 >/dev/null && missing=$${missing/ python3/}; \
	command -v swift >/dev/null \
	  || { echo "There is no Swift here: install a Swift 6.3 toolchain (swift.org/install)."; exit 1; }; \
	if [ -n "$$missing" ]; then \
	  echo "Installing$$missing"; \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y --no-install-recommends $$missing; \
	fi

build: deps ## Build the release binary
	$(BUILD)

LISTEN ?= 127.0.0.1:8080
run: build ## Load Korea's programme, replay its first round, print the result, open the yard
	$(BINARY) demo --listen $(LISTEN) $(if $(DATA),--data $(DATA))

test: deps ## Run every test but the long ones, with the time of each suite
	Scripts/test

test-long: deps ## Longer runs: more seeds, more kills
	MADANG_LONG=1 CONTRACT_SECONDS=600 Scripts/test

browser: deps ## Try every page, journey and the API's contract in a real Chromium
	Scripts/browser test

shots: deps ## Take pictures of every page (.build/shots) and the READMEs' (docs/pictures)
	Scripts/browser shots

SEEDS ?= 10000
soak: deps ## Simulate writer, agents and engines under faults: SEEDS=N runs, SEED=N the first
	MADANG_PURE=1 SEEDS=$(SEEDS) swift test -c release -Xswiftc -enable-testing \
	  --scratch-path .build/soak --filter 'SimulationTests/soak'

bench: deps ## Measure: prints the machine and the figures
	swift run -c release madang-bench

lint: ## Check the formatting
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## Format the sources
	swift format --in-place --recursive --parallel Package.swift Sources Tests

readme: build ## Run the READMEs' tours and put their output into the pages
	Scripts/readme

clean: ## Remove what was built
	rm -rf .build
