# SPDX-License-Identifier: MIT
# `make test`: everything that says TAP, under prove.
#
# Host tests are programs of their own. A target test is one image on one CPU of one board: a small script in $(BUILD)/t/BOARD/
# names the three, so that prove can run, and name, each. Whatever is executable as tests/*/test_* is a test too; it finds the
# build directory in $BUILD. Those that play the pipeline are run on each board, by such a script, which names it in $BATON_BOARD.
#
# BOARD= runs that board's part only. LONG=1 runs everything everywhere, with more seeds: see README.md.

TEST_ONE     := $(if $(filter file,$(origin BOARD)),,$(BOARD))
TEST_BOARDS  := $(or $(TEST_ONE),$(BOARDS))
TEST_BEDS    := $(if $(TEST_ONE),,$(BEDS))
BOARD_SCRIPTS := test_pixels test_broken_pictures test_bad_content test_noise test_linked
SCRIPT_TESTS := $(filter-out $(BOARD_SCRIPTS:%=tests/pipeline/%),\
                    $(sort $(shell find tests -mindepth 2 -maxdepth 2 -name 'test_*' -type f -executable)))
PIPELINE_TOOLS := $(HOST)/tests/pipeline/expected $(HOST)/tools/make-clip

script_runs  = $(BOARD_SCRIPTS:%=$(BUILD)/t/$(1)/%)
target_runs  = $(foreach cpu,$(call board_cpus,$(1)),$(patsubst %,$(BUILD)/t/$(1)/%@$(cpu),$(or $(TESTS_$(1)),$(FW_TESTS))))
BOARD_RUNS  := $(foreach board,$(TEST_BOARDS),$(call script_runs,$(board))) $(foreach board,$(TEST_BOARDS) $(TEST_BEDS),$(call target_runs,$(board)))
ONCE        := $(SCRIPT_TESTS) $(HOST_TESTS:%=$(HOST)/tests/%)

# What takes longest comes first, so that no CPU waits for the other at the end.
LONGEST     := $(addprefix tests/,sim/test_table mutation/test_mutation proof/test_explore workloads/test_workloads \
                   pipeline/test_variables tools/test_run_window) %/test_core_everything %/test_core_threads
TESTS       := $(if $(TEST_ONE),,$(ONCE)) $(BOARD_RUNS)
TESTS       := $(filter $(LONGEST),$(TESTS)) $(filter-out $(LONGEST),$(TESTS))

define board_test_rules
$(foreach cpu,$(call board_cpus,$(1)),$(eval $(call target_run_rule,$(1),$(cpu))))
$(BUILD)/t/$(1)/%: tests/pipeline/% $(call board_build,$(1))/pipeline.elf tools/make/test.mk
	@mkdir -p $$(@D)
	@printf '#!/bin/sh\nBATON_BOARD=%s exec %s\n' '$(1)' '$$<' >$$@
	@chmod +x $$@
endef
define target_run_rule
$(BUILD)/t/$(1)/%@$(2): $(call board_build,$(1))/tests/%.elf tools/make/test.mk
	@mkdir -p $$(@D)
	@printf '#!/bin/sh\nexec tools/test-target tests/target/%s.c %s %s\n' '$$*' '$$<' '$(2)' >$$@
	@chmod +x $$@
endef
$(foreach board,$(TEST_BOARDS) $(TEST_BEDS),$(eval $(call board_test_rules,$(board))))

test:
	@tools/setup test $(sim_packages)
	$(remake) $(if $(TEST_ONE),board-parts,test-parts) $(sim_parts)
	@BATON_SIM=$(sim_plugin) BUILD=$(BUILD) BATON_LONG=$(LONG) CMOCKA_MESSAGE_OUTPUT=TAP \
	    prove -j$(JOBS) --exec '' --directives $(PROVE_FLAGS) $(TESTS)

# The table of README.md, by running; README=1 puts it there.
boards:
	@tools/setup test sim
	$(remake) board-parts $(CLIP) $(SIM_SO)
	@BATON_SIM=$(sim_plugin) BUILD=$(BUILD) tools/boards --jobs $(JOBS) $(if $(filter-out 0,$(README)),--insert README.md) \
	    $(BUILD) $(BOARD_RUNS)

test-parts: board-parts $(WORKLOADS) $(BENCH) host-tests
board-parts: $(BOARD_RUNS) $(PIPELINE_TOOLS)
test-parts board-parts:
	@:

.PHONY: test boards test-parts board-parts
