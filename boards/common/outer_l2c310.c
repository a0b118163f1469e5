/* SPDX-License-Identifier: MIT */
/*
 * An L2C-310 as a board's outer cache. Called by boot/ and the port, any CPU, any context, MMU on or off: no state but constants.
 */
#include "boards/common/outer_l2c310.h"

static const char *enable(void)
{
    enum l2c310_status status = l2c310_enable(&board_l2c310);

    return status == L2C310_OK ? NULL : l2c310_status_text(status);
}

static bool clean(uint32_t physical, uint32_t length)
{
    return l2c310_clean_range(&board_l2c310, physical, length) == L2C310_OK;
}

static bool invalidate(uint32_t physical, uint32_t length)
{
    return l2c310_invalidate_range(&board_l2c310, physical, length) == L2C310_OK;
}

static bool clean_invalidate(uint32_t physical, uint32_t length)
{
    return l2c310_clean_invalidate_range(&board_l2c310, physical, length) == L2C310_OK;
}

static bool sync(void)
{
    return l2c310_sync(&board_l2c310) == L2C310_OK;
}

static bool clean_all(void)
{
    return l2c310_clean_all(&board_l2c310) == L2C310_OK;
}

static bool clean_invalidate_all(void)
{
    return l2c310_clean_invalidate_all(&board_l2c310) == L2C310_OK;
}

const struct outer_cache outer_l2c310 = {
    .entry = l2c310_entry,
    .controller = &board_l2c310,
    .enable = enable,
    .clean = clean,
    .invalidate = invalidate,
    .clean_invalidate = clean_invalidate,
    .sync = sync,
    .clean_all = clean_all,
    .clean_invalidate_all = clean_invalidate_all,
    .line = L2C310_LINE,
};
