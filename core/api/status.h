/* SPDX-License-Identifier: MIT */
/*
 * Results of the core's calls. Part of the public interface: included by way of core/baton.h.
 */
#ifndef BATON_CORE_API_STATUS_H
#define BATON_CORE_API_STATUS_H

#define BATON_MUST_CHECK __attribute__((warn_unused_result))

enum baton_status {
    BATON_OK = 0,
    BATON_ERROR_ARGUMENT,       /* a null pointer, a zero size, a granule that is no power of two, ... */
    BATON_ERROR_STALE_HANDLE,   /* the handle was consumed, or its object destroyed */
    BATON_ERROR_FOREIGN_HANDLE, /* never a handle of this struct baton, or of another kind */
    BATON_ERROR_RANGE,          /* empty, beyond the buffer, or offset + length overflows */
    BATON_ERROR_DIRECTION,      /* the access has not the direction that the call needs */
    BATON_ERROR_BUSY,          /* somebody holds, or waits longer for, some of these bytes, and one of the two writes */
    BATON_ERROR_FALSE_SHARING, /* nobody holds these bytes, but a line of them in the other domain; one writes */
    BATON_ERROR_IN_TRANSIT,    /* a line of the range is under maintenance by another acquire at this moment */
    BATON_ERROR_ALIGNMENT,     /* an import, or a device's need, is not aligned as required */
    BATON_ERROR_UNREACHABLE,   /* the device cannot address the buffer */
    BATON_ERROR_SEGMENTS,      /* more segments than the device, the core, or one pointer takes */
    BATON_ERROR_ATTACHED,      /* destroy while attached */
    BATON_ERROR_HELD,          /* destroy, detach, unmap or change while an access is in flight */
    BATON_ERROR_NO_MEMORY,     /* the pool has no room of that size */
    BATON_ERROR_NO_SLOT,       /* as many objects or accesses in flight as struct baton_limits allows */
    BATON_ERROR_TIMEOUT,       /* not granted, or not done, in time; the port's misuse names who was in the way */
    BATON_ERROR_CONTEXT,     /* a call that may wait, in an interrupt handler or with interrupts masked; or no clock */
    BATON_ERROR_QUARANTINED, /* a device that failed may still be writing there: it has not been proven halted */
    BATON_ERROR_POLICY,      /* the buffer's policy or enforcement does not allow it, or the port cannot do it */
    BATON_ERROR_PENDING,     /* not yet: the reservation's turn has not come, or the fence has not signalled */
    BATON_ERROR_CANCELLED,   /* the fence was cancelled, or one before it in its chain */
    BATON_ERROR_DEVICE,      /* the device reported an error, or one before it in its chain did */
    BATON_ERROR_MAINTENANCE, /* a chain that would need a cache operation or a copy between its stages */
};

/* A short English text, static, never NULL. */
const char *baton_status_text(enum baton_status status);

#endif
