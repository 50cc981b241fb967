/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-practice.h"

G_BEGIN_DECLS

/* Has the cluster begin anew, whether or not it runs; who is connected has to connect again. */
void jump_practice_renew_async (JumpPractice *place,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean
jump_practice_renew_finish (JumpPractice *place, GAsyncResult *result, char **note, GError **error);

G_END_DECLS
