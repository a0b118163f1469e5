# SPDX-License-Identifier: MIT
# baton: build, run and test. `make help` lists targets and variables.

BOARD ?= virt
BUILD := build

all: image
.DEFAULT_GOAL := all

include tools/make/firmware.mk
include tools/make/host.mk
include sim/sim.mk

clean:
	rm -rf $(BUILD)

.PHONY: all clean
.DELETE_ON_ERROR:
