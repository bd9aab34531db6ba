# make demo    the main job on embedded data
# make test    the whole gate: format, lints, tests, docs
# make bench   what is promised about speed, measured

CARGO ?= cargo

.PHONY: demo test bench lint fmt install-deps fuzz-smoke

demo:
	$(CARGO) run --release --locked --quiet -- demo

test: install-deps lint
	$(CARGO) test --locked
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --quiet
	@echo "everything passed"

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets --quiet -- -D warnings

fmt:
	$(CARGO) fmt

bench:
	$(CARGO) bench --locked --bench scan

# What the tests talk to: real servers and real archivers. Building needs only
# Rust and a C compiler.
install-deps:
	@tests/install-deps.sh

# Needs cargo-fuzz; runs each target for 20 seconds.
fuzz-smoke:
	for target in decode extract vector; do \
	  RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run $$target -- -max_total_time=20 -max_len=65536 || exit 1; \
	done
