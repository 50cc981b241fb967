/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "practice-dns-message.h"

/* RFC 1035 section 4.1: a header of six 16-bit fields, then the question. */
#define HEADER_LENGTH 12
#define LABEL_LIMIT 63
#define NAME_LIMIT 255

#define FLAG_RESPONSE 0x8000
#define OPCODE_MASK 0x7800
#define FLAG_RECURSION_DESIRED 0x0100
#define FLAG_RECURSION_AVAILABLE 0x0080

#define TYPE_A 1
#define TYPE_ANY 255
#define CLASS_IN 1
#define CLASS_ANY 255

/* What an ELB's name has. */
#define TTL_SECONDS 60

/* So many fit into 512 bytes beside the longest name; RFC 1035 section 4.2.1. */
#define ADDRESS_LIMIT 14

typedef enum {
  RCODE_NO_ERROR = 0,
  RCODE_NAME_ERROR = 3,
  RCODE_NOT_IMPLEMENTED = 4,
  RCODE_REFUSED = 5,
} Rcode;

typedef struct {
  char *name; /* in lower case, without the last dot */
  guint16 type;
  guint16 class;
  gsize end; /* offset behind the question */
} Question;

static void
question_clear (Question *self)
{
  g_clear_pointer (&self->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

static guint16
read_uint16 (const guint8 *data)
{
  return (guint16)(data[0] << 8 | data[1]);
}

static void
append_uint16 (GByteArray *array, guint16 value)
{
  guint8 bytes[2] = { value >> 8, value & 0xff };

  g_byte_array_append (array, bytes, sizeof bytes);
}

/* A byte that no host name has becomes one that no name of ours has either. */
static char
name_char (guint8 byte)
{
  return g_ascii_isalnum (byte) || byte == '-' || byte == '_' ? g_ascii_tolower (byte) : '?';
}

static gboolean
parse_name (const guint8 *data, gsize length, Question *question)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gsize at = HEADER_LENGTH;

  while (at < length && data[at] != 0) {
    gsize label = data[at++];

    /* Above that it is a pointer, which a first name cannot have anywhere to point to. */
    if (label > LABEL_LIMIT || label >= length - at || name->len + label + 2 > NAME_LIMIT)
      return FALSE;
    if (name->len > 0)
      g_string_append_c (name, '.');
    for (gsize i = 0; i < label; i++)
      g_string_append_c (name, name_char (data[at + i]));
    at += label;
  }
  question->name = g_string_free (g_steal_pointer (&name), FALSE);
  question->end = at + 1;
  return at < length;
}

static gboolean
parse_question (const guint8 *data, gsize length, Question *question)
{
  if (!parse_name (data, length, question) || length - question->end < 4)
    return FALSE;
  question->type = read_uint16 (data + question->end);
  question->class = read_uint16 (data + question->end + 2);
  question->end += 4;
  return TRUE;
}

static void
append_address (GByteArray *answer, const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  append_uint16 (answer, 0xc000 | HEADER_LENGTH);
  append_uint16 (answer, TYPE_A);
  append_uint16 (answer, CLASS_IN);
  append_uint16 (answer, 0);
  append_uint16 (answer, TTL_SECONDS);
  append_uint16 (answer, g_inet_address_get_native_size (address));
  g_byte_array_append (answer, g_inet_address_to_bytes (address),
                       g_inet_address_get_native_size (address));
}

/* @addresses (nullable). The first is another one for each query, whose number is chosen by chance:
 * clients take the first. */
static GBytes *
make_answer (const guint8 *query, const Question *question, Rcode rcode, GStrv addresses)
{
  GByteArray *answer = g_byte_array_new ();
  guint16 flags = read_uint16 (query + 2) & (OPCODE_MASK | FLAG_RECURSION_DESIRED);
  guint n_addresses = addresses ? g_strv_length (addresses) : 0;
  guint n_answers = MIN (n_addresses, ADDRESS_LIMIT);

  g_byte_array_append (answer, query, 2);
  append_uint16 (answer, FLAG_RESPONSE | FLAG_RECURSION_AVAILABLE | flags | rcode);
  append_uint16 (answer, question ? 1 : 0);
  append_uint16 (answer, n_answers);
  append_uint16 (answer, 0);
  append_uint16 (answer, 0);
  if (question)
    g_byte_array_append (answer, query + HEADER_LENGTH, question->end - HEADER_LENGTH);
  for (guint i = 0; i < n_answers; i++)
    append_address (answer, addresses[(read_uint16 (query) + i) % n_addresses]);
  return g_byte_array_free_to_bytes (answer);
}

/**
 * practice_dns_message_answer:
 * @query: a DNS message, RFC 1035
 * @length: bytes of @query
 * @look_up: (scope call): says which addresses a name has
 * @user_data: data of @look_up
 *
 * Answers as a resolver with recursion does: a name that @look_up knows has A records and none
 * of another type, any other does not exist. Extensions of the query (EDNS) are passed over, which
 * RFC 6891 allows.
 *
 * Returns: (transfer full) (nullable): the message to send back, of at most 512 bytes; %NULL where
 * @query is not one to answer
 */
GBytes *
practice_dns_message_answer (const guint8 *query,
                             gsize length,
                             PracticeLookUpFunc look_up,
                             gpointer user_data)
{
  g_auto (Question) question = { 0 };
  g_auto (GStrv) found = NULL;
  gboolean wants_address;

  g_return_val_if_fail (query != NULL || length == 0, NULL);

  if (length < HEADER_LENGTH || (query[2] & (FLAG_RESPONSE >> 8)))
    return NULL;
  if (read_uint16 (query + 2) & OPCODE_MASK)
    return make_answer (query, NULL, RCODE_NOT_IMPLEMENTED, NULL);
  if (read_uint16 (query + 4) != 1 || !parse_question (query, length, &question))
    return NULL;
  if (question.class != CLASS_IN && question.class != CLASS_ANY)
    return make_answer (query, &question, RCODE_REFUSED, NULL);

  found = look_up (question.name, user_data);
  if (!found)
    return make_answer (query, &question, RCODE_NAME_ERROR, NULL);
  wants_address = question.type == TYPE_A || question.type == TYPE_ANY;
  return make_answer (query, &question, RCODE_NO_ERROR, wants_address ? found : NULL);
}
