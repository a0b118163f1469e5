# SPDX-License-Identifier: MIT
# What runs on the build machine: host tests of pure code, and tools.

comma       := ,
HOST_CC     ?= cc
HOST        := $(BUILD)/host
# The address sanitizer reads /proc, which a bare chroot has not.
SANITIZERS  := -fsanitize=$(if $(wildcard /proc/self/maps),address$(comma))undefined -fno-sanitize-recover=all
HOST_CFLAGS := -std=gnu11 -O1 -g -fno-omit-frame-pointer $(SANITIZERS) $(WARNINGS) -I. -MMD -MP

# A host test is tests/host/test_NAME.c; its first lines name what it links with: "link: core/*.c drivers/pl080_list.c",
# and perhaps a constant with which all of that is compiled: "define: DIRECTORY_EXTENTS=2".
HOST_TESTS := $(basename $(notdir $(wildcard tests/host/test_*.c)))
host_says  := $(shell awk -f tools/make/host-tests.awk $(HOST_TESTS:%=tests/host/%.c) </dev/null)
host_said   = $(patsubst $(1)|$(2)|%,%,$(filter $(1)|$(2)|%,$(host_says)))
host_links  = $(wildcard $(call host_said,$(1),link))

$(HOST)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -c $< -o $@

# Or "sanitizer: thread": all of it is compiled for the thread sanitizer instead, which does not go together with the address
# sanitizer. (It wants /proc as well.)
host_sanitizer = $(call host_said,$(1),sanitizer)
THREAD_SANITIZER := $(if $(wildcard /proc/self/maps),-fsanitize=thread) -pthread
$(HOST)/sanitize-thread/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(HOST_CC) $(filter-out $(SANITIZERS),$(HOST_CFLAGS)) $(THREAD_SANITIZER) -c $< -o $@

# Or "registers: modelled": what it links with is compiled with tests/host/registers/ before the real boot/registers/, so that
# each register access and barrier of a driver is a call of the test's.
$(HOST)/registers-modelled/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(HOST_CC) -Itests/host/registers $(HOST_CFLAGS) -c $< -o $@
host_registers = $(call host_said,$(1),registers)

host_define = $(call host_said,$(1),define)
# A target has no "=" in its name.
host_objects = $(HOST)$(addprefix /with-,$(subst =,-,$(call host_define,$(1))))$(addprefix /sanitize-,$(call host_sanitizer,$(1)))$(addprefix /registers-,$(call host_registers,$(1)))
# What such a program is linked with; the support files are compiled with the address sanitizer, and are left out.
host_link_flags = $(if $(call host_sanitizer,$(1)),$(THREAD_SANITIZER),$(SANITIZERS))
host_support = $(if $(call host_sanitizer,$(1)),,$(patsubst %.c,$(HOST)/%.o,$(wildcard tests/host/support/*.c)))

define host_define_rule
$$(HOST)/with-$(subst =,-,$(1))/%.o: %.c
	@mkdir -p $$(@D)
	$$(call say,CC,$$<)
	$(Q)$$(HOST_CC) $$(HOST_CFLAGS) -D$(1) -c $$< -o $$@
endef
HOST_CONSTANTS := $(sort $(foreach test,$(HOST_TESTS),$(call host_define,$(test))))
$(foreach constant,$(HOST_CONSTANTS),$(eval $(call host_define_rule,$(constant))))

define host_test_rule
$$(HOST)/tests/$(1): $$(patsubst %.c,$$(call host_objects,$(1))/%.o,tests/host/$(1).c $$(call host_links,$(1))) \
                     $$(call host_support,$(1))
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$(Q)$$(HOST_CC) $$(call host_link_flags,$(1)) $$^ -lcmocka -o $$@
endef
$(foreach test,$(HOST_TESTS),$(eval $(call host_test_rule,$(test))))

# Tools: compiled whole, with optimization and without sanitizers, as what they do takes a while.
$(HOST)/tools/make-clip: $(wildcard tools/clip/*.c) $(wildcard tools/clip/*.h)
	$(call say,CC,tools/clip)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=gnu11 -O2 -g -ffp-contract=off $(WARNINGS) -I. $(filter %.c,$^) -lm -o $@

$(HOST)/tests/pipeline/expected: tests/pipeline/expected.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=gnu11 -O2 -g $(WARNINGS) $< -lpng -o $@

host-tests: $(HOST_TESTS:%=$(HOST)/tests/%)

-include $(shell find $(HOST) -name '*.d' 2>/dev/null)
.PHONY: host-tests
