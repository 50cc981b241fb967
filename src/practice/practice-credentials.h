/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* By what the API server is known, and its user to it. */
typedef struct {
  char *ca;                     /* PEM: the authority that vouches for it */
  char *token;                  /* every request must bear it; never to be logged */
  GTlsCertificate *certificate; /* with its key */
  GTlsCertificate *expired;     /* likewise; its time is over */
} PracticeCredentials;

PracticeCredentials *practice_credentials_new (PracticeStore *store, GError **error);
void practice_credentials_free (PracticeCredentials *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeCredentials, practice_credentials_free)

G_END_DECLS
