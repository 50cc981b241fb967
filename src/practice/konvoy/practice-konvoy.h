/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The `konvoy` of the practice jumpserver. */
int practice_konvoy_main (int argc, char *argv[]);

G_END_DECLS
