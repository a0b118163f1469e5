/* SPDX-License-Identifier: MIT */
/*
 * Registers of the PL080 (ARM DDI 0196, chapter 3) and of the PL081 (ARM DDI 0218, chapter 3), which has the same with fewer channels and one bus
 * master. Names as there. Included by the drivers with that format and by models of them; the words of a list are in
 * drivers/pl080_list.h.
 */
#ifndef BATON_DRIVERS_PL080_REGISTERS_H
#define BATON_DRIVERS_PL080_REGISTERS_H

#include <stdint.h>

#define PL080_CHANNELS 8u /* the most; a PL081 has 2 */
#define PL081_CHANNELS 2u

/* A bit for each channel in all of these. Writing 0 to a bit of a clear register has no effect. */
#define DMAC_INT_STATUS 0x000u
#define DMAC_INT_TC_STATUS 0x004u
#define DMAC_INT_TC_CLEAR 0x008u
#define DMAC_INT_ERROR_STATUS 0x00cu
#define DMAC_INT_ERR_CLR 0x010u
#define DMAC_RAW_INT_TC_STATUS 0x014u
#define DMAC_RAW_INT_ERROR_STATUS 0x018u
#define DMAC_ENBLD_CHNS 0x01cu

/* A bit for each request line. */
#define PL080_REQUEST_LINES 16u
#define DMAC_SOFT_B_REQ 0x020u
#define DMAC_SOFT_S_REQ 0x024u
#define DMAC_SOFT_LB_REQ 0x028u
#define DMAC_SOFT_LS_REQ 0x02cu
#define DMAC_SYNC 0x034u /* 1: the line is in the controller's clock domain, and is not synchronized */

#define DMAC_CONFIGURATION 0x030u
#define DMAC_CONFIGURATION_E (1u << 0)
#define DMAC_CONFIGURATION_M1 (1u << 1) /* master 1 is big-endian */
#define DMAC_CONFIGURATION_M2 (1u << 2) /* master 2 is; not on a PL081 */

#define DMAC_PERIPH_ID 0xfe0u /* four registers of a byte each */
#define DMAC_PCELL_ID 0xff0u
#define PL080_PCELL_ID 0xb105f00du
#define PL080_PART(id) ((id)&0xfffu)
#define PL080_DESIGNER(id) ((id) >> 12 & 0xffu) /* ARM is 0x41 */
#define PL080_ID_CHANNELS(id) (2u << ((id) >> 24 & 7u))
#define PL080_ID_TWO_MASTERS(id) (((id) >> 27 & 1u) != 0)

/* A channel's. */
#define DMAC_CHANNEL(n) (0x100u + 0x20u * (n))
#define DMAC_C_SRC_ADDR 0x00u
#define DMAC_C_DEST_ADDR 0x04u
#define DMAC_C_LLI 0x08u
#define DMAC_C_CONTROL 0x0cu
#define DMAC_C_CONFIGURATION 0x10u

/* DMACCxConfiguration. */
#define PL080_CONFIGURATION_E (1u << 0)                         /* enable */
#define PL080_CONFIGURATION_SOURCE(line) ((line) << 1)          /* request line of a source that is a peripheral */
#define PL080_CONFIGURATION_DESTINATION(line) ((line) << 6)     /* of a destination */
#define PL080_CONFIGURATION_FLOW(code) ((uint32_t)(code) << 11) /* enum pl080_flow */
#define PL080_CONFIGURATION_IE (1u << 14)                       /* error interrupt is let through */
#define PL080_CONFIGURATION_ITC (1u << 15)                      /* terminal-count interrupt is let through */
#define PL080_CONFIGURATION_L (1u << 16)                        /* locked transfers */
#define PL080_CONFIGURATION_A (1u << 17)                        /* active: the FIFO holds data; read-only */
#define PL080_CONFIGURATION_H (1u << 18)                        /* halt */

/* FlowCntrl: what the two ends are, and who knows how long the transfer is. */
enum pl080_flow {
    PL080_MEMORY_TO_MEMORY = 0,
    PL080_MEMORY_TO_PERIPHERAL = 1,
    PL080_PERIPHERAL_TO_MEMORY = 2,
    PL080_PERIPHERAL_TO_PERIPHERAL = 3,
    /* From here on a peripheral says when it is over: entries give no number of transfers. */
    PL080_PERIPHERAL_TO_PERIPHERAL_BY_DESTINATION = 4,
    PL080_MEMORY_TO_PERIPHERAL_BY_PERIPHERAL = 5,
    PL080_PERIPHERAL_TO_MEMORY_BY_PERIPHERAL = 6,
    PL080_PERIPHERAL_TO_PERIPHERAL_BY_SOURCE = 7,
};
#define PL080_FLOW_OF(configuration) ((configuration) >> 11 & 7u)

#endif
