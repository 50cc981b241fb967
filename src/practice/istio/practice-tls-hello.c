/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-tls-hello.h"

#include <string.h>

#define HANDSHAKE_RECORD 22
#define CLIENT_HELLO 1
#define VERSION_AND_RANDOM 34
#define SERVER_NAME 0
#define HOST_NAME 0

/* What is left to read. */
typedef struct {
  const guint8 *data;
  gsize length;
} Reader;

/* FALSE: there is less. */
static gboolean
read_number (Reader *self, guint n_bytes, gsize *number)
{
  if (self->length < n_bytes)
    return FALSE;
  *number = 0;
  for (guint i = 0; i < n_bytes; i++)
    *number = *number << 8 | self->data[i];
  self->data += n_bytes;
  self->length -= n_bytes;
  return TRUE;
}

/* A part whose length stands before it. */
static gboolean
read_part (Reader *self, guint n_bytes, Reader *part)
{
  gsize length;

  if (!read_number (self, n_bytes, &length) || self->length < length)
    return FALSE;
  part->data = self->data;
  part->length = length;
  self->data += length;
  self->length -= length;
  return TRUE;
}

/* What could not be a name in DNS is none. */
static char *
dup_name (const Reader *name)
{
  for (gsize i = 0; i < name->length; i++)
    if (!g_ascii_isalnum (name->data[i]) && memchr ("-._", name->data[i], 3) == NULL)
      return NULL;

  return name->length > 0 ? g_ascii_strdown ((const char *)name->data, (gssize)name->length) : NULL;
}

/* (nullable): the first host of a server_name extension. */
static char *
dup_host (Reader extension)
{
  Reader list, name;
  gsize type;

  if (!read_part (&extension, 2, &list))
    return NULL;
  while (read_number (&list, 1, &type) && read_part (&list, 2, &name))
    if (type == HOST_NAME)
      return dup_name (&name);

  return NULL;
}

/* (nullable): of the body of a ClientHello (RFC 8446, 4.1.2). */
static char *
find_name (Reader hello)
{
  Reader session, ciphers, compressions, extensions, extension;
  gsize type;

  if (hello.length < VERSION_AND_RANDOM)
    return NULL;
  hello.data += VERSION_AND_RANDOM;
  hello.length -= VERSION_AND_RANDOM;
  if (!read_part (&hello, 1, &session) || !read_part (&hello, 2, &ciphers) ||
      !read_part (&hello, 1, &compressions) || !read_part (&hello, 2, &extensions))
    return NULL;
  while (read_number (&extensions, 2, &type) && read_part (&extensions, 2, &extension))
    if (type == SERVER_NAME)
      return dup_host (extension);

  return NULL;
}

/**
 * practice_tls_hello_read:
 * @data: what a client has sent so far
 * @length: how much that is
 * @name: (out) (transfer full) (nullable): the name, where it says one
 *
 * Looks at the first record of a connection. A ClientHello that is spread over several is taken for
 * one without a name.
 *
 * Returns: what it is
 */
PracticeTlsHello
practice_tls_hello_read (const guint8 *data, gsize length, char **name)
{
  Reader reader = { data, length };
  Reader record, hello;
  gsize type, version;

  *name = NULL;
  if (length > 0 && data[0] != HANDSHAKE_RECORD)
    return PRACTICE_TLS_HELLO_NONE;
  if (length > 1 && data[1] != 3)
    return PRACTICE_TLS_HELLO_NONE;
  if (!read_number (&reader, 1, &type) || !read_number (&reader, 2, &version) ||
      !read_part (&reader, 2, &record))
    return length < PRACTICE_TLS_HELLO_MAX ? PRACTICE_TLS_HELLO_INCOMPLETE
                                           : PRACTICE_TLS_HELLO_NONE;
  if (!read_number (&record, 1, &type) || type != CLIENT_HELLO)
    return PRACTICE_TLS_HELLO_NONE;
  if (read_part (&record, 3, &hello))
    *name = find_name (hello);

  return PRACTICE_TLS_HELLO_READ;
}
