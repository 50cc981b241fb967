/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-cidr.h"

#include <string.h>

static void
clear_host_bits (guint8 *bytes, gsize size, guint length)
{
  for (gsize i = 0; i < size; i++) {
    guint kept = length > i * 8 ? MIN (length - (guint)i * 8, 8) : 0;

    bytes[i] &= (guint8)(0xff << (8 - kept));
  }
}

/**
 * practice_cidr_parse_address:
 * @text: an address
 *
 * Returns: (transfer full) (nullable): the address; %NULL where it is none
 */
GInetAddress *
practice_cidr_parse_address (const char *text)
{
  return strchr (text, '%') == NULL ? g_inet_address_new_from_string (text) : NULL;
}

/**
 * practice_cidr_parse:
 * @text: addresses, as "10.0.0.0/8"
 *
 * Returns: (transfer full) (nullable): the addresses, their first one made of the bits that count;
 *   %NULL where @text is nothing of the kind (https://pkg.go.dev/net#ParseCIDR)
 */
GInetAddressMask *
practice_cidr_parse (const char *text)
{
  const char *slash = strchr (text, '/');
  g_autofree char *first = slash != NULL ? g_strndup (text, (gsize)(slash - text)) : NULL;
  g_autoptr (GInetAddress) address = first != NULL ? practice_cidr_parse_address (first) : NULL;
  g_autoptr (GInetAddress) network = NULL;
  guint8 bytes[16];
  guint64 length;
  gsize size;

  if (address == NULL)
    return NULL;
  size = g_inet_address_get_native_size (address);
  if (!g_ascii_string_to_unsigned (slash + 1, 10, 0, size * 8, &length, NULL))
    return NULL;
  memcpy (bytes, g_inet_address_to_bytes (address), size);
  clear_host_bits (bytes, size, (guint)length);
  network = g_inet_address_new_from_bytes (bytes, g_inet_address_get_family (address));
  return g_inet_address_mask_new (network, (guint)length, NULL);
}
