/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer none): the bytes that SPDY/3 header blocks are compressed against. */
GBytes *practice_spdy_dictionary_get (void);

G_END_DECLS
