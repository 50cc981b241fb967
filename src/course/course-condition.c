/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-condition.h"
#include "course-course.h"

/* Of an address: "address:redis=number" */
#define ADDRESS "address:"
#define NAME "name"
#define NUMBER "number"

typedef enum {
  COMPARE_EQUAL,
  COMPARE_NOT_EQUAL,
  COMPARE_LESS,
  COMPARE_LESS_OR_EQUAL,
  COMPARE_GREATER,
  COMPARE_GREATER_OR_EQUAL,
} Comparison;

typedef struct {
  char *subject;
  Comparison comparison;
  char *value;
} Term;

static const struct {
  const char *text;
  Comparison comparison;
} comparisons[] = {
  /* Longer ones first: "<=" begins with "<". */
  { "<=", COMPARE_LESS_OR_EQUAL }, { ">=", COMPARE_GREATER_OR_EQUAL },
  { "!=", COMPARE_NOT_EQUAL },     { "==", COMPARE_EQUAL },
  { "=", COMPARE_EQUAL },          { "<", COMPARE_LESS },
  { ">", COMPARE_GREATER },
};

static void
term_free (gpointer data)
{
  Term *term = data;

  g_free (term->subject);
  g_free (term->value);
  g_free (term);
}

static Term *
parse_term (const char *text)
{
  gsize length = strcspn (text, "<>=!");

  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++) {
    if (g_str_has_prefix (text + length, comparisons[i].text)) {
      Term *term = g_new0 (Term, 1);

      term->subject = g_strstrip (g_strndup (text, length));
      term->comparison = comparisons[i].comparison;
      term->value = g_strstrip (g_strdup (text + length + strlen (comparisons[i].text)));
      return term;
    }
  }
  return NULL;
}

static gboolean
is_version (const char *text)
{
  return g_ascii_isdigit (text[0] == 'v' ? text[1] : text[0]);
}

/* Names of groups and resources are DNS labels: small letters, digits, dashes, and dots. */
static gboolean
is_api_name (const char *text)
{
  if (!g_ascii_islower (text[0]))
    return FALSE;
  for (; *text != '\0'; text++) {
    if (!g_ascii_islower (*text) && !g_ascii_isdigit (*text) && *text != '-' && *text != '.')
      return FALSE;
  }
  return TRUE;
}

/* "v1", "v1beta1", "v1alpha3" */
static gboolean
is_api_version (const char *text)
{
  return g_regex_match_simple ("^v[0-9]+((alpha|beta)[0-9]+)?$", text, 0, 0);
}

/* "apps", "apps/v1", "apps/v1/deployments"; the core group is "v1" */
static gboolean
is_api (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 4);
  guint n = g_strv_length (parts);

  if (n < 1 || n > 3 || !is_api_name (parts[0]) || (n > 1 && is_api_version (parts[0])))
    return FALSE;
  return (n < 2 || is_api_version (parts[1])) && (n < 3 || is_api_name (parts[2]));
}

/* (nullable): that is asked for its address */
static const char *
get_service (const Term *term)
{
  return g_str_has_prefix (term->subject, ADDRESS) ? term->subject + strlen (ADDRESS) : NULL;
}

/* "redis", or "istio-system/istio-ingressgateway" */
static gboolean
is_service (const char *text)
{
  const char *name = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  g_autofree char *pattern = g_strdup_printf ("^(%s/)?%s$", name, name);

  return g_regex_match_simple (pattern, text, 0, 0);
}

static gboolean
validate_term (const Term *term)
{
  if (strcmp (term->subject, "place") == 0)
    return term->value[0] != '\0' &&
           (term->comparison == COMPARE_EQUAL || term->comparison == COMPARE_NOT_EQUAL);
  if (strcmp (term->subject, "api") == 0)
    return is_api (term->value) &&
           (term->comparison == COMPARE_EQUAL || term->comparison == COMPARE_NOT_EQUAL);
  if (get_service (term) != NULL)
    return is_service (get_service (term)) &&
           (strcmp (term->value, NAME) == 0 || strcmp (term->value, NUMBER) == 0) &&
           (term->comparison == COMPARE_EQUAL || term->comparison == COMPARE_NOT_EQUAL);
  if (strcmp (term->subject, "kubernetes") == 0 || strcmp (term->subject, "istio") == 0)
    return is_version (term->value);
  return FALSE;
}

static GPtrArray *
parse_terms (const char *when, GError **error)
{
  g_autoptr (GPtrArray) terms = g_ptr_array_new_with_free_func (term_free);
  g_auto (GStrv) parts = g_strsplit (when, ",", 16);

  /* Even nothing is one part to complain of. */
  for (guint i = 0; i == 0 || parts[i] != NULL; i++) {
    const char *part = parts[i] != NULL ? parts[i] : "";
    Term *term = parse_term (part);

    if (term != NULL)
      g_ptr_array_add (terms, term);
    if (term == NULL || !validate_term (term)) {
      g_set_error (
        error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
        _ ("“%s” is not a condition: write kubernetes, istio, api, address or place, for "
           "example kubernetes<1.22, api=networking.k8s.io/v1, address:redis=number or "
           "place=practice"),
        part);
      return NULL;
    }
  }
  return g_steal_pointer (&terms);
}

/* Compares as many numbers as @wanted has, so that 1.22.3 is neither more nor less than 1.22.
 * What clusters append ("+", "-gke.100") does not count. */
static int
compare_versions (const char *actual, const char *wanted)
{
  const char *a = actual[0] == 'v' ? actual + 1 : actual;
  const char *b = wanted[0] == 'v' ? wanted + 1 : wanted;

  while (g_ascii_isdigit (*b)) {
    guint64 left = g_ascii_isdigit (*a) ? g_ascii_strtoull (a, (char **)&a, 10) : 0;
    guint64 right = g_ascii_strtoull (b, (char **)&b, 10);

    if (left != right)
      return left < right ? -1 : 1;
    if (*a == '.')
      a++;
    if (*b == '.')
      b++;
  }
  return 0;
}

static gboolean
holds (Comparison comparison, int order)
{
  switch (comparison) {
    case COMPARE_EQUAL:
      return order == 0;
    case COMPARE_NOT_EQUAL:
      return order != 0;
    case COMPARE_LESS:
      return order < 0;
    case COMPARE_LESS_OR_EQUAL:
      return order <= 0;
    case COMPARE_GREATER:
      return order > 0;
    case COMPARE_GREATER_OR_EQUAL:
      return order >= 0;
    default:
      g_assert_not_reached ();
  }
}

/* Whether something of "group/version" is listed, and not only the version itself. */
static gboolean
knows_resources (const char *const *apis, const char *prefix, gsize length)
{
  for (; *apis != NULL; apis++) {
    if (strncmp (*apis, prefix, length) == 0 && (*apis)[length] == '/')
      return TRUE;
  }
  return FALSE;
}

/* Of a version whose resources nobody has read it is not known whether one is among them. */
static CourseConditionResult
evaluate_api (const Term *term, const char *const *apis)
{
  const char *slash = strrchr (term->value, '/');
  gboolean is_resource = slash != NULL && memchr (term->value, '/', slash - term->value) != NULL;
  gboolean served;

  if (apis == NULL)
    return COURSE_CONDITION_UNKNOWN;
  served = g_strv_contains (apis, term->value);
  if (!served && is_resource) {
    gsize length = slash - term->value;
    g_autofree char *version = g_strndup (term->value, length);

    if (g_strv_contains (apis, version) && !knows_resources (apis, version, length))
      return COURSE_CONDITION_UNKNOWN;
  }
  return served == (term->comparison == COMPARE_EQUAL) ? COURSE_CONDITION_TRUE
                                                       : COURSE_CONDITION_FALSE;
}

static CourseConditionResult
evaluate_address (const Term *term, const char *const *addresses)
{
  g_autofree char *begin = g_strconcat (get_service (term), "=", NULL);

  for (; addresses != NULL && *addresses != NULL; addresses++) {
    if (g_str_has_prefix (*addresses, begin)) {
      gboolean is_number = g_hostname_is_ip_address (*addresses + strlen (begin));
      gboolean is_so = is_number == (strcmp (term->value, NUMBER) == 0);

      return is_so == (term->comparison == COMPARE_EQUAL) ? COURSE_CONDITION_TRUE
                                                          : COURSE_CONDITION_FALSE;
    }
  }
  return COURSE_CONDITION_UNKNOWN;
}

static CourseConditionResult
evaluate_term (const Term *term, const CourseFacts *facts)
{
  const char *actual;
  int order;

  if (strcmp (term->subject, "api") == 0)
    return evaluate_api (term, facts->apis);
  if (get_service (term) != NULL)
    return evaluate_address (term, facts->addresses);
  if (strcmp (term->subject, "place") == 0)
    actual = facts->place;
  else
    actual = strcmp (term->subject, "istio") == 0 ? facts->istio : facts->kubernetes;

  if (actual == NULL)
    return COURSE_CONDITION_UNKNOWN;
  if (strcmp (term->subject, "place") == 0)
    order = strcmp (actual, term->value);
  else if (is_version (actual))
    order = compare_versions (actual, term->value);
  else
    return COURSE_CONDITION_UNKNOWN;
  return holds (term->comparison, order) ? COURSE_CONDITION_TRUE : COURSE_CONDITION_FALSE;
}

/**
 * course_condition_validate:
 * @when: a condition as written
 * @error: return location for a #GError
 *
 * Returns: whether @when is one: comparisons of `kubernetes`, `istio`, `api`, `address:`
 *   with a Service, or `place`, joined by commas
 */
gboolean
course_condition_validate (const char *when, GError **error)
{
  g_autoptr (GPtrArray) terms = parse_terms (when, error);

  return terms != NULL;
}

/**
 * course_condition_is_of_place:
 * @when: a condition
 *
 * Returns: whether @when looks at nothing but the place, which does not change
 */
gboolean
course_condition_is_of_place (const char *when)
{
  g_autoptr (GPtrArray) terms = parse_terms (when, NULL);

  for (guint i = 0; terms != NULL && i < terms->len; i++) {
    if (strcmp (((const Term *)g_ptr_array_index (terms, i))->subject, "place") != 0)
      return FALSE;
  }
  return terms != NULL;
}

/**
 * course_condition_list_services:
 * @when: (nullable): a condition
 *
 * Returns: (transfer full): the Services whose addresses it asks for, as it names them; may be
 * empty
 */
GStrv
course_condition_list_services (const char *when)
{
  g_autoptr (GPtrArray) terms = when != NULL ? parse_terms (when, NULL) : NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; terms != NULL && i < terms->len; i++) {
    const char *service = get_service (g_ptr_array_index (terms, i));

    if (service != NULL)
      g_strv_builder_add (names, service);
  }
  return g_strv_builder_end (names);
}

/**
 * course_condition_evaluate:
 * @when: a condition
 * @facts: (nullable): what is known
 *
 * All of the comparisons must hold. One that does not hold decides even where others are unknown.
 *
 * Returns: whether @when holds
 */
CourseConditionResult
course_condition_evaluate (const char *when, const CourseFacts *facts)
{
  g_autoptr (GPtrArray) terms = parse_terms (when, NULL);
  CourseConditionResult result = COURSE_CONDITION_TRUE;

  if (terms == NULL)
    return COURSE_CONDITION_FALSE;
  if (facts == NULL)
    return COURSE_CONDITION_UNKNOWN;
  for (guint i = 0; i < terms->len; i++) {
    CourseConditionResult one = evaluate_term (g_ptr_array_index (terms, i), facts);

    if (one == COURSE_CONDITION_FALSE)
      return COURSE_CONDITION_FALSE;
    if (one == COURSE_CONDITION_UNKNOWN)
      result = COURSE_CONDITION_UNKNOWN;
  }
  return result;
}
