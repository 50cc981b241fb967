/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base-condition.h"
#include "practice-api-server.h"
#include "practice-certificates.h"
#include "practice-client-certificate.h"
#include "practice-signer.h"
#include "practice-signing-request.h"
#include "test-cluster-objects.h"
#include "test-wait.h"

#define NAME "request"

/* What a user brings: a key, and a request for a certificate of it. */
typedef struct {
  char *key; /* PEM */
  char *request;
} User;

static void
user_clear (User *self)
{
  g_free (self->key);
  g_free (self->request);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (User, user_clear)

static char *
take_datum (gnutls_datum_t *datum)
{
  char *text = g_strndup ((const char *)datum->data, datum->size);

  gnutls_free (datum->data);
  return text;
}

/* @host (nullable): a name beside that of the subject. */
static void
user_init (User *self, const char *name, const char *organization, const char *host)
{
  gnutls_x509_privkey_t key;
  gnutls_x509_crq_t crq;
  gnutls_datum_t datum;
  g_autofree char *text = NULL;
  g_auto (GStrv) parts = NULL;

  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (
                     key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                   ==, 0);
  g_assert_cmpint (gnutls_x509_crq_init (&crq), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_set_version (crq, 1), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_set_dn_by_oid (crq, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                                  (unsigned int)strlen (name)),
                   ==, 0);
  g_assert_cmpint (gnutls_x509_crq_set_dn_by_oid (crq, GNUTLS_OID_X520_ORGANIZATION_NAME, 0,
                                                  organization,
                                                  (unsigned int)strlen (organization)),
                   ==, 0);
  if (host != NULL)
    g_assert_cmpint (gnutls_x509_crq_set_subject_alt_name (
                       crq, GNUTLS_SAN_DNSNAME, host, (unsigned int)strlen (host), GNUTLS_FSAN_SET),
                     ==, 0);
  g_assert_cmpint (gnutls_x509_crq_set_key (crq, key), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_sign2 (crq, key, GNUTLS_DIG_SHA256, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crq_export2 (crq, GNUTLS_X509_FMT_PEM, &datum), ==, 0);
  text = take_datum (&datum);
  parts = g_strsplit (text, "NEW ", -1);
  /* The older of two names for the same block is none for Kubernetes. */
  self->request = g_strjoinv ("", parts);
  g_assert_cmpint (
    gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &datum),
    ==, 0);
  self->key = take_datum (&datum);
  gnutls_x509_crq_deinit (crq);
  gnutls_x509_privkey_deinit (key);
}

/* One that is decided, as it is in the store. @usages: JSON. */
static void
put_request_for (PracticeStore *store,
                 const char *name,
                 const char *signer,
                 User *user,
                 const char *usages,
                 const char *decision)
{
  g_autofree char *base64 = g_base64_encode ((const guchar *)user->request, strlen (user->request));
  g_autofree char *text = g_strdup_printf (
    "{'apiVersion':'certificates.k8s.io/v1','kind':'CertificateSigningRequest','metadata':{'name':"
    "'%s'},'spec':{'request':'%s','signerName':'%s','usages':%s},'status':{'conditions':[{'type':"
    "'%s','status':'True'}]}}",
    name, base64, signer, usages, decision);

  g_assert_nonnull (
    practice_store_create (store, PRACTICE_SIGNING_REQUESTS, test_json (text), NULL));
}

static void
put_request (
  PracticeStore *store, const char *name, const char *signer, User *user, const char *decision)
{
  put_request_for (store, name, signer, user, "['client auth']", decision);
}

static gboolean
is_signed (PracticeStore *store, const char *name)
{
  JsonNode *object = practice_store_get (store, PRACTICE_SIGNING_REQUESTS, NULL, name);

  return base_json_get (object, "status", "certificate", NULL) != NULL;
}

static gboolean
is_done (gpointer data)
{
  JsonNode *object = practice_store_get (data, PRACTICE_SIGNING_REQUESTS, NULL, NAME);

  return is_signed (data, NAME) || base_condition_is_true (object, PRACTICE_FAILED);
}

/* (transfer full) (nullable): the certificate that is in the store, with its key. */
static GTlsCertificate *
dup_certificate (PracticeStore *store, User *user)
{
  JsonNode *object = practice_store_get (store, PRACTICE_SIGNING_REQUESTS, NULL, NAME);
  const char *base64 = base_json_get_string (object, "status", "certificate", NULL);
  gsize length = 0;
  g_autofree guchar *data = base64 != NULL ? g_base64_decode (base64, &length) : NULL;
  g_autofree char *pem = g_strdup_printf ("%.*s\n%s", (int)length, (char *)data, user->key);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate;

  if (data == NULL)
    return NULL;
  certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
  return certificate;
}

/* (nullable): what the signer makes of it; why it does not is told by @message. */
static GTlsCertificate *
let_sign (TestObjects *fixture, const char *signer, User *user, const char *usages, char **message)
{
  g_autoptr (PracticeController) controller = practice_signer_new (fixture->store);
  GTlsCertificate *certificate;
  JsonNode *condition;

  practice_controller_start (controller);
  put_request_for (fixture->store, NAME, signer, user, usages, PRACTICE_APPROVED);
  test_wait_until (is_done, fixture->store, 30, "the signer");
  condition = base_condition_find (
    practice_store_get (fixture->store, PRACTICE_SIGNING_REQUESTS, NULL, NAME), PRACTICE_FAILED);
  *message = g_strdup (base_json_get_string (condition, "message", NULL));
  certificate = dup_certificate (fixture->store, user);
  practice_store_delete (fixture->store, PRACTICE_SIGNING_REQUESTS, NULL, NAME, NULL);
  return certificate;
}

static GTlsCertificate *
sign_well (TestObjects *fixture, const char *signer, User *user, const char *usages)
{
  g_autofree char *message = NULL;
  GTlsCertificate *certificate = let_sign (fixture, signer, user, usages, &message);

  g_assert_cmpstr (message, ==, NULL);
  g_assert_nonnull (certificate);
  return certificate;
}

static void
test_user (TestObjects *fixture, gconstpointer data)
{
  g_auto (User) user = { NULL };
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (PracticeUser) known = NULL;

  user_init (&user, "jane", "devs", NULL);
  certificate = sign_well (fixture, PRACTICE_SIGNER_CLIENT, &user, "['client auth']");
  known = practice_client_certificate_check (fixture->store, certificate);
  g_assert_nonnull (known);
  g_assert_cmpstr (known->name, ==, "jane");
  g_assert_true (practice_user_is_in (known, "devs"));
  g_assert_true (practice_user_is_in (known, "system:authenticated"));
}

static void
take_other_authority (PracticeStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeCertificates) other =
    practice_certificates_new_authority ("kubernetes-practice-signer", &error);

  g_assert_no_error (error);
  practice_store_set_setting (store, "api/signer-key", other->key, &error);
  practice_store_set_setting (store, "api/signer-certificate", other->ca, &error);
  g_assert_no_error (error);
}

/* A certificate that is for servers, or that another has signed, makes nobody a user. */
static void
test_no_user (TestObjects *fixture, gconstpointer data)
{
  g_auto (User) user = { NULL };
  g_autoptr (GTlsCertificate) server = NULL;
  g_autoptr (GTlsCertificate) stranger = NULL;
  g_autoptr (GTlsCertificate) own = NULL;
  g_autoptr (PracticeUser) known = NULL;

  user_init (&user, "jane", "system:masters", NULL);
  server = sign_well (fixture, PRACTICE_SIGNER_LEGACY, &user, "['server auth']");
  g_assert_null (practice_client_certificate_check (fixture->store, server));
  stranger = sign_well (fixture, PRACTICE_SIGNER_LEGACY, &user, "['client auth']");
  take_other_authority (fixture->store);
  g_assert_null (practice_client_certificate_check (fixture->store, stranger));
  own = sign_well (fixture, PRACTICE_SIGNER_LEGACY, &user, "['client auth']");
  known = practice_client_certificate_check (fixture->store, own);
  g_assert_nonnull (known);
}

static void
test_refused (TestObjects *fixture, gconstpointer data)
{
  static const struct {
    const char *signer;
    const char *name;
    const char *organization;
    const char *host;
    const char *usages;
    const char *message;
  } cases[] = {
    { PRACTICE_SIGNER_CLIENT, "jane", "devs", NULL, "['client auth','server auth']",
      "invalid usage for client certificate: server auth" },
    { PRACTICE_SIGNER_CLIENT, "jane", "devs", NULL, "['digital signature']",
      "missing required usage for client certificate: client auth" },
    { PRACTICE_SIGNER_KUBELET_SERVING, "system:node:a", "devs", "a.example.com",
      "['server auth','digital signature','key encipherment']",
      "subject organization is not system:nodes" },
    { PRACTICE_SIGNER_KUBELET_SERVING, "system:node:a", "system:nodes", NULL,
      "['server auth','digital signature','key encipherment']",
      "DNS or IP subjectAltName is required" },
    { PRACTICE_SIGNER_KUBELET_SERVING, "jane", "system:nodes", "a.example.com",
      "['server auth','digital signature','key encipherment']",
      "subject common name does not begin with system:node:" },
    { PRACTICE_SIGNER_KUBELET_SERVING, "system:node:a", "system:nodes", "a.example.com",
      "['server auth']", "usages did not match [key encipherment digital signature server auth]" },
    { PRACTICE_SIGNER_KUBELET_CLIENT, "system:node:a", "system:nodes", "a.example.com",
      "['client auth','digital signature','key encipherment']",
      "DNS or IP subjectAltNames are not allowed" },
    { PRACTICE_SIGNER_KUBELET_SERVING, "system:node:a", "system:nodes", "a.example.com",
      "['server auth','digital signature','key encipherment']", NULL },
    { PRACTICE_SIGNER_KUBELET_CLIENT, "system:node:a", "system:nodes", NULL,
      "['client auth','digital signature','key encipherment']", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (User) user = { NULL };
    g_autofree char *message = NULL;
    g_autoptr (GTlsCertificate) certificate = NULL;

    user_init (&user, cases[i].name, cases[i].organization, cases[i].host);
    certificate = let_sign (fixture, cases[i].signer, &user, cases[i].usages, &message);
    g_assert_cmpstr (message, ==, cases[i].message);
    g_assert_true ((certificate == NULL) == (message != NULL));
  }
}

/* What is denied, or for another signer, stays as it is. */
static void
test_left (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (PracticeController) controller = practice_signer_new (fixture->store);
  g_auto (User) user = { NULL };

  user_init (&user, "jane", "devs", NULL);
  practice_controller_start (controller);
  put_request (fixture->store, "denied", PRACTICE_SIGNER_CLIENT, &user, PRACTICE_DENIED);
  put_request (fixture->store, "other", "example.com/own", &user, PRACTICE_APPROVED);
  /* It comes after the others in the queue. */
  put_request (fixture->store, NAME, PRACTICE_SIGNER_CLIENT, &user, PRACTICE_APPROVED);
  test_wait_until (is_done, fixture->store, 30, "the signer");
  g_assert_true (is_signed (fixture->store, NAME));
  g_assert_false (is_signed (fixture->store, "denied"));
  g_assert_false (is_signed (fixture->store, "other"));
}

/* As a client does: each of its requests over one connection is that user's. */
static guint
ask (SoupSession *session,
     PracticeApiServer *server,
     GTlsCertificate *certificate,
     const char *token)
{
  g_autofree char *uri = g_strdup_printf ("https://127.0.0.1:%u/api/v1/namespaces/default/pods",
                                          practice_api_server_get_port (server));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  soup_message_set_tls_client_certificate (message, certificate);
  if (token != NULL) {
    g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

    soup_message_headers_append (soup_message_get_request_headers (message), "Authorization",
                                 bearer);
  }
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL,
                                    test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  bytes = soup_session_send_and_read_finish (session, result, &error);
  g_assert_no_error (error);
  return soup_message_get_status (message);
}

static SoupSession *
new_session (const char *ca, PracticeApiServer *server)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (ca, practice_api_server_get_ca_pem (server), -1, &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (ca, &error);
  g_assert_no_error (error);
  return soup_session_new_with_options ("tls-database", database, NULL);
}

static void
test_client (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (PracticeApiServer) server = practice_api_server_new (fixture->store, NULL);
  g_auto (User) user = { NULL };
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GTlsCertificate) other = NULL;
  g_autofree char *ca = g_build_filename (fixture->dir, "ca.pem", NULL);
  SoupSession *session = new_session (ca, server);

  user_init (&user, "jane", "devs", NULL);
  certificate = sign_well (fixture, PRACTICE_SIGNER_CLIENT, &user, "['client auth']");
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (ask (session, server, certificate, NULL), ==, 403);
  practice_store_create (
    fixture->store, "rbac.authorization.k8s.io/rolebindings",
    test_json ("{'metadata':{'name':'devs','namespace':'default'},'subjects':[{'kind':'Group',"
               "'apiGroup':'rbac.authorization.k8s.io','name':'devs'}],'roleRef':{'apiGroup':"
               "'rbac.authorization.k8s.io','kind':'ClusterRole','name':'view'}}"),
    NULL);
  g_assert_cmpuint (ask (session, server, certificate, NULL), ==, 200);
  soup_session_abort (session);
  test_wait_finalize (g_steal_pointer (&session), 30);

  /* One that counts for nothing does not hide a token. */
  session = new_session (ca, server);
  other = sign_well (fixture, PRACTICE_SIGNER_LEGACY, &user, "['server auth']");
  g_assert_cmpuint (ask (session, server, other, NULL), ==, 401);
  g_assert_cmpuint (ask (session, server, other, practice_api_server_get_token (server)), ==, 200);
  soup_session_abort (session);
  test_wait_finalize (g_steal_pointer (&session), 30);
  g_unlink (ca);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/practice/signer/" name, TestObjects, NULL, test_objects_set_up, function,          \
              test_objects_tear_down)
  ADD ("user", test_user);
  ADD ("no-user", test_no_user);
  ADD ("refused", test_refused);
  ADD ("left", test_left);
  ADD ("client", test_client);
#undef ADD
  return g_test_run ();
}
