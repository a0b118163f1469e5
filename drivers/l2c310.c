/* SPDX-License-Identifier: MIT */
/*
 * L2C-310: see drivers/l2c310.h. Registers and rules: ARM DDI 0246H, chapter 3. Called by boards; touches its registers only.
 */
#include "drivers/l2c310.h"

#include "boot/registers/barrier.h"
#include "boot/registers/mmio.h"

#define CACHE_ID 0x000u
#define CONTROL 0x100u
#define AUX_CONTROL 0x104u
#define TAG_LATENCY 0x108u
#define DATA_LATENCY 0x10cu
#define CACHE_SYNC 0x730u
#define UNMAPPED 0x740u /* no register: see 753970 */
#define INVALIDATE_PA 0x770u
#define INVALIDATE_WAY 0x77cu
#define CLEAN_PA 0x7b0u
#define CLEAN_WAY 0x7bcu
#define CLEAN_INVALIDATE_PA 0x7f0u
#define CLEAN_INVALIDATE_WAY 0x7fcu
#define DEBUG_CONTROL 0xf40u
#define PREFETCH_CONTROL 0xf60u

#define ID_PART(id) ((id)&0xff0003c0u)
#define ID_L2C310 0x410000c0u
#define ID_REVISION(id) ((id)&0x3fu)
#define R2P0 4u
#define R3P0 5u
#define R3P1 6u
#define R3P2 8u

#define CONTROL_ON 1u

#define AUX_FULL_LINE_OF_ZEROS (1u << 0)
#define AUX_EXCLUSIVE (1u << 12)
#define AUX_16_WAYS (1u << 16)
#define AUX_SHARED_OVERRIDE (1u << 22)

#define PREFETCH_OFFSET(prefetch) ((prefetch)&0x1fu)
#define PREFETCH_BOTH (L2C310_PREFETCH_INSTRUCTIONS | L2C310_PREFETCH_DATA)

#define DEBUG_NO_LINEFILLS (1u << 0)
#define DEBUG_NO_WRITE_BACK (1u << 1)

/* l2c310_entry() finds them there. */
#if UINTPTR_MAX == 0xffffffff
_Static_assert(offsetof(struct l2c310_config, base) == 0, "l2c310_entry.S");
_Static_assert(offsetof(struct l2c310_config, poll_limit) == 16, "l2c310_entry.S");
#endif

static uint32_t get(const struct l2c310_config *config, uint32_t reg)
{
    return mmio_read32(config->base + reg);
}

static void set(const struct l2c310_config *config, uint32_t reg, uint32_t value)
{
    mmio_write32(config->base + reg, value);
}

static uint32_t revision_of(const struct l2c310_config *config)
{
    return ID_REVISION(get(config, CACHE_ID));
}

const char *l2c310_status_text(enum l2c310_status status)
{
    static const char *const text[] = {
        [L2C310_OK] = "success",
        [L2C310_ERROR_ABSENT] = "no L2C-310 answers",
        [L2C310_ERROR_CONFIG] = "there is no such prefetch offset",
        [L2C310_ERROR_ON] = "it is on already",
        [L2C310_ERROR_REFUSED] = "a register does not take its value: Non-secure state?",
        [L2C310_ERROR_RANGE] = "the range wraps, or shares a line with others",
        [L2C310_ERROR_TIMEOUT] = "an operation does not end",
    };

    return (unsigned)status < sizeof(text) / sizeof(text[0]) ? text[status] : "no status of this driver";
}

enum l2c310_status l2c310_probe(const struct l2c310_config *config, uint32_t *revision)
{
    uint32_t id = get(config, CACHE_ID);

    if (ID_PART(id) != ID_L2C310) {
        return L2C310_ERROR_ABSENT;
    }
    if (revision != NULL) {
        *revision = ID_REVISION(id);
    }
    return L2C310_OK;
}

bool l2c310_is_on(const struct l2c310_config *config)
{
    return (get(config, CONTROL) & CONTROL_ON) != 0;
}

/* Until no bit of mask is set. */
static enum l2c310_status wait(const struct l2c310_config *config, uint32_t reg, uint32_t mask)
{
    for (uint32_t polls = 0; polls < config->poll_limit; polls++) {
        if ((get(config, reg) & mask) == 0) {
            return L2C310_OK;
        }
    }
    return L2C310_ERROR_TIMEOUT;
}

/* 753970 (r3p0): after a write to the sync register the store buffer goes on draining, and merges no stores any more. A write to 0x740, where
 * no register is, drains it once. */
static enum l2c310_status drain(const struct l2c310_config *config)
{
    set(config, revision_of(config) == R3P0 ? UNMAPPED : CACHE_SYNC, 0);
    enum l2c310_status status = wait(config, CACHE_SYNC, 1);
    dsb();
    return status;
}

enum l2c310_status l2c310_sync(const struct l2c310_config *config)
{
    dsb();
    return l2c310_is_on(config) ? drain(config) : L2C310_OK;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* By range */

static enum l2c310_status for_lines(const struct l2c310_config *config, uint32_t physical, uint32_t length,
                                    const uint32_t *registers, unsigned count)
{
    uint32_t last = physical + (length - 1);

    if (length == 0) {
        return L2C310_OK;
    }
    if (last < physical) {
        return L2C310_ERROR_RANGE;
    }
    dsb();
    if (!l2c310_is_on(config)) {
        return L2C310_OK;
    }
    /* Lines are counted, as in boot/cache.S: a range may end at the top of the address space. */
    uint32_t line = physical & ~(L2C310_LINE - 1);
    for (uint32_t left = (last - line) / L2C310_LINE + 1; left != 0; left--) {
        for (unsigned i = 0; i < count; i++) {
            set(config, registers[i], line);
        }
        line += L2C310_LINE;
    }
    return drain(config);
}

enum l2c310_status l2c310_clean_range(const struct l2c310_config *config, uint32_t physical, uint32_t length)
{
    static const uint32_t clean[] = {CLEAN_PA};

    return for_lines(config, physical, length, clean, 1);
}

enum l2c310_status l2c310_invalidate_range(const struct l2c310_config *config, uint32_t physical, uint32_t length)
{
    static const uint32_t invalidate[] = {INVALIDATE_PA};

    if (((physical | length) & (L2C310_LINE - 1)) != 0) {
        return L2C310_ERROR_RANGE;
    }
    return for_lines(config, physical, length, invalidate, 1);
}

enum l2c310_status l2c310_clean_invalidate_range(const struct l2c310_config *config, uint32_t physical, uint32_t length)
{
    static const uint32_t both[] = {CLEAN_INVALIDATE_PA};
    static const uint32_t one_by_one[] = {CLEAN_PA, INVALIDATE_PA};

    if (revision_of(config) >= R2P0) {
        return for_lines(config, physical, length, both, 1);
    }
    /* 588369 (r0p0, r1p0): the operation leaves clean lines valid. Separate ones do not, and so that no store is lost between the
     * two the line is not allocated or kept dirty meanwhile. */
    set(config, DEBUG_CONTROL, DEBUG_NO_LINEFILLS | DEBUG_NO_WRITE_BACK);
    enum l2c310_status status = for_lines(config, physical, length, one_by_one, 2);
    set(config, DEBUG_CONTROL, 0);
    return status;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* Whole */

static enum l2c310_status all_ways(const struct l2c310_config *config, uint32_t reg)
{
    uint32_t ways = (get(config, AUX_CONTROL) & AUX_16_WAYS) != 0 ? 0xffff : 0xff;

    dsb();
    set(config, reg, ways);
    enum l2c310_status status = wait(config, reg, ways);
    return status == L2C310_OK ? drain(config)
                               : status; /* a sync in the background's way would be refused by the bus */
}

enum l2c310_status l2c310_clean_all(const struct l2c310_config *config)
{
    return l2c310_is_on(config) ? all_ways(config, CLEAN_WAY) : L2C310_OK;
}

/* 727915 (r2p0, r3p0): a store that hits a line between the background's clean and its invalidate is lost. With no linefills and no dirty lines
 * meanwhile it goes to memory. Before, on r0p0 and r1p0, 588369 is in the way: one after the other, in the same mode. */
enum l2c310_status l2c310_clean_invalidate_all(const struct l2c310_config *config)
{
    uint32_t revision = revision_of(config);
    enum l2c310_status status;

    if (!l2c310_is_on(config)) {
        return L2C310_OK;
    }
    if (revision < R3P1) {
        set(config, DEBUG_CONTROL, DEBUG_NO_LINEFILLS | DEBUG_NO_WRITE_BACK);
    }
    if (revision < R2P0) {
        status = all_ways(config, CLEAN_WAY);
        status = status == L2C310_OK ? all_ways(config, INVALIDATE_WAY) : status;
    } else {
        status = all_ways(config, CLEAN_INVALIDATE_WAY);
    }
    if (revision < R3P1) {
        set(config, DEBUG_CONTROL, 0);
    }
    return status;
}

/* ---------------------------------------------------------------------------------------------------------------- */
/* On and off */

/* 765569: with an offset of 23 the prefetcher crosses a 4 KiB boundary, into what may not be memory. The manual has it, so it is
 * refused on all revisions. */
static bool valid_offset(uint32_t offset)
{
    return offset <= 7 || offset == 15 || offset == 31;
}

/* Shared override: without it a shareable non-cacheable access is taken for a cacheable one that does not allocate (2.3.2), and finds lines
 * that others left, instead of memory: no window for a device's words, no engine CPU. Exclusive mode off: an inner cache would move clean
 * lines out to here when it drops them, old ones behind the back of a refresh that has done this level already. It is set on both sides or
 * on none: boot/ clears it in a Cortex-A9's ACTLR. So too zeros by whole lines. Size, associativity, parity and the rest stay as the
 * chip was built. */
static enum l2c310_status configure(const struct l2c310_config *config, uint32_t revision)
{
    uint32_t aux = get(config, AUX_CONTROL);
    uint32_t prefetch = config->prefetch;

    aux &= ~(AUX_EXCLUSIVE | AUX_FULL_LINE_OF_ZEROS | PREFETCH_BOTH);
    aux |= AUX_SHARED_OVERRIDE | (prefetch & PREFETCH_BOTH);
    set(config, AUX_CONTROL, aux);
    if ((get(config, AUX_CONTROL) & (AUX_SHARED_OVERRIDE | AUX_EXCLUSIVE)) != AUX_SHARED_OVERRIDE) {
        return L2C310_ERROR_REFUSED;
    }
    set(config, TAG_LATENCY, config->tag_latency);
    set(config, DATA_LATENCY, config->data_latency);
    /* 752271 (r3p0, r3p1, r3p1-50rel0): a double linefill can overwrite a dirty line that was not evicted. */
    if (revision >= R3P0 && revision < R3P2) {
        prefetch &= ~L2C310_PREFETCH_DOUBLE_LINEFILL;
    }
    if (revision >= R2P0) { /* earlier ones have no such register */
        set(config, PREFETCH_CONTROL, prefetch);
    }
    return L2C310_OK;
}

enum l2c310_status l2c310_enable(const struct l2c310_config *config)
{
    uint32_t revision;
    enum l2c310_status status = l2c310_probe(config, &revision);

    if (status != L2C310_OK) {
        return status;
    }
    if (!valid_offset(PREFETCH_OFFSET(config->prefetch))) {
        return L2C310_ERROR_CONFIG;
    }
    if (l2c310_is_on(config)) {
        return L2C310_ERROR_ON;
    }
    status = configure(config, revision);
    if (status != L2C310_OK) {
        return status;
    }
    /* After reset its lines are chance, and so are those that were there when somebody switched it off. */
    status = all_ways(config, INVALIDATE_WAY);
    if (status != L2C310_OK) {
        return status;
    }
    set(config, CONTROL, CONTROL_ON);
    dsb();
    return l2c310_is_on(config) ? L2C310_OK : L2C310_ERROR_REFUSED;
}

enum l2c310_status l2c310_disable(const struct l2c310_config *config)
{
    enum l2c310_status status = l2c310_clean_invalidate_all(config);

    if (status != L2C310_OK) {
        return status;
    }
    set(config, CONTROL, 0);
    dsb();
    return l2c310_is_on(config) ? L2C310_ERROR_REFUSED : L2C310_OK;
}
