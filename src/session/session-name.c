/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-name.h"

#include <string.h>

/* nslookup tells a server that says no from one that says nothing (which getent does not), and
 * getent what programs find, whatever /etc/nsswitch.conf has. The course needs nslookup itself;
 * where there is none, or another one than BIND's, silence is not told from a no. */
#define SCRIPT                                                                                     \
  "getent -s files hosts \"$1\" > /dev/null 2>&1 && { echo known; exit; }; "                       \
  "said=$(LC_ALL=C nslookup -timeout=2 -retry=1 \"$1\" 2>&1) && { echo known; exit; }; "           \
  "case $said in "                                                                                 \
  "*NXDOMAIN*) ;; "                                                                                \
  "*SERVFAIL*|*REFUSED*|*'timed out'*|*'no servers could be reached'*) echo unanswered; exit;; "   \
  "esac; "                                                                                         \
  "getent ahosts \"$1\" > /dev/null 2>&1 && echo known || echo unknown"

static SessionName
read_word (GBytes *output)
{
  static const struct {
    const char *word;
    SessionName name;
  } words[] = {
    { "known\n", SESSION_NAME_KNOWN },
    { "unknown\n", SESSION_NAME_UNKNOWN },
    { "unanswered\n", SESSION_NAME_UNANSWERED },
  };
  gsize length = 0;
  const char *text = g_bytes_get_data (output, &length);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (length == strlen (words[i].word) && memcmp (text, words[i].word, length) == 0)
      return words[i].name;
  return SESSION_NAME_UNTOLD;
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (BaseCommandResult) command = jump_place_run_finish (JUMP_PLACE (source), result, NULL);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_int (task, command != NULL ? read_word (command->output) : SESSION_NAME_UNTOLD);
}

/* It comes from the cluster, and becomes a word of a command: no option, and nothing but a name. */
static gboolean
is_name (const char *name)
{
  return g_regex_match_simple ("^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?$", name, 0, 0) &&
         !g_hostname_is_ip_address (name);
}

/**
 * session_name_look_up_async:
 * @name: a host name
 *
 * Has @place look @name up.
 */
void
session_name_look_up_async (JumpPlace *place,
                            const char *name,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  const char *const argv[] = { "sh", "-c", SCRIPT, "sh", name, NULL };

  g_task_set_source_tag (task, session_name_look_up_async);
  if (is_name (name))
    jump_place_run_async (place, argv, NULL, cancellable, ran_cb, g_steal_pointer (&task));
  else
    g_task_return_int (task, SESSION_NAME_UNTOLD);
}

/**
 * session_name_look_up_finish:
 *
 * Returns: what the place says; %SESSION_NAME_UNTOLD also where it was cancelled
 */
SessionName
session_name_look_up_finish (GAsyncResult *result)
{
  gssize name = g_task_propagate_int (G_TASK (result), NULL);

  return name >= 0 ? (SessionName)name : SESSION_NAME_UNTOLD;
}
