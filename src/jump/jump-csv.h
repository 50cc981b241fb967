/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  guint line; /* where it begins, from 1 */
  GStrv fields;
} JumpCsvRow;

/* (element-type JumpCsvRow): the rows that are not empty, the header first. */
GPtrArray *jump_csv_parse (const char *text, const char *name, GError **error);

G_END_DECLS
