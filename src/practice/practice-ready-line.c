/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-ready-line.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "base-json.h"

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* A login on the jumpserver; without it, a shell of this computer that looks the same. */
static void
add_terminal (JsonBuilder *builder, const PracticeReadyLine *line)
{
  g_autofree char *bashrc = g_build_filename (line->etc, "bashrc", NULL);
  gboolean is_plain = line->reason != NULL;
  const char *const argv[] = {
    line->program,
    "--dir",
    line->folder,
    "--",
    "bash",
    is_plain ? "--rcfile" : "--login",
    is_plain ? bashrc : NULL,
    NULL,
  };

  json_builder_set_member_name (builder, "terminal");
  json_builder_begin_array (builder);
  for (guint i = 0; argv[i]; i++)
    json_builder_add_string_value (builder, argv[i]);
  json_builder_end_array (builder);
}

/**
 * practice_ready_line_write:
 * @line: what there is to say
 *
 * Returns: (transfer full): JSON on one line
 */
char *
practice_ready_line_write (const PracticeReadyLine *line)
{
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u", line->port);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_member (builder, "kubeconfig", line->kubeconfig);
  add_member (builder, "api", url);
  add_member (builder, "socket", line->relay);
  add_terminal (builder, line);
  if (line->reason != NULL) {
    g_autofree char *notice = g_strdup_printf (
      /* Translators: %s is why, a sentence */
      _ ("There is no sandbox here, so a terminal is a plain shell. In it curl, nslookup, nc and "
         "telnet reach the practice cluster, other programs do not. %s"),
      line->reason);

    add_member (builder, "notice", notice);
  }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return base_json_write (root, FALSE);
}
