/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file of the jumpserver's user, whose programs may have put a link in its place. */
char *
practice_home_file_read (const char *home, const char *folder, const char *name, GError **error);
gboolean practice_home_file_write (
  const char *home, const char *folder, const char *name, const char *text, GError **error);

G_END_DECLS
