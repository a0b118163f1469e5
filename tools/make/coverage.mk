# SPDX-License-Identifier: MIT
# `make coverage`: which lines and branches of core/ the host tests reach. Every one, but for those that tests/coverage.exceptions
# lists with a reason.

COVERAGE := $(BUILD)/coverage
# As compiled for tests, but not optimized: a branch of the source is one of the code.
COVERAGE_CFLAGS := -std=gnu11 -O0 -g --coverage -fprofile-update=atomic $(WARNINGS) -I. -MMD -MP
CORE_TESTS := $(filter test_core_%,$(HOST_TESTS))

coverage:
	@tools/setup test
	$(remake) $(CORE_TESTS:%=$(COVERAGE)/tests/%)
	$(Q)find $(COVERAGE) -name '*.gcda' -delete
	$(Q)for test in $(CORE_TESTS); do \
	    BATON_SEEDS=40 $(COVERAGE)/tests/$$test >$(COVERAGE)/$$test.log 2>&1 || { cat $(COVERAGE)/$$test.log; exit 1; }; done
	$(Q)tools/coverage $(COVERAGE) tests/coverage.exceptions

# One set of objects for each value of a constant that a test wants (see host.mk).
define coverage_object_rule
$$(COVERAGE)/$(subst =,-,$(or $(1),plain))/%.o: %.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$(Q)$$(HOST_CC) $$(COVERAGE_CFLAGS) $(if $(1),-D$(1)) -c $$< -o $$@
endef
$(eval $(call coverage_object_rule,))
$(foreach constant,$(HOST_CONSTANTS),$(eval $(call coverage_object_rule,$(constant))))

coverage_objects = $(patsubst %.c,$(COVERAGE)/$(subst =,-,$(or $(call host_define,$(1)),plain))/%.o, \
                   tests/host/$(1).c $(call host_links,$(1))) $(COVERAGE)/plain/tests/host/support/machine.o
define coverage_test_rule
$$(COVERAGE)/tests/$(1): $$(call coverage_objects,$(1))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$(Q)$$(HOST_CC) --coverage $$^ -lcmocka -o $$@
endef
$(foreach test,$(CORE_TESTS),$(eval $(call coverage_test_rule,$(test))))

-include $(shell find $(COVERAGE) -name '*.d' 2>/dev/null)
.PHONY: coverage
