/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-holder.h"

G_BEGIN_DECLS

/* The parts of a holder: nothing but system calls, each returning 0 or an errno. */

int practice_holder_write_text (const char *path, const char *text);
/* @own_address: of the machine that is in the network, in network order. */
int practice_holder_set_up_network (guint32 own_address);
/* In a mount namespace of its own. @volumes: as practice_holder_run() has them. */
int practice_holder_make_volumes (const char *const *volumes, guint n_volumes);
/* Mounts a part of a volume. @path is changed; @number: (out): of the part. */
int practice_holder_mount_part (guint volume, char *path, guint *number);

G_END_DECLS
