/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is broken on purpose in a practice cluster, and the sentence that a check has for it. */
typedef struct {
  const char *id;
  const char *check;  /* YAML, but for what it says */
  const char *detail; /* NULL: it passes; "*" stands for what chance decides */
  gboolean needs_sockets;
} Breakage;

typedef struct {
  const char *name;
  const char *script;        /* (nullable): breaks it, on the jumpserver */
  const Breakage *breakages; /* up to one without an id */
} BreakageGroup;

extern const BreakageGroup breakage_groups[];
extern const gsize n_breakage_groups;

G_END_DECLS
