/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Closes the connection of a SoupServer's message once its client has closed it. */
void practice_idle_connection_watch (SoupServerMessage *message);

G_END_DECLS
