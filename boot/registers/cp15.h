/* SPDX-License-Identifier: MIT */
/*
 * Every CP15 register and operation that baton uses, named as in the ARM Architecture Reference Manual (ARMv7-A and -R,
 * DDI 0406C, B3.17 and B4.1), and the one macro that makes their accessors. Nobody else writes mrc, mcr, mrrc or mcrr.
 *
 * C:         uint32_t sctlr = cp15_read_SCTLR();  cp15_write_DCCMVAC(address);
 * assembly:  CP15(mrc, r0, CP15_SCTLR)
 *
 * Includes nothing of baton; may be included by boot/ and drivers/.
 */
#ifndef BATON_BOOT_REGISTERS_CP15_H
#define BATON_BOOT_REGISTERS_CP15_H

/* name: opc1, CRn, CRm, opc2 */
#define CP15_MIDR 0, c0, c0, 0
#define CP15_CTR 0, c0, c0, 1
#define CP15_MPIDR 0, c0, c0, 5
#define CP15_ID_PFR1 0, c0, c1, 1
#define CP15_ID_DFR0 0, c0, c1, 2
#define CP15_ID_MMFR0 0, c0, c1, 4
#define CP15_ID_MMFR3 0, c0, c1, 7
#define CP15_CCSIDR 1, c0, c0, 0
#define CP15_CLIDR 1, c0, c0, 1
#define CP15_CSSELR 2, c0, c0, 0
#define CP15_SCTLR 0, c1, c0, 0
#define CP15_ACTLR 0, c1, c0, 1
#define CP15_CPACR 0, c1, c0, 2
#define CP15_HSCTLR 4, c1, c0, 0
#define CP15_HCR 4, c1, c1, 0
#define CP15_HDCR 4, c1, c1, 1
#define CP15_HCPTR 4, c1, c1, 2
#define CP15_HSTR 4, c1, c1, 3
#define CP15_VPIDR 4, c0, c0, 0
#define CP15_VMPIDR 4, c0, c0, 5
#define CP15_TTBR0 0, c2, c0, 0
#define CP15_TTBR1 0, c2, c0, 1
#define CP15_TTBCR 0, c2, c0, 2
#define CP15_HTCR 4, c2, c0, 2
#define CP15_DACR 0, c3, c0, 0
#define CP15_DFSR 0, c5, c0, 0
#define CP15_IFSR 0, c5, c0, 1
#define CP15_DFAR 0, c6, c0, 0
#define CP15_IFAR 0, c6, c0, 2
#define CP15_ICIALLUIS 0, c7, c1, 0
#define CP15_BPIALLIS 0, c7, c1, 6
#define CP15_PAR 0, c7, c4, 0
#define CP15_ICIALLU 0, c7, c5, 0
#define CP15_ICIMVAU 0, c7, c5, 1
#define CP15_BPIALL 0, c7, c5, 6
#define CP15_DCIMVAC 0, c7, c6, 1
#define CP15_DCISW 0, c7, c6, 2
#define CP15_ATS1CPR 0, c7, c8, 0
#define CP15_ATS1CPW 0, c7, c8, 1
#define CP15_DCCMVAC 0, c7, c10, 1
#define CP15_DCCSW 0, c7, c10, 2
#define CP15_DCCMVAU 0, c7, c11, 1
#define CP15_DCCIMVAC 0, c7, c14, 1
#define CP15_DCCISW 0, c7, c14, 2
#define CP15_TLBIALLIS 0, c8, c3, 0
#define CP15_TLBIMVAAIS 0, c8, c3, 3
#define CP15_TLBIALL 0, c8, c7, 0
#define CP15_TLBIMVA 0, c8, c7, 1
#define CP15_TLBIALLH 4, c8, c7, 0
#define CP15_TLBIALLNSNH 4, c8, c7, 4
#define CP15_PMCR 0, c9, c12, 0
#define CP15_PMCNTENSET 0, c9, c12, 1
#define CP15_PMCNTENCLR 0, c9, c12, 2
#define CP15_PMOVSR 0, c9, c12, 3
#define CP15_PMSELR 0, c9, c12, 5
#define CP15_PMCEID0 0, c9, c12, 6
#define CP15_PMCCNTR 0, c9, c13, 0
#define CP15_PMXEVTYPER 0, c9, c13, 1
#define CP15_PMXEVCNTR 0, c9, c13, 2
#define CP15_PMCCFILTR 0, c14, c15, 7
#define CP15_PRRR 0, c10, c2, 0
#define CP15_NMRR 0, c10, c2, 1
#define CP15_HMAIR0 4, c10, c2, 0
#define CP15_VBAR 0, c12, c0, 0
#define CP15_HVBAR 4, c12, c0, 0
#define CP15_CONTEXTIDR 0, c13, c0, 1
#define CP15_A8_L2_AUXILIARY 1, c9, c0, 2 /* Cortex-A8 alone: of its second level */
#define CP15_A9_DIAGNOSTIC 0, c15, c0, 1  /* Cortex-A9 alone, for its errata */
#define CP15_CBAR 4, c15, c0, 0           /* Cortex-A5 and A9: where the private peripherals are */
#define CP15_TPIDRURW 0, c13, c0, 2
#define CP15_TPIDRURO 0, c13, c0, 3
#define CP15_TPIDRPRW 0, c13, c0, 4
#define CP15_CNTFRQ 0, c14, c0, 0
#define CP15_CNTKCTL 0, c14, c1, 0
#define CP15_CNTHCTL 4, c14, c1, 0
#define CP15_CNTP_TVAL 0, c14, c2, 0
#define CP15_CNTP_CTL 0, c14, c2, 1
#define CP15_CNTV_TVAL 0, c14, c3, 0
#define CP15_CNTV_CTL 0, c14, c3, 1

/* 64-bit: opc1, CRm */
#define CP15_HTTBR 4, c2
#define CP15_CNTPCT 0, c14
#define CP15_CNTVCT 1, c14
#define CP15_CNTP_CVAL 2, c14
#define CP15_CNTV_CVAL 3, c14
#define CP15_CNTVOFF 4, c14

/* One instruction: access is mrc or mcr; mrrc or mcrr. */
#define CP15(access, r, ...) CP15_INSTRUCTION(access, r, __VA_ARGS__)
#define CP15_INSTRUCTION(access, r, opc1, crn, crm, opc2) access p15, opc1, r, crn, crm, opc2
#define CP15_64(access, low, high, ...) CP15_INSTRUCTION64(access, low, high, __VA_ARGS__)
#define CP15_INSTRUCTION64(access, low, high, opc1, crm) access p15, opc1, low, high, crm

#ifndef __ASSEMBLER__

#include <stdint.h>

#define CP15_TEXT(...) CP15_STRING(__VA_ARGS__)
#define CP15_STRING(...) #__VA_ARGS__

/* The formatter would part % and 0. */
/* clang-format off */
/* The macro. A write is a compiler barrier: maintenance and control writes must stay where they were written. */
#define CP15_ACCESSORS(name)                                                                                           \
    static inline uint32_t cp15_read_##name(void)                                                                      \
    {                                                                                                                  \
        uint32_t value;                                                                                                \
        __asm__ volatile(CP15_TEXT(CP15(mrc, %0, CP15_##name)) : "=r"(value)::"memory");                              \
        return value;                                                                                                  \
    }                                                                                                                  \
    static inline void cp15_write_##name(uint32_t value)                                                               \
    {                                                                                                                  \
        __asm__ volatile(CP15_TEXT(CP15(mcr, %0, CP15_##name))::"r"(value) : "memory");                               \
    }

#define CP15_ACCESSORS64(name)                                                                                         \
    static inline uint64_t cp15_read_##name(void)                                                                      \
    {                                                                                                                  \
        uint64_t value;                                                                                                \
        __asm__ volatile(CP15_TEXT(CP15_64(mrrc, %Q0, %R0, CP15_##name)) : "=r"(value)::"memory");                   \
        return value;                                                                                                  \
    }                                                                                                                  \
    static inline void cp15_write_##name(uint64_t value)                                                               \
    {                                                                                                                  \
        __asm__ volatile(CP15_TEXT(CP15_64(mcrr, %Q0, %R0, CP15_##name))::"r"(value) : "memory");                    \
    }

/* clang-format on */
CP15_ACCESSORS(MIDR)
CP15_ACCESSORS(CTR)
CP15_ACCESSORS(MPIDR)
CP15_ACCESSORS(ID_PFR1)
CP15_ACCESSORS(ID_DFR0)
CP15_ACCESSORS(ID_MMFR0)
CP15_ACCESSORS(ID_MMFR3)
CP15_ACCESSORS(CCSIDR)
CP15_ACCESSORS(CLIDR)
CP15_ACCESSORS(CSSELR)
CP15_ACCESSORS(SCTLR)
CP15_ACCESSORS(ACTLR)
CP15_ACCESSORS(CPACR)
CP15_ACCESSORS(TTBR0)
CP15_ACCESSORS(TTBR1)
CP15_ACCESSORS(TTBCR)
CP15_ACCESSORS(DACR)
CP15_ACCESSORS(DFSR)
CP15_ACCESSORS(IFSR)
CP15_ACCESSORS(DFAR)
CP15_ACCESSORS(IFAR)
CP15_ACCESSORS(ICIALLUIS)
CP15_ACCESSORS(BPIALLIS)
CP15_ACCESSORS(PAR)
CP15_ACCESSORS(ICIALLU)
CP15_ACCESSORS(ICIMVAU)
CP15_ACCESSORS(BPIALL)
CP15_ACCESSORS(DCIMVAC)
CP15_ACCESSORS(DCISW)
CP15_ACCESSORS(ATS1CPR)
CP15_ACCESSORS(ATS1CPW)
CP15_ACCESSORS(DCCMVAC)
CP15_ACCESSORS(DCCSW)
CP15_ACCESSORS(DCCMVAU)
CP15_ACCESSORS(DCCIMVAC)
CP15_ACCESSORS(DCCISW)
CP15_ACCESSORS(TLBIALLIS)
CP15_ACCESSORS(TLBIMVAAIS)
CP15_ACCESSORS(TLBIALL)
CP15_ACCESSORS(TLBIMVA)
CP15_ACCESSORS(PMCR)
CP15_ACCESSORS(PMCNTENSET)
CP15_ACCESSORS(PMCNTENCLR)
CP15_ACCESSORS(PMOVSR)
CP15_ACCESSORS(PMSELR)
CP15_ACCESSORS(PMCEID0)
CP15_ACCESSORS(PMCCNTR)
CP15_ACCESSORS(PMXEVTYPER)
CP15_ACCESSORS(PMXEVCNTR)
CP15_ACCESSORS(PMCCFILTR)
CP15_ACCESSORS(VBAR)
CP15_ACCESSORS(CONTEXTIDR)
CP15_ACCESSORS(TPIDRPRW)
CP15_ACCESSORS(CNTFRQ)
CP15_ACCESSORS(CNTKCTL)
CP15_ACCESSORS(CNTP_CTL)
CP15_ACCESSORS(CNTV_TVAL)
CP15_ACCESSORS(CNTV_CTL)
CP15_ACCESSORS64(CNTPCT)
CP15_ACCESSORS64(CNTVCT)
CP15_ACCESSORS64(CNTV_CVAL)

#endif /* __ASSEMBLER__ */
#endif
