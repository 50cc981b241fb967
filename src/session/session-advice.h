/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Adds to the sentence of a lower layer what to do about it, where that is not said yet. Takes and
 * returns @error. */
GError *session_advice_add (GError *error);
/* Whether it may be over by itself, so that it is worth trying again. */
gboolean session_advice_is_passing (const GError *error);

G_END_DECLS
