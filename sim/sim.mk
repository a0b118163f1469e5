# SPDX-License-Identifier: GPL-2.0-or-later
# The non-coherent memory model: a TCG plugin for QEMU 9.2 and newer, built with the host's compiler.

SIM_CC     ?= cc
SIM_SO     := $(BUILD)/sim/noncoherent.so
SIM_SRC    := $(wildcard sim/model/*.c sim/arm/*.c sim/plugin/*.c)
SIM_OBJ    := $(SIM_SRC:%.c=$(BUILD)/sim/%.o)
SIM_CFLAGS := -std=gnu11 -O3 -g -fPIC -fvisibility=hidden -fno-semantic-interposition -pthread $(WARNINGS) -I. -MMD -MP

sim: $(SIM_SO)

$(BUILD)/sim/%.o: %.c sim/sim.mk
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(SIM_CC) $(SIM_CFLAGS) -c $< -o $@

# QEMU's functions are found in QEMU when it loads the plugin.
$(SIM_SO): $(SIM_OBJ)
	$(call say,LINK,$@)
	$(Q)$(SIM_CC) -shared -pthread $^ -ldw -lelf -ldl -o $@

# For `make bench-sim`.
SIM_EMPTY := $(BUILD)/sim/empty.so

$(SIM_EMPTY): $(BUILD)/sim/sim/bench/empty.o
	$(call say,LINK,$@)
	$(Q)$(SIM_CC) -shared $^ -o $@

-include $(SIM_OBJ:.o=.d)
.PHONY: sim
