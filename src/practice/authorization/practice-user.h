/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who asks. */
typedef struct {
  char *name;
  char *uid; /* (nullable) */
  GStrv groups;
} PracticeUser;

/* @groups NULL terminated; each user is in "system:authenticated" beside them. */
PracticeUser *practice_user_new (const char *name, const char *uid, const char *const *groups);
/* "system:serviceaccount:NAMESPACE:NAME" and its groups. */
PracticeUser *
practice_user_new_service_account (const char *namespace_, const char *name, const char *uid);
/* The administrator of the cluster, who may do all. */
PracticeUser *practice_user_new_admin (void);
gboolean practice_user_is_in (const PracticeUser *self, const char *group);
void practice_user_free (PracticeUser *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeUser, practice_user_free)

G_END_DECLS
