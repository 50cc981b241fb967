/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-archive.h"

#include <string.h>

#define BLOCK 512
#define NAME_LENGTH 100
#define PREFIX_LENGTH 155

struct _PracticeArchive {
  GByteArray *data;
};

/* A header of the "ustar" format (POSIX.1-2008, pax). */
typedef struct {
  char name[NAME_LENGTH];
  char mode[8];
  char uid[8];
  char gid[8];
  char size[12];
  char mtime[12];
  char checksum[8];
  char type;
  char link[100];
  char magic[6];
  char version[2];
  char user[32];
  char group[32];
  char major[8];
  char minor[8];
  char prefix[PREFIX_LENGTH];
  char padding[12];
} Header;

G_STATIC_ASSERT (sizeof (Header) == BLOCK);

/* A name that does not fit is divided at a slash. */
static gboolean
set_name (Header *header, const char *name, GError **error)
{
  gsize length = strlen (name);
  const char *slash;

  if (length <= NAME_LENGTH) {
    memcpy (header->name, name, length);
    return TRUE;
  }
  slash = strchr (name + length - NAME_LENGTH - 1, '/');
  if (slash == NULL || slash - name > PREFIX_LENGTH) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG, "%s: %s", name,
                 g_strerror (ENAMETOOLONG));
    return FALSE;
  }
  memcpy (header->prefix, name, slash - name);
  memcpy (header->name, slash + 1, strlen (slash + 1));

  return TRUE;
}

static gboolean
add_header (
  PracticeArchive *self, const char *name, char type, guint mode, gsize size, GError **error)
{
  Header header = { .type = type, .magic = "ustar", .version = { '0', '0' } };
  guint sum = 0;

  if (!set_name (&header, name, error))
    return FALSE;
  g_snprintf (header.mode, sizeof header.mode, "%07o", mode);
  g_snprintf (header.uid, sizeof header.uid, "%07o", 0);
  g_snprintf (header.gid, sizeof header.gid, "%07o", 0);
  g_snprintf (header.size, sizeof header.size, "%011lo", (gulong)size);
  g_snprintf (header.mtime, sizeof header.mtime, "%011lo",
              (gulong)(g_get_real_time () / G_USEC_PER_SEC));
  /* It is summed up as if it were spaces itself. */
  memset (header.checksum, ' ', sizeof header.checksum);
  for (guint i = 0; i < sizeof header; i++)
    sum += ((const guint8 *)&header)[i];
  g_snprintf (header.checksum, sizeof header.checksum, "%06o", sum);
  g_byte_array_append (self->data, (const guint8 *)&header, sizeof header);

  return TRUE;
}

/**
 * practice_archive_new:
 *
 * Returns: (transfer full): an archive without files
 */
PracticeArchive *
practice_archive_new (void)
{
  PracticeArchive *self = g_new0 (PracticeArchive, 1);

  self->data = g_byte_array_new ();

  return self;
}

/**
 * practice_archive_free:
 * @self: (transfer full): an archive
 *
 * Frees @self.
 */
void
practice_archive_free (PracticeArchive *self)
{
  g_byte_array_unref (self->data);
  g_free (self);
}

/**
 * practice_archive_add_file:
 * @self: an archive
 * @resource: where @file is
 * @file: path of a file
 * @name: its name in the archive; one in a folder "bin" is a program
 * @error: return location
 *
 * Returns: whether it was added
 */
gboolean
practice_archive_add_file (
  PracticeArchive *self, GResource *resource, const char *file, const char *name, GError **error)
{
  static const guint8 zeros[BLOCK];
  gboolean is_program = strstr (file, "/bin/") != NULL;
  g_autoptr (GBytes) bytes =
    g_resource_lookup_data (resource, file, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  gsize size;

  if (bytes == NULL)
    return FALSE;
  size = g_bytes_get_size (bytes);
  if (!add_header (self, name, '0', is_program ? 0755 : 0644, size, error))
    return FALSE;
  g_byte_array_append (self->data, g_bytes_get_data (bytes, NULL), size);
  if (size % BLOCK > 0)
    g_byte_array_append (self->data, zeros, BLOCK - size % BLOCK);

  return TRUE;
}

/**
 * practice_archive_add_folder:
 * @self: an archive
 * @resource: where @folder is
 * @folder: path of a folder, with a slash at its end
 * @name: its name in the archive, likewise
 * @error: return location
 *
 * Adds a folder and all below it.
 *
 * Returns: whether all was added
 */
gboolean
practice_archive_add_folder (
  PracticeArchive *self, GResource *resource, const char *folder, const char *name, GError **error)
{
  g_auto (GStrv) children =
    g_resource_enumerate_children (resource, folder, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (children == NULL || !add_header (self, name, '5', 0755, 0, error))
    return FALSE;
  for (guint i = 0; children[i] != NULL; i++) {
    g_autofree char *from = g_strconcat (folder, children[i], NULL);
    g_autofree char *to = g_strconcat (name, children[i], NULL);

    if (g_str_has_suffix (from, "/")
          ? !practice_archive_add_folder (self, resource, from, to, error)
          : !practice_archive_add_file (self, resource, from, to, error))
      return FALSE;
  }

  return TRUE;
}

/**
 * practice_archive_compress:
 * @self: an archive
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the .tar.gz of what was added
 */
GBytes *
practice_archive_compress (PracticeArchive *self, GError **error)
{
  static const guint8 end[2 * BLOCK];
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GInputStream) plain = NULL;
  g_autoptr (GZlibCompressor) compressor =
    g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1);
  g_autoptr (GInputStream) packed = NULL;
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();

  g_byte_array_append (all, self->data->data, self->data->len);
  g_byte_array_append (all, end, sizeof end);
  plain = g_memory_input_stream_new_from_data (all->data, all->len, NULL);
  packed = g_converter_input_stream_new (plain, G_CONVERTER (compressor));
  if (g_output_stream_splice (output, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}
