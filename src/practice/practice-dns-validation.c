/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-dns-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-cidr.h"
#include "practice-names.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, validatePodDNSConfig.
 */
#define MAX_SERVERS 3
#define MAX_SEARCHES 6
#define MAX_SEARCH_CHARACTERS 256

/* A list, as Go prints it. */
static void
refuse_list (JsonArray *list, const char *field, const char *detail, PracticeCauses *causes)
{
  g_autoptr (GString) printed = g_string_new ("[]string{");

  for (guint i = 0; i < json_array_get_length (list); i++)
    g_string_append_printf (printed, "%s\"%s\"", i > 0 ? ", " : "",
                            json_array_get_string_element (list, i));
  g_string_append_c (printed, '}');
  practice_causes_invalid_literal (causes, field, printed->str, detail);
}

static void
validate_servers (JsonNode *config, const char *field, PracticeCauses *causes)
{
  JsonArray *servers = base_json_get_array (config, "nameservers", NULL);

  if (base_json_get_length (servers) > MAX_SERVERS)
    refuse_list (servers, field, "must not have more than 3 nameservers", causes);
  for (guint i = 0; i < base_json_get_length (servers); i++) {
    const char *text = json_array_get_string_element (servers, i);
    g_autoptr (GInetAddress) address = practice_cidr_parse_address (text);
    g_autofree char *own = practice_validation_field ("%s[%u]", field, i);

    if (address == NULL)
      practice_causes_invalid (causes, own, text, "must be valid IP address");
  }
}

/* A name may end on a dot. */
static void
validate_search (const char *search, const char *field, PracticeCauses *causes)
{
  gsize length = strlen (search);
  g_autofree char *name =
    g_strndup (search, length > 0 && search[length - 1] == '.' ? length - 1 : length);
  const char *wrong = practice_names_check_subdomain (name);

  if (wrong != NULL)
    practice_causes_invalid (causes, field, name, wrong);
}

static void
validate_searches (JsonNode *config, const char *field, PracticeCauses *causes)
{
  JsonArray *searches = base_json_get_array (config, "searches", NULL);
  guint count = base_json_get_length (searches);
  gsize length = count > 0 ? count - 1 : 0;

  if (count > MAX_SEARCHES)
    refuse_list (searches, field, "must not have more than 6 search paths", causes);
  for (guint i = 0; i < count; i++)
    length += strlen (json_array_get_string_element (searches, i));
  if (length > MAX_SEARCH_CHARACTERS)
    refuse_list (searches, field,
                 "must not have more than 256 characters (including spaces) in the search list",
                 causes);
  for (guint i = 0; i < count; i++) {
    g_autofree char *own = practice_validation_field ("%s[%u]", field, i);

    validate_search (json_array_get_string_element (searches, i), own, causes);
  }
}

static void
validate_options (JsonNode *config, const char *field, PracticeCauses *causes)
{
  JsonArray *options = base_json_get_array (config, "options", NULL);

  for (guint i = 0; i < base_json_get_length (options); i++) {
    const char *name = base_json_get_string (json_array_get_element (options, i), "name", NULL);
    g_autofree char *own = practice_validation_field ("%s[%u]", field, i);

    if (name == NULL || *name == '\0')
      practice_causes_required (causes, own, "must not be empty");
  }
}

/**
 * practice_dns_validation_check:
 * @spec: the spec of a pod, with its defaults
 * @field: where it is, as "spec"
 * @causes: where what is wrong is noted
 *
 * Checks what a pod says of its name servers.
 */
void
practice_dns_validation_check (JsonNode *spec, const char *field, PracticeCauses *causes)
{
  JsonNode *config = base_json_get (spec, "dnsConfig", NULL);
  gboolean is_none = g_strcmp0 (base_json_get_string (spec, "dnsPolicy", NULL), "None") == 0;
  g_autofree char *own = g_strconcat (field, ".dnsConfig", NULL);
  g_autofree char *servers = g_strconcat (own, ".nameservers", NULL);
  g_autofree char *searches = g_strconcat (own, ".searches", NULL);
  g_autofree char *options = g_strconcat (own, ".options", NULL);

  if (is_none && config == NULL)
    practice_causes_required (causes, own, "must provide `dnsConfig` when `dnsPolicy` is None");
  else if (is_none && base_json_get_length (base_json_get_array (config, "nameservers", NULL)) == 0)
    practice_causes_required (causes, servers,
                              "must provide at least one DNS nameserver when `dnsPolicy` is None");
  validate_servers (config, servers, causes);
  validate_searches (config, searches, causes);
  validate_options (config, options, causes);
}
