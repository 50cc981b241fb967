/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* "10.0.0.0/8", as net.ParseCIDR of Go takes it: what stands beyond the length is no mistake. */
GInetAddressMask *practice_cidr_parse (const char *text);
/* "192.168.1.7", as net.ParseIP of Go takes it. */
GInetAddress *practice_cidr_parse_address (const char *text);

G_END_DECLS
