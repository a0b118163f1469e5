# SPDX-License-Identifier: MIT
# The simulator's test table: small images with one defect each, and their right versions (tests/sim/run says what is run).
# SIM_TESTS= names some of them, SEEDS= is the number of noise seeds for each right version.

SIM_TESTS ?=
SEEDS     ?= 8
SIM_JOBS  ?= $(shell nproc)

sim-tests: $(BUILD)/sim/noncoherent.so
	prove --exec '' tests/sim/run :: --build $(BUILD)/sim-tests --plugin $< --cross $(CROSS) --seeds $(SEEDS) -j $(SIM_JOBS) $(SIM_TESTS)

.PHONY: sim-tests
