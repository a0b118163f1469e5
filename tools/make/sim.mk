# SPDX-License-Identifier: MIT
# How this repository uses its simulator: built from sim/ (sim/sim.mk), loaded by tools/run into every QEMU that `make run`
# and `make test` start, unless SIM=0.

SIM ?= 1

# Empty: without. So too where QEMU takes no such plugin (tools/setup has said that, in one line).
sim_plugin = $(if $(filter-out 0,$(SIM)),$$(tools/sim-plugin $(SIM_SO)))
sim_packages = $(if $(filter-out 0,$(SIM)),sim)
sim_parts  = $(if $(filter-out 0,$(SIM)),$(SIM_SO))

$(SIM_OBJ): | sim-packages
sim-packages:
	@tools/setup sim

omit-list:
	@tools/mutate list

# The screens of the README: right, and without a step.
$(HOST)/tools/montage: tools/pictures/montage.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) -std=gnu11 -O2 -g $(WARNINGS) $< -lpng -o $@

PICTURES_CLIP := $(BUILD)/clip/pictures.y4m
$(PICTURES_CLIP): $(HOST)/tools/make-clip
	$(call say,CLIP,$@)
	@mkdir -p $(@D)
	$(Q)$< --size 320x240 --frames 12 $@

pictures-parts: $(PIPELINE) $(SIM_SO) $(PICTURES_CLIP) $(HOST)/tools/montage
	@:

pictures:
	@tools/setup test sim
	$(remake) pictures-parts
	@BATON_SIM=$(sim_plugin) tools/pictures/render $(PIPELINE) $(PICTURES_CLIP) $(HOST)/tools/montage docs/pictures

# Every target test with handoffs under evictions and speculative fills, from so many seeds; `make test` has the first.
SEEDS ?= 200
sim-noise:
	@tools/setup test sim
	$(remake) $(FW_TESTS:%=$(FW)/tests/%.elf) $(SIM_SO)
	@BATON_SIM=$(sim_plugin) tools/sim-noise --seeds $(SEEDS) --jobs $(JOBS) $(FW_TESTS:%=$(FW)/tests/%.elf)

bench-sim:
	@tools/setup run sim
	$(remake) $(SIM_SO) $(SIM_EMPTY) $(FW)/tests/bench_copy.elf run-parts
	@tools/bench-sim $(SIM_SO) $(SIM_EMPTY) $(FW)/tests/bench_copy.elf $(PIPELINE) $(CLIP)

# Deliberate defects, each of which a test must notice. DEFECTS= names some of them, LISTS= some of the lists.
mutate:
	@tools/setup test sim
	$(remake) test-parts $(SIM_SO)
	@tools/mutate judge $(BUILD) --jobs $(JOBS) $(LISTS:%=--list=%) $(DEFECTS)

.PHONY: sim-packages omit-list pictures pictures-parts sim-noise bench-sim mutate
