/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-redis-protocol.h"

#include <string.h>

/* The protocol of Redis, https://redis.io/docs/reference/protocol-spec/: a command is an array of
 * bulk strings, or, as one types it into telnet, a line of words. The limits are Redis's own for
 * lines, and far below its own for the rest. */

#define MAX_LINE (64 * 1024)
#define MAX_ARGUMENTS 1024
#define MAX_BULK (512 * 1024)

/* Offset behind the line that begins at @start, its length without CR LF in @length; 0: not all
 * there. */
static gsize
find_line (GByteArray *input, gsize start, gsize *length)
{
  const guint8 *end = memchr (input->data + start, '\n', input->len - start);

  if (end == NULL)
    return 0;

  *length = end - (input->data + start);
  if (*length > 0 && input->data[start + *length - 1] == '\r')
    (*length)--;

  return end - input->data + 1;
}

/* A whole number between 0 and @most; -1 where it is none. */
static gint64
parse_count (GByteArray *input, gsize start, gsize length, gint64 most)
{
  g_autofree char *text = g_strndup ((const char *)input->data + start, length);
  char *end;
  gint64 number = g_ascii_strtoll (text, &end, 10);

  return *text != '\0' && *end == '\0' && number >= 0 && number <= most ? number : -1;
}

static GBytes *
new_argument (GByteArray *input, gsize start, gsize length)
{
  return g_bytes_new (input->data + start, length);
}

/* One character behind a backslash within double quotes; moves @position behind it. */
static void
unescape (const char *line, gsize length, gsize *position, GByteArray *word)
{
  static const char names[] = "nrtba";
  static const char values[] = "\n\r\t\b\a";
  char c = line[*position];
  const char *name = strchr (names, c);
  guint8 byte;

  if (c == 'x' && *position + 2 < length && g_ascii_isxdigit (line[*position + 1]) &&
      g_ascii_isxdigit (line[*position + 2])) {
    byte =
      g_ascii_xdigit_value (line[*position + 1]) * 16 + g_ascii_xdigit_value (line[*position + 2]);
    *position += 3;
  } else {
    byte = name != NULL && c != '\0' ? values[name - names] : c;
    *position += 1;
  }
  g_byte_array_append (word, &byte, 1);
}

/* What is between quotes, the first of which is at @position; FALSE: there is no last one, or it is
 * not the end of the word. */
static gboolean
take_quoted (const char *line, gsize length, gsize *position, GByteArray *word)
{
  char quote = line[*position];

  (*position)++;
  while (*position < length && line[*position] != quote) {
    gboolean is_escape = line[*position] == '\\' && *position + 1 < length;

    if (is_escape && quote == '"') {
      (*position)++;
      unescape (line, length, position, word);
    } else {
      *position += is_escape && line[*position + 1] == '\'' ? 1 : 0;
      g_byte_array_append (word, (const guint8 *)line + *position, 1);
      (*position)++;
    }
  }
  if (*position >= length)
    return FALSE;
  (*position)++;

  return *position == length || g_ascii_isspace (line[*position]);
}

/* FALSE: its quotes do not match. */
static gboolean
split_line (const char *line, gsize length, GPtrArray *arguments)
{
  gsize position = 0;

  for (;;) {
    g_autoptr (GByteArray) word = g_byte_array_new ();

    while (position < length && g_ascii_isspace (line[position]))
      position++;
    if (position == length)
      return TRUE;
    while (position < length && !g_ascii_isspace (line[position])) {
      if (line[position] == '"' || line[position] == '\'') {
        if (!take_quoted (line, length, &position, word))
          return FALSE;
      } else {
        g_byte_array_append (word, (const guint8 *)line + position, 1);
        position++;
      }
    }
    g_ptr_array_add (arguments, g_bytes_new (word->data, word->len));
  }
}

/* A line ends at a NUL, such as telnet sends behind a carriage return. */
static PracticeRedisResult
take_inline (GByteArray *input, GPtrArray *arguments, const char **message)
{
  const char *line = (const char *)input->data;
  gsize length;
  gsize next = find_line (input, 0, &length);

  if (next == 0) {
    *message = "ERR Protocol error: too big inline request";
    return input->len > MAX_LINE ? PRACTICE_REDIS_BROKEN : PRACTICE_REDIS_MORE;
  }
  if (!split_line (line, strnlen (line, length), arguments)) {
    *message = "ERR Protocol error: unbalanced quotes in request";
    return PRACTICE_REDIS_BROKEN;
  }
  g_byte_array_remove_range (input, 0, next);

  return PRACTICE_REDIS_COMMAND;
}

static PracticeRedisResult
take_array (GByteArray *input, GPtrArray *arguments, const char **message)
{
  gsize length;
  gsize position = find_line (input, 0, &length);
  gint64 count;

  if (position == 0) {
    *message = "ERR Protocol error: too big mbulk count string";
    return input->len > MAX_LINE ? PRACTICE_REDIS_BROKEN : PRACTICE_REDIS_MORE;
  }
  count = parse_count (input, 1, length - 1, MAX_ARGUMENTS);
  if (count < 0) {
    *message = "ERR Protocol error: invalid multibulk length";
    return PRACTICE_REDIS_BROKEN;
  }

  for (gint64 i = 0; i < count; i++) {
    gsize start = position;
    gint64 bulk;

    if (start >= input->len)
      return PRACTICE_REDIS_MORE;
    if (input->data[start] != '$') {
      *message = "ERR Protocol error: expected '$'";
      return PRACTICE_REDIS_BROKEN;
    }
    position = find_line (input, start, &length);
    if (position == 0) {
      *message = "ERR Protocol error: too big bulk count string";
      return input->len - start > MAX_LINE ? PRACTICE_REDIS_BROKEN : PRACTICE_REDIS_MORE;
    }
    bulk = parse_count (input, start + 1, length - 1, MAX_BULK);
    if (bulk < 0) {
      *message = "ERR Protocol error: invalid bulk length";
      return PRACTICE_REDIS_BROKEN;
    }
    if (input->len - position < (gsize)bulk + 2)
      return PRACTICE_REDIS_MORE;
    g_ptr_array_add (arguments, new_argument (input, position, bulk));
    position += bulk + 2;
  }
  g_byte_array_remove_range (input, 0, position);

  return PRACTICE_REDIS_COMMAND;
}

/**
 * practice_redis_protocol_take:
 * @input: what has arrived; a whole command is taken from its start
 * @arguments: (out) (transfer full) (element-type GBytes): the words of the command, none for an
 * empty line
 * @message: (out) (transfer none): for %PRACTICE_REDIS_BROKEN, what to answer
 *
 * Returns: whether there was a command
 */
PracticeRedisResult
practice_redis_protocol_take (GByteArray *input, GPtrArray **arguments, const char **message)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  PracticeRedisResult result;

  g_return_val_if_fail (input != NULL, PRACTICE_REDIS_BROKEN);

  if (input->len == 0)
    return PRACTICE_REDIS_MORE;

  result = input->data[0] == '*' ? take_array (input, words, message)
                                 : take_inline (input, words, message);
  if (result == PRACTICE_REDIS_COMMAND)
    *arguments = g_steal_pointer (&words);

  return result;
}
