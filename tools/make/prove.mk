# SPDX-License-Identifier: MIT
# `make prove`: the proofs of core/rules.c, directory.c and conflict.c by CBMC. `make explore`: every state of the core, on the host.

prove:
	@tools/setup proof
	@tools/cbmc-root $(BUILD)/proof/trixie
	@tools/prove $(BUILD) $(PROOF)

EXPLORE       := $(BUILD)/explore
EXPLORE_SIZES := explore.line explore.alike explore.alike-one explore.shared explore.pair explore.three-once explore-bounce.bounce
# `make explore LONG=1`: three minutes more. docs/PROOF.md says which sizes there are beyond.
EXPLORE_LONG  := explore.lines-once
EXPLORE_FILES := $(addprefix tests/proof/,explore.c world.c calls.c vector.c states.c follow.c track.c lines.c) $(wildcard core/*.c)
# Stacks are saved and brought back, which sanitizers do not follow; the same states run under them as random programs.
# Nothing that is left of earlier calls on the stack tells one state from another.
EXPLORE_CFLAGS := -std=gnu11 -O2 -ftrivial-auto-var-init=zero -g -fno-omit-frame-pointer $(WARNINGS) -I.
# Two columns: a buffer and its bounce buffer. A line of it has one part, as the sets of what may have become of both are large.
$(EXPLORE)/explore-bounce: EXPLORE_CFLAGS += -DCOLUMNS=2 -DCELLS=1

$(EXPLORE)/explore $(EXPLORE)/explore-bounce: $(EXPLORE_FILES) $(wildcard core/*.h core/api/*.h tests/proof/*.h)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(HOST_CC) $(EXPLORE_CFLAGS) $(EXPLORE_FILES) -o $@

explore: $(EXPLORE)/explore $(EXPLORE)/explore-bounce
	$(Q)for size in $(EXPLORE_SIZES) $(if $(LONG),$(EXPLORE_LONG)); do $(EXPLORE)/$${size%.*} $${size#*.} || exit 1; done
	$(Q)tools/explore-defects $(BUILD)

test-parts: $(EXPLORE)/explore $(EXPLORE)/explore-bounce
.PHONY: prove explore
