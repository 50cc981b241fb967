/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-answer.h"

#include <string.h>

#include "base-json.h"
#include "practice-status.h"

/**
 * practice_answer_new:
 * @status: the code of HTTP
 *
 * Returns: (transfer full): an answer of JSON with an empty body
 */
PracticeAnswer *
practice_answer_new (guint status)
{
  PracticeAnswer *self = g_new0 (PracticeAnswer, 1);

  self->status = status;
  self->content_type = "application/json";
  self->body = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/**
 * practice_answer_new_node:
 * @status: the code of HTTP
 * @node: the body
 *
 * Returns: (transfer full): an answer with @node as its body
 */
PracticeAnswer *
practice_answer_new_node (guint status, JsonNode *node)
{
  PracticeAnswer *self = practice_answer_new (status);

  practice_answer_take (self, base_json_write_bytes (node));
  return self;
}

/**
 * practice_answer_new_text:
 * @status: the code of HTTP
 * @content_type: (transfer none): its media type, a static string
 * @text: the body
 *
 * Returns: (transfer full): an answer with @text as its body
 */
PracticeAnswer *
practice_answer_new_text (guint status, const char *content_type, const char *text)
{
  PracticeAnswer *self = practice_answer_new (status);

  self->content_type = content_type;
  practice_answer_take (self, g_bytes_new (text, strlen (text)));
  return self;
}

/**
 * practice_answer_new_error:
 * @error: what went wrong
 *
 * Returns: (transfer full): an answer with the Status of @error
 */
PracticeAnswer *
practice_answer_new_error (const GError *error)
{
  g_autoptr (JsonNode) status = practice_status_dup_node (error);

  return practice_answer_new_node (practice_status_get_code (error), status);
}

/**
 * practice_answer_take:
 * @self: an answer
 * @bytes: (transfer full): a piece of the body
 *
 * Adds to the body.
 */
void
practice_answer_take (PracticeAnswer *self, GBytes *bytes)
{
  g_ptr_array_add (self->body, bytes);
}

/**
 * practice_answer_free:
 * @self: (transfer full): an answer
 *
 * Frees @self.
 */
void
practice_answer_free (PracticeAnswer *self)
{
  g_ptr_array_unref (self->body);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}
