# SPDX-License-Identifier: MIT
# `make run`, `make gdb`: the pipeline image on QEMU.

PIPELINE := $(BUILD)/virt/pipeline.elf
CLIP     := $(BUILD)/clip/relay.y4m

# The user's variables reach tools/play by the environment, unexpanded: a file's name may hold anything.
export BATON_INPUT  := $(value INPUT)
export BATON_SCREEN := $(value SCREEN)
export BATON_FRAMES := $(value FRAMES)
export BATON_CPU    := $(value CPU)
export BATON_OUT    := $(value OUT)
export BATON_WINDOW := $(value WINDOW)

# Wrong variables are told before anything is built.
run:
	@tools/setup $(if $(filter-out 0,$(WINDOW)),window,run)
	@tools/play --check
	$(remake) run-parts
	@tools/play $(PIPELINE) $(CLIP)

gdb:
	@tools/setup gdb
	@tools/play --check
	$(remake) run-parts
	@tools/gdb $(PIPELINE) $(CLIP)

run-parts: $(PIPELINE) $(CLIP)
	@:

clip: $(CLIP)
$(CLIP): $(HOST)/tools/make-clip
	$(call say,CLIP,$@)
	@mkdir -p $(@D)
	$(Q)$< $@

.PHONY: run run-parts gdb clip
