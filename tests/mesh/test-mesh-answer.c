/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-answer.h"

#include <string.h>

#define REVIEW(rating) "{\"reviewer\":\"Reviewer1\",\"text\":\"A play\"" rating "}"
#define REVIEWS(pod, rating) "{\"id\":\"0\"," pod "\"reviews\":[" REVIEW (rating) "]}"
#define BLACK ",\"rating\":{\"stars\":5,\"color\":\"black\"}"
#define RED ",\"rating\":{\"stars\":5,\"color\":\"red\"}"
#define NO_RATING ",\"rating\":{\"error\":\"Ratings service is currently unavailable\"}"
#define SORRY "{\"error\":\"Sorry, product reviews are currently unavailable for this book.\"}"

typedef struct {
  const char *name;
  guint status;
  const char *body;
  MeshOutcome outcome;
  MeshStars stars;
  const char *version;
  const char *words;
} Case;

static const Case json_cases[] = {
  { "v1", 200, REVIEWS ("", ""), MESH_OUTCOME_REVIEWS, MESH_STARS_NONE, "v1", "v1, no stars" },
  { "v2", 200, REVIEWS ("", BLACK), MESH_OUTCOME_REVIEWS, MESH_STARS_BLACK, "v2",
    "v2, black stars" },
  { "v3", 200, REVIEWS ("", RED), MESH_OUTCOME_REVIEWS, MESH_STARS_RED, "v3", "v3, red stars" },
  { "pod", 200, REVIEWS ("\"podname\":\"reviews-canary-7bf8c9648f-z6fbq\",", RED),
    MESH_OUTCOME_REVIEWS, MESH_STARS_RED, "canary", "canary, red stars" },
  { "pod-without-name", 200, REVIEWS ("\"podname\":\"null\",", BLACK), MESH_OUTCOME_REVIEWS,
    MESH_STARS_BLACK, "v2", "v2, black stars" },
  { "pod-of-no-version", 200, REVIEWS ("\"podname\":\"reviews-7bf8c9648f-z6fbq\",", RED),
    MESH_OUTCOME_REVIEWS, MESH_STARS_RED, "v3", "v3, red stars" },
  { "pod-too-long", 200,
    REVIEWS ("\"podname\":\"reviews-a23456789012345678901234567890123-7bf8c9648f-z6fbq\",", RED),
    MESH_OUTCOME_REVIEWS, MESH_STARS_RED, "v3", "v3, red stars" },
  /* only the pod tells v2 from v3 where there are no ratings */
  { "ratings-of-pod", 200, REVIEWS ("\"podname\":\"reviews-v2-7bf8c9648f-z6fbq\",", NO_RATING),
    MESH_OUTCOME_RATINGS_ERROR, MESH_STARS_UNKNOWN, "v2", "v2, ratings unavailable" },
  { "ratings", 200, REVIEWS ("", NO_RATING), MESH_OUTCOME_RATINGS_ERROR, MESH_STARS_UNKNOWN, "",
    "ratings unavailable" },
  { "color", 200, REVIEWS ("", ",\"rating\":{\"stars\":1,\"color\":\"blue\"}"),
    MESH_OUTCOME_REVIEWS, MESH_STARS_UNKNOWN, "", "cannot tell the version" },
  { "unavailable", 503, SORRY, MESH_OUTCOME_REVIEWS_ERROR, MESH_STARS_UNKNOWN, "",
    "reviews unavailable (503)" },
  { "not-found", 404, "", MESH_OUTCOME_OTHER, MESH_STARS_UNKNOWN, "",
    "status 404, not from the page" },
  { "html-error", 500, "<html>Internal Server Error</html>", MESH_OUTCOME_OTHER, MESH_STARS_UNKNOWN,
    "", "status 500, not from the page" },
  { "number", 200, "7", MESH_OUTCOME_OTHER, MESH_STARS_UNKNOWN, "",
    "status 200, not from the page" },
  { "array", 200, "[]", MESH_OUTCOME_OTHER, MESH_STARS_UNKNOWN, "",
    "status 200, not from the page" },
  { "reviews-with-status", 404, REVIEWS ("", RED), MESH_OUTCOME_OTHER, MESH_STARS_UNKNOWN, "",
    "status 404, not from the page" },
};

#define HEAD "<h4 class=\"text-center text-primary\">Book Reviews</h4>\n<small>Reviewer1</small>"
#define STAR "<span class=\"glyphicon glyphicon-star\"></span>"

static const Case html_cases[] = {
  { "v1", 200, HEAD, MESH_OUTCOME_REVIEWS, MESH_STARS_NONE, "v1", "v1, no stars" },
  { "v2", 200, HEAD "<font color=\"black\">" STAR, MESH_OUTCOME_REVIEWS, MESH_STARS_BLACK, "v2",
    "v2, black stars" },
  { "v3", 200, HEAD "<font color=\"red\">" STAR, MESH_OUTCOME_REVIEWS, MESH_STARS_RED, "v3",
    "v3, red stars" },
  { "v3-today", 200, HEAD "<div class=\"flex gap-x-1 text-red-500\">", MESH_OUTCOME_REVIEWS,
    MESH_STARS_RED, "v3", "v3, red stars" },
  { "pod", 200, HEAD "<dt>Reviews served by:</dt>\n<u>reviews-v1-7bf8c9648f-z6fbq</u>",
    MESH_OUTCOME_REVIEWS, MESH_STARS_NONE, "v1", "v1, no stars" },
  { "ratings", 200, HEAD "<p><i>Ratings service is currently unavailable</i></p>",
    MESH_OUTCOME_RATINGS_ERROR, MESH_STARS_UNKNOWN, "", "ratings unavailable" },
  { "red-text-of-an-error", 200,
    HEAD "<p class=\"text-red-500\">Ratings service is currently unavailable</p>",
    MESH_OUTCOME_RATINGS_ERROR, MESH_STARS_UNKNOWN, "", "ratings unavailable" },
  { "unavailable", 200, "<h4>Error fetching product reviews!</h4>", MESH_OUTCOME_REVIEWS_ERROR,
    MESH_STARS_UNKNOWN, "", "reviews unavailable" },
  { "unavailable-today", 200, "<h4>Error fetching product reviews</h4>", MESH_OUTCOME_REVIEWS_ERROR,
    MESH_STARS_UNKNOWN, "", "reviews unavailable" },
  { "another-page", 200, "<html>Welcome</html>", MESH_OUTCOME_OTHER, MESH_STARS_UNKNOWN, "",
    "status 200, not from the page" },
  { "not-found", 404, HEAD, MESH_OUTCOME_OTHER, MESH_STARS_UNKNOWN, "",
    "status 404, not from the page" },
};

static void
assert_case (const Case *expected, const MeshAnswer *answer)
{
  g_autofree char *words = mesh_answer_dup_words (answer);

  g_test_message ("%s: %s", expected->name, words);
  g_assert_cmpint (answer->outcome, ==, expected->outcome);
  g_assert_cmpint (answer->stars, ==, expected->stars);
  g_assert_cmpstr (answer->version, ==, expected->version);
  g_assert_cmpstr (words, ==, expected->words);
  g_assert_cmpuint (answer->asked_at, ==, 7);
  g_assert_cmpint (mesh_answer_is_error (answer), ==, expected->outcome != MESH_OUTCOME_REVIEWS);
}

static void
test_json (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (json_cases); i++) {
    MeshAnswer answer = { .asked_at = 7 };
    gsize length = strlen (json_cases[i].body);
    g_autofree char *body = g_memdup2 (json_cases[i].body, MAX (length, 1));

    mesh_answer_read_json (&answer, json_cases[i].status, body, length);
    assert_case (&json_cases[i], &answer);
  }
}

/* Not terminated: what lies behind the body is none of it. */
static void
test_html (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (html_cases); i++) {
    MeshAnswer answer = { .asked_at = 7 };
    gsize length = strlen (html_cases[i].body);
    g_autofree char *body = g_memdup2 (html_cases[i].body, length);

    mesh_answer_read_html (&answer, html_cases[i].status, body, length);
    assert_case (&html_cases[i], &answer);
  }
}

static void
test_nothing (void)
{
  MeshAnswer answer = { 0 };
  g_autofree char *words = mesh_answer_dup_words (&answer);

  g_assert_true (mesh_answer_is_error (&answer));
  g_assert_cmpstr (words, ==, "no answer");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mesh/answer/json", test_json);
  g_test_add_func ("/mesh/answer/html", test_html);
  g_test_add_func ("/mesh/answer/nothing", test_nothing);

  return g_test_run ();
}
