/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "jump-place.h"
#include "jump-ssh-failure.h"

/* ssh ends with 255 whatever went wrong; only its words, in the C locale, tell which it was. The
 * more telling words stand first, since ssh prints several lines. Each sentence has the jumpserver
 * for its first %s. */
typedef struct {
  const char *words;
  JumpError code;
  const char *sentence;
} Failure;

static const Failure failures[] = {
  { "no matching host key type found", JUMP_ERROR_FAILED,
    /* Translators: %s is the jumpserver */
    N_ ("The SSH server on %s is too old for this computer: they have no kind of host key in "
        "common. Add “HostKeyAlgorithms +ssh-rsa” and “PubkeyAcceptedAlgorithms +ssh-rsa” for this "
        "host to ~/.ssh/config.") },
  { "Unable to negotiate", JUMP_ERROR_FAILED,
    N_ ("The SSH server on %s and this computer have no method in common. Ask the instructor for a "
        "jumpserver that is kept up to date.") },
  { "UNPROTECTED PRIVATE KEY FILE", JUMP_ERROR_KEY_TOO_OPEN,
    N_ ("Other users of this computer can read the private key for %s, so ssh does not use it.") },
  { "Too many authentication failures", JUMP_ERROR_DENIED,
    N_ ("%s was offered too many keys before the right one. Choose the private key that belongs to "
        "this jumpserver.") },
  { "agent refused operation", JUMP_ERROR_DENIED,
    N_ ("The SSH agent did not sign the login on %s. Unlock the key with ssh-add and try again.") },
  { "Permission denied", JUMP_ERROR_DENIED,
    N_ ("%s does not accept this key. Check that the user name is right, and that it is the "
        "private key that you were given for this jumpserver.") },
  { "Could not resolve hostname", JUMP_ERROR_UNREACHABLE,
    N_ ("There is no host named as in %s. Check the name, and that this computer is online.") },
  { "Connection refused", JUMP_ERROR_UNREACHABLE,
    N_ ("%s refuses the connection: no SSH server listens there. Check the address and the port, "
        "and that the jumpserver has started.") },
  { "No route to host", JUMP_ERROR_UNREACHABLE,
    N_ ("There is no way to %s. Check the address, and that this computer is online.") },
  { "Network is unreachable", JUMP_ERROR_UNREACHABLE,
    N_ ("This computer has no network to reach %s. Check that it is online.") },
  { "not responding", JUMP_ERROR_UNREACHABLE,
    N_ ("%s has stopped answering. Check that this computer is online.") },
  { "imed out", JUMP_ERROR_UNREACHABLE,
    N_ ("%s does not answer. Check the address, that the jumpserver is running, and that no "
        "firewall is in between.") },
  { "kex_exchange_identification", JUMP_ERROR_UNREACHABLE,
    N_ ("%s closed the connection before the login. It may be busy or still starting; try again in "
        "a minute.") },
  { "Connection reset", JUMP_ERROR_UNREACHABLE,
    N_ ("The connection to %s was cut. Check that this computer is online.") },
  { "closed by", JUMP_ERROR_UNREACHABLE,
    N_ ("%s has closed the connection. It may have been restarted.") },
  { "Broken pipe", JUMP_ERROR_UNREACHABLE,
    N_ ("The connection to %s was cut. Check that this computer is online.") },
};

/* Returns: (transfer full): the rest of the line of @text in which @start stands, without it */
static char *
dup_rest_of_line (const char *text, const char *start)
{
  const char *found = strstr (text, start);

  if (found == NULL)
    return NULL;
  found += strlen (start);
  return g_strndup (found, strcspn (found, "\r\n"));
}

static GError *
make_changed_error (JumpSshSettings *settings, const char *errors)
{
  g_autofree char *ours =
    jump_socket_folder_dup_child (jump_ssh_settings_get_folder (settings), "known_hosts:");
  g_autofree char *line = dup_rest_of_line (errors, ours);
  g_autofree char *user_line = NULL;

  if (line != NULL)
    return g_error_new (JUMP_ERROR, JUMP_ERROR_HOST_KEY_CHANGED,
                        /* Translators: the jumpserver, a line number, a file */
                        _ ("%s shows another host key than before, so the connection was stopped: "
                           "it may not be your jumpserver. If the instructor confirms that it was "
                           "installed anew, remove line %s of %s and connect again."),
                        jump_ssh_settings_get_title (settings), line,
                        jump_ssh_settings_get_known_hosts (settings));
  return g_error_new (JUMP_ERROR, JUMP_ERROR_HOST_KEY_CHANGED,
                      /* Translators: the jumpserver */
                      _ ("%s shows another host key than the one that your ~/.ssh/known_hosts has, "
                         "so the connection was stopped: it may not be your jumpserver. If the "
                         "instructor confirms that it was installed anew, remove its old key there "
                         "with “ssh-keygen -R” and connect again."),
                      jump_ssh_settings_get_title (settings));
}

static GError *
make_other_error (JumpSshSettings *settings, const char *errors)
{
  g_autofree char *text = g_strchomp (g_strdup (errors));
  const char *last = strrchr (text, '\n');

  if (*text == '\0')
    return g_error_new (JUMP_ERROR, JUMP_ERROR_FAILED,
                        /* Translators: the jumpserver */
                        _ ("The connection to %s has ended."),
                        jump_ssh_settings_get_title (settings));
  return g_error_new (JUMP_ERROR, JUMP_ERROR_FAILED,
                      /* Translators: the jumpserver, and what ssh said */
                      _ ("The connection to %s failed: %s"), jump_ssh_settings_get_title (settings),
                      last != NULL ? last + 1 : text);
}

/**
 * jump_ssh_failure_new:
 * @errors: what ssh has written to its standard error in the C locale
 *
 * Returns: (transfer full): a #JumpError
 */
GError *
jump_ssh_failure_new (JumpSshSettings *settings, const char *errors)
{
  if (strstr (errors, "IDENTIFICATION HAS CHANGED") != NULL)
    return make_changed_error (settings, errors);
  if (strstr (errors, "Host key verification failed") != NULL)
    return g_error_new (JUMP_ERROR, JUMP_ERROR_HOST_KEY_UNKNOWN,
                        /* Translators: the jumpserver */
                        _ ("The host key of %s is not known yet, and was not confirmed. Connect "
                           "again and compare its fingerprint with the instructor's."),
                        jump_ssh_settings_get_title (settings));

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++) {
    if (strstr (errors, failures[i].words) != NULL) {
      g_autoptr (GString) sentence = g_string_new (_ (failures[i].sentence));

      g_string_replace (sentence, "%s", jump_ssh_settings_get_title (settings), 1);
      return g_error_new_literal (JUMP_ERROR, failures[i].code, sentence->str);
    }
  }
  return make_other_error (settings, errors);
}
