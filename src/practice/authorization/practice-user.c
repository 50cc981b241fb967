/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-user.h"

#define ADMIN "kubernetes-admin"
#define AUTHENTICATED "system:authenticated"

/**
 * practice_user_new:
 * @name: the user's name
 * @uid: (nullable): the user's uid
 * @groups: (nullable) (array zero-terminated=1): the user's groups
 *
 * Returns: (transfer full): the user, who is in "system:authenticated", too
 */
PracticeUser *
practice_user_new (const char *name, const char *uid, const char *const *groups)
{
  PracticeUser *self = g_new0 (PracticeUser, 1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  self->name = g_strdup (name);
  self->uid = g_strdup (uid);
  for (guint i = 0; groups != NULL && groups[i] != NULL; i++)
    g_strv_builder_add (builder, groups[i]);
  if (groups == NULL || !g_strv_contains (groups, AUTHENTICATED))
    g_strv_builder_add (builder, AUTHENTICATED);
  self->groups = g_strv_builder_end (builder);
  return self;
}

/**
 * practice_user_new_service_account:
 * @namespace_: of the account
 * @name: of the account
 * @uid: (nullable): of the account
 *
 * Returns: (transfer full): the user that a service account is
 *   (https://kubernetes.io/docs/reference/access-authn-authz/authentication/)
 */
PracticeUser *
practice_user_new_service_account (const char *namespace_, const char *name, const char *uid)
{
  g_autofree char *user = g_strdup_printf ("system:serviceaccount:%s:%s", namespace_, name);
  g_autofree char *own = g_strconcat ("system:serviceaccounts:", namespace_, NULL);
  const char *groups[] = { "system:serviceaccounts", own, NULL };

  return practice_user_new (user, uid, groups);
}

/**
 * practice_user_new_admin:
 *
 * Returns: (transfer full): the user of the kubeconfig, whom nothing is refused
 */
PracticeUser *
practice_user_new_admin (void)
{
  static const char *const groups[] = { "system:masters", NULL };

  return practice_user_new (ADMIN, NULL, groups);
}

/**
 * practice_user_is_in:
 * @self: a user
 * @group: a group
 *
 * Returns: whether the user is in the group
 */
gboolean
practice_user_is_in (const PracticeUser *self, const char *group)
{
  return g_strv_contains ((const char *const *)self->groups, group);
}

/**
 * practice_user_free:
 * @self: (transfer full): a user
 *
 * Frees @self.
 */
void
practice_user_free (PracticeUser *self)
{
  g_free (self->name);
  g_free (self->uid);
  g_strfreev (self->groups);
  g_free (self);
}
