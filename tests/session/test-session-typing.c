/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-typing.h"

#define LOOP "G=$(cat host)\nfor i in $(seq 9)\ndo\n  curl -s http://$G/page | wc -c\ndone | sort\n"
#define PAGE                                                                                       \
  "P=http://$(cat host)\ncurl -s --data 'name=jason&word=any' $P/login\ncurl -s $P/page\n"

typedef struct {
  const char *form;
  const char *line;
  gboolean fits;
} Case;

static const Case CASES[] = {
  { "cd ~/lab", "cd ~/lab", TRUE },
  { "cd ~/lab", "cd ~/lab/", TRUE },
  { "cd ~/lab", "cd '~/lab'  ", TRUE },
  { "cd ~/lab", "cd /tmp", FALSE },
  { "cd ~/lab", "cd", FALSE },
  { "cd ~/lab", "cd ~/lab/old", FALSE },
  { "cd ~/lab", "echo cd ~/lab", FALSE },
  { "cd ~/lab", "cd ~/lab && konvoy check", TRUE },
  { "cd ~/lab", "cd ~/lab; true", FALSE },
  { "cd ~/lab", "cd ~/lab || true", FALSE },
  { "cd ~/lab", "cd ~/lab;", TRUE },
  { "konvoy check", "cd ~/lab && konvoy check", TRUE },
  { "konvoy apply kubeconfig", "konvoy get ops-portal", FALSE },
  { "konvoy apply kubeconfig", "konvoy apply kubeconfig", TRUE },
  { "konvoy apply kubeconfig", "man konvoy apply kubeconfig", FALSE },
  { "konvoy deploy addons --yes", "konvoy deploy addons", TRUE },
  { "kubectl get nodes", "kubectl get pods -n kube-system", FALSE },
  { "kubectl get nodes", "kubectl get no", TRUE },
  { "kubectl get nodes", "kubectl get node -o wide", TRUE },
  { "kubectl get nodes", "kubectl get nodes | head -n 3", TRUE },
  { "kubectl get nodes", "KUBECONFIG=other kubectl get nodes 2>&1", TRUE },
  { "kubectl get nodes", "kubectl get nodes &", FALSE },
  { "kubectl get nodes", "kubectl --v=6 get nodes", TRUE },
  { "kubectl get nodes", "kubectl describe nodes", FALSE },
  { "kubectl get nodes", "kubectl", FALSE },
  { "kubectl get nodes", "kubectl get nodes one", FALSE },
  { "kubectl get services", "kubectl get pods", FALSE },
  { "kubectl get services", "kubectl get svc", TRUE },
  { "kubectl get pods", "kubectl get po", TRUE },
  { "kubectl get pods --all-namespaces", "kubectl get pods", FALSE },
  { "kubectl get pods --all-namespaces", "kubectl get pods -A", TRUE },
  { "kubectl get pods --selector app=redis --show-labels",
    "kubectl get pods -l app=redis --show-labels", TRUE },
  { "kubectl get pods --selector app=redis", "kubectl get pods --selector=app=redis", TRUE },
  { "kubectl get pods --selector=app=redis", "kubectl get pods -l app=redis", TRUE },
  { "kubectl get pods --selector=app=redis", "kubectl get pods", FALSE },
  { "grep --before-context 1 'name: istio$' ~/lab/cluster.yaml",
    "grep -B 1 \"name: istio$\" ~/lab/cluster.yaml", TRUE },
  { "grep --before-context 1 'name: istio$' ~/lab/cluster.yaml", "grep istio ~/lab/cluster.yaml",
    FALSE },
  { "cd ~/istio-1.4.0\nls samples/bookinfo\n", "ls samples/bookinfo", TRUE },
  { "cd ~/istio-1.4.0\nls samples/bookinfo\n", "ls", FALSE },
  { "echo Hello \"$(cat who)\"", "echo Hello Ada", TRUE },
  { "echo Hello \"$(cat who)\"", "echo Hello $(cat who)", TRUE },
  { "echo Hello \"$(cat who)\"", "echo Good day Ada", FALSE },
  { "kubectl get --raw \"/a?b=c&d=e\" | head", "kubectl get --raw '/a?b=c&d=e'", TRUE },
  { "kubectl get \\\n  pods", "kubectl get pods", TRUE },
  { "kubectl apply -f - <<EOF\nkind: Pod\nEOF", "kubectl apply -f - <<EOF", TRUE },
  { "kubectl get nodes", "k get nodes", TRUE },
  { "k get nodes", "kubectl get nodes", TRUE },
  { "k get nodes", "k get nodes", TRUE },
  { "k get nodes", "k get pods", FALSE },
  { "kubectl get nodes", "/usr/bin/kubectl get  nodes", TRUE },
  { "kubectl get nodes", "echo kubectl get nodes", FALSE },
  { "kubectl get nodes", "echo 'ready?' kubectl get nodes", FALSE },
  { "kubectl get nodes", "# kubectl get nodes", FALSE },
  { "kubectl get nodes", "true # kubectl get nodes", FALSE },
  { "kubectl get nodes", "kubectl get nodes # all of them", TRUE },
  { "kubectl get nodes", "\"kubectl get nodes\"", FALSE },
  { "kubectl get nodes", "cat > kubectl get nodes", FALSE },
  { "kubectl get nodes", "sudo kubectl get nodes 2> /dev/null", TRUE },
  { "kubectl get nodes", "cd lab\nkubectl get nodes", TRUE },
  { "kubectl get nodes", "kubectl get nodes\ntrue", FALSE },
  { "kubectl get nodes", "kubectl get \\\n> nodes", TRUE },
  { "kubectl get nodes", "cat <<EOF\n> kubectl get nodes\n> EOF", FALSE },
  { "timeout 5 telnet $(cat host) 80", "telnet 10.0.0.1 80", TRUE },
  { "timeout 5 telnet $(cat host) 80", "timeout 9 telnet 10.0.0.1 80", TRUE },
  { "timeout 5 telnet $(cat host) 80", "timeout 5 nc 10.0.0.1 80", FALSE },
  { LOOP, "for i in 1 2; do curl -s http://$G/page | wc -c; done | sort", TRUE },
  { LOOP, "for n in 1 2\n> do\n> curl http://host/page | wc\n> done | sort -u", TRUE },
  { LOOP, "for i in 1 2; do curl -s http://$G/page; done", FALSE },
  { LOOP, "sort", FALSE },
  { "kubectl get nodes", "", FALSE },
  { "", "kubectl get nodes", FALSE },
  { "# nothing\n", "# nothing", FALSE },
  { "cd ~/lab", "cd \"~/lab", TRUE },
  { "cd ~/lab", "cd $(", FALSE },
  { "cd ~/lab", "cd \\", FALSE },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;

  const SessionTyped typed = { .line = c->line };

  g_assert_cmpint (session_typing_is (&typed, c->form), ==, c->fits);
}

typedef struct {
  const char *directory; /* (nullable) */
  const char *home;      /* (nullable) */
  const char *form;
  const char *line;
  gboolean fits;
} PathCase;

static const PathCase PATH_CASES[] = {
  { "/home/ada", "/home/ada", "cd ~/lab", "cd lab", TRUE },
  { "/home/ada", "/home/ada", "cd ~/lab", "cd ./lab/", TRUE },
  { "/home/ada", "/home/ada", "cd ~/lab", "cd /home/ada/lab", TRUE },
  { "/home/ada", "/home/ada", "cd ~/lab", "cd $HOME/lab", TRUE },
  { "/home/ada", "/home/ada", "cd ~/lab", "cd lab/old", FALSE },
  { "/home/ada", "/home/ada", "cd ~/lab", "cd $HOMES/lab", FALSE },
  { "/home/ada/lab", "/home/ada", "cd ~/lab", "cd lab", FALSE },
  { "/home/ada/lab", "/home/ada", "cd ~/lab", "cd .", TRUE },
  { "/home/ada/lab", "/home/ada", "cd ~", "cd ..", TRUE },
  { "/tmp", "/home/ada", "cd ~/lab", "cd ../home/ada/lab", TRUE },
  { "/tmp", "/home/ada", "cd ~/lab", "cd lab", FALSE },
  { "/home/ada", "/home/ada", "cat ~/lab/cluster.yaml", "cat lab/cluster.yaml", TRUE },
  { "/home/ada/lab", NULL, "cat ~/lab/a", "cat a", FALSE },
  { "/home/ada/lab", NULL, "cat /home/ada/lab/a", "cat a", TRUE },
  { NULL, "/home/ada", "cd ~/lab", "cd lab", FALSE },
  { NULL, "/home/ada", "cd ~/lab", "cd $HOME/lab", TRUE },
  { NULL, NULL, "cd ~/lab", "cd lab", FALSE },
};

static void
test_path (gconstpointer data)
{
  const PathCase *c = data;
  const SessionTyped typed = { .line = c->line, .directory = c->directory, .home = c->home };

  g_assert_cmpint (session_typing_is (&typed, c->form), ==, c->fits);
}

typedef struct {
  const char *part;
  const char *form;
  const char *line;
  gboolean fits;
} PartCase;

static const PartCase PART_CASES[] = {
  { "telnet", "timeout 5 telnet $(cat host) 6379", "telnet 10.0.0.1 6379", TRUE },
  { "telnet", "timeout 5 telnet $(cat host) 6379", "man telnet", FALSE },
  { "telnet", "timeout 5 telnet $(cat host) 6379", "echo telnet", FALSE },
  { "telnet", "timeout 5 telnet $(cat host) 6379", "# telnet", FALSE },
  { "telnet", "timeout 5 telnet $(cat host) 6379", "which telnet && echo yes", FALSE },
  { "telnet 6379", "telnet $(cat host) 6379", "telnet  10.0.0.1   6379", TRUE },
  { "telnet 6379", "telnet $(cat host) 6379", "telnet 10.0.0.1 16379", FALSE },
  { "nc 6379", "printf 'PING' | nc $(cat host) 6379", "echo PING | nc -w 2 10.0.0.1 6379", TRUE },
  { "nc 6379", "printf 'PING' | nc $(cat host) 6379", "telnet nc 6379", FALSE },
  { "nc 6379", "telnet $(cat host) 6379", "nc 10.0.0.1 6379", TRUE },
  { "kubectl exec", "kubectl exec $(cat pod) -- ls", "kubectl -n default exec a -- ls /", TRUE },
  { "kubectl exec", "kubectl exec $(cat pod) -- ls", "k exec -it a -- sh", TRUE },
  { "k exec", "kubectl exec $(cat pod) -- ls", "kubectl exec -it a -- sh", TRUE },
  { "kubectl exec", "kubectl exec $(cat pod) -- ls", "kubectl get pods", FALSE },
  { "kubectl get pods", "kubectl get pods", "kubectl get po redis", TRUE },
  { "export", "export PATH=$PATH:$HOME/bin\ncommand -v x", "export PATH=~/bin:$PATH", TRUE },
  { "export", "export PATH=$PATH:$HOME/bin\ncommand -v x", "help export", FALSE },
  { "name=jason", PAGE, "curl --data 'name=jason&word=x' http://host/login", TRUE },
  { "name=jason", PAGE, PAGE, TRUE },
  { "name=jason", PAGE, "name=jason", FALSE },
  { "name=jason", PAGE, "echo name=jason", FALSE },
  { "name=jason", PAGE, "curl http://host/login # name=jason", FALSE },
  { "curl /page", LOOP, "curl http://host/page", FALSE },
  { "/page", LOOP, "curl http://host/page", TRUE },
  { "/page", LOOP, "curl http://host/", FALSE },
  { "$G/page", LOOP, "G=$(cat host)", FALSE },
  { "$G/page", LOOP, "echo $G/page", FALSE },
  { "$G/page", LOOP, LOOP, TRUE },
  { "", "ls", "ls", FALSE },
  { "#", "ls", "ls", FALSE },
  { "telnet", "", "telnet a", TRUE },
  { "telnet", "", "", FALSE },
};

static void
test_part (gconstpointer data)
{
  const PartCase *c = data;

  const SessionTyped typed = { .line = c->line };

  g_assert_cmpint (session_typing_has (&typed, c->form, c->part), ==, c->fits);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *path = g_strdup_printf ("/session-typing/%02u", (guint)i + 1);

    g_test_add_data_func (path, &CASES[i], test_case);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (PATH_CASES); i++) {
    g_autofree char *path = g_strdup_printf ("/session-typing/path/%02u", (guint)i + 1);

    g_test_add_data_func (path, &PATH_CASES[i], test_path);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (PART_CASES); i++) {
    g_autofree char *path = g_strdup_printf ("/session-typing/part/%02u", (guint)i + 1);

    g_test_add_data_func (path, &PART_CASES[i], test_part);
  }
  return g_test_run ();
}
