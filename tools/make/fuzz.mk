# SPDX-License-Identifier: MIT
# `make fuzz`: libFuzzer on the core for SECONDS. What it finds that is new in coverage goes to $(BUILD)/fuzz/corpus; `make fuzz-seeds`
# keeps the least of it in tests/fuzz/seeds. A failing input is shrunk, and its case printed.

SECONDS     ?= 60
FUZZ        := $(BUILD)/fuzz
FUZZ_SOURCES := tests/fuzz/fuzz_core.c tests/host/support/machine.c $(wildcard core/*.c)
FUZZ_CFLAGS := -std=gnu11 -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all $(WARNINGS) -I.

fuzz:
	@tools/setup test fuzz
	$(remake) $(FUZZ)/fuzz_core
	@tools/fuzz $(FUZZ) $(SECONDS) $(CASE)

fuzz-seeds: $(FUZZ)/fuzz_core
	$(Q)mkdir -p $(FUZZ)/corpus $(FUZZ)/kept
	$(Q)rm -f $(FUZZ)/kept/*
	$(Q)$< -merge=1 -use_counters=0 $(FUZZ)/kept tests/fuzz/seeds $(FUZZ)/corpus 2>$(FUZZ)/merge.log
	$(Q)find $(FUZZ)/kept -size -2c -delete
	$(Q)rm -f tests/fuzz/seeds/* && cp $(FUZZ)/kept/* tests/fuzz/seeds/

$(FUZZ)/fuzz_core: $(FUZZ_SOURCES) $(wildcard core/*.h core/api/*.h tests/host/support/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)clang $(FUZZ_CFLAGS) -fsanitize=fuzzer,address,undefined $(FUZZ_SOURCES) -lcmocka -o $@

# The seeds once more, in `make test`: with the host's compiler, no fuzzer needed.
$(FUZZ)/replay: $(FUZZ_SOURCES) $(wildcard core/*.h core/api/*.h tests/host/support/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(HOST_CC) $(FUZZ_CFLAGS) $(SANITIZERS) -DFUZZ_REPLAY $(FUZZ_SOURCES) -lcmocka -o $@

test-parts: $(FUZZ)/replay
.PHONY: fuzz fuzz-seeds
