# SPDX-License-Identifier: MIT
# The images that run on boards: apps/NAME/ and tests/target/NAME.c, each linked with boot/ core/ drivers/ and a board.
#
# Nothing but boards/NAME/ and the link depends on the board: every object is compiled once, in $(OBJECTS), and the boards'
# archives and images are linked from there, in $(BUILD)/NAME.

CROSS   ?= arm-none-eabi-
CC_ARM  := $(CROSS)gcc
# DEBUG=1: poison and canaries (core/debug.h), in folders of its own.
DEBUG   ?= 0
debug   := $(if $(filter-out 0,$(DEBUG)),-debug)
OBJECTS := $(BUILD)/arm$(debug)
board_build = $(BUILD)/$(1)$(debug)
FW      := $(call board_build,$(BOARD))

BOARDS  := $(patsubst boards/%/board.cfg,%,$(wildcard boards/*/board.cfg))
# The same for tests alone: machines that are nobody's board. Which tests, their board.cfg says.
BEDS    := $(patsubst tests/beds/%/board.cfg,%,$(wildcard tests/beds/*/board.cfg))
board_folder = $(if $(filter $(1),$(BEDS)),tests/beds/$(1),boards/$(1))
$(foreach board,$(BOARDS) $(BEDS),\
    $(eval CPUS_$(board) := $(shell sed -n 's/^cpus=//p' $(call board_folder,$(board))/board.cfg)))
$(foreach bed,$(BEDS),$(eval TESTS_$(bed) := $(shell sed -n 's/^tests=//p' tests/beds/$(bed)/board.cfg)))
board_cpus = $(CPUS_$(1))

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wpointer-arith \
            -Wwrite-strings -Wimplicit-fallthrough -Wformat=2

FW_FLAGS := -march=armv7-a+simd -mfloat-abi=hard -mthumb -mno-unaligned-access
FW_CFLAGS = -std=gnu11 $(FW_OPTIMIZE) -g3 -ffunction-sections -fdata-sections -funwind-tables -fno-strict-overflow \
             $(FW_FLAGS) $(WARNINGS) -I. -MMD -MP $(if $(debug),-DBATON_DEBUG=1)
# Small, but for what runs per handoff or per transfer: code size and instruction counts are both promises.
# The flags beside -Os are measured: each makes core/ smaller, by 2.2 % together.
FW_SMALL := -Os -fno-move-loop-invariants -fno-forward-propagate -fira-algorithm=priority -fno-tree-loop-im \
            -fno-tree-sink -fno-schedule-insns2 -fno-caller-saves
FW_OPTIMIZE := $(FW_SMALL)
$(OBJECTS)/core/%.o: FW_OPTIMIZE := $(FW_SMALL) -fno-thread-jumps
$(addprefix $(OBJECTS)/,core/cpu.o core/map.o boards/common/port.o drivers/pl080_soft_move.o \
    apps/bench/baselines.o): \
    FW_OPTIMIZE := -O2 -fno-schedule-insns --param logical-op-non-short-circuit=0
# A larger frame could step over a stack's guard page, which is 4 KiB, without touching it.
FW_CFLAGS += -Wframe-larger-than=4000
# No vector registers in what may run in an interrupt handler.
FW_KERNEL := -mgeneral-regs-only
# The Cortex-A8's erratum 657417: a 32-bit Thumb branch that lies across the end of a page may go astray. ld's default for ARMv7-A, too.
FW_LDFLAGS := $(FW_FLAGS) --specs=nano.specs -nostartfiles -static -Wl,--gc-sections -Wl,--fatal-warnings \
              -Wl,--no-warn-rwx-segments -Wl,--fix-cortex-a8 -Llinker -T image.ld

objects_of   = $(patsubst %,$(OBJECTS)/%.o,$(basename $(1)))
FW_SHARED   := $(call objects_of,$(wildcard boot/*.c boot/*.S core/*.c drivers/*.c drivers/*.S boards/common/*.c))
board_objects = $(call objects_of,$(wildcard $(call board_folder,$(1))/*.c))
FW_SUPPORT  := $(call objects_of,$(wildcard tests/target/support/*.c))
FW_APPS  := $(notdir $(wildcard apps/*))
FW_APPS  := $(filter-out platform.h explain,$(FW_APPS)) # explain: see below
FW_TESTS := $(basename $(notdir $(wildcard tests/target/test_*.c)))

image: $(FW_APPS:%=$(FW)/%.elf) $(FW_APPS:%=$(FW)/%.bin)
target-tests: $(FW_TESTS:%=$(FW)/tests/%.elf)

$(FW_SHARED) $(foreach board,$(BOARDS) $(BEDS),$(call board_objects,$(board))): FW_EXTRA := $(FW_KERNEL)

$(OBJECTS)/%.o: %.c tools/make/firmware.mk
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC_ARM) $(FW_CFLAGS) $(FW_EXTRA) -c $< -o $@

$(OBJECTS)/%.o: %.S tools/make/firmware.mk
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC_ARM) $(FW_CFLAGS) -c $< -o $@

# The objects that the rule names, and all of the board's archive.
FW_LINK = $(CC_ARM) $(FW_LDFLAGS) -L$(dir $(filter %/memory.ld,$^)) -Wl,-Map=$(@:.elf=.map) $(filter %.o,$^) \
          -Wl,--whole-archive $(filter %.a,$^) -Wl,--no-whole-archive -o $@
board_link_deps = $(call board_build,$(1))/libbaton.a linker/image.ld $(call board_folder,$(1))/memory.ld

define app_rule
$(call board_build,$(1))/$(2).elf: $(call objects_of,$(wildcard apps/$(2)/*.c)) $(call board_link_deps,$(1))
	$$(call say,LINK,$$@)
	$(Q)$$(FW_LINK)
endef

# Any application, explaining itself (apps/explain/): the same objects, its acquiring calls wrapped.
FW_WRAPPED := baton_begin_cpu_access baton_map_to_device baton_map_from_device
define explain_rule
$(call board_build,$(1))/$(2)-explain.elf: $(call objects_of,$(wildcard apps/$(2)/*.c apps/explain/*.c)) $(call board_link_deps,$(1))
	$$(call say,LINK,$$@)
	$(Q)$$(FW_LINK) $$(addprefix -Wl$$(comma)--wrap=,$$(FW_WRAPPED))
endef

# Every target test is one file, with the TAP helpers of tests/target/support/.
define board_rules
$(call board_build,$(1))/libbaton.a: $(FW_SHARED) $(call board_objects,$(1))
	@mkdir -p $$(@D)
	$$(call say,AR,$$@)
	@rm -f $$@
	$(Q)$$(CROSS)ar rcs $$@ $$^

$(foreach app,$(FW_APPS),$(eval $(call app_rule,$(1),$(app)))$(eval $(call explain_rule,$(1),$(app))))

$(call board_build,$(1))/tests/%.elf: $(OBJECTS)/tests/target/%.o $(FW_SUPPORT) $(call board_link_deps,$(1))
	$$(call say,LINK,$$@)
	@mkdir -p $$(@D)
	$(Q)$$(FW_LINK)

$(call board_build,$(1))/%.bin: $(call board_build,$(1))/%.elf
	$(Q)$$(CROSS)objcopy -O binary $$< $$@
endef
$(foreach board,$(BOARDS) $(BEDS),$(eval $(call board_rules,$(board))))

-include $(shell find $(OBJECTS) -name '*.d' 2>/dev/null)
.PHONY: image target-tests
.SECONDARY:
