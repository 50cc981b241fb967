/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-typing.h"

#define PROMPT "[centos@jumpserver ~]$ "

typedef struct {
  const char *form;
  const char *line;
  gboolean fits;
} Case;

static const Case CASES[] = {
  { "cd ~/lab", PROMPT "cd ~/lab", TRUE },
  { "cd ~/lab", PROMPT "cd ~/lab/", TRUE },
  { "cd ~/lab", PROMPT "cd '~/lab'  ", TRUE },
  { "cd ~/lab", PROMPT "cd /tmp", FALSE },
  { "cd ~/lab", PROMPT "cd", FALSE },
  { "cd ~/lab", PROMPT "cd ~/lab/old", FALSE },
  { "cd ~/lab", PROMPT "echo cd ~/lab", FALSE },
  { "cd ~/lab", PROMPT "cd ~/lab && konvoy check", TRUE },
  { "cd ~/lab", PROMPT "cd ~/lab; true", FALSE },
  { "cd ~/lab", PROMPT "cd ~/lab || true", FALSE },
  { "cd ~/lab", PROMPT "cd ~/lab;", TRUE },
  { "konvoy check", PROMPT "cd ~/lab && konvoy check", TRUE },
  { "konvoy apply kubeconfig", PROMPT "konvoy get ops-portal", FALSE },
  { "konvoy apply kubeconfig", PROMPT "konvoy apply kubeconfig", TRUE },
  { "konvoy apply kubeconfig", PROMPT "man konvoy apply kubeconfig", FALSE },
  { "konvoy deploy addons --yes", PROMPT "konvoy deploy addons", TRUE },
  { "kubectl get nodes", PROMPT "kubectl get pods -n kube-system", FALSE },
  { "kubectl get nodes", PROMPT "kubectl get no", TRUE },
  { "kubectl get nodes", PROMPT "kubectl get node -o wide", TRUE },
  { "kubectl get nodes", PROMPT "kubectl get nodes | head -n 3", TRUE },
  { "kubectl get nodes", PROMPT "KUBECONFIG=other kubectl get nodes 2>&1", TRUE },
  { "kubectl get nodes", PROMPT "kubectl get nodes &", FALSE },
  { "kubectl get nodes", PROMPT "kubectl --v=6 get nodes", TRUE },
  { "kubectl get nodes", PROMPT "kubectl describe nodes", FALSE },
  { "kubectl get nodes", PROMPT "kubectl", FALSE },
  { "kubectl get nodes", PROMPT "kubectl get nodes one", FALSE },
  { "kubectl get services", PROMPT "kubectl get pods", FALSE },
  { "kubectl get services", PROMPT "kubectl get svc", TRUE },
  { "kubectl get pods", PROMPT "kubectl get po", TRUE },
  { "kubectl get pods --all-namespaces", PROMPT "kubectl get pods", FALSE },
  { "kubectl get pods --all-namespaces", PROMPT "kubectl get pods -A", TRUE },
  { "kubectl get pods --selector app=redis --show-labels",
    PROMPT "kubectl get pods -l app=redis --show-labels", TRUE },
  { "kubectl get pods --selector app=redis", PROMPT "kubectl get pods --selector=app=redis", TRUE },
  { "kubectl get pods --selector=app=redis", PROMPT "kubectl get pods -l app=redis", TRUE },
  { "kubectl get pods --selector=app=redis", PROMPT "kubectl get pods", FALSE },
  { "grep --before-context 1 'name: istio$' ~/lab/cluster.yaml",
    PROMPT "grep -B 1 \"name: istio$\" ~/lab/cluster.yaml", TRUE },
  { "grep --before-context 1 'name: istio$' ~/lab/cluster.yaml",
    PROMPT "grep istio ~/lab/cluster.yaml", FALSE },
  { "cd ~/istio-1.4.0\nls samples/bookinfo\n", PROMPT "ls samples/bookinfo", TRUE },
  { "cd ~/istio-1.4.0\nls samples/bookinfo\n", PROMPT "ls", FALSE },
  { "echo Hello \"$(cat who)\"", PROMPT "echo Hello Ada", TRUE },
  { "echo Hello \"$(cat who)\"", PROMPT "echo Hello $(cat who)", TRUE },
  { "echo Hello \"$(cat who)\"", PROMPT "echo Good day Ada", FALSE },
  { "kubectl get --raw \"/a?b=c&d=e\" | head", PROMPT "kubectl get --raw '/a?b=c&d=e'", TRUE },
  { "kubectl get \\\n  pods", PROMPT "kubectl get pods", TRUE },
  { "kubectl apply -f - <<EOF\nkind: Pod\nEOF", PROMPT "kubectl apply -f - <<EOF", TRUE },
  { "kubectl get nodes", "", FALSE },
  { "", "kubectl get nodes", FALSE },
  { "# nothing\n", PROMPT "# nothing", FALSE },
  { "cd ~/lab", PROMPT "cd \"~/lab", TRUE },
  { "cd ~/lab", PROMPT "cd $(", FALSE },
  { "cd ~/lab", PROMPT "cd \\", FALSE },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;

  g_assert_cmpint (session_typing_is (c->line, c->form), ==, c->fits);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *path = g_strdup_printf ("/session-typing/%02u", (guint)i + 1);

    g_test_add_data_func (path, &CASES[i], test_case);
  }
  return g_test_run ();
}
