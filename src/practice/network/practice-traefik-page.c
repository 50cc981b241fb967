/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-page.h"

#define REFRESH_SECONDS 5

/* No script and nothing from elsewhere: it has to work behind any prefix. */
static const char head[] =
  "<!DOCTYPE html>\n"
  "<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
  "<meta http-equiv=\"refresh\" content=\"" G_STRINGIFY (
    REFRESH_SECONDS) "\">\n"
                     "<title>Traefik</title>\n"
                     "<style>\n"
                     ":root{color-scheme:light "
                     "dark;--line:#d9dee3;--soft:#f4f6f8;--ink:#1f2a33;--dim:#5c6b77;"
                     "--front:#1c6fb8;--back:#1a7f4b;--card:#fff;--page:#eef1f4}\n"
                     "@media(prefers-color-scheme:dark){:root{--line:#3a444d;--soft:#262e35;--ink:#"
                     "e7ecf0;"
                     "--dim:#9fadb8;--front:#6db3f2;--back:#5fc98d;--card:#1e252b;--page:#14191d}}"
                     "\n"
                     "*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink)"
                     ";"
                     "font:15px/1.5 system-ui,sans-serif}\n"
                     "header{background:#213442;color:#fff;padding:14px 24px;display:flex;gap:16px;"
                     "align-items:baseline;flex-wrap:wrap}header h1{font-size:20px;margin:0}"
                     "header span{opacity:.8}\n"
                     "main{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,"
                     "420px),1fr));gap:24px;"
                     "padding:24px;max-width:1400px;margin:auto}\n"
                     "h2{font-size:17px;margin:0 0 12px}h2 "
                     "small{color:var(--dim);font-weight:normal}\n"
                     "article{background:var(--card);border:1px solid "
                     "var(--line);border-radius:8px;"
                     "margin-bottom:14px;overflow:hidden}\n"
                     "h3{margin:0;padding:9px 14px;font-size:15px;border-bottom:1px solid "
                     "var(--line);"
                     "overflow-wrap:anywhere}.front h3{color:var(--front)}.back "
                     "h3{color:var(--back)}\n"
                     "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:7px "
                     "14px;"
                     "border-bottom:1px solid "
                     "var(--line);overflow-wrap:anywhere}th{color:var(--dim);"
                     "font-weight:600;font-size:13px;background:var(--soft)}tr:last-child "
                     "td{border-bottom:0}\n"
                     "p{margin:0;padding:8px "
                     "14px;color:var(--dim);font-size:13px}code{font-size:13px}\n"
                     ".none{padding:14px}\n"
                     "</style></head><body>\n"
                     "<header><h1>Traefik</h1><span>v1.7.12, provider "
                     "kubernetes</span></header>\n<main>\n";

static const char tail[] = "</main></body></html>\n";

static void
append (GString *page, const char *format, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_auto (GStrv) parts = g_strsplit (format, "%", 2);

  g_string_append (page, parts[0]);
  g_string_append (page, escaped);
  g_string_append (page, parts[1]);
}

static void
append_frontend (GString *page, const PracticeTraefikFrontend *frontend)
{
  g_autoptr (GList) names = g_hash_table_get_keys (frontend->routes);
  g_autofree char *entry_points = frontend->entry_points != NULL
                                    ? g_strjoinv (", ", frontend->entry_points)
                                    : g_strdup ("http, https");

  append (page, "<article class=\"front\"><h3>%</h3>", frontend->name);
  g_string_append (page, "<table><tr><th>Route rule</th></tr>");
  names = g_list_sort (names, (GCompareFunc)g_strcmp0);
  for (GList *item = names; item != NULL; item = item->next)
    append (page, "<tr><td><code>%</code></td></tr>",
            practice_traefik_rule_get_text (g_hash_table_lookup (frontend->routes, item->data)));
  g_string_append (page, "</table>");
  append (page, "<p>Entry points: %", entry_points);
  append (page, ". Backend: %", frontend->backend->name);
  if (frontend->priority > 0)
    g_string_append_printf (page, ". Priority: %u", frontend->priority);
  if (frontend->users != NULL)
    g_string_append (page, ". Asks for a password");
  g_string_append (page, "</p></article>\n");
}

static void
append_backend (GString *page, const PracticeTraefikBackend *backend)
{
  append (page, "<article class=\"back\"><h3>%</h3>", backend->name);
  if (backend->servers->len == 0)
    g_string_append (page, "<p>No server is ready.</p>");
  else
    g_string_append (page, "<table><tr><th>Server</th><th>URL</th><th>Weight</th></tr>");
  for (guint i = 0; i < backend->servers->len; i++) {
    const PracticeTraefikServer *server = g_ptr_array_index (backend->servers, i);

    append (page, "<tr><td>%</td>", server->name);
    append (page, "<td><code>%</code></td>", server->url);
    g_string_append_printf (page, "<td>%u</td></tr>", server->weight);
  }
  g_string_append_printf (page, "%s<p>Load balancer: wrr</p></article>\n",
                          backend->servers->len > 0 ? "</table>" : "");
}

/**
 * practice_traefik_page_write:
 * @config: a configuration
 *
 * Returns: (transfer full): the dashboard's page
 */
char *
practice_traefik_page_write (PracticeTraefikConfig *config)
{
  GPtrArray *frontends = practice_traefik_config_get_frontends (config);
  GString *page = g_string_new (head);

  g_string_append_printf (page, "<section><h2>Frontends <small>%u</small></h2>\n", frontends->len);
  for (guint i = 0; i < frontends->len; i++)
    append_frontend (page, g_ptr_array_index (frontends, i));
  if (frontends->len == 0)
    g_string_append (page, "<article><p class=\"none\">No Ingress yet.</p></article>\n");
  g_string_append_printf (page, "</section>\n<section><h2>Backends <small>%u</small></h2>\n",
                          frontends->len);
  for (guint i = 0; i < frontends->len; i++) {
    const PracticeTraefikFrontend *frontend = g_ptr_array_index (frontends, i);

    append_backend (page, frontend->backend);
  }
  g_string_append (page, "</section>\n");
  g_string_append (page, tail);
  return g_string_free (page, FALSE);
}
