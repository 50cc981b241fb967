/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* How a client wants to speak on after its request. */
typedef enum {
  PRACTICE_UPGRADE_NONE,
  PRACTICE_UPGRADE_SPDY,
  PRACTICE_UPGRADE_WEBSOCKET,
} PracticeUpgrade;

typedef void (*PracticeUpgradeFunc) (GIOStream *stream, gpointer user_data);

PracticeUpgrade practice_upgrade_get_wanted (SoupServerMessage *message);
/* (nullable): the first of @known that the client offers. */
const char *practice_upgrade_choose_protocol (SoupServerMessage *message,
                                              PracticeUpgrade upgrade,
                                              const char *const *known);
/* Answers 101; then @func gets the connection. @protocol (nullable). */
void practice_upgrade_start (SoupServerMessage *message,
                             PracticeUpgrade upgrade,
                             const char *protocol,
                             PracticeUpgradeFunc func,
                             gpointer user_data,
                             GDestroyNotify destroy);

G_END_DECLS
