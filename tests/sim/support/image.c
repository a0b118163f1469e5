/* SPDX-License-Identifier: MIT */
/* Memory map, console and exit of the test images; called by start.S and the tests. */
#include "image.h"

#define CPU_RAM 0x08000000u /* the CPU's half of 256 MiB */

uint32_t table_cached[4096] __attribute__((aligned(16384)));
uint32_t table_uncached[4096] __attribute__((aligned(16384)));
uint32_t bus_offset;

int semihost(uint32_t operation, const void *block)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = block;
#ifdef __thumb__
    __asm__ volatile("svc 0xab" : "+r"(r0) : "r"(r1) : "memory", "lr");
#else
    __asm__ volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
#endif
    return (int)r0;
}

void print(const char *text)
{
    semihost(0x04, text);
}

_Noreturn void finish(int status)
{
    const uint32_t block[2] = {0x20026, (uint32_t)status};
    print(status == 0 ? "data: right\n" : status == 1 ? "data: wrong\n" : "data: none, the image failed\n");
    semihost(0x20, block);
    for (;;)
        __asm__ volatile("wfi");
}

static void print_hex(const char *before, uint32_t value)
{
    char text[10];
    for (uint32_t i = 0; i < 8; i++)
        text[i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
    text[8] = '\n';
    text[9] = 0;
    print(before);
    print(text);
}

void expect_address(const volatile void *address)
{
    print_hex("address: 0x", (uint32_t)(uintptr_t)address);
}

void image_fault(uint32_t pc);
void image_fault(uint32_t pc)
{
    print_hex("fault at 0x", pc);
    finish(5);
}

void map_sections(uint32_t *table, uint32_t virtual, uint32_t physical, uint32_t size, uint32_t attributes)
{
    for (uint32_t i = 0; i < size; i += 0x100000)
        table[(virtual + i) >> 20] = (physical + i) | attributes;
}

void invalidate_tlb(void)
{
    __asm__ volatile("dsb\n\tmcr p15, 0, %0, c8, c7, 0\n\tdsb\n\tisb" ::"r"(0) : "memory");
}

__attribute__((weak)) void adjust_map(void)
{
}

void sctlr_on(uint32_t more)
{
    uint32_t sctlr;
    __asm__ volatile("mcr p15, 0, %0, c7, c5, 0\n\tmcr p15, 0, %0, c7, c5, 6" ::"r"(0) : "memory");
    invalidate_tlb();
    __asm__ volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(sctlr));
    sctlr |= 0x1805u | more;
    __asm__ volatile("mcr p15, 0, %0, c1, c0, 0\n\tisb" ::"r"(sctlr) : "memory");
}

__attribute__((weak)) void mmu_on(uint32_t *table)
{
    const uint32_t walk_write_back_shareable = 0x4au;
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 2" ::"r"(0));
    __asm__ volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"((uint32_t)(uintptr_t)table | walk_write_back_shareable));
    __asm__ volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(1));
    sctlr_on(0);
}

extern char _start[];
static void default_map(uint32_t *table, uint32_t attributes)
{
    const uint32_t uncached = (uint32_t)(uintptr_t)outside & ~0xfffffu;
    map_sections(table, DEVICES_BASE, DEVICES_BASE, DEVICES_SIZE, DEVICE);
    map_sections(table, RAM_BASE, RAM_BASE, CPU_RAM, attributes);
    map_sections(table, RAM_BASE + CPU_RAM, RAM_BASE + CPU_RAM, CPU_RAM, NON_CACHEABLE);
    map_sections(table, RAM_BASE + ALIAS, RAM_BASE + bus_offset, CPU_RAM, NON_CACHEABLE);
    map_sections(table, uncached, uncached + bus_offset, 0x100000, NON_CACHEABLE);
}

_Noreturn void image_start(void);
void image_start(void)
{
    bus_offset = read32(RAM_BASE + CPU_RAM - 4096);
    default_map(table_cached, WRITE_BACK);
    default_map(table_uncached, NON_CACHEABLE);
    adjust_map();
    mmu_on(table_cached);
    finish(main());
}

void outside_set(uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        ((volatile uint8_t *)outside)[i] = pattern(i);
    dsb();
}

void outside_clear(uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        ((volatile uint8_t *)outside)[i] = 0;
    dsb();
}

int outside_check(uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        if (((volatile uint8_t *)outside)[i] != pattern(i))
            return 1;
    return 0;
}

uint8_t outside[SEEN_SIZE] UNCACHED;
