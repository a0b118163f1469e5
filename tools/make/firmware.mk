# SPDX-License-Identifier: MIT
# The images that run on the board: apps/NAME/ and tests/target/NAME.c, each linked with boot/ core/ drivers/ and the
# board.

CROSS   ?= arm-none-eabi-
CC_ARM  := $(CROSS)gcc
# DEBUG=1: poison and canaries (core/debug.h), in a folder of its own.
DEBUG   ?= 0
debug   := $(filter-out 0,$(DEBUG))
FW      := $(BUILD)/$(BOARD)$(if $(debug),-debug)

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
$(FW)/core/cpu.o $(FW)/core/map.o $(FW)/boards/common/port.o \
    $(FW)/drivers/pl080_soft_move.o $(FW)/apps/bench/baselines.o: FW_OPTIMIZE := -O2 -fno-schedule-insns --param logical-op-non-short-circuit=0
# A larger frame could step over a stack's guard page, which is 4 KiB, without touching it.
FW_CFLAGS += -Wframe-larger-than=4000
# No vector registers in what may run in an interrupt handler.
FW_KERNEL := -mgeneral-regs-only
FW_LDFLAGS := $(FW_FLAGS) --specs=nano.specs -nostartfiles -static -Wl,--gc-sections -Wl,--fatal-warnings \
              -Wl,--no-warn-rwx-segments -Llinker -Lboards/$(BOARD) -T image.ld

FW_KERNEL_SRC := $(wildcard boot/*.c boot/*.S core/*.c drivers/*.c boards/common/*.c boards/$(BOARD)/*.c)
FW_KERNEL_OBJ := $(patsubst %,$(FW)/%.o,$(basename $(FW_KERNEL_SRC)))
FW_APPS  := $(notdir $(wildcard apps/*))
FW_APPS  := $(filter-out platform.h explain,$(FW_APPS)) # explain: see below
FW_TESTS := $(basename $(notdir $(wildcard tests/target/test_*.c)))

image: $(FW_APPS:%=$(FW)/%.elf) $(FW_APPS:%=$(FW)/%.bin)
target-tests: $(FW_TESTS:%=$(FW)/tests/%.elf)

$(FW_KERNEL_OBJ): FW_EXTRA := $(FW_KERNEL)

$(FW)/%.o: %.c tools/make/firmware.mk
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC_ARM) $(FW_CFLAGS) $(FW_EXTRA) -c $< -o $@

$(FW)/%.o: %.S tools/make/firmware.mk
	@mkdir -p $(@D)
	$(call say,AS,$<)
	$(Q)$(CC_ARM) $(FW_CFLAGS) -c $< -o $@

$(FW)/libbaton.a: $(FW_KERNEL_OBJ)
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(CROSS)ar rcs $@ $^

FW_LINK = $(CC_ARM) $(FW_LDFLAGS) -Wl,-Map=$(@:.elf=.map) $(filter %.o,$^) -Wl,--whole-archive $(FW)/libbaton.a \
          -Wl,--no-whole-archive -o $@
FW_LINK_DEPS := $(FW)/libbaton.a linker/image.ld boards/$(BOARD)/memory.ld

define app_rule
$$(FW)/$(1).elf: $$(patsubst %.c,$$(FW)/%.o,$$(wildcard apps/$(1)/*.c)) $$(FW_LINK_DEPS)
	$$(call say,LINK,$$@)
	$(Q)$$(FW_LINK)
endef
$(foreach app,$(FW_APPS),$(eval $(call app_rule,$(app))))

# Any application, explaining itself (apps/explain/): the same objects, its acquiring calls wrapped.
FW_WRAPPED := baton_begin_cpu_access baton_map_to_device baton_map_from_device
define explain_rule
$$(FW)/$(1)-explain.elf: $$(patsubst %.c,$$(FW)/%.o,$$(wildcard apps/$(1)/*.c) $$(wildcard apps/explain/*.c)) $$(FW_LINK_DEPS)
	$$(call say,LINK,$$@)
	$(Q)$$(FW_LINK) $$(addprefix -Wl$$(comma)--wrap=,$$(FW_WRAPPED))
endef
$(foreach app,$(FW_APPS),$(eval $(call explain_rule,$(app))))

# Every target test is one file, with the TAP helpers of tests/target/support/.
$(FW)/tests/%.elf: $(FW)/tests/target/%.o $(patsubst %.c,$(FW)/%.o,$(wildcard tests/target/support/*.c)) $(FW_LINK_DEPS)
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(FW_LINK)

$(FW)/%.bin: $(FW)/%.elf
	$(Q)$(CROSS)objcopy -O binary $< $@

-include $(shell find $(FW) -name '*.d' 2>/dev/null)
.PHONY: image target-tests
.SECONDARY:
