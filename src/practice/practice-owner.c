/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base-install.h"
#include "base-private-file.h"
#include "practice-addon-service.h"
#include "practice-api-server.h"
#include "practice-cluster.h"
#include "practice-control.h"
#include "practice-inside.h"
#include "practice-owner.h"
#include "practice-plain-access.h"
#include "practice-reach.h"
#include "practice-ready-line.h"
#include "practice-relay.h"
#include "practice-sandbox.h"
#include "practice-skeleton.h"
#include "practice-tree.h"

#define PROGRAM "konvoy-practice"

/* Names in the folder. */
#define KUBECONFIG_NAME "kubeconfig"
#define HOME_NAME "home"
#define SNAPSHOTS_NAME "snapshots"
#define DISKS_NAME "volumes"

struct _PracticeOwner {
  GObject parent_instance;

  PracticeFolder *folder;
  guint32 seed; /* 0: none */
  GMainLoop *loop;
  PracticeControl *control;

  char *sockets; /* folder of all that follows */
  char *relay_path;
  char *inside; /* folder of what the jumpserver sees */
  char *addons_path;
  char *etc;
  char *bin;

  char *home;
  char *kubeconfig;

  PracticeNetwork *network; /* (nullable): refused */
  PracticeSandbox *sandbox; /* (nullable): likewise */
  PracticeStore *store;
  PracticeApiServer *api;
  PracticeCluster *cluster;
  PracticeAddonService *addons;
  PracticeInside served;
  PracticeDnsServer *dns; /* (nullable): without a network */
  PracticeSites *sites;
  PracticeRelay *relay;
  PracticePlainAccess *access;
};

G_DEFINE_FINAL_TYPE (PracticeOwner, practice_owner, G_TYPE_OBJECT)

/* The names of the jumpserver itself are those of its /etc/hosts. */
static char *
resolve (const char *name, gpointer user_data)
{
  PracticeOwner *self = user_data;
  const char *site = practice_sites_resolve (self->sites, name);

  if (g_str_equal (name, "localhost") || g_str_equal (name, "jumpserver"))
    return g_strdup ("127.0.0.1");
  if (site)
    return g_strdup (site);
  return practice_cluster_resolve (self->cluster, name);
}

/* Ourselves, wherever we were put. */
static char *
dup_program (void)
{
  char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program ? program : base_install_dup_program (PROGRAM);
}

/* What the jumpserver finds on the Internet, and trusts. */
static gboolean
make_sites (PracticeOwner *self, GError **error)
{
  g_autofree char *bundle = g_build_filename (self->etc, PRACTICE_JUMPSERVER_CA_BUNDLE, NULL);

  self->sites = practice_sites_new (error);
  return self->sites && practice_sites_write_bundle (self->sites, bundle, error);
}

/* Where clients find us. */
static gboolean
open_sockets (PracticeOwner *self, GError **error)
{
  g_autofree char *control = NULL;

  self->sockets = practice_folder_dup_sockets (self->folder, error);
  if (!self->sockets)
    return FALSE;
  control = g_build_filename (self->sockets, "control", NULL);
  self->relay_path = g_build_filename (self->sockets, "socket", NULL);
  self->inside = g_build_filename (self->sockets, "inside", NULL);
  self->addons_path = g_build_filename (self->inside, PRACTICE_ADDONS_NAME, NULL);
  self->etc = g_build_filename (self->sockets, "etc", NULL);
  self->bin = g_build_filename (self->sockets, "bin", NULL);
  return practice_control_listen (self->control, control, error) &&
         practice_folder_publish (self->folder, control, error) &&
         practice_skeleton_make_folder (self->inside, error) &&
         practice_skeleton_make_folder (self->bin, error) &&
         practice_skeleton_write_etc (self->etc, error);
}

/* For shells that are not in the sandbox, and for all where this computer refuses one. */
static gboolean
open_plain_access (PracticeOwner *self, GError **error)
{
  g_autofree char *program = dup_program ();
  g_autofree char *pods = g_build_filename (self->sockets, "p", NULL);
  g_autofree char *bundle = g_build_filename (self->etc, PRACTICE_JUMPSERVER_CA_BUNDLE, NULL);
  g_autoptr (PracticeDialer) dialer =
    practice_dialer_new (self->network, practice_cluster_get_fabric (self->cluster), self->sites);

  const PracticePlainPodSpec plain = { dialer, pods, program, bundle };

  if (self->network == NULL)
    practice_container_runtime_set_plain (practice_cluster_get_runtime (self->cluster), &plain);
  practice_relay_set_dialer (self->relay, dialer);
  self->access = practice_plain_access_new (dialer, resolve, self, self->sockets, error);
  return self->access &&
         practice_plain_access_write_programs (self->access, self->bin, program, bundle, error);
}

static gboolean
write_kubeconfigs (PracticeOwner *self, GError **error)
{
  g_autofree char *text = practice_api_server_dup_kubeconfig (self->api);
  g_autofree char *kube = g_build_filename (self->home, ".kube", NULL);
  g_autofree char *inside = g_build_filename (kube, "config", NULL);
  g_autofree char *server =
    g_strdup_printf ("https://127.0.0.1:%u\n", practice_api_server_get_port (self->api));
  const char *pem = practice_api_server_get_ca_pem (self->api);
  g_autofree char *ca = g_base64_encode ((const guchar *)pem, strlen (pem));
  g_autofree char *present = NULL;

  if (!base_private_file_write (self->kubeconfig, text, error))
    return FALSE;
  /* What the student changed, such as the default namespace, stays while it still fits. */
  if (g_file_get_contents (inside, &present, NULL, NULL) && strstr (present, server) &&
      strstr (present, practice_api_server_get_token (self->api)) && strstr (present, ca))
    return TRUE;
  return practice_skeleton_make_folder (kube, error) &&
         base_private_file_write (inside, text, error);
}

static gboolean
offer_drills (PracticeOwner *self, GError **error)
{
  g_autofree char *path = practice_folder_dup_file (self->folder, SNAPSHOTS_NAME);
  g_autoptr (PracticeSnapshots) snapshots =
    practice_snapshots_new (self->store, path, self->home, error);
  g_autoptr (PracticeDrills) drills = NULL;

  if (!snapshots)
    return FALSE;
  drills = practice_drills_new (self->store, practice_api_server_get_gate (self->api),
                                self->cluster, snapshots);
  practice_control_set_drills (self->control, drills);
  return TRUE;
}

/* Nothing is thrown away, nor begun anew, unless somebody asks for it. */
static gboolean
open_store (PracticeOwner *self, GError **error)
{
  g_autofree char *path = practice_folder_dup_store (self->folder);
  g_autoptr (GError) reason = NULL;

  self->store = practice_store_new (path, &reason);
  if (self->store)
    return TRUE;
  if (g_error_matches (reason, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED))
    g_set_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED,
                 /* Translators: a folder, and what is wrong with a file in it */
                 _ ("The practice cluster's state is damaged. Make a new practice cluster in the "
                    "menu of places, or with “konvoy-practice --dir %s reset”; the damaged file "
                    "is kept. (%s)"),
                 practice_folder_get_path (self->folder), reason->message);
  else
    g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
start_cluster (PracticeOwner *self, GError **error)
{
  g_autofree char *disks = practice_folder_dup_file (self->folder, DISKS_NAME);
  const PracticeClusterOptions options = { self->seed, disks };
  g_autofree char *kubeconfig = NULL;

  if (!open_store (self, error))
    return FALSE;
  self->api = practice_api_server_new (self->store, error);
  if (!self->api)
    return FALSE;
  kubeconfig = practice_api_server_dup_kubeconfig (self->api);
  self->cluster = practice_cluster_new_with_options (self->store, self->network, &options, error);
  if (!self->cluster)
    return FALSE;
  practice_api_server_set_runtime (self->api, practice_cluster_get_runtime (self->cluster));
  practice_api_server_set_fabric (self->api, practice_cluster_get_fabric (self->cluster));
  self->addons = practice_addon_service_new (self->addons_path, self->cluster, kubeconfig, error);
  self->relay = practice_relay_new (self->relay_path, self->network, resolve, self, error);
  if (!self->addons || !self->relay || !open_plain_access (self, error))
    return FALSE;
  practice_addon_service_set_resolve (self->addons, resolve, self);
  return offer_drills (self, error) && write_kubeconfigs (self, error);
}

/* The API and the names inside the sandbox's network. */
static gboolean
serve_network (PracticeOwner *self, GError **error)
{
  self->served =
    (PracticeInside){ self->network, self->store, self->api, self->sites, resolve, self };
  self->dns = practice_inside_serve (&self->served, error);
  return self->dns != NULL;
}

/* @reason: (nullable): why there is no sandbox */
static void
set_ready (PracticeOwner *self, const char *reason)
{
  g_autofree char *program = dup_program ();
  const PracticeReadyLine ready = {
    .program = program,
    .folder = practice_folder_get_path (self->folder),
    .etc = self->etc,
    .kubeconfig = self->kubeconfig,
    .relay = self->relay_path,
    .port = practice_api_server_get_port (self->api),
    .reason = reason,
  };
  g_autofree char *line = practice_ready_line_write (&ready);
  g_autofree char *home = g_strconcat ("HOME=", self->home, NULL);
  g_autofree char *kubeconfig = g_strconcat ("KUBECONFIG=", self->kubeconfig, NULL);
  g_autofree char *addons = g_strconcat (PRACTICE_ADDONS_VARIABLE "=", self->addons_path, NULL);
  g_autofree char *relay = g_strconcat (PRACTICE_RELAY_VARIABLE "=", self->relay_path, NULL);
  const char *const environment[] = { home, kubeconfig, addons, relay, NULL };

  practice_control_set_ready (self->control, line, reason ? NULL : self->sandbox, environment,
                              self->bin);
}

static void
sandbox_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PracticeOwner *self = user_data;
  g_autoptr (GError) error = NULL;

  practice_sandbox_start_finish (PRACTICE_SANDBOX (source), result, &error);
  /* Else it was stopped, and @self may be gone. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_ready (self, error ? error->message : NULL);
}

static void
start_sandbox (PracticeOwner *self)
{
  g_autofree char *program = dup_program ();
  g_autofree char *kubectl = practice_bwrap_find_kubectl ();
  const PracticeBwrapPaths paths = { program, self->home, self->etc, self->inside, kubectl };

  self->sandbox = practice_sandbox_new (self->network, &paths);
  practice_sandbox_start_async (self->sandbox, NULL, sandbox_started_cb, self);
}

static gboolean
start (PracticeOwner *self, GError **error)
{
  g_autoptr (GError) refused = NULL;

  if (!open_sockets (self, error) || !make_sites (self, error) ||
      !practice_skeleton_write_home (self->home, error))
    return FALSE;
  self->network = practice_network_new (&refused);
  /* Its processes start while the cluster does. */
  if (self->network)
    start_sandbox (self);
  if (!start_cluster (self, error) || (self->network && !serve_network (self, error)))
    return FALSE;
  if (!self->network)
    set_ready (self, refused->message);
  return TRUE;
}

/* Standard error is that of the client who started us. Whoever reads it must see its end when that
 * client has ended, though we go on for others. */
static void
first_client_gone_cb (PracticeOwner *self)
{
  int devnull = open ("/dev/null", O_WRONLY | O_CLOEXEC);

  if (devnull < 0)
    return;
  dup2 (devnull, STDERR_FILENO);
  close (devnull);
}

static void
empty_cb (PracticeOwner *self)
{
  g_main_loop_quit (self->loop);
}

static gboolean
terminate_cb (gpointer user_data)
{
  PracticeOwner *self = user_data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static void
practice_owner_dispose (GObject *object)
{
  PracticeOwner *self = PRACTICE_OWNER (object);

  g_clear_object (&self->relay);
  g_clear_object (&self->access);
  g_clear_object (&self->dns);
  g_clear_object (&self->sites);
  g_clear_object (&self->addons);
  if (self->sandbox)
    practice_sandbox_stop (self->sandbox);
  g_clear_object (&self->sandbox);
  practice_control_set_drills (self->control, NULL);
  g_clear_object (&self->cluster);
  g_clear_object (&self->api);
  g_clear_object (&self->network);
  g_clear_object (&self->store);
  if (self->sockets)
    practice_tree_remove (self->sockets);
  g_clear_pointer (&self->sockets, g_free);
  /* The last client takes its end for ours: then the folder must be free for the next owner. */
  g_clear_object (&self->folder);
  g_clear_object (&self->control);

  G_OBJECT_CLASS (practice_owner_parent_class)->dispose (object);
}

static void
practice_owner_finalize (GObject *object)
{
  PracticeOwner *self = PRACTICE_OWNER (object);

  g_main_loop_unref (self->loop);
  g_free (self->relay_path);
  g_free (self->inside);
  g_free (self->addons_path);
  g_free (self->etc);
  g_free (self->bin);
  g_free (self->home);
  g_free (self->kubeconfig);

  G_OBJECT_CLASS (practice_owner_parent_class)->finalize (object);
}

static void
practice_owner_class_init (PracticeOwnerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_owner_dispose;
  object_class->finalize = practice_owner_finalize;
}

static void
practice_owner_init (PracticeOwner *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->control = practice_control_new ();
  g_signal_connect_object (self->control, "empty", G_CALLBACK (empty_cb), self, G_CONNECT_SWAPPED);
}

/**
 * practice_owner_new:
 * @folder: (transfer full): a folder whose lock this process has
 * @seed: of the choices of the mesh, so that they can be repeated; 0: not
 *
 * Returns: (transfer full): an owner that is not started
 */
PracticeOwner *
practice_owner_new (PracticeFolder *folder, guint32 seed)
{
  PracticeOwner *self;

  g_return_val_if_fail (PRACTICE_IS_FOLDER (folder), NULL);

  self = g_object_new (PRACTICE_TYPE_OWNER, NULL);
  self->folder = folder;
  self->seed = seed;
  self->home = practice_folder_dup_file (folder, HOME_NAME);
  self->kubeconfig = practice_folder_dup_file (folder, KUBECONFIG_NAME);
  return self;
}

/**
 * practice_owner_run:
 * @self: an owner
 * @first_client: a connected `SOCK_SEQPACKET` socket to the process that wants it
 *
 * Starts everything and serves until the last client has gone, or SIGTERM comes. Clients are told
 * where it cannot start.
 */
void
practice_owner_run (PracticeOwner *self, GSocket *first_client)
{
  const int terminating[] = { SIGHUP, SIGINT, SIGTERM };
  g_autoptr (GError) error = NULL;

  g_return_if_fail (PRACTICE_IS_OWNER (self));
  g_return_if_fail (G_IS_SOCKET (first_client));

  for (guint i = 0; i < G_N_ELEMENTS (terminating); i++)
    g_unix_signal_add (terminating[i], terminate_cb, self);
  g_signal_connect_object (practice_control_add_client (self->control, first_client), "closed",
                           G_CALLBACK (first_client_gone_cb), self, G_CONNECT_SWAPPED);
  if (start (self, &error))
    g_main_loop_run (self->loop);
  else
    practice_control_fail (self->control, error->message);
}
