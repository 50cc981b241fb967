/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-address.h"
#include "jump-place.h"

static void
test_parse (void)
{
  static const struct {
    const char *spec, *user, *host;
    guint16 port;
    const char *title, *id;
  } cases[] = {
    { "centos@10.1.2.3", "centos", "10.1.2.3", 0, "centos@10.1.2.3", "ssh:centos@10.1.2.3:22" },
    { "centos@jump.example:2222", "centos", "jump.example", 2222, "centos@jump.example:2222",
      "ssh:centos@jump.example:2222" },
    { "centos@jump.example:22", "centos", "jump.example", 22, "centos@jump.example",
      "ssh:centos@jump.example:22" },
    { "lab", NULL, "lab", 0, "lab", "ssh:lab:22" },
    { "ann@corp.example@jump", "ann@corp.example", "jump", 0, "ann@corp.example@jump",
      "ssh:ann@corp.example@jump:22" },
    { "a@[2001:db8::1]:22022", "a", "2001:db8::1", 22022, "a@[2001:db8::1]:22022",
      "ssh:a@[2001:db8::1]:22022" },
    { "2001:db8::1", NULL, "2001:db8::1", 0, "2001:db8::1", "ssh:[2001:db8::1]:22" },
    { "[fe80::1%eth0]", NULL, "fe80::1%eth0", 0, "fe80::1%eth0", "ssh:[fe80::1%eth0]:22" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JumpAddress) address = jump_address_parse (cases[i].spec, &error);
    g_autofree char *title = NULL;
    g_autofree char *id = NULL;

    g_assert_no_error (error);
    g_assert_cmpstr (address->user, ==, cases[i].user);
    g_assert_cmpstr (address->host, ==, cases[i].host);
    g_assert_cmpuint (address->port, ==, cases[i].port);
    title = jump_address_dup_title (address);
    g_assert_cmpstr (title, ==, cases[i].title);
    id = jump_address_dup_id (address);
    g_assert_cmpstr (id, ==, cases[i].id);
  }
}

/* Whatever ssh, or a shell that ssh starts, would take for something else than a name. */
static void
test_refused (void)
{
  static const char *specs[] = {
    "",
    "@host",
    "user@",
    "-oProxyCommand=touch x",
    "user@-oProxyCommand=x",
    "-l@host",
    "host name",
    "host\nname",
    "host\tname",
    "ho\x1bst",
    "ho\x7fst",
    "ho\xc2\x9bst",
    "ho\xffst",
    "$(id)",
    "`id`",
    "a;b",
    "a|b",
    "a&b",
    "u'x@host",
    "u\"x@host",
    "u\\x@host",
    "ssh://host",
    "../host",
    "host:0",
    "host:65536",
    "host:22x",
    "host:-1",
    "host:",
    "[::1",
    "[::1]x",
    "[]",
  };
  g_autofree char *longest = g_strnfill (254, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (specs); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (jump_address_parse (specs[i], &error));
    g_assert_error (error, JUMP_ERROR, JUMP_ERROR_FAILED);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  }
  g_assert_null (jump_address_parse (longest, NULL));
  longest[253] = '\0';
  {
    g_autoptr (JumpAddress) address = jump_address_parse (longest, NULL);

    g_assert_nonnull (address);
  }
}

static void
test_target (void)
{
  static const char *good[] = { "10.0.0.1", "::1", "kubernetes.default.svc", "a_b-c.example" };
  static const char *bad[] = { "", "-L", "/run/x.sock", "a b", "a\nb", "a'b", "ä", "a%b", "[::1]" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (jump_address_check_target (good[i], 443, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (jump_address_check_target (bad[i], 443, &error));
    g_assert_error (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  }
  g_assert_false (jump_address_check_target ("10.0.0.1", 0, NULL));
}

static void
test_format (void)
{
  g_autofree char *name = jump_address_format ("a.example", 80);
  g_autofree char *ipv6 = jump_address_format ("::1", 80);

  g_assert_cmpstr (name, ==, "a.example:80");
  g_assert_cmpstr (ipv6, ==, "[::1]:80");
}

static void
test_connectable (void)
{
  g_autoptr (GSocketConnectable) ip = jump_address_dup_connectable ("127.0.0.1", 80);
  g_autoptr (GSocketConnectable) name = jump_address_dup_connectable ("a.example", 81);

  g_assert_true (G_IS_INET_SOCKET_ADDRESS (ip));
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (ip)), ==, 80);
  g_assert_cmpstr (g_network_address_get_hostname (G_NETWORK_ADDRESS (name)), ==, "a.example");
  g_assert_cmpuint (g_network_address_get_port (G_NETWORK_ADDRESS (name)), ==, 81);
}

static void
test_copy (void)
{
  g_autoptr (JumpAddress) address = jump_address_new ("a", "b", 3, NULL);
  g_autoptr (JumpAddress) copy = g_boxed_copy (JUMP_TYPE_ADDRESS, address);

  g_assert_cmpstr (copy->user, ==, "a");
  g_assert_cmpstr (copy->host, ==, "b");
  g_assert_cmpuint (copy->port, ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jump/address/parse", test_parse);
  g_test_add_func ("/jump/address/refused", test_refused);
  g_test_add_func ("/jump/address/target", test_target);
  g_test_add_func ("/jump/address/format", test_format);
  g_test_add_func ("/jump/address/connectable", test_connectable);
  g_test_add_func ("/jump/address/copy", test_copy);

  return g_test_run ();
}
