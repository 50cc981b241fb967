/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The `istioctl` of the practice jumpserver. @argv[0] is its name. */
int practice_istioctl_main (int argc, char *argv[]);

G_END_DECLS
