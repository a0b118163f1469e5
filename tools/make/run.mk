# SPDX-License-Identifier: MIT
# `make run`, `make gdb`: the pipeline image on QEMU. `make flash`, `make debug`: on a board.

PIPELINE := $(FW)/pipeline.elf
CLIP     := $(BUILD)/clip/relay.y4m

# The user's variables reach tools/play by the environment, unexpanded: a file's name may hold anything.
export BATON_INPUT  := $(value INPUT)
export BATON_SCREEN := $(value SCREEN)
export BATON_FRAMES := $(value FRAMES)
export BATON_BOARD  := $(value BOARD)
export BATON_CPU    := $(value CPU)
export BATON_OUT    := $(value OUT)
export BATON_WINDOW := $(value WINDOW)
export BATON_SEED   := $(value SEED)
export BATON_EVICT  := $(value EVICT)
export BATON_PREFETCH := $(value PREFETCH)
export BATON_OMIT   := $(value OMIT)
export BATON_ADAPTER := $(value ADAPTER)
# The image that explains its handoffs.
PLAYED := $(if $(filter-out 0,$(EXPLAIN)),$(PIPELINE:.elf=-explain.elf),$(PIPELINE))

# Wrong variables are told before anything is built.
run:
	@tools/setup $(if $(filter-out 0,$(WINDOW)),window,run) $(sim_packages)
	@tools/play --check
	$(remake) run-parts $(sim_parts)
	@BATON_SIM=$(sim_plugin) tools/play $(PLAYED) $(CLIP)

gdb:
	@tools/setup gdb
	@tools/play --check
	$(remake) run-parts
	@tools/gdb $(PIPELINE) $(CLIP)

# On a real board, by JTAG (tools/flash): IMAGE= another one of the board's, such as bench or tests/test_smp.
IMAGE   ?= pipeline
FLASHED := $(FW)/$(IMAGE).elf
flash debug:
	@tools/flash --check
	@tools/setup build $@
	$(if $(filter pipeline,$(IMAGE)),@tools/play --check)
	$(remake) flash-parts
	@tools/flash $(if $(filter flash,$@),run,debug) $(FLASHED) $(CLIP)

flash-parts: $(FLASHED) $(CLIP)
	@:

run-parts: $(PIPELINE) $(PLAYED) $(CLIP)
	@:

clip: $(CLIP)
$(CLIP): $(HOST)/tools/make-clip
	$(call say,CLIP,$@)
	@mkdir -p $(@D)
	$(Q)$< $@

.PHONY: run run-parts gdb flash debug flash-parts clip
