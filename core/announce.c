/* SPDX-License-Identifier: MIT */
/*
 * Announcements: baton_subscribe, and telling a serialization point to whoever has subscribed.
 *
 * While the list is walked, without the lock, it only grows, and only before its first entry: buffer->announcing counts those who
 * walk, and keeps everybody in it.
 */
#include "core/call.h"

/* features.announce */
static void announce(struct baton *instance, struct buffer *buffer, const struct baton_announcement *what)
{
    uint32_t lock_state = instance_lock(instance);
    struct attachment *subscriber = buffer->subscribers;

    buffer->announcing++;
    instance_unlock(instance, lock_state);
    for (; subscriber != NULL; subscriber = subscriber->next_subscriber)
        subscriber->announce(subscriber->announce_context, what);
    lock_state = instance_lock(instance);
    buffer->announcing--;
    instance_unlock(instance, lock_state);
}

/* features.unsubscribe */
static bool unsubscribe(struct baton *instance, struct attachment *attachment)
{
    struct buffer *buffer = attachment->buffer;
    struct attachment **link = &buffer->subscribers;

    (void)instance;
    if (attachment->announce == NULL)
        return true;
    if (buffer->announcing != 0)
        return false;
    while (*link != attachment)
        link = &(*link)->next_subscriber;
    *link = attachment->next_subscriber;
    attachment->announce = NULL;
    if (buffer->subscribers == NULL)
        buffer->special &= (uint16_t)~SPECIAL_SUBSCRIBED;
    return true;
}

enum baton_status baton_subscribe(struct baton *instance, baton_attachment attachment, baton_announce announce_,
                                  void *context)
{
    struct call call;
    struct attachment *subscriber;

    call_begin(&call, instance, __func__, CALL_SITE);
    subscriber = call_find(&call, HANDLE_ATTACHMENT, attachment.token, true);
    if (subscriber == NULL)
        return call.status;
    call.refusal.buffer = subscriber->buffer;
    if (!unsubscribe(instance, subscriber)) /* nor are the two changed while they may be read */
        return call_refuse(&call, BATON_ERROR_IN_TRANSIT);
    if (announce_ != NULL) {
        struct buffer *buffer = subscriber->buffer;

        instance->features.announce = announce;
        instance->features.unsubscribe = unsubscribe;
        subscriber->announce = announce_;
        subscriber->announce_context = context;
        subscriber->next_subscriber = buffer->subscribers;
        buffer->subscribers = subscriber;
        buffer->special |= SPECIAL_SUBSCRIBED;
    }
    return call_end(&call);
}
