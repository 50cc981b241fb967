/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-rootfs.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-bwrap.h"
#include "practice-pod-target.h"
#include "practice-volume-files.h"

/* Of each of the file systems in memory. */
#define MAX_SIZE "134217728"

struct _PracticeContainerRootfs {
  PracticeNetwork *network;
  char *program;
  char *hostname;
  char *user;
  char *group;
  char *folder;       /* (nullable): working directory, to be there */
  GPtrArray *files;   /* of PracticeVolumeFile */
  GPtrArray *folders; /* of PracticeVolumeFolder */
};

static const char *const folders[] = { "/home", "/media", "/mnt",     "/opt",     "/root",
                                       "/srv",  "/run",   "/var/lib", "/var/log", NULL };

static void
add_file (PracticeContainerRootfs *self, const char *path, char *text)
{
  g_ptr_array_add (self->files,
                   practice_volume_file_new (path, g_bytes_new_take (text, strlen (text)), 0644));
}

static void
add_hosts (PracticeContainerRootfs *self, JsonNode *pod)
{
  GString *text = g_string_new ("# Kubernetes-managed hosts file.\n"
                                "127.0.0.1\tlocalhost\n"
                                "::1\tlocalhost ip6-localhost ip6-loopback\n");
  const char *address = base_json_get_string (pod, "status", "podIP", NULL);
  JsonArray *aliases = base_json_get_array (pod, "spec", "hostAliases", NULL);

  if (address != NULL)
    g_string_append_printf (text, "%s\t%s\n", address, self->hostname);
  for (guint i = 0; i < base_json_get_length (aliases); i++) {
    JsonNode *alias = json_array_get_element (aliases, i);
    JsonArray *names = base_json_get_array (alias, "hostnames", NULL);
    const char *ip = base_json_get_string (alias, "ip", NULL);

    for (guint j = 0; ip != NULL && j < base_json_get_length (names); j++)
      g_string_append_printf (text, "%s\t%s\n", ip, json_array_get_string_element (names, j));
  }
  add_file (self, "/etc/hosts", g_string_free (text, FALSE));
}

static void
add_etc (PracticeContainerRootfs *self, JsonNode *pod, const char *name_server)
{
  const char *namespace_ = base_metadata_get_namespace (pod);

  add_hosts (self, pod);
  add_file (self, "/etc/hostname", g_strdup_printf ("%s\n", self->hostname));
  add_file (self, "/etc/resolv.conf",
            g_strdup_printf ("nameserver %s\n"
                             "search %s.svc.cluster.local svc.cluster.local cluster.local\n"
                             "options ndots:5\n",
                             name_server, namespace_));
  add_file (self, "/etc/nsswitch.conf",
            g_strdup ("passwd: files\ngroup: files\nhosts: files dns\n"));
  add_file (self, "/etc/passwd",
            g_str_equal (self->user, "0")
              ? g_strdup ("root:x:0:0:root:/root:/bin/bash\n"
                          "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n")
              : g_strdup_printf ("root:x:0:0:root:/root:/bin/bash\n"
                                 "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
                                 "app:x:%s:%s:app:/:/bin/sh\n",
                                 self->user, self->group));
  add_file (self, "/etc/group", g_strdup ("root:x:0:\nnogroup:x:65534:\n"));
  add_file (self, "/etc/bash.bashrc", g_strdup ("PS1='\\u@\\h:\\w\\$ '\n"));
}

static char *
dup_id (JsonNode *pod, JsonNode *container, const char *member)
{
  gint64 fallback = base_json_get_int (pod, 0, "spec", "securityContext", member, NULL);
  gint64 id = base_json_get_int (container, fallback, "securityContext", member, NULL);

  return g_strdup_printf ("%" G_GINT64_FORMAT, CLAMP (id, 0, G_MAXINT32));
}

/**
 * practice_container_rootfs_new:
 * @store: the cluster's objects, for what is mounted
 * @pod: a Pod
 * @container: name of one of its containers
 * @program: path of this program
 * @network: the pod's, which has the folders that its containers share
 * @name_server: address of the cluster's name server
 * @error: return location
 *
 * Collects what a container has of its own.
 *
 * Returns: (transfer full) (nullable): it; %NULL where something that is to be mounted is not there
 */
PracticeContainerRootfs *
practice_container_rootfs_new (PracticeStore *store,
                               JsonNode *pod,
                               const char *container,
                               const char *program,
                               PracticeNetwork *network,
                               const char *name_server,
                               GError **error)
{
  g_autoptr (PracticeContainerRootfs) self = g_new0 (PracticeContainerRootfs, 1);
  JsonNode *spec = practice_pod_target_get_spec (pod, container);
  const char *hostname = base_json_get_string (pod, "spec", "hostname", NULL);

  if (hostname == NULL)
    hostname = base_metadata_get_name (pod);
  self->network = g_object_ref (network);
  self->program = g_strdup (program);
  /* The kernel's limit, which a kubelet keeps to likewise. */
  self->hostname = g_strndup (hostname, 63);
  self->user = dup_id (pod, spec, "runAsUser");
  self->group = dup_id (pod, spec, "runAsGroup");
  self->folder = g_strdup (base_json_get_string (spec, "workingDir", NULL));
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_volume_file_free);
  self->folders = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_volume_folder_free);
  add_etc (self, pod, name_server);
  if (!practice_volume_files_collect (store, pod, spec, self->files, self->folders, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_container_rootfs_free:
 * @self: (transfer full): it
 *
 * Frees @self.
 */
void
practice_container_rootfs_free (PracticeContainerRootfs *self)
{
  g_clear_object (&self->network);
  g_free (self->program);
  g_free (self->hostname);
  g_free (self->user);
  g_free (self->group);
  g_free (self->folder);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_free (self);
}

static gboolean
add_files (
  PracticeContainerRootfs *self, GStrvBuilder *argv, int first_fd, GArray *fds, GError **error)
{
  for (guint i = 0; i < self->files->len; i++) {
    const PracticeVolumeFile *file = self->files->pdata[i];
    g_autofree char *mode = g_strdup_printf ("%04o", file->mode);
    g_autofree char *number = g_strdup_printf ("%u", first_fd + fds->len);
    gsize size;
    gconstpointer data = g_bytes_get_data (file->data, &size);
    int fd = practice_bwrap_open_data (data, size, error);

    if (fd < 0)
      return FALSE;
    g_array_append_val (fds, fd);
    practice_bwrap_add (argv, "--perms", mode, "--file", number, file->path, NULL);
  }
  return TRUE;
}

static gboolean
add_folder (PracticeContainerRootfs *self,
            GStrvBuilder *argv,
            const PracticeVolumeFolder *folder,
            GError **error)
{
  g_autofree char *shared = NULL;

  if (folder->number < 0) {
    practice_bwrap_add (argv, "--dir", folder->path, NULL);
    return TRUE;
  }
  shared = practice_network_dup_volume (self->network, (guint)folder->number, folder->part, error);
  if (shared == NULL)
    return FALSE;
  practice_bwrap_add (argv, folder->is_read_only ? "--ro-bind" : "--bind", shared, folder->path,
                      NULL);
  return TRUE;
}

/* All that it can write to is in memory and has a limit. */
static gboolean
add_file_systems (PracticeContainerRootfs *self, GStrvBuilder *argv, GError **error)
{
  practice_bwrap_add (argv, "--size", MAX_SIZE, "--tmpfs", "/", NULL);
  practice_bwrap_add_system (argv);
  practice_bwrap_add (argv, "--perms", "1777", "--size", MAX_SIZE, "--tmpfs", "/dev/shm", NULL);
  practice_bwrap_add (argv, "--perms", "1777", "--size", MAX_SIZE, "--tmpfs", "/tmp", NULL);
  practice_bwrap_add (argv, "--symlink", "../tmp", "/var/tmp", "--symlink", "../run", "/var/run",
                      "--symlink", "../usr/lib/os-release", "/etc/os-release", NULL);
  for (guint i = 0; folders[i] != NULL; i++)
    practice_bwrap_add (argv, "--dir", folders[i], NULL);
  for (guint i = 0; i < self->folders->len; i++)
    if (!add_folder (self, argv, self->folders->pdata[i], error))
      return FALSE;
  if (self->folder != NULL)
    practice_bwrap_add (argv, "--dir", self->folder, NULL);
  return TRUE;
}

/**
 * practice_container_rootfs_open_options:
 * @data: a #PracticeContainerRootfs
 * @first_fd: the number that the first of @fds will have
 * @fds: (element-type int): gets file descriptors
 * @error: return location
 *
 * The options of bubblewrap, bwrap(1), for a container: everything its own but the network, for
 * which the caller first moves the process into the pod's. Root inside has no capability.
 *
 * Returns: a file descriptor for `bwrap --args`; -1 on an error
 */
int
practice_container_rootfs_open_options (gpointer data, int first_fd, GArray *fds, GError **error)
{
  PracticeContainerRootfs *self = data;
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  g_auto (GStrv) options = NULL;

  practice_bwrap_add (argv, "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts",
                      "--unshare-cgroup-try", "--die-with-parent", "--cap-drop", "ALL", "--uid",
                      self->user, "--gid", self->group, "--hostname", self->hostname, "--clearenv",
                      NULL);
  if (!add_file_systems (self, argv, error))
    return -1;
  practice_bwrap_add_host_files (argv);
  if (!add_files (self, argv, first_fd, fds, error))
    return -1;
  practice_bwrap_add (argv, "--ro-bind", self->program, PRACTICE_CONTAINER_AGENT, "--remount-ro",
                      "/proc", "--remount-ro", "/dev", "--chdir", "/", NULL);
  options = g_strv_builder_end (argv);
  return practice_bwrap_write_options (options, error);
}
