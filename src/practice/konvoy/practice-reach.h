/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names the relay's Unix socket to programs that are not in the sandbox. */
#define PRACTICE_RELAY_VARIABLE "KONVOY_LAB_RELAY"

/* Names the Unix socket of a pod's own proxy to those that stand for programs in the pod. */
#define PRACTICE_SOCKS_VARIABLE "KONVOY_LAB_SOCKS"

/* telnet, nc and nslookup for a shell that is not in the practice network: whether @name is one of
 * them, and what they do. */
gboolean practice_reach_is_command (const char *name);
int practice_reach_main (const char *name, int argc, char *argv[]);

G_END_DECLS
