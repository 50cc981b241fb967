/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An input stream that gives its bytes in random pieces, each after a random time. */
#define SLOW_TYPE_STREAM (slow_stream_get_type ())
G_DECLARE_FINAL_TYPE (SlowStream, slow_stream, SLOW, STREAM, GInputStream)

/* @error: (nullable): what comes at the end instead of an end */
GInputStream *slow_stream_new (GBytes *bytes, guint seed, const GError *error);

G_END_DECLS
