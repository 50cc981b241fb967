/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-web-page.h"

static const char style[] =
  "body{font:16px/1.5 sans-serif;color:#1d2733;background:#f4f6f8;margin:0}"
  "header{background:#17324d;color:#fff;padding:16px 32px;font-size:20px}"
  "main{padding:24px 32px;max-width:1100px}"
  ".cards{display:flex;flex-wrap:wrap;gap:16px}"
  ".card{background:#fff;border:1px solid #cfd8e0;border-radius:8px;padding:16px;width:300px}"
  ".card h2{margin:0 0 8px;font-size:18px}"
  ".none{color:#5b6875}"
  "a,button{color:#0b5cad}"
  "button,.button{background:#0b5cad;color:#fff;border:0;border-radius:6px;padding:8px 16px;"
  "font-size:16px;text-decoration:none;display:inline-block;margin:8px 8px 8px 0}"
  "input{font-size:16px;padding:6px;width:320px;display:block;margin:4px 0 12px}"
  "table{border-collapse:collapse;background:#fff;margin:8px 0 24px}"
  "td,th{border:1px solid #cfd8e0;padding:4px 12px;text-align:left}"
  ".error{color:#a3131c;font-weight:bold}";

/**
 * practice_web_page_begin:
 * @title: of the page
 *
 * Returns: (transfer full): a page with nothing in it
 */
GString *
practice_web_page_begin (const char *title)
{
  GString *page = g_string_new (NULL);

  practice_web_page_add (page,
                         "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                         "<title>%s</title><style>",
                         title);
  g_string_append (page, style);
  practice_web_page_add (page, "</style></head><body><header>%s</header><main>\n", title);

  return page;
}

/**
 * practice_web_page_add:
 * @page: a page
 * @format: HTML
 * @...: texts, which are escaped
 *
 * Adds to a page.
 */
void
practice_web_page_add (GString *page, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_markup_vprintf_escaped (format, arguments);
  va_end (arguments);
  g_string_append (page, text);
}

/**
 * practice_web_page_end:
 * @page: (transfer full): a page
 * @status: of HTTP
 *
 * Returns: (transfer full): the answer that shows it
 */
PracticeHttpResponse *
practice_web_page_end (GString *page, guint status)
{
  g_autofree char *text = NULL;
  PracticeHttpResponse *response;

  g_string_append (page, "</main></body></html>\n");
  text = g_string_free (page, FALSE);
  response = practice_http_response_new (status, "text/html; charset=utf-8", text);
  soup_message_headers_replace (practice_http_response_get_headers (response), "Cache-Control",
                                "no-store");

  return response;
}
