# SPDX-License-Identifier: MIT
# `make fuzz`: libFuzzer on the core for SECONDS: a third of them programs of a few verbs with an oracle that knows every status and
# operation (fuzz_core), the rest programs over all features (fuzz_everything). What they find that is new in coverage goes to
# $(BUILD)/fuzz/corpus_...; `make fuzz-seeds` keeps the least of it in tests/fuzz/seeds. A failing input is shrunk, and its case printed.

SECONDS      ?= 60
FUZZ         := $(BUILD)/fuzz
FUZZ_TARGETS := core everything
FUZZ_SOURCES := tests/host/support/machine.c $(wildcard core/*.c)
FUZZ_NEEDS   := $(FUZZ_SOURCES) $(wildcard core/*.h core/api/*.h tests/host/support/*.h tests/fuzz/*.h)
FUZZ_CFLAGS  := -std=gnu11 -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all $(WARNINGS) -I.

# CASE=FILE: that input again; TARGET=core or everything.
fuzz:
	@tools/setup test fuzz
	$(remake) $(FUZZ_TARGETS:%=$(FUZZ)/fuzz_%)
ifdef CASE
	@$(FUZZ)/fuzz_$(TARGET) $(CASE)
else
	@tools/fuzz $(FUZZ) core $$(($(SECONDS) / 3))
	@tools/fuzz $(FUZZ) everything $$(($(SECONDS) - $(SECONDS) / 3))
endif

fuzz-seeds: $(FUZZ_TARGETS:%=$(FUZZ)/fuzz_%)
	$(Q)for target in $(FUZZ_TARGETS); do \
	    kept=$(FUZZ)/kept_$$target seeds=tests/fuzz/seeds/$$target; rm -rf $$kept; mkdir -p $$kept $(FUZZ)/corpus_$$target $$seeds; \
	    $(FUZZ)/fuzz_$$target -merge=1 -use_counters=0 $$kept $$seeds $(FUZZ)/corpus_$$target 2>$(FUZZ)/merge.log || exit 1; \
	    find $$kept -size -2c -delete; rm -f $$seeds/*; cp $$kept/* $$seeds/; done

$(FUZZ)/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_NEEDS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)clang $(FUZZ_CFLAGS) -fsanitize=fuzzer,address,undefined $< $(FUZZ_SOURCES) -lcmocka -o $@

# The seeds once more, in `make test`: with the host's compiler, no fuzzer needed.
$(FUZZ)/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(FUZZ_NEEDS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(HOST_CC) $(FUZZ_CFLAGS) $(SANITIZERS) $< tests/fuzz/replay.c $(FUZZ_SOURCES) -lcmocka -o $@

test-parts: $(FUZZ_TARGETS:%=$(FUZZ)/replay_%)
.PHONY: fuzz fuzz-seeds
