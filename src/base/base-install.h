/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the program's own files are: beside the executable in a build tree, else where
 * they were installed. Found from /proc/self/exe, so that no variable needs to be set. */
char *base_install_dup_data_dir (void); /* course/, schemas, of this build */
char *base_install_dup_locale_dir (void);
char *base_install_dup_program (const char *name); /* konvoy-practice, konvoy-lab */
gboolean base_install_is_build_tree (void);

/* A 0700 folder for sockets under XDG_RUNTIME_DIR (or, without one, under the temporary
 * folder, owned by us), made if missing. */
char *base_install_dup_runtime_dir (GError **error);

G_END_DECLS
