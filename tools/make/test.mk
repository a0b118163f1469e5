# SPDX-License-Identifier: MIT
# `make test`: everything that says TAP, under prove.
#
# Host tests are programs of their own. A target test is one image on one CPU: a small script in $(BUILD)/t/ names the
# two, so that prove can run, and name, each. Whatever is executable as tests/*/test_* is a test too; it finds the build
# directory in $BUILD.

TEST_CPUS := cortex-a15 cortex-a7
TARGET_RUNS := $(foreach cpu,$(TEST_CPUS),$(FW_TESTS:%=$(BUILD)/t/$(BOARD)/%@$(cpu)))
SCRIPT_TESTS := $(sort $(shell find tests -mindepth 2 -maxdepth 2 -name 'test_*' -type f -executable))
PIPELINE_TOOLS := $(HOST)/tests/pipeline/expected $(HOST)/tools/make-clip

define target_run_rule
$(BUILD)/t/$(BOARD)/%@$(1): $(FW)/tests/%.elf tools/make/test.mk
	@mkdir -p $$(@D)
	@printf '#!/bin/sh\nexec tools/test-target tests/target/%s.c %s %s\n' '$$*' '$$<' '$(1)' >$$@
	@chmod +x $$@
endef
$(foreach cpu,$(TEST_CPUS),$(eval $(call target_run_rule,$(cpu))))

test:
	@tools/setup test $(sim_packages)
	$(remake) test-parts $(sim_parts)
	@BATON_SIM=$(sim_plugin) BUILD=$(BUILD) CMOCKA_MESSAGE_OUTPUT=TAP prove -j$(JOBS) --exec '' --directives $(PROVE_FLAGS) \
	    $(SCRIPT_TESTS) $(TARGET_RUNS) $(HOST_TESTS:%=$(HOST)/tests/%)

test-parts: $(PIPELINE) $(WORKLOADS) $(TARGET_RUNS) host-tests $(PIPELINE_TOOLS)
	@:

.PHONY: test test-parts
