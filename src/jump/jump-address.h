/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define JUMP_TYPE_ADDRESS (jump_address_get_type ())

/* Where a jumpserver is and as whom to log in: USER@HOST:PORT. */
typedef struct {
  char *user; /* (nullable): ssh's default */
  char *host;
  guint16 port; /* 0: ssh's default */
} JumpAddress;

GType jump_address_get_type (void);
JumpAddress *jump_address_new (const char *user, const char *host, guint16 port, GError **error);
JumpAddress *jump_address_parse (const char *spec, GError **error);
gboolean jump_address_parse_port (const char *text, guint16 *port, GError **error);
JumpAddress *jump_address_copy (const JumpAddress *self);
void jump_address_free (JumpAddress *self);
char *jump_address_dup_title (const JumpAddress *self);
char *jump_address_dup_id (const JumpAddress *self);

/* Whether @host and @port may be handed to a place as a target. */
gboolean jump_address_check_target (const char *host, guint16 port, GError **error);
/* HOST:PORT, with brackets where the host is an IPv6 address. */
char *jump_address_format (const char *host, guint16 port);
/* The plain address, with no name looked up where @host is an IP address. */
GSocketConnectable *jump_address_dup_connectable (const char *host, guint16 port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JumpAddress, jump_address_free)

G_END_DECLS
