/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"

G_BEGIN_DECLS

/* What a place's name servers say of a host name. */
typedef enum {
  SESSION_NAME_UNTOLD, /* the place could not be asked */
  SESSION_NAME_KNOWN,
  SESSION_NAME_UNKNOWN,    /* they say that there is none */
  SESSION_NAME_UNANSWERED, /* they say nothing, or that they cannot tell */
} SessionName;

void session_name_look_up_async (JumpPlace *place,
                                 const char *name,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
SessionName session_name_look_up_finish (GAsyncResult *result);

G_END_DECLS
