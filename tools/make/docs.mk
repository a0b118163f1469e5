# SPDX-License-Identifier: MIT
# `make docs`: the API reference, HTML in $(BUILD)/docs, from the comments of the public headers. A warning is an error.

docs:
	@tools/setup docs
	$(call say,DOCS,$(BUILD)/docs/index.html)
	@mkdir -p $(BUILD)/docs
	$(Q)(cat tools/docs/Doxyfile; echo 'OUTPUT_DIRECTORY = $(BUILD)/docs') | doxygen -

.PHONY: docs
