# Two commands do all the set-up on a fresh Debian machine with Rust: `make run` and `make test`.
# They install what they need (Debian packages, npm packages) and say so.

# The prerequisites of a goal are steps, in this order, with `make -j` too.
.NOTPARALLEL:

SHELL := /bin/bash
# Certificates that Debian trusts (a company's own, for its proxy) count for npm as well.
export NODE_USE_SYSTEM_CA := 1
export PATH := $(CURDIR)/target/tools/bin:$(PATH)

GUESTS := flow-script best-skill rest-connector hubspot-connector phrase-checklist

.PHONY: run test lint bench museum plugins console hostile setup-run setup-test setup-bench

run: setup-run plugins console ## Build everything and start it with the demo tenant
	cargo build --release --package hotline-server
	target/release/hotline up --demo

test: setup-test plugins hostile console tests/whole-host/browser/node_modules/.package-lock.json ## Every test there is
	cargo test --workspace --no-fail-fast
	cd host/console && npm test
	node sdk/typescript/toolchain/main.mjs test sdk/typescript examples/typescript/*/

lint: setup-run plugins console sdk/typescript/node_modules/.package-lock.json ## Formatting, clippy, licences and advisories, the console's types and linter
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	cargo deny --version >/dev/null 2>&1 || cargo install --quiet --locked --debug --root target/tools cargo-deny@0.20.2
	cargo deny check bans licenses sources
	cd host/console && npm run check && npm run lint
	node sdk/typescript/toolchain/main.mjs check sdk/typescript examples/typescript/*/

bench: setup-bench plugins hostile console ## Figures, with the machine's load beside
	cargo build --release --package hotline-server --package hotline-whole-host
	target/release/bench
	cargo run --quiet --release --package hotline-simulator --example bench

# Why, and what of it never changes: docs/decisions/freeze-and-museum.md
museum: setup-run sdk/typescript/node_modules/.package-lock.json ## Keep the tree's plugins as a release: make museum RELEASE=1.0
	cargo run --quiet --package hotline-museum -- $(RELEASE) $(GUESTS)

# A static pattern: make looks for no implicit rule of a phony goal.
setup-run setup-test setup-bench: setup-%:
	@setup/install $*

plugins: ## The first-party plugins, as components, into plugins/dist
	cargo run --quiet --package hotline-plugin-build -- $(GUESTS)

hostile: sdk/typescript/node_modules/.package-lock.json ## The plugins that the tests defend against
	tests/hostile-guests/build

console: host/console/dist/index.html

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	@touch $@

# componentize-qjs 0.4.5 names builds for other platforms that were never published: `npm ci` takes
# the gap in the lock file for a mistake, `npm install` keeps to the lock file and passes over it.
sdk/typescript/node_modules/.package-lock.json: sdk/typescript/package-lock.json
	cd sdk/typescript && npm install --no-save --no-audit --no-fund
	@touch $@

host/console/dist/index.html: host/console/node_modules/.package-lock.json $(shell find host/console/src host/console/public host/console/*.html host/console/*.ts -type f 2>/dev/null)
	cd host/console && npm run build
