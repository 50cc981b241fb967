/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "jump-address.h"
#include "jump-place.h"

/**
 * JumpPlace:
 *
 * Where the student works: a jumpserver, this computer or the practice cluster. What stands above a
 * place asks it for a terminal, a file, a command or a way to an address, and need not know which
 * of the three it is.
 */

GQuark
jump_error_quark (void)
{
  return g_quark_from_static_string ("jump-error-quark");
}

gboolean
jump_error_is_unreachable (const GError *error)
{
  return g_error_matches (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE) ||
         g_error_matches (error, JUMP_ERROR, JUMP_ERROR_SILENT) ||
         g_error_matches (error, JUMP_ERROR, JUMP_ERROR_REFUSED) ||
         g_error_matches (error, JUMP_ERROR, JUMP_ERROR_NAMELESS);
}

G_DEFINE_ENUM_TYPE (JumpPlaceState,
                    jump_place_state,
                    G_DEFINE_ENUM_VALUE (JUMP_PLACE_DISCONNECTED, "disconnected"),
                    G_DEFINE_ENUM_VALUE (JUMP_PLACE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (JUMP_PLACE_CONNECTED, "connected"))

G_DEFINE_INTERFACE (JumpPlace, jump_place, G_TYPE_OBJECT)

static gboolean
is_connected (JumpPlace *self)
{
  return jump_place_get_state (self) == JUMP_PLACE_CONNECTED;
}

/* Answers for a place that is not connected; its finish function knows the result by @tag. */
static gboolean
refuse_disconnected (JumpPlace *self,
                     GAsyncReadyCallback callback,
                     gpointer user_data,
                     gpointer tag)
{
  if (is_connected (self))
    return FALSE;

  g_task_report_new_error (self, callback, user_data, tag, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED,
                           "%s", _ ("There is no connection at the moment. Connect first."));
  return TRUE;
}

static gboolean
was_refused (JumpPlace *self, GAsyncResult *result, gpointer tag)
{
  return g_task_is_valid (result, self) && g_async_result_is_tagged (result, tag);
}

static void
jump_place_default_init (JumpPlaceInterface *iface)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  g_object_interface_install_property (
    iface,
    g_param_spec_enum ("state", NULL, NULL, JUMP_TYPE_PLACE_STATE, JUMP_PLACE_DISCONNECTED, flags));
  g_object_interface_install_property (
    iface, g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags));
  g_object_interface_install_property (iface,
                                       g_param_spec_string ("title", NULL, NULL, NULL, flags));
  g_object_interface_install_property (iface,
                                       g_param_spec_string ("notice", NULL, NULL, NULL, flags));
}

/**
 * jump_place_get_id:
 *
 * Returns: a name that stays the same from one start to the next, such as "practice", "local" or
 *   "ssh:centos@10.1.2.3:22"; a student's progress is kept under it
 */
const char *
jump_place_get_id (JumpPlace *self)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), NULL);

  return JUMP_PLACE_GET_IFACE (self)->get_id (self);
}

/**
 * jump_place_get_state:
 *
 * Returns: the property "state". It may go from connected to disconnected at any time; "error" then
 *   says why. A place that was connected once without asking its user connects again by itself.
 */
JumpPlaceState
jump_place_get_state (JumpPlace *self)
{
  JumpPlaceState state = JUMP_PLACE_DISCONNECTED;

  g_return_val_if_fail (JUMP_IS_PLACE (self), JUMP_PLACE_DISCONNECTED);

  g_object_get (self, "state", &state, NULL);
  return state;
}

/**
 * jump_place_connect_async:
 *
 * Connects, or joins an attempt that is under way. A place that is connected answers at once.
 */
void
jump_place_connect_async (JumpPlace *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (JUMP_IS_PLACE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  JUMP_PLACE_GET_IFACE (self)->connect_async (self, cancellable, callback, user_data);
}

/**
 * jump_place_connect_finish:
 * @error: a #JumpError with a sentence for the user, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the place is connected
 */
gboolean
jump_place_connect_finish (JumpPlace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), FALSE);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return JUMP_PLACE_GET_IFACE (self)->connect_finish (self, result, error);
}

/**
 * jump_place_disconnect:
 *
 * Ends the connection, an attempt at one, and any waiting to try again.
 */
void
jump_place_disconnect (JumpPlace *self)
{
  g_return_if_fail (JUMP_IS_PLACE (self));

  JUMP_PLACE_GET_IFACE (self)->disconnect (self);
}

/**
 * jump_place_dup_terminal_argv:
 *
 * Returns: (transfer full) (nullable): the command whose terminal is the student's; %NULL where the
 *   place is not connected
 */
GStrv
jump_place_dup_terminal_argv (JumpPlace *self)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), NULL);

  if (!is_connected (self))
    return NULL;
  return JUMP_PLACE_GET_IFACE (self)->dup_terminal_argv (self);
}

/**
 * jump_place_dup_terminal_environment:
 *
 * Returns: (transfer full) (nullable): the whole environment of that command; %NULL for our own
 */
GStrv
jump_place_dup_terminal_environment (JumpPlace *self)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), NULL);

  return JUMP_PLACE_GET_IFACE (self)->dup_terminal_environment (self);
}

/**
 * jump_place_has_prompt_marks:
 *
 * Returns: whether the terminal's shell prints OSC 133;A at each prompt and OSC 133;D;STATUS after
 *   each command; where not, the foreground group of the terminal tells when a command has ended
 */
gboolean
jump_place_has_prompt_marks (JumpPlace *self)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), FALSE);

  return JUMP_PLACE_GET_IFACE (self)->has_prompt_marks (self);
}

/**
 * jump_place_list_kubeconfigs_async:
 *
 * Finds the kubeconfig files that kubectl would read at the place.
 */
void
jump_place_list_kubeconfigs_async (JumpPlace *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (JUMP_IS_PLACE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  if (!refuse_disconnected (self, callback, user_data, jump_place_list_kubeconfigs_async))
    JUMP_PLACE_GET_IFACE (self)->list_kubeconfigs_async (self, cancellable, callback, user_data);
}

/**
 * jump_place_list_kubeconfigs_finish:
 *
 * Returns: (transfer full): absolute paths at the place in kubectl's order, the first of which wins
 *   (see "kubectl config --help"); never empty: where there is none it fails with
 *   %G_IO_ERROR_NOT_FOUND
 */
GStrv
jump_place_list_kubeconfigs_finish (JumpPlace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (was_refused (self, result, jump_place_list_kubeconfigs_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return JUMP_PLACE_GET_IFACE (self)->list_kubeconfigs_finish (self, result, error);
}

/**
 * jump_place_read_file_async:
 * @path: an absolute path at the place
 *
 * Reads a file of at most 1 MiB.
 */
void
jump_place_read_file_async (JumpPlace *self,
                            const char *path,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (JUMP_IS_PLACE (self));
  g_return_if_fail (path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  if (!refuse_disconnected (self, callback, user_data, jump_place_read_file_async))
    JUMP_PLACE_GET_IFACE (self)->read_file_async (self, path, cancellable, callback, user_data);
}

/**
 * jump_place_read_file_finish:
 * @error: among others %G_IO_ERROR_NOT_FOUND, %G_IO_ERROR_PERMISSION_DENIED,
 *   %G_IO_ERROR_NOT_REGULAR_FILE and, above 1 MiB, %G_IO_ERROR_MESSAGE_TOO_LARGE
 *
 * Returns: (transfer full): the file's bytes
 */
GBytes *
jump_place_read_file_finish (JumpPlace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (was_refused (self, result, jump_place_read_file_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return JUMP_PLACE_GET_IFACE (self)->read_file_finish (self, result, error);
}

/**
 * jump_place_run_async:
 * @argv: a program, found by the place's PATH, and its arguments; no shell reads them
 * @input: (nullable): its standard input
 *
 * Runs a program at the place and waits for its end.
 */
void
jump_place_run_async (JumpPlace *self,
                      const char *const *argv,
                      GBytes *input,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (JUMP_IS_PLACE (self));
  g_return_if_fail (argv != NULL && argv[0] != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  if (!refuse_disconnected (self, callback, user_data, jump_place_run_async))
    JUMP_PLACE_GET_IFACE (self)->run_async (self, argv, input, cancellable, callback, user_data);
}

/**
 * jump_place_run_finish:
 *
 * Returns: (transfer full): what the program wrote and its exit status, which may be other than 0
 */
BaseCommandResult *
jump_place_run_finish (JumpPlace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (was_refused (self, result, jump_place_run_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return JUMP_PLACE_GET_IFACE (self)->run_finish (self, result, error);
}

/**
 * jump_place_reach_async:
 * @target: what kind of address it is
 * @host: a host name or IP address, as the place sees it
 * @port: a TCP port
 *
 * Finds what to dial for @host and @port: a Unix socket that leads there, or the plain address
 * where this computer reaches it itself. Where a Unix socket leads there, each call makes sure that
 * something answers at its far end, for whoever dials the socket alone cannot tell; the socket
 * itself is made once, and is there again after the place has connected anew.
 */
void
jump_place_reach_async (JumpPlace *self,
                        JumpTarget target,
                        const char *host,
                        guint16 port,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (JUMP_IS_PLACE (self));
  g_return_if_fail (host != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  if (refuse_disconnected (self, callback, user_data, jump_place_reach_async))
    return;
  if (!jump_address_check_target (host, port, &error))
    g_task_report_error (self, callback, user_data, jump_place_reach_async,
                         g_steal_pointer (&error));
  else
    JUMP_PLACE_GET_IFACE (self)->reach_async (self, target, host, port, cancellable, callback,
                                              user_data);
}

/**
 * jump_place_reach_finish:
 * @error: %JUMP_ERROR_SILENT, %JUMP_ERROR_REFUSED, %JUMP_ERROR_NAMELESS or, where it is not known
 *   why, %JUMP_ERROR_UNREACHABLE where nothing answers at the address; %JUMP_ERROR_NO_FORWARDING
 *   where the place allows no way to it
 *
 * Returns: (transfer full): what to dial
 */
GSocketConnectable *
jump_place_reach_finish (JumpPlace *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (JUMP_IS_PLACE (self), NULL);
  g_return_val_if_fail (G_IS_ASYNC_RESULT (result), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (was_refused (self, result, jump_place_reach_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return JUMP_PLACE_GET_IFACE (self)->reach_finish (self, result, error);
}
