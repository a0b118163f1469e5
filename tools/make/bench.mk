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

# The README's table, from the record that is kept.
bench-table:
	@tools/bench table bench/records/virt-cortex-a15.csv --insert README.md

.PHONY: bench bench-compare bench-table
