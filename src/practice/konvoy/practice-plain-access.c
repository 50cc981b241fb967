/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-plain-access.h"

#include "practice-plain-bin.h"
#include "practice-socks.h"

#define SOCKET_NAME "socks"

struct _PracticePlainAccess {
  GObject parent_instance;

  PracticeDialer *dialer;
  PracticeSocks *socks;
  char *path;
};

G_DEFINE_FINAL_TYPE (PracticePlainAccess, practice_plain_access, G_TYPE_OBJECT)

static void
practice_plain_access_dispose (GObject *object)
{
  PracticePlainAccess *self = PRACTICE_PLAIN_ACCESS (object);

  if (self->socks != NULL)
    practice_socks_stop (self->socks);
  g_clear_object (&self->socks);
  if (self->dialer != NULL)
    practice_dialer_stop (self->dialer);
  g_clear_object (&self->dialer);

  G_OBJECT_CLASS (practice_plain_access_parent_class)->dispose (object);
}

static void
practice_plain_access_finalize (GObject *object)
{
  PracticePlainAccess *self = PRACTICE_PLAIN_ACCESS (object);

  g_free (self->path);

  G_OBJECT_CLASS (practice_plain_access_parent_class)->finalize (object);
}

static void
practice_plain_access_class_init (PracticePlainAccessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_plain_access_dispose;
  object_class->finalize = practice_plain_access_finalize;
}

static void
practice_plain_access_init (PracticePlainAccess *self)
{
}

/**
 * practice_plain_access_new:
 * @dialer: the way into the practice network; it is stopped with the access
 * @resolve: (scope forever): says which address a name has
 * @user_data: data of @resolve, which must live as long as the access
 * @folder: a folder that is the user's alone
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the access
 */
PracticePlainAccess *
practice_plain_access_new (PracticeDialer *dialer,
                           PracticeResolveFunc resolve,
                           gpointer user_data,
                           const char *folder,
                           GError **error)
{
  g_autoptr (PracticePlainAccess) self = NULL;

  g_return_val_if_fail (PRACTICE_IS_DIALER (dialer), NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_PLAIN_ACCESS, NULL);
  self->dialer = g_object_ref (dialer);
  self->path = g_build_filename (folder, SOCKET_NAME, NULL);
  self->socks = practice_socks_new (self->path, dialer, resolve, user_data, error);

  return self->socks != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * practice_plain_access_write_programs:
 * @self: the access
 * @bin: a folder that is the user's alone
 * @program: ourselves
 * @ca_bundle: a file: what is trusted there
 * @error: return location
 *
 * Writes the programs that shall be first on the shell's PATH.
 *
 * Returns: whether all are written
 */
gboolean
practice_plain_access_write_programs (PracticePlainAccess *self,
                                      const char *bin,
                                      const char *program,
                                      const char *ca_bundle,
                                      GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_PLAIN_ACCESS (self), FALSE);

  return practice_plain_bin_write (bin, program, self->path, ca_bundle, error);
}
