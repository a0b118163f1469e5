# SPDX-License-Identifier: MIT
# For OpenOCD (0.12 and newer), by tools/flash: an image into the memory of a halted core, and off it goes. The board's loader has set
# the memory controller up, as nothing here does.

# Leaves the core halted at the entry. Arguments: the words of its semihosting command line.
proc baton_load {image entry arguments} {
    halt
    arm semihosting enable
    arm semihosting_cmdline {*}$arguments
    load_image $image
    # The entry is A32; the core may have been stopped in Thumb code, or between an IT and what it makes conditional: a CPSR without
    # T and IT, and with A, I and F masked (DDI 0406C, B1.3.3). The mode stays: to leave Hyp is the image's own business.
    set cpsr [dict get [get_reg cpsr] cpsr]
    set_reg [list cpsr [format 0x%08x [expr {($cpsr & ~0x0600fc20) | 0x000001c0}]] pc $entry]
}

# Until the program ends, which stops the core; OpenOCD serves semihosting meanwhile.
proc baton_run {} {
    resume
    while {[[target current] curstate] ne "halted"} {
        sleep 100
    }
}
