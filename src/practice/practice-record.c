/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-record.h"

/**
 * practice_record_new:
 * @index: where the record is found by its node, as long as it lives
 * @node: (transfer full): the object
 * @text: (transfer full): its JSON text
 *
 * Returns: (transfer full): a record
 */
PracticeRecord *
practice_record_new (GHashTable *index, JsonNode *node, GBytes *text)
{
  PracticeRecord *self = g_new0 (PracticeRecord, 1);

  g_ref_count_init (&self->count);
  self->index = index;
  self->node = node;
  self->text = text;
  g_hash_table_insert (index, node, self);
  return self;
}

/**
 * practice_record_ref:
 * @self: a record
 *
 * Returns: (transfer full): @self with one more reference
 */
PracticeRecord *
practice_record_ref (PracticeRecord *self)
{
  g_ref_count_inc (&self->count);
  return self;
}

/**
 * practice_record_unref:
 * @self: (transfer full): a record
 *
 * Releases a reference, and frees @self with the last.
 */
void
practice_record_unref (PracticeRecord *self)
{
  if (!g_ref_count_dec (&self->count))
    return;
  g_hash_table_remove (self->index, self->node);
  json_node_unref (self->node);
  g_bytes_unref (self->text);
  g_free (self);
}
