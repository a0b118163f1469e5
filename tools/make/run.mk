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

# IMAGE=: in gdb, flash and debug another one of the board's, such as bench or tests/test_smp.
IMAGE  ?= pipeline
CHOSEN := $(FW)/$(IMAGE).elf
gdb:
	@tools/setup gdb
	$(if $(filter pipeline,$(IMAGE)),@tools/play --check)
	$(remake) $(CHOSEN) $(CLIP)
	@tools/gdb $(CHOSEN) $(CLIP)

# The image with clip and settings linked in, for a board with nobody beside it (boards/common/host_linked.h).
WITH_CLIP := $(FW)/pipeline-linked.elf
linked:
	@tools/setup build
	@tools/play --check
	$(link_clip)

# Not in one go: the user's variables are there in the first make alone.
define link_clip
$(if $(value INPUT),,$(remake) $(CLIP))
@tools/play --link $(FW)/linked $(CLIP)
$(remake) $(WITH_CLIP) $(WITH_CLIP:.elf=.bin)
endef

$(FW)/linked/linked.o: boards/common/linked.S $(FW)/linked/settings.inc tools/make/run.mk
	$(call say,AS,$<)
	$(Q)$(CC_ARM) $(FW_FLAGS) -Wa,-I,$(@D) -c $< -o $@

$(WITH_CLIP): $(call objects_of,$(wildcard apps/pipeline/*.c)) $(FW)/linked/linked.o $(call board_link_deps,$(BOARD))
	$(call say,LINK,$@)
	$(Q)$(FW_LINK)

# On a real board, by JTAG (tools/flash). LINKED=1: the pipeline that has its clip.
FLASHED := $(if $(filter-out 0,$(LINKED)),$(WITH_CLIP),$(CHOSEN))
flash debug:
	@tools/flash --check
	@tools/setup build $@
	$(if $(filter pipeline,$(IMAGE)),@tools/play --check)
	$(if $(filter $(FLASHED),$(WITH_CLIP)),$(link_clip),$(remake) $(FLASHED) $(CLIP))
	@tools/flash $(if $(filter flash,$@),run,debug) $(FLASHED) $(CLIP)

run-parts: $(PIPELINE) $(PLAYED) $(CLIP)
	@:

clip: $(CLIP)
$(CLIP): $(HOST)/tools/make-clip
	$(call say,CLIP,$@)
	@mkdir -p $(@D)
	$(Q)$< $@

.PHONY: run run-parts linked gdb flash debug clip
