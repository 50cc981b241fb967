/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"
#include "lab-page-address.h"

#define LB "status: {loadBalancer: {ingress: [{hostname: lb.example}]}}\n"
#define IP "status: {loadBalancer: {ingress: [{ip: 10.0.2.3}]}}\n"

static const struct {
  const char *yaml;
  const char *url; /* nullable */
  const char *via; /* nullable */
} cases[] = {
  { "kind: Service\nspec: {ports: [{port: 6379}]}\n" LB, NULL, NULL },
  { "kind: Service\nspec: {ports: [{port: 80}]}\n" LB, "http://lb.example/", NULL },
  { "kind: Service\nspec: {ports: [{port: 6379}, {port: 9080, name: http-web}]}\n" IP,
    "http://10.0.2.3:9080/", NULL },
  { "kind: Service\nspec: {ports: [{port: 8443}]}\n" IP, "https://10.0.2.3:8443/", NULL },
  { "kind: Service\nspec: {ports: [{port: 443, name: https}, {port: 80, name: http}]}\n" LB,
    "https://lb.example/", NULL },
  { "kind: Service\nspec: {ports: [{port: 80}]}\n", NULL, NULL },
  { "kind: Service\nspec: {ports: [{port: text}, 7]}\n" LB, NULL, NULL },
  { "kind: Ingress\nspec: {rules: [{host: one.example}]}\n" LB, "http://one.example/",
    "lb.example" },
  { "kind: Ingress\nspec: {rules: [{host: one.example}]}\n", "http://one.example/", "" },
  { "kind: Ingress\nspec: {tls: [{}], rules: [{host: a.b, http: {paths: [{path: /ops}]}}]}\n" IP,
    "https://a.b/ops", "10.0.2.3" },
  { "kind: Ingress\nspec: {rules: [{http: {paths: [{path: /x(.*)}]}}]}\n" LB, "http://lb.example/",
    NULL },
  { "kind: Ingress\nspec: {rules: [{http: {paths: [{path: /ops}]}}]}\n", "/ops", "" },
  { "kind: Ingress\nspec: {rules: [{http: {}}]}\n", "/", "" },
  { "kind: Ingress\nspec: {rules: [{host: '*.example'}]}\n" LB, NULL, NULL },
  { "kind: Ingress\nspec: {}\n" LB, NULL, NULL },
  { "kind: Pod\n" LB, NULL, NULL },
};

static void
test_address (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) object =
      base_yaml_parse (cases[i].yaml, -1, "test", BASE_YAML_NONE, &error);
    g_autofree char *via = NULL;
    g_autofree char *url = NULL;

    g_assert_no_error (error);
    url = lab_page_address_dup (object, &via);
    g_assert_cmpstr (url, ==, cases[i].url);
    g_assert_cmpstr (via, ==, cases[i].via);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/page-address", test_address);

  return g_test_run ();
}
