/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-need.h"

#define HOSTNAME "{.status.loadBalancer.ingress[*].hostname}"
#define AT_HOSTNAME "$.status.loadBalancer.ingress[*].hostname"

typedef struct {
  const char *text;
  const char *needs; /* "NAMESPACE/SERVICE PATH;" for each */
} Case;

static const Case CASES[] = {
  { "telnet $(kubectl get svc redis --output jsonpath=" HOSTNAME ") 6379",
    "/redis " AT_HOSTNAME ";" },
  { "until nslookup $(kubectl get svc redis -o jsonpath='" HOSTNAME "')\ndo\n  sleep 1\ndone\n",
    "/redis " AT_HOSTNAME ";" },
  { "curl \"http://$(kubectl -n x get svc a -o jsonpath=" HOSTNAME ")/\"", "" },
  { "curl http://$(kubectl get svc a -n x -o jsonpath=" HOSTNAME ")/$(kubectl get services/b "
    "--namespace=y -ojsonpath=" HOSTNAME " | head)",
    "x/a " AT_HOSTNAME ";y/b " AT_HOSTNAME ";" },
  { "G=$(kubectl get service/a --output=\"jsonpath={.status.loadBalancer.ingress[0].ip}\")",
    "/a $.status.loadBalancer.ingress[0].ip;" },
  { "echo $(echo $(kubectl get svc a -o jsonpath=" HOSTNAME "))", "/a " AT_HOSTNAME ";" },
  { "kubectl get svc redis -o jsonpath=" HOSTNAME, "" },
  { "while [ -n \"$(kubectl get pod a -o jsonpath={.status.phase})\" ]; do sleep 1; done", "" },
  { "echo $(kubectl get svc redis)", "" },
  { "echo $(kubectl get svc -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc -l app=a -o jsonpath={.items[0].status.loadBalancer})", "" },
  { "echo $(kubectl get svc a -o jsonpath={.spec.clusterIP})", "" },
  { "echo $(kubectl get svc a -o jsonpath='{.status.loadBalancer}{.spec}')", "" },
  { "echo $(kubectl get svc a -o jsonpath={.status.loadBalancer[}", "" },
  { "echo $(kubectl get ingress a -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl delete svc a -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc a -o", "" },
  { "echo $(kubectl get svc $(cat name) -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc '' -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc/ -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc $NAME -n $NS -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc a -n $NS -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc a --namespace=${NS} -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc `cat name` -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc a -n `cat` -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc a -o \"jsonpath={.status.loadBalancer.ingress[0].$KEY}\")", "" },
  { "echo $(kubectl get svc --context class a -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc --context=class a -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc -v 6 a -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc --v=6 a --no-headers -o jsonpath=" HOSTNAME ")",
    "/a " AT_HOSTNAME ";" },
  { "echo $(kubectl get svc a -o jsonpath=" HOSTNAME " -n)", "" },
  { "echo $(kubectl get svc/a svc/b -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc a b -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(kubectl get svc pod/a -o jsonpath=" HOSTNAME ")", "" },
  { "echo $(k get svc a -o jsonpath=" HOSTNAME ")", "/a " AT_HOSTNAME ";" },
  { "echo $(", "" },
  { "echo $()", "" },
  { "", "" },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GPtrArray) needs = session_need_list (c->text);
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < needs->len; i++) {
    const SessionNeed *need = g_ptr_array_index (needs, i);

    g_string_append_printf (all, "%s/%s %s;", need->namespace_ != NULL ? need->namespace_ : "",
                            need->service, base_json_path_get_expression (need->path));
  }
  g_assert_cmpstr (all->str, ==, c->needs);
}

/* Where each substitution meant a look at all that follows, these would take minutes. */
static void
test_length (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) needs = NULL;

  for (guint i = 0; i < 1 << 18; i++)
    g_string_append (text, "$(");
  needs = session_need_list (text->str);
  g_assert_cmpuint (needs->len, ==, 0);
  g_clear_pointer (&needs, g_ptr_array_unref);
  for (guint i = 0; i < 1 << 18; i++)
    g_string_append (text, ")");
  needs = session_need_list (text->str);
  g_assert_cmpuint (needs->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *path = g_strdup_printf ("/session/need/%02u", (guint)i + 1);

    g_test_add_data_func (path, &CASES[i], test_case);
  }
  g_test_add_func ("/session/need/length", test_length);
  return g_test_run ();
}
