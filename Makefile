# make demo    the main job on embedded data
# make test    the whole gate: format, lints, tests, docs
# make bench   what is promised about speed, measured beside others
# make instructions   the engine's instructions, counted and held against the baseline
# make stages, make scaling   where time goes; how it grows (see benches/README.md)
# make kinds   what each kind costs, and how often it meets nobody

CARGO ?= cargo

.PHONY: demo test bench instructions instructions-baseline stages kinds scaling lint fmt install-deps fuzz-smoke

demo:
	$(CARGO) run --release --locked --quiet -- demo

test: install-deps lint
	$(CARGO) test --locked
	$(MAKE) --no-print-directory instructions
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --quiet
	@echo "everything passed"

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets --quiet -- -D warnings

fmt:
	$(CARGO) fmt

# What is measured is always built as a release is.
BENCH = CARGO_INCREMENTAL=0 $(CARGO) bench --locked --quiet --bench

bench:
	$(BENCH) scan

# Stable on a busy machine; fails when something takes 5 in 100 more than before.
instructions:
	$(BENCH) instructions

# Accepts what is counted now. When that is right: benches/README.md.
instructions-baseline:
	$(BENCH) instructions -- --baseline

stages:
	$(BENCH) stages

kinds:
	$(BENCH) kinds

scaling:
	$(BENCH) scaling

# What the tests talk to: real servers and real archivers. Building needs only
# Rust and a C compiler.
install-deps:
	@tests/install-deps.sh

# Needs cargo-fuzz; runs each target for 20 seconds.
fuzz-smoke:
	for target in decode extract vector; do \
	  RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run $$target -- -max_total_time=20 -max_len=65536 || exit 1; \
	done
