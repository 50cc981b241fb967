/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): the IPv4 address of @name, which is in lower case and has no dot at
 * its end; NULL: there is no such name. */
typedef char *(*PracticeResolveFunc) (const char *name, gpointer user_data);
/* (transfer full) (nullable): likewise all the addresses that it has. */
typedef GStrv (*PracticeLookUpFunc) (const char *name, gpointer user_data);

G_END_DECLS
