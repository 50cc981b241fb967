/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): a program of struct sock_filter that drops every packet but those of
 * some IPv4 addresses. @sources (element-type utf8). */
GBytes *practice_source_filter_new (GPtrArray *sources, GError **error);

G_END_DECLS
