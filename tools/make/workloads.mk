# SPDX-License-Identifier: MIT
# `make workloads`: what handing buffers over costs, beside two other policies (apps/workloads/).

WORKLOADS := $(FW)/workloads.elf

workloads:
	@tools/setup run sim
	$(remake) $(WORKLOADS) $(SIM_SO)
	@BATON_SIM=$(sim_plugin) tools/workloads --cpu "$${BATON_CPU:-$(firstword $(call board_cpus,$(BOARD)))}" --csv out/workloads.csv $(WORKLOADS)

.PHONY: workloads
