/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-holder.h"

G_BEGIN_DECLS

/* A holder that runs, as its parent has it. */
typedef struct _PracticeHolderLink PracticeHolderLink;

/* What goes with a request. */
typedef struct {
  const void *data; /* (nullable) */
  gsize length;
  int fd; /* a socket; -1: none */
} PracticeHolderMore;

/* G_IO_ERROR_NOT_SUPPORTED with a sentence for the user where user namespaces are refused. */
PracticeHolderLink *
practice_holder_link_new (const char *own_address, GPtrArray *volumes, GError **error);
void practice_holder_link_free (PracticeHolderLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeHolderLink, practice_holder_link_free)

/* @more: (nullable); @made: (nullable) (out): the file descriptor that is asked for. */
gboolean practice_holder_link_ask (PracticeHolderLink *self,
                                   const PracticeHolderRequest *request,
                                   const PracticeHolderMore *more,
                                   PracticeHolderReply *reply,
                                   int *made,
                                   GError **error);
/* In a child between fork and exec. Only system calls; 0 or an errno. */
int practice_holder_link_enter (PracticeHolderLink *self);

G_END_DECLS
