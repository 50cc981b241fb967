/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-addon-service.h"
#include "practice-channel.h"
#include "practice-istio-analysis.h"
#include "practice-ops-portal.h"
#include "practice-pod-description.h"
#include "practice-proxy-config.h"
#include "practice-proxy-report.h"
#include "practice-sidecar.h"

/* Whoever works on the jumpserver can connect, so that what comes is checked and counted. */
#define CLIENT_LIMIT 16

/*
 * What a client sends:
 *   enable-addon, disable-addon, resolve  name: s
 *   describe-pod, proxy-difference        pod: s, namespace: s
 *   proxy-config                          likewise, part: s
 *   addons, nodes, installed, portal, kubeconfig, proxies
 *   analysis     namespace: s, "" for all
 * and what it is told, a word each with
 *   rows        rows: aas, the head of a table first; to proxy-config
 *   lines       lines: as; to describe-pod and proxy-difference
 *   done        to enable-addon and disable-addon
 *   states      states: a(ss), name and what is wrong, "" where all is well; to addons and nodes
 *   names       names: as, to installed
 *   portal      url: s, "" while it has no address, username: s, password: s
 *   kubeconfig  text: s
 *   proxies     as practice_proxy_report_new() says
 *   analysis    lines: as
 *   address     address: s, "" where there is no such name; to resolve
 *   failed      message: s
 */
struct _PracticeAddonService {
  GObject parent_instance;

  PracticeAddons *addons;
  PracticeMesh *mesh;
  PracticeResolveFunc resolve; /* (nullable) */
  gpointer resolve_data;
  char *kubeconfig;
  GSocket *listener;
  GSource *accepting;
  GPtrArray *clients; /* of PracticeChannel */
};

G_DEFINE_FINAL_TYPE (PracticeAddonService, practice_addon_service, G_TYPE_OBJECT)

static GVariant *
new_failure (const char *message)
{
  return g_variant_new_parsed ("{'op': <'failed'>, 'message': <%s>}", message);
}

static GVariant *
switch_addon (PracticeAddonService *self, GVariant *message)
{
  const char *op = "";
  const char *name = "";
  g_autoptr (GError) error = NULL;
  gboolean is_done;

  g_variant_lookup (message, "op", "&s", &op);
  g_variant_lookup (message, "name", "&s", &name);
  is_done = g_str_equal (op, "enable-addon") ? practice_addons_enable (self->addons, name, &error)
                                             : practice_addons_disable (self->addons, name, &error);

  return is_done ? g_variant_new_parsed ("{'op': <'done'>}") : new_failure (error->message);
}

static GVariant *
report_addons (PracticeAddonService *self, GVariant *message)
{
  const char *const *names =
    practice_addon_catalog_get_names (practice_addons_get_catalog (self->addons));
  g_auto (GVariantBuilder) states = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));

  for (guint i = 0; names[i]; i++) {
    g_autofree char *complaint = practice_addons_dup_complaint (self->addons, names[i]);

    g_variant_builder_add (&states, "(ss)", names[i], complaint ? complaint : "");
  }

  return g_variant_new_parsed ("{'op': <'states'>, 'states': <%*>}",
                               g_variant_builder_end (&states));
}

static char *
dup_node_complaint (JsonNode *node)
{
  JsonArray *conditions = base_json_get_array (node, "status", "conditions", NULL);

  for (guint i = 0; conditions && i < json_array_get_length (conditions); i++) {
    JsonNode *condition = json_array_get_element (conditions, i);
    const char *message = base_json_get_string (condition, "message", NULL);

    if (g_strcmp0 (base_json_get_string (condition, "type", NULL), "Ready") != 0)
      continue;
    if (g_strcmp0 (base_json_get_string (condition, "status", NULL), "True") == 0)
      return base_json_get_boolean (node, FALSE, "spec", "unschedulable", NULL)
               ? g_strdup (_ ("the node takes no new pods (kubectl uncordon lets it)."))
               : NULL;
    /* Translators: %s is why, as Kubernetes says it */
    return g_strdup_printf (_ ("the node is not ready. %s"), message ? message : "");
  }

  return g_strdup (_ ("the node has never said that it is ready."));
}

static GVariant *
report_nodes (PracticeAddonService *self, GVariant *message)
{
  g_autoptr (GPtrArray) nodes =
    practice_store_list (practice_addons_get_store (self->addons), "/nodes", NULL);
  g_auto (GVariantBuilder) states = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));

  for (guint i = 0; i < nodes->len; i++) {
    JsonNode *node = g_ptr_array_index (nodes, i);
    g_autofree char *complaint = dup_node_complaint (node);

    g_variant_builder_add (&states, "(ss)", base_metadata_get_name (node),
                           complaint ? complaint : "");
  }

  return g_variant_new_parsed ("{'op': <'states'>, 'states': <%*>}",
                               g_variant_builder_end (&states));
}

static GVariant *
report_installed (PracticeAddonService *self, GVariant *message)
{
  const char *const *names =
    practice_addon_catalog_get_names (practice_addons_get_catalog (self->addons));
  g_autoptr (GStrvBuilder) installed = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; names[i]; i++)
    if (practice_addons_is_enabled (self->addons, names[i]))
      g_strv_builder_add (installed, names[i]);
  list = g_strv_builder_end (installed);

  return g_variant_new_parsed ("{'op': <'names'>, 'names': <%^as>}", list);
}

static GVariant *
report_portal (PracticeAddonService *self, GVariant *message)
{
  PracticeStore *store = practice_addons_get_store (self->addons);
  g_autofree char *url = practice_ops_portal_dup_url (store);
  g_autofree char *username = practice_ops_portal_dup_username (store);
  g_autofree char *password = practice_ops_portal_dup_password (store);

  if (!practice_addons_is_enabled (self->addons, "opsportal"))
    return new_failure (_ ("the add-on “opsportal” is not deployed."));
  if (!practice_addons_is_enabled (self->addons, "traefik"))
    return new_failure (_ ("the add-on “traefik”, which leads to the portal, is not deployed."));
  if (!username || !password)
    return new_failure (_ ("the Secret kubeaddons/ops-portal-credentials is missing."));

  return g_variant_new_parsed ("{'op': <'portal'>, 'url': <%s>, 'username': <%s>, "
                               "'password': <%s>}",
                               url ? url : "", username, password);
}

static GVariant *
report_kubeconfig (PracticeAddonService *self, GVariant *message)
{
  return g_variant_new_parsed ("{'op': <'kubeconfig'>, 'text': <%s>}", self->kubeconfig);
}

static GVariant *
report_proxies (PracticeAddonService *self, GVariant *message)
{
  return practice_proxy_report_new (practice_addons_get_store (self->addons), self->mesh);
}

static GVariant *
report_analysis (PracticeAddonService *self, GVariant *message)
{
  const char *namespace_ = "";
  g_auto (GStrv) lines = NULL;

  g_variant_lookup (message, "namespace", "&s", &namespace_);
  lines = practice_istio_analyze (practice_addons_get_store (self->addons),
                                  *namespace_ != '\0' ? namespace_ : NULL);

  return g_variant_new_parsed ("{'op': <'analysis'>, 'lines': <%^as>}", lines);
}

/* A pod that is asked about. */
static JsonNode *
find_pod (PracticeAddonService *self, GVariant *message, GVariant **failure)
{
  PracticeStore *store = practice_addons_get_store (self->addons);
  const char *name = "";
  const char *namespace_ = "";
  g_autofree char *text = NULL;
  JsonNode *pod;

  g_variant_lookup (message, "pod", "&s", &name);
  g_variant_lookup (message, "namespace", "&s", &namespace_);
  pod = practice_store_get (store, "/pods", namespace_, name);
  if (pod != NULL)
    return pod;
  text = g_strdup_printf ("unable to retrieve Pod: pods \"%s\" not found", name);
  *failure = new_failure (text);
  return NULL;
}

static gboolean
has_proxy (JsonNode *pod, GVariant **failure)
{
  g_autofree char *text = NULL;

  if (practice_sidecar_is_in (pod))
    return TRUE;
  text =
    g_strdup_printf ("container istio-proxy is not valid for pod %s", base_metadata_get_name (pod));
  *failure = new_failure (text);
  return FALSE;
}

static GVariant *
new_rows (GPtrArray *rows)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aas"));

  for (guint i = 0; i < rows->len; i++)
    g_variant_builder_add (&builder, "^as", rows->pdata[i]);
  return g_variant_new_parsed ("{'op': <'rows'>, 'rows': <%*>}", g_variant_builder_end (&builder));
}

static GVariant *
report_proxy_config (PracticeAddonService *self, GVariant *message)
{
  GVariant *failure = NULL;
  JsonNode *pod = find_pod (self, message, &failure);
  const char *name = "";
  PracticeProxyPart part;
  g_autoptr (GPtrArray) rows = NULL;

  g_variant_lookup (message, "part", "&s", &name);
  if (pod == NULL || !has_proxy (pod, &failure))
    return failure;
  if (!practice_proxy_part_find (name, &part))
    return new_failure (_ ("there is no such part of a proxy's configuration."));
  rows = practice_proxy_config_list (self->mesh, practice_mesh_get_config (self->mesh), pod, part);
  return new_rows (rows);
}

static GVariant *
report_proxy_difference (PracticeAddonService *self, GVariant *message)
{
  GVariant *failure = NULL;
  JsonNode *pod = find_pod (self, message, &failure);
  g_auto (GStrv) lines = NULL;

  if (pod == NULL || !has_proxy (pod, &failure))
    return failure;
  lines = practice_proxy_report_compare (self->mesh, pod);
  return g_variant_new_parsed ("{'op': <'lines'>, 'lines': <%^as>}", lines);
}

static GVariant *
report_pod (PracticeAddonService *self, GVariant *message)
{
  GVariant *failure = NULL;
  JsonNode *pod = find_pod (self, message, &failure);
  g_auto (GStrv) lines = NULL;

  if (pod == NULL)
    return failure;
  lines = practice_pod_description_new (self->mesh, pod);
  return g_variant_new_parsed ("{'op': <'lines'>, 'lines': <%^as>}", lines);
}

static GVariant *
report_address (PracticeAddonService *self, GVariant *message)
{
  const char *name = "";
  g_autofree char *lower = NULL;
  g_autofree char *address = NULL;

  g_variant_lookup (message, "name", "&s", &name);
  lower = g_ascii_strdown (name, -1);
  if (g_str_has_suffix (lower, "."))
    lower[strlen (lower) - 1] = '\0';
  if (g_hostname_is_ip_address (lower))
    address = g_strdup (lower);
  else if (self->resolve)
    address = self->resolve (lower, self->resolve_data);

  return g_variant_new_parsed ("{'op': <'address'>, 'address': <%s>}", address ? address : "");
}

static const struct {
  const char *op;
  GVariant *(*answer) (PracticeAddonService *self, GVariant *message);
} answers[] = {
  { "addons", report_addons },
  { "analysis", report_analysis },
  { "describe-pod", report_pod },
  { "disable-addon", switch_addon },
  { "enable-addon", switch_addon },
  { "installed", report_installed },
  { "kubeconfig", report_kubeconfig },
  { "nodes", report_nodes },
  { "portal", report_portal },
  { "proxies", report_proxies },
  { "proxy-config", report_proxy_config },
  { "proxy-difference", report_proxy_difference },
  { "resolve", report_address },
};

static void
message_cb (PracticeAddonService *self,
            GVariant *message,
            GUnixFDList *fds,
            PracticeChannel *channel)
{
  const char *op = "";

  g_variant_lookup (message, "op", "&s", &op);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (g_str_equal (op, answers[i].op)) {
      practice_channel_send (channel, answers[i].answer (self, message), NULL);
      return;
    }
}

static void
closed_cb (PracticeAddonService *self, PracticeChannel *channel)
{
  g_ptr_array_remove_fast (self->clients, channel);
}

static gboolean
accept_cb (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  PracticeAddonService *self = user_data;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);
  PracticeChannel *channel;

  if (!socket || self->clients->len >= CLIENT_LIMIT)
    return G_SOURCE_CONTINUE;
  channel = practice_channel_new (socket);
  g_ptr_array_add (self->clients, channel);
  g_signal_connect_object (channel, "message", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  return G_SOURCE_CONTINUE;
}

static void
practice_addon_service_dispose (GObject *object)
{
  PracticeAddonService *self = PRACTICE_ADDON_SERVICE (object);

  if (self->accepting)
    g_source_destroy (self->accepting);
  g_clear_pointer (&self->accepting, g_source_unref);
  g_clear_object (&self->listener);
  g_ptr_array_set_size (self->clients, 0);
  g_clear_object (&self->addons);
  g_clear_object (&self->mesh);

  G_OBJECT_CLASS (practice_addon_service_parent_class)->dispose (object);
}

static void
practice_addon_service_finalize (GObject *object)
{
  PracticeAddonService *self = PRACTICE_ADDON_SERVICE (object);

  g_ptr_array_unref (self->clients);
  g_free (self->kubeconfig);

  G_OBJECT_CLASS (practice_addon_service_parent_class)->finalize (object);
}

static void
practice_addon_service_class_init (PracticeAddonServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_addon_service_dispose;
  object_class->finalize = practice_addon_service_finalize;
}

static void
practice_addon_service_init (PracticeAddonService *self)
{
  self->clients = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * practice_addon_service_new:
 * @path: where the Unix socket shall be; a socket that is there is taken for one left behind
 * @cluster: what is asked about, and whose add-ons are switched
 * @kubeconfig: what `konvoy apply kubeconfig` writes
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a service that listens
 */
PracticeAddonService *
practice_addon_service_new (const char *path,
                            PracticeCluster *cluster,
                            const char *kubeconfig,
                            GError **error)
{
  g_autoptr (PracticeAddonService) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (cluster), NULL);

  self = g_object_new (PRACTICE_TYPE_ADDON_SERVICE, NULL);
  self->listener = practice_channel_listen (path, error);
  if (!self->listener)
    return NULL;
  self->addons = g_object_ref (practice_cluster_get_addons (cluster));
  self->mesh = g_object_ref (practice_sidecar_get_mesh (practice_cluster_get_sidecar (cluster)));
  self->kubeconfig = g_strdup (kubeconfig);
  self->accepting = g_socket_create_source (self->listener, G_IO_IN, NULL);
  g_source_set_callback (self->accepting, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->accepting, g_main_context_get_thread_default ());
  return g_steal_pointer (&self);
}

/**
 * practice_addon_service_set_resolve:
 * @self: a service
 * @resolve: (scope forever): says which address a name has
 * @user_data: data of @resolve, which must live as long as the service
 *
 * Lets clients ask for names.
 */
void
practice_addon_service_set_resolve (PracticeAddonService *self,
                                    PracticeResolveFunc resolve,
                                    gpointer user_data)
{
  g_return_if_fail (PRACTICE_IS_ADDON_SERVICE (self));

  self->resolve = resolve;
  self->resolve_data = user_data;
}
