/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-dialer.h"
#include "practice-resolve.h"

G_BEGIN_DECLS

/* The practice network for a shell that is not in the sandbox: a proxy, and programs that use it or
 * the relay. */
#define PRACTICE_TYPE_PLAIN_ACCESS (practice_plain_access_get_type ())
G_DECLARE_FINAL_TYPE (PracticePlainAccess, practice_plain_access, PRACTICE, PLAIN_ACCESS, GObject)

/* @folder: the user's alone, for the proxy's socket; @bin: likewise, for programs. */
PracticePlainAccess *practice_plain_access_new (PracticeDialer *dialer,
                                                PracticeResolveFunc resolve,
                                                gpointer user_data,
                                                const char *folder,
                                                GError **error);
gboolean practice_plain_access_write_programs (PracticePlainAccess *self,
                                               const char *bin,
                                               const char *program,
                                               const char *ca_bundle,
                                               GError **error);

G_END_DECLS
