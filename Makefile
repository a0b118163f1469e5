# SPDX-License-Identifier: MIT
# baton: build, run and test. `make help` lists targets and variables.

# make hands on what stands on its command line, expanded: a dollar sign in a file's name would be its own. Hence not these
# (before the first shell function, which gets them too); tools/make/run.mk hands them on as they are.
unexport INPUT SCREEN FRAMES CPU OUT WINDOW SEED EVICT PREFETCH OMIT ADAPTER

BOARD ?= virt
BUILD := build
$(if $(wildcard boards/$(BOARD)/board.cfg),,$(error BOARD=$(BOARD): no such board; there are: \
    $(patsubst boards/%/board.cfg,%,$(wildcard boards/*/board.cfg))))
JOBS  ?= $(shell nproc 2>/dev/null || echo 2)

all: image compile_commands.json
.DEFAULT_GOAL := all

# What a rule does, in one line; `make V=1` shows the commands themselves.
Q   := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$(2))')
# A target that first sets the machine up starts make anew for the rest.
remake = +@$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

# What a user asks for; the rules are in the files below, and `make help` explains.
run test check bench size gdb linked flash debug boards sim pictures mutate omit-list sim-noise bench-sim coverage explore prove fuzz fuzz-seeds \
    workloads docs:

include tools/make/firmware.mk
include tools/make/host.mk
include sim/sim.mk
include tools/make/sim.mk
include tools/make/run.mk
include tools/make/workloads.mk
include tools/make/bench.mk
include tools/make/docs.mk
include tools/make/test.mk
include tools/make/check.mk
include tools/make/coverage.mk
include tools/make/fuzz.mk
include tools/make/prove.mk

clean:
	$(Q)rm -rf $(BUILD) compile_commands.json

help:
	@tools/help

.PHONY: all clean help
.DELETE_ON_ERROR:
