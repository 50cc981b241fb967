/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What answers in the place of a redis container: strings in memory, gone with the pod. */
#define PRACTICE_TYPE_REDIS_SERVER (practice_redis_server_get_type ())
G_DECLARE_FINAL_TYPE (PracticeRedisServer, practice_redis_server, PRACTICE, REDIS_SERVER, GObject)

PracticeRedisServer *practice_redis_server_new (GSocket *listening, GError **error);
void practice_redis_server_accept (PracticeRedisServer *self, GSocketConnection *connection);
void practice_redis_server_stop (PracticeRedisServer *self);

G_END_DECLS
