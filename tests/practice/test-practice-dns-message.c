/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-dns-message.h"

/* A query for "Redis.Example" of type A, with recursion desired and number 0x1234. */
static const guint8 query[] = { 0x12, 0x34, 0x01, 0x00, 0,   1,   0,   0, 0,   0,   0,
                                0,    5,    'R',  'e',  'd', 'i', 's', 7, 'E', 'x', 'a',
                                'm',  'p',  'l',  'e',  0,   0,   1,   0, 1 };
#define TYPE_AT (sizeof query - 3)
#define CLASS_AT (sizeof query - 1)

static GStrv
look_up (const char *name, gpointer user_data)
{
  guint *calls = user_data;

  if (calls)
    (*calls)++;
  return g_str_equal (name, "redis.example") ? g_strsplit ("10.0.51.32", ",", 0) : NULL;
}

static GStrv
look_up_many (const char *name, gpointer user_data)
{
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();

  for (guint i = 0; i < GPOINTER_TO_UINT (user_data); i++) {
    g_autofree char *address = g_strdup_printf ("10.1.0.%u", i);

    g_strv_builder_add (addresses, address);
  }
  return g_strv_builder_end (addresses);
}

static GBytes *
answer (const guint8 *data, gsize length)
{
  return practice_dns_message_answer (data, length, look_up, NULL);
}

static guint
rcode (GBytes *bytes)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);

  return data[3] & 15;
}

static guint
n_answers (GBytes *bytes)
{
  const guint8 *data = g_bytes_get_data (bytes, NULL);

  return data[7];
}

static void
test_address (void)
{
  static const guint8 expected[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 51, 32 };
  g_autoptr (GBytes) bytes = answer (query, sizeof query);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  /* The question comes back as it was asked, after a response with recursion available. */
  g_assert_cmpuint (length, ==, sizeof query + sizeof expected);
  g_assert_cmpuint (data[2], ==, 0x81);
  g_assert_cmpuint (data[3], ==, 0x80);
  g_assert_cmpuint (n_answers (bytes), ==, 1);
  g_assert_cmpmem (data, 2, query, 2);
  g_assert_cmpmem (data + 12, sizeof query - 12, query + 12, sizeof query - 12);
  g_assert_cmpmem (data + sizeof query, sizeof expected, expected, sizeof expected);
}

/* All of them, and another one first for another number. */
static void
test_several (void)
{
  guint8 other[sizeof query];

  memcpy (other, query, sizeof query);
  for (guint8 i = 0; i < 3; i++) {
    g_autoptr (GBytes) bytes = NULL;
    const guint8 *data;

    other[1] = i;
    bytes = practice_dns_message_answer (other, sizeof other, look_up_many, GUINT_TO_POINTER (3));
    data = g_bytes_get_data (bytes, NULL);
    g_assert_cmpuint (n_answers (bytes), ==, 3);
    for (guint j = 0; j < 3; j++)
      g_assert_cmpuint (data[sizeof query + 16 * j + 15], ==, ((other[0] << 8 | i) + j) % 3);
  }
}

static void
test_too_many (void)
{
  g_autoptr (GBytes) bytes =
    practice_dns_message_answer (query, sizeof query, look_up_many, GUINT_TO_POINTER (100));

  g_assert_cmpuint (n_answers (bytes), ==, 14);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, sizeof query + 14 * 16);
}

static void
test_other_type (void)
{
  guint8 aaaa[sizeof query];
  g_autoptr (GBytes) bytes = NULL;

  memcpy (aaaa, query, sizeof query);
  aaaa[TYPE_AT] = 28;
  bytes = answer (aaaa, sizeof aaaa);
  g_assert_cmpuint (rcode (bytes), ==, 0);
  g_assert_cmpuint (n_answers (bytes), ==, 0);
}

static void
test_no_such_name (void)
{
  guint8 other[sizeof query];
  g_autoptr (GBytes) bytes = NULL;

  memcpy (other, query, sizeof query);
  other[13] = 'T';
  bytes = answer (other, sizeof other);
  g_assert_cmpuint (rcode (bytes), ==, 3);
  g_assert_cmpuint (n_answers (bytes), ==, 0);

  /* A label with a dot in it is not the same as two labels. */
  memcpy (other, query, sizeof query);
  other[12] = 13;
  other[18] = '.';
  g_clear_pointer (&bytes, g_bytes_unref);
  bytes = answer (other, sizeof other);
  g_assert_cmpuint (rcode (bytes), ==, 3);
}

static void
test_refused (void)
{
  guint8 other[sizeof query];
  g_autoptr (GBytes) chaos = NULL;
  g_autoptr (GBytes) update = NULL;

  memcpy (other, query, sizeof query);
  other[CLASS_AT] = 3;
  chaos = answer (other, sizeof other);
  g_assert_cmpuint (rcode (chaos), ==, 5);

  memcpy (other, query, sizeof query);
  other[2] = 5 << 3;
  update = answer (other, sizeof other);
  g_assert_cmpuint (rcode (update), ==, 4);
  g_assert_cmpuint (g_bytes_get_size (update), ==, 12);
}

static void
test_ignored (void)
{
  guint8 other[sizeof query];
  guint8 pointer[] = { 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1 };
  guint8 name[12 + 300 + 5] = { 0, 0, 1, 0, 0, 1 };

  for (gsize length = 0; length < sizeof query; length++) {
    g_autofree guint8 *cut = g_memdup2 (query, length);

    g_assert_null (answer (cut, length));
  }
  g_assert_null (answer (pointer, sizeof pointer));

  memcpy (other, query, sizeof query);
  other[2] |= 0x80;
  g_assert_null (answer (other, sizeof other));

  memcpy (other, query, sizeof query);
  other[5] = 2;
  g_assert_null (answer (other, sizeof other));

  /* A name of 300 bytes in labels of one. */
  for (gsize i = 12; i < 12 + 300; i += 2) {
    name[i] = 1;
    name[i + 1] = 'a';
  }
  g_assert_null (answer (name, sizeof name));
}

/* Whatever comes, nothing is read behind its end (which a sanitizer sees) and no answer is longer
 * than a datagram may be. */
static void
test_garbage (void)
{
  guint calls = 0;

  for (guint round = 0; round < 50000; round++) {
    gsize length = g_test_rand_int_range (0, 64);
    g_autofree guint8 *data = g_malloc (length);
    g_autoptr (GBytes) bytes = NULL;

    for (gsize i = 0; i < length; i++)
      data[i] = i < sizeof query && g_test_rand_int_range (0, 8) ? query[i]
                                                                 : g_test_rand_int_range (0, 256);
    bytes = practice_dns_message_answer (data, length, look_up, &calls);
    if (bytes)
      g_assert_cmpuint (g_bytes_get_size (bytes), <=, 512);
  }
  g_assert_cmpuint (calls, >, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-dns-message/address", test_address);
  g_test_add_func ("/practice-dns-message/several", test_several);
  g_test_add_func ("/practice-dns-message/too-many", test_too_many);
  g_test_add_func ("/practice-dns-message/other-type", test_other_type);
  g_test_add_func ("/practice-dns-message/no-such-name", test_no_such_name);
  g_test_add_func ("/practice-dns-message/refused", test_refused);
  g_test_add_func ("/practice-dns-message/ignored", test_ignored);
  g_test_add_func ("/practice-dns-message/garbage", test_garbage);

  return g_test_run ();
}
