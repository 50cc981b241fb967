/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-product-view.h"

#include "base-json.h"

#define TITLE "The Comedy of Errors"
#define DESCRIPTION                                                                                \
  "<a href=\"https://en.wikipedia.org/wiki/The_Comedy_of_Errors\">On Wikipedia</a>: two pairs of " \
  "twins, parted as children, come to the same town on the same day. One of the first plays of "   \
  "<b>William Shakespeare</b>, and the shortest."
#define MOST_STARS 5

/* What clients look for in the real page is there in its words: the title, the headings, the
 * messages, the colour of the stars and their class. The rest of the page is our own. */

static void append_html (GString *html, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Its arguments are text. */
static void
append_html (GString *html, const char *format, ...)
{
  g_autofree char *piece = NULL;
  va_list args;

  va_start (args, format);
  piece = g_markup_vprintf_escaped (format, args);
  va_end (args);
  g_string_append (html, piece);
}

static GString *
new_document (void)
{
  return g_string_new ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n<title>Simple Bookstore App</title>\n"
                       "<link rel=\"stylesheet\" href=\"static/bookinfo.css\">\n</head>\n<body>\n");
}

static char *
end_document (GString *html)
{
  g_string_append (html, "</body>\n</html>\n");

  return g_string_free (html, FALSE);
}

static void
append_bar (GString *html, const char *user)
{
  g_string_append (html, "<nav class=\"navbar\">\n<a class=\"navbar-brand\" href=\"#\">BookInfo "
                         "Sample</a>\n");
  if (user != NULL && *user != '\0')
    append_html (html, "<span class=\"user\">%s (<a href=\"logout\">sign out</a>)</span>\n</nav>\n",
                 user);
  else
    g_string_append (html, "<details class=\"user\">\n<summary>Sign in</summary>\n"
                           "<form method=\"post\" action=\"login\">\n"
                           "<label>User Name <input type=\"text\" name=\"username\"></label>\n"
                           "<label>Password <input type=\"password\" name=\"passwd\"></label>\n"
                           "<button type=\"submit\">Sign in</button>\n</form>\n</details>\n"
                           "</nav>\n");
}

static void
append_error (GString *html, const char *heading, PracticeBookAnswer *answer)
{
  append_html (html, "<h4 class=\"text-center text-primary\">%s</h4>\n<p>%s</p>\n", heading,
               base_json_get_string (answer->content, "error", NULL));
}

/* A string or a number. */
static void
append_detail (GString *html, const char *label, JsonNode *content, const char *name)
{
  JsonNode *member = base_json_get (content, name, NULL);
  g_autofree char *text = NULL;

  if (member == NULL)
    text = g_strdup ("");
  else if (JSON_NODE_HOLDS_VALUE (member) && json_node_get_value_type (member) == G_TYPE_STRING)
    text = g_strdup (json_node_get_string (member));
  else
    text = base_json_write (member, FALSE);
  append_html (html, "<dt>%s:</dt>\n<dd>%s</dd>\n", label, text);
}

static void
append_details (GString *html, PracticeBookAnswer *details)
{
  static const struct {
    const char *label;
    const char *name;
  } rows[] = {
    { "Type", "type" },         { "Pages", "pages" },     { "Publisher", "publisher" },
    { "Language", "language" }, { "ISBN-10", "ISBN-10" }, { "ISBN-13", "ISBN-13" },
  };

  g_string_append (html, "<section class=\"details\">\n");
  if (details->status != 200) {
    append_error (html, "Error fetching product details!", details);
  } else {
    g_string_append (html, "<h4 class=\"text-center text-primary\">Book Details</h4>\n<dl>\n");
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
      append_detail (html, rows[i].label, details->content, rows[i].name);
    g_string_append (html, "</dl>\n");
  }
  g_string_append (html, "</section>\n");
}

static void
append_rating (GString *html, JsonNode *rating)
{
  const char *error = base_json_get_string (rating, "error", NULL);
  gint64 stars = base_json_get_int (rating, 0, "stars", NULL);

  if (error != NULL) {
    append_html (html, "<p><i>%s</i></p>\n", error);
    return;
  }
  if (stars <= 0)
    return;

  append_html (html, "<font color=\"%s\">\n", base_json_get_string (rating, "color", NULL));
  for (gint64 i = 0; i < MOST_STARS; i++)
    g_string_append (html, i < stars ? "<span class=\"glyphicon glyphicon-star\"></span>\n"
                                     : "<span class=\"glyphicon glyphicon-star-empty\"></span>\n");
  g_string_append (html, "</font>\n");
}

static void
append_review (GString *html, JsonNode *review)
{
  const char *text = base_json_get_string (review, "text", NULL);
  const char *reviewer = base_json_get_string (review, "reviewer", NULL);

  append_html (html, "<blockquote>\n<p>%s</p>\n<small>%s</small>\n", text != NULL ? text : "",
               reviewer != NULL ? reviewer : "");
  append_rating (html, base_json_get (review, "rating", NULL));
  g_string_append (html, "</blockquote>\n");
}

static void
append_reviews (GString *html, PracticeBookAnswer *reviews)
{
  JsonArray *items = base_json_get_array (reviews->content, "reviews", NULL);
  const char *pod = base_json_get_string (reviews->content, "podname", NULL);

  g_string_append (html, "<section class=\"reviews\">\n");
  if (reviews->status != 200) {
    append_error (html, "Error fetching product reviews!", reviews);
  } else {
    g_string_append (html, "<h4 class=\"text-center text-primary\">Book Reviews</h4>\n");
    for (guint i = 0; i < base_json_get_length (items); i++)
      append_review (html, json_array_get_element (items, i));
    if (pod != NULL)
      append_html (html, "<p class=\"pod\">Reviews served by: <u>%s</u></p>\n", pod);
  }
  g_string_append (html, "</section>\n");
}

/**
 * practice_product_view_new_products:
 *
 * Returns: (transfer full): the books that there are, as the API tells them
 */
JsonNode *
practice_product_view_new_products (void)
{
  g_autoptr (JsonArray) array = json_array_new ();
  JsonObject *book = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_object_set_int_member (book, "id", 0);
  json_object_set_string_member (book, "title", TITLE);
  json_object_set_string_member (book, "descriptionHtml", DESCRIPTION);
  json_array_add_object_element (array, book);
  json_node_set_array (node, array);

  return node;
}

/**
 * practice_product_view_dup_index:
 * @details: name and port of the details service
 * @reviews: of reviews
 * @ratings: of ratings
 *
 * Returns: (transfer full): the first page, which shows what the product page is made of
 */
char *
practice_product_view_dup_index (const char *details, const char *reviews, const char *ratings)
{
  GString *html = new_document ();

  g_string_append (html, "<main class=\"container\">\n<h1>Bookinfo</h1>\n"
                         "<p>One page, made by four small services that ask each other.</p>\n"
                         "<table class=\"table\">\n<tr><th>Service</th><th>asks</th></tr>\n");
  append_html (html, "<tr><td>productpage</td><td>http://%s, http://%s</td></tr>\n", details,
               reviews);
  append_html (html, "<tr><td>reviews</td><td>http://%s</td></tr>\n</table>\n", ratings);
  g_string_append (html, "<p>Ask for it as somebody:</p>\n<p>"
                         "<a href=\"/productpage?u=normal\">Normal user</a> "
                         "<a href=\"/productpage?u=test\">Test user</a></p>\n</main>\n");

  return end_document (html);
}

/**
 * practice_product_view_dup_page:
 * @user: (nullable): who has signed in
 * @details: what details said
 * @reviews: what reviews said
 *
 * Returns: (transfer full): the product page
 */
char *
practice_product_view_dup_page (const char *user,
                                PracticeBookAnswer *details,
                                PracticeBookAnswer *reviews)
{
  GString *html = new_document ();

  append_bar (html, user);
  g_string_append (html, "<header>\n<h3 class=\"text-center text-primary\">" TITLE "</h3>\n"
                         "<p>" DESCRIPTION "</p>\n</header>\n<main class=\"columns\">\n");
  append_details (html, details);
  append_reviews (html, reviews);
  g_string_append (html, "</main>\n");

  return end_document (html);
}
