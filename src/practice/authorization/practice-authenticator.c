/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-authenticator.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "practice-authorizer.h"
#include "practice-client-certificate.h"
#include "practice-status.h"
#include "practice-tokens.h"

#define BEARER "Bearer "

/* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
#define IMPERSONATE_USER "Impersonate-User"
#define IMPERSONATE_GROUP "Impersonate-Group"

#define MAX_GROUPS 100

/* Does not end sooner for a token that begins well. */
static gboolean
is_equal (const char *token, const char *given)
{
  gsize length = strlen (token);

  return strlen (given) == length && gnutls_memcmp (given, token, length) == 0;
}

static PracticeUser *
find_bearer (PracticeStore *store, const char *admin_token, SoupMessageHeaders *headers)
{
  const char *header = soup_message_headers_get_one (headers, "Authorization");

  if (header == NULL || g_ascii_strncasecmp (header, BEARER, strlen (BEARER)) != 0)
    return NULL;
  header += strlen (BEARER);
  return is_equal (admin_token, header) ? practice_user_new_admin ()
                                        : practice_tokens_check (store, header);
}

static gboolean
may_impersonate (PracticeStore *store,
                 const PracticeUser *user,
                 const char *resource,
                 const char *name,
                 GError **error)
{
  PracticeAccess access = { "impersonate", "", resource, NULL, NULL, name };

  if (practice_authorizer_allows (store, user, &access))
    return TRUE;
  practice_status_set_access_denied (error, user, &access);
  return FALSE;
}

/* (nullable): "system:serviceaccount:NAMESPACE:NAME" */
static PracticeUser *
new_account (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ":", 5);

  if (g_strv_length (parts) != 4 || !g_str_equal (parts[0], "system") ||
      !g_str_equal (parts[1], "serviceaccount"))
    return NULL;
  return practice_user_new_service_account (parts[2], parts[3], NULL);
}

/* Each group comes in a header of its own. */
static GStrv
list_groups (SoupMessageHeaders *headers)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  SoupMessageHeadersIter iter;
  const char *name, *value;
  guint count = 0;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value) && count < MAX_GROUPS) {
    if (g_ascii_strcasecmp (name, IMPERSONATE_GROUP) != 0)
      continue;
    g_strv_builder_add (builder, value);
    count++;
  }
  return g_strv_builder_end (builder);
}

/* Takes @user. */
static PracticeUser *
impersonate (PracticeStore *store, PracticeUser *user, SoupMessageHeaders *headers, GError **error)
{
  g_autoptr (PracticeUser) bearer = user;
  const char *name = soup_message_headers_get_one (headers, IMPERSONATE_USER);
  g_auto (GStrv) groups = list_groups (headers);
  PracticeUser *account;

  if (name == NULL && groups[0] == NULL)
    return g_steal_pointer (&bearer);
  if (name == NULL) {
    practice_status_set_internal (error, "requested [{Group  }] without impersonating a user");
    return NULL;
  }
  if (!may_impersonate (store, bearer, "users", name, error))
    return NULL;
  for (guint i = 0; groups[i] != NULL; i++) {
    if (!may_impersonate (store, bearer, "groups", groups[i], error))
      return NULL;
  }
  account = groups[0] == NULL ? new_account (name) : NULL;
  return account != NULL ? account : practice_user_new (name, NULL, (const char *const *)groups);
}

/**
 * practice_authenticator_check:
 * @store: the state
 * @admin_token: the administrator's token
 * @headers: of a request
 * @certificate: (nullable): what its client has shown
 * @error: return location
 *
 * Finds out who has sent a request: a certificate that is good counts before a token.
 *
 * Returns: (transfer full) (nullable): the user, or %NULL with a Status
 */
PracticeUser *
practice_authenticator_check (PracticeStore *store,
                              const char *admin_token,
                              SoupMessageHeaders *headers,
                              GTlsCertificate *certificate,
                              GError **error)
{
  PracticeUser *bearer =
    certificate != NULL ? practice_client_certificate_check (store, certificate) : NULL;

  if (bearer == NULL)
    bearer = find_bearer (store, admin_token, headers);
  if (bearer == NULL) {
    practice_status_set_unauthorized (error);
    return NULL;
  }
  return impersonate (store, bearer, headers, error);
}
