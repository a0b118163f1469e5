/* SPDX-License-Identifier: MIT */
/*
 * What the tests of bounce buffers share: a buffer that two of four devices do not reach, and the pool of their bounce buffers.
 */
#ifndef BATON_TESTS_HOST_SUPPORT_BOUNCE_FIXTURE_H
#define BATON_TESTS_HOST_SUPPORT_BOUNCE_FIXTURE_H

#include "tests/host/support/core_fixture.h"

enum { HALF = MACHINE_BYTES / 2 };

static baton_pool low;
static baton_device far_dma, far_coherent; /* reach the low half only */
static baton_attachment bounced, bounced_coherent;

static const struct baton_limits many = {
    .pools = 3, .buffers = 5, .devices = 5, .attachments = 6, .accesses = 5, .trace = 8, .chunks = 4};

static inline struct baton_device_config reaches_low(const char *name, enum baton_domain domain)
{
    struct baton_device_config config = device_config(name, domain);

    config.dma_mask = 0x40000000 + HALF - 1;
    return config;
}

static inline int set_up_bounce(void **state)
{
    const struct baton_pool_config low_config = {"low", machine_cpu(&machine, 0), 0x40000000, HALF};
    const struct baton_pool_config pool_config = {"pool", machine_cpu(&machine, HALF), 0x40000000 + HALF, HALF};
    const struct baton_buffer_config buffer_config = {.name = "frame", .size = SIZE - 10};
    struct baton_device_config config = device_config("dma", BATON_DOMAIN_MEMORY);

    (void)state;
    machine_init(&machine, GRANULE, 0x40000000, 1);
    OK(baton_init(&baton, memory, sizeof(memory), &many, &machine.port));
    OK(baton_add_pool(baton, &low_config, &low));
    OK(baton_add_pool(baton, &pool_config, &pool));
    OK(baton_create(baton, pool, &buffer_config, &buffer));
    OK(baton_add_device(baton, &config, &dma));
    config = device_config("coherent", BATON_DOMAIN_CACHE);
    OK(baton_add_device(baton, &config, &coherent));
    config = reaches_low("far dma", BATON_DOMAIN_MEMORY);
    OK(baton_add_device(baton, &config, &far_dma));
    config = reaches_low("far coherent", BATON_DOMAIN_CACHE);
    OK(baton_add_device(baton, &config, &far_coherent));
    OK(baton_attach(baton, buffer, dma, &to_dma));
    return 0;
}

static inline void attach_both(void)
{
    OK(baton_set_bounce_pool(baton, far_dma, low));
    OK(baton_set_bounce_pool(baton, far_coherent, low));
    OK(baton_attach(baton, buffer, far_dma, &bounced));
    OK(baton_attach(baton, buffer, far_coherent, &bounced_coherent));
}

#define BOUNCE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_bounce, teardown)

static inline void check_attachment(baton_attachment attachment, enum baton_bounce_reason reason, uint32_t ahead,
                                    uint32_t behind, uint32_t copied)
{
    struct baton_attachment_state told;

    OK(baton_query_attachment(baton, attachment, &told));
    assert_int_equal(told.reason, reason);
    assert_int_equal(told.ahead, ahead * GRANULE);
    assert_int_equal(told.behind, behind * GRANULE);
    assert_int_equal(told.copied, copied);
}

#endif
