# SPDX-License-Identifier: MIT
# `make check` and `make size`: what can be said of the source without running it, and of the image.

# Sources in the tree, committed or not.
sources = $(sort $(shell find boot core drivers boards apps tests tools -name '*.[ch]'))
COMPILED_DIRS := $(shell find boot core drivers boards apps tests tools -type d)

check:
	@tools/setup check
	@$(MAKE) --no-print-directory check-format check-includes check-api check-cppcheck

check-format:
	$(call say,CHECK,format)
	$(Q)clang-format --dry-run -Werror $(sources)

check-includes:
	$(call say,CHECK,includes)
	$(Q)tools/check-includes

check-api:
	$(call say,CHECK,API comments)
	$(Q)tools/check-api

# 32-bit int and pointers, as on the target. What is not asked: bounds that the linker makes are compared and subtracted;
# a test may run out of memory, or keep it; and newer versions do not know a register variable with its register's name.
CPPCHECK := cppcheck --quiet --error-exitcode=1 --std=c11 --platform=unix32 --inline-suppr -I. \
            --enable=warning,portability --suppress=missingIncludeSystem --suppress=comparePointers \
            --suppress=subtractPointers --suppress=normalCheckLevelMaxBranches --suppress=syntaxError:drivers/psci.c \
            --suppress=memleak:tests/* --suppress=nullPointerOutOfMemory:tests/* \
            --suppress=nullPointerArithmeticOutOfMemory:tests/*
check-cppcheck:
	$(call say,CHECK,cppcheck)
	$(Q)$(CPPCHECK) $(filter-out tests/misuse/% tests/sim/%,$(filter %.c,$(sources))) # the mistakes there are deliberate

size: $(PIPELINE)
	@tools/size $(FW) pipeline $(OBJECTS)

# For editors. Made anew when a folder's list of files or a rule changes.
compile_commands.json: Makefile $(wildcard tools/make/*.mk) $(COMPILED_DIRS)
	@$(MAKE) --no-print-directory -nBk V=1 image target-tests host-tests test-parts 2>/dev/null \
	    | tools/compile-commands >$@

.PHONY: check check-format check-includes check-api check-cppcheck size
