/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <linux/filter.h>

#include "practice-source-filter.h"

static GPtrArray *
new_sources (guint n)
{
  GPtrArray *sources = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (sources, g_strdup_printf ("10.4.%u.%u", i / 256, i % 256));
  return sources;
}

/* What the kernel would do with a packet from @address, in host order. */
static gboolean
lets_in (GBytes *filter, guint32 address)
{
  gsize size;
  const struct sock_filter *program = g_bytes_get_data (filter, &size);
  guint32 loaded = 0;

  for (gsize i = 0; i < size / sizeof *program; i++) {
    switch (program[i].code) {
      case BPF_LD | BPF_W | BPF_ABS:
        g_assert_cmphex (program[i].k, ==, (guint32)(SKF_NET_OFF + 12));
        loaded = address;
        break;
      case BPF_JMP | BPF_JEQ | BPF_K:
        i += loaded == program[i].k ? program[i].jt : program[i].jf;
        break;
      case BPF_RET | BPF_K:
        return program[i].k != 0;
      default:
        g_assert_not_reached ();
    }
  }
  g_assert_not_reached ();
}

static void
test_sources (void)
{
  g_autoptr (GPtrArray) none = new_sources (0);
  g_autoptr (GPtrArray) some = new_sources (3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) closed = practice_source_filter_new (none, &error);
  g_autoptr (GBytes) open = NULL;

  g_assert_no_error (error);
  g_assert_false (lets_in (closed, 0x0a040000));
  g_ptr_array_add (some, g_strdup ("nonsense"));
  open = practice_source_filter_new (some, &error);
  g_assert_no_error (error);
  g_assert_true (lets_in (open, 0x0a040000));
  g_assert_true (lets_in (open, 0x0a040002));
  g_assert_false (lets_in (open, 0x0a040003));
}

static void
test_limit (void)
{
  g_autoptr (GPtrArray) sources = new_sources (BPF_MAXINSNS / 2);
  g_autoptr (GError) error = NULL;

  g_assert_null (practice_source_filter_new (sources, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-source-filter/sources", test_sources);
  g_test_add_func ("/practice-source-filter/limit", test_limit);

  return g_test_run ();
}
