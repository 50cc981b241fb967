/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A certificate authority made for one test run. */
typedef struct _FakeAuthority FakeAuthority;

FakeAuthority *fake_authority_new (void);
void fake_authority_free (FakeAuthority *self);
const char *fake_authority_get_pem (FakeAuthority *self);
/* Certificate and key, PEM. @names: DNS names and addresses, NULL for a client. */
char *fake_authority_issue (FakeAuthority *self, const char *subject, const char *const *names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeAuthority, fake_authority_free)

G_END_DECLS
