# SPDX-License-Identifier: MIT
# `make bench [BOARD= CPU=]`: the benchmark of cache maintenance (apps/bench/, docs/BENCH.md).

BENCH := $(FW)/bench.elf

bench:
	@tools/setup bench
	$(remake) $(BENCH) $(WORKLOADS) $(SIM_SO)
	@BATON_SIM=$(sim_plugin) tools/bench run $(BENCH) $(WORKLOADS) --board $(BOARD) $(if $(BENCH_COST),--cost $(BENCH_COST)) \
	    --cpu "$$BATON_CPU"

# A and B: records.
bench-compare:
	$(if $(and $(A),$(B)),,$(error make bench-compare A=x.csv B=y.csv))
	@tools/bench compare $(A) $(B)

# What the README shows of the record that is kept: a table, and two of the plots.
BENCH_KEPT := bench/records/virt-cortex-a15.csv
bench-table:
	@tools/setup bench
	@tools/bench table $(BENCH_KEPT) --insert README.md
	@tools/bench draw $(BENCH_KEPT) --out $(BUILD)/bench
	@mkdir -p docs/pictures/bench
	@cp $(addprefix $(BUILD)/bench/$(basename $(notdir $(BENCH_KEPT)))/,line-cost.svg policies-lines.svg) docs/pictures/bench/

.PHONY: bench bench-compare bench-table
