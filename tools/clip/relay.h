/* SPDX-License-Identifier: MIT */
/* The default clip's scene, painted on the canvas of paint.h. time: 0 to 1, the whole round; 1 would be 0 again. */
#ifndef BATON_TOOLS_CLIP_RELAY_H
#define BATON_TOOLS_CLIP_RELAY_H

void paint_relay(float time);

#endif
