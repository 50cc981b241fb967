/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What PracticeNetwork and its child say to each other: one request, one answer, in order. */
typedef struct {
  gint32 type;     /* SOCK_STREAM or SOCK_DGRAM */
  gint32 bind;     /* whether to bind it to address and port */
  guint32 address; /* network order */
  guint16 port;    /* network order */
} PracticeHolderRequest;

typedef struct {
  gint32 error; /* an errno; 0: the file descriptors asked for come with this answer */
} PracticeHolderReply;

/* Runs in a child between fork and its end: nothing but system calls. */
G_NORETURN void
practice_holder_run (int socket, int parent, const char *uid_map, const char *gid_map);

G_END_DECLS
