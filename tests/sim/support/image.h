/* SPDX-License-Identifier: MIT */
/*
 * What a test image may use: memory maps, the semihosting console and exit, a second CPU as bus master or as peer. A test
 * is one file with main(); it is compiled as it is (right) and with -DBROKEN.
 */
#ifndef SIM_TEST_IMAGE_H
#define SIM_TEST_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#define LINE 64u /* the largest line of the machines used */
/* Polls until a test gives up; in one thread (-icount) few are needed, each gives the turn to another CPU by WFE. */
#define POLLS 50000000u
#define ALIGNED __attribute__((aligned(LINE)))
#define NOINLINE __attribute__((noinline, noclone))
/* Normal non-cacheable in every table: virtual P is physical P + bus_offset. */
#define UNCACHED __attribute__((section(".uncached"), aligned(LINE)))
/* A mebibyte (and one more behind it) that a test maps with attributes of its own. */
#define SPECIAL __attribute__((section(".special"), aligned(LINE)))

/* Returns 0 when the image saw the bytes that it should see, 1 when it saw others. */
int main(void);

/* Distance of the bus's view of RAM; the runner puts it at the top of the CPU's RAM. 0: one view. */
extern uint32_t bus_offset;
static inline uint32_t bus(const volatile void *address)
{
    return (uint32_t)(uintptr_t)address + bus_offset;
}

/* Tells the runner the physical address that the report has to name. */
void expect_address(const volatile void *address);
void print(const char *text);
_Noreturn void finish(int status);

/* Memory map ------------------------------------------------------------------------------------------------------- */

/* Short-descriptor section attributes, TEX remap off (DDI 0406C, B3.8.2). */
#define SECTION 0x00000c02u
#ifndef SHAREABLE /* a machine whose CPU does not cache such memory says 0 */
#define SHAREABLE 0x00010000u
#endif
#define WRITE_BACK (SECTION | SHAREABLE | 0x100cu)
#define WRITE_THROUGH (SECTION | SHAREABLE | 0x0008u)
#define NON_CACHEABLE (SECTION | SHAREABLE | 0x1000u)
#define DEVICE (SECTION | 0x0014u)

/* Where RAM is mapped a second time, Normal non-cacheable, at physical P + bus_offset. */
#define ALIAS 0x40000000u /* added to a RAM address; see machine headers for why it is free */

extern uint32_t table_cached[4096], table_uncached[4096];
extern char special_start[], special_end[];
void map_sections(uint32_t *table, uint32_t virtual, uint32_t physical, uint32_t size, uint32_t attributes);
void invalidate_tlb(void);

/* Called with MMU and caches off after the default map was made; a test may define it to change the tables. */
void adjust_map(void);
/* Called with MMU off on each CPU that gets tables; a test may replace it (LPAE, TEX remap). */
void mmu_on(uint32_t *table);
/* Sets M, C, I, Z and the bits given in SCTLR. */
void sctlr_on(uint32_t more);

/* Other CPUs ------------------------------------------------------------------------------------------------------- */

extern char enter_bare[], enter_uncached[], enter_cached[];
void cpu_start(uint32_t cpu, const char *entry, void (*function)(void));

/* Bytes that the bus master (CPU 1, or the highest CPU) copies. */
#define SEEN_SIZE 4096u
extern uint8_t outside[SEEN_SIZE]; /* in .uncached: where a test puts what the master writes, or finds what it read */

void master_start(void);
/* Describes a copy in the mailbox (non-cacheable) and rings. Contains a DMB for the mailbox and no DSB. */
void master_copy_start(uint32_t to, uint32_t from, uint32_t size);
/* Polls the completion, a Device register, with a bound; no barrier after the read. */
void master_poll(void);
/* As above, and a DSB. */
void master_wait(void);

/* Pieces for tests that write the mailbox themselves. */
struct mailbox {
    volatile uint32_t to, from, size;
};
extern struct mailbox mailbox;
void doorbell(void);

/* Small things ----------------------------------------------------------------------------------------------------- */

static inline void dsb(void)
{
    __asm__ volatile("dsb" ::: "memory");
}
static inline void dmb(void)
{
    __asm__ volatile("dmb" ::: "memory");
}
static inline uint32_t read32(uint32_t address)
{
    return *(volatile uint32_t *)address;
}
static inline void write32(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)address = value;
}
static inline uint8_t pattern(uint32_t i)
{
    return (uint8_t)(i * 7 + 1 + (i >> 8));
}

/* outside[] := pattern, through the uncached window, drained. */
void outside_set(uint32_t size);
/* outside[] := 0, likewise. */
void outside_clear(uint32_t size);
/* 0 if outside[0..size) is the pattern, 1 if not. */
int outside_check(uint32_t size);
int semihost(uint32_t operation, const void *block);

#endif
