/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-wait.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"

#define SECOND_MS G_GINT64_CONSTANT (1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
/* Longer, and the file was not written by us. */
#define MAX_MS (1000 * HOUR_MS)

typedef struct {
  CourseStage stage;
  gint64 ms; /* -1: it was so before */
} Passage;

struct _CourseWait {
  char *says;
  GArray *passages;
};

G_DEFINE_BOXED_TYPE (CourseWait, course_wait, course_wait_copy, course_wait_free)

/**
 * course_wait_new:
 * @says: the sentence of the check, by which it is found again
 *
 * Returns: (transfer full): a wait without stages
 */
CourseWait *
course_wait_new (const char *says)
{
  CourseWait *self = g_new0 (CourseWait, 1);

  self->says = g_strdup (says);
  self->passages = g_array_new (FALSE, FALSE, sizeof (Passage));
  return self;
}

CourseWait *
course_wait_copy (const CourseWait *self)
{
  CourseWait *copy = g_new0 (CourseWait, 1);

  copy->says = g_strdup (self->says);
  copy->passages = g_array_copy (self->passages);
  return copy;
}

void
course_wait_free (CourseWait *self)
{
  g_free (self->says);
  g_array_unref (self->passages);
  g_free (self);
}

/**
 * course_wait_add:
 * @ms: milliseconds from the beginning of the wait until @stage was seen to be so; -1 where it was
 *   so before
 */
void
course_wait_add (CourseWait *self, CourseStage stage, gint64 ms)
{
  Passage passage = { stage, MAX (ms, -1) };

  g_return_if_fail (stage < COURSE_N_STAGES);

  g_array_append_val (self->passages, passage);
}

const char *
course_wait_get_says (const CourseWait *self)
{
  return self->says;
}

guint
course_wait_get_n_stages (const CourseWait *self)
{
  return self->passages->len;
}

CourseStage
course_wait_get_stage (const CourseWait *self, guint index)
{
  g_return_val_if_fail (index < self->passages->len, COURSE_N_STAGES);

  return g_array_index (self->passages, Passage, index).stage;
}

/**
 * course_wait_get_ms:
 *
 * Returns: as of course_wait_add()
 */
gint64
course_wait_get_ms (const CourseWait *self, guint index)
{
  g_return_val_if_fail (index < self->passages->len, -1);

  return g_array_index (self->passages, Passage, index).ms;
}

/**
 * course_wait_dup_time:
 * @ms: a time in milliseconds
 *
 * Returns: (transfer full): the same for readers: "<0.1 s", "2.4 s", "12 s", "2 min 5 s", "1 h 10
 * min"
 */
char *
course_wait_dup_time (gint64 ms)
{
  ms = CLAMP (ms, 0, MAX_MS);
  if (ms < SECOND_MS / 10)
    /* Translators: less than a tenth of a second, with the unit's symbol */
    return g_strdup (_ ("<0.1 s"));
  if (ms < 10 * SECOND_MS - 50)
    /* Translators: seconds, with the unit's symbol */
    return g_strdup_printf (_ ("%.1f s"), (double)ms / SECOND_MS);
  ms += SECOND_MS / 2;
  if (ms < MINUTE_MS)
    /* Translators: a number of seconds, with the unit's symbol */
    return g_strdup_printf (_ ("%d s"), (int)(ms / SECOND_MS));
  if (ms < HOUR_MS)
    /* Translators: minutes and seconds, with the units' symbols */
    return g_strdup_printf (_ ("%d min %d s"), (int)(ms / MINUTE_MS),
                            (int)(ms % MINUTE_MS / SECOND_MS));

  /* Translators: hours and minutes, with the units' symbols */
  return g_strdup_printf (_ ("%d h %d min"), (int)(ms / HOUR_MS), (int)(ms % HOUR_MS / MINUTE_MS));
}

/**
 * course_wait_dup_text:
 *
 * Returns: (transfer full): the stages in a line, each with its time where it was waited for, such
 *   as "Service, Host name 12 s, DNS 31 s"
 */
char *
course_wait_dup_text (const CourseWait *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->passages->len; i++) {
    const Passage *passage = &g_array_index (self->passages, Passage, i);

    if (i > 0)
      /* Translators: stands between the parts of a list */
      g_string_append (text, C_ ("list", ", "));
    g_string_append (text, course_stage_get_label (passage->stage));
    if (passage->ms >= 0) {
      g_autofree char *time = course_wait_dup_time (passage->ms);

      g_string_append_printf (text, " %s", time);
    }
  }
  return g_strdup (text->str);
}

/**
 * course_wait_dup_total:
 *
 * Returns: (transfer full) (nullable): after what time all was so; %NULL where that was not waited
 *   for
 */
char *
course_wait_dup_total (const CourseWait *self)
{
  gint64 ms = -1;

  if (self->passages->len > 0)
    ms = g_array_index (self->passages, Passage, self->passages->len - 1).ms;
  return ms >= 0 ? course_wait_dup_time (ms) : NULL;
}

/**
 * course_waits_new:
 *
 * Returns: (transfer full) (element-type CourseWait): the waits of a step, none yet
 */
GPtrArray *
course_waits_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)course_wait_free);
}

/**
 * course_waits_find:
 * @waits: (nullable) (element-type CourseWait): of a step
 * @says: the sentence of a check
 *
 * Returns: (nullable) (transfer none): the wait for that check
 */
const CourseWait *
course_waits_find (GPtrArray *waits, const char *says)
{
  for (guint i = 0; waits != NULL && i < waits->len; i++) {
    const CourseWait *wait = g_ptr_array_index (waits, i);

    if (g_strcmp0 (wait->says, says) == 0)
      return wait;
  }
  return NULL;
}

/**
 * course_waits_to_json:
 * @waits: (element-type CourseWait): of a step
 *
 * Returns: (transfer full): `[{"check": SAYS, "stages": [{"stage": ID, "ms": NUMBER}]}]`; a stage
 *   that was so before has no "ms"
 */
JsonNode *
course_waits_to_json (GPtrArray *waits)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < waits->len; i++) {
    const CourseWait *wait = g_ptr_array_index (waits, i);

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "check");
    json_builder_add_string_value (builder, wait->says);
    json_builder_set_member_name (builder, "stages");
    json_builder_begin_array (builder);
    for (guint j = 0; j < wait->passages->len; j++) {
      const Passage *passage = &g_array_index (wait->passages, Passage, j);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "stage");
      json_builder_add_string_value (builder, course_stage_get_id (passage->stage));
      if (passage->ms >= 0) {
        json_builder_set_member_name (builder, "ms");
        json_builder_add_int_value (builder, passage->ms);
      }
      json_builder_end_object (builder);
    }
    json_builder_end_array (builder);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  return json_builder_get_root (builder);
}

/* (nullable): where it is not what was once written */
static CourseWait *
read_wait (JsonNode *json)
{
  const char *says = base_json_get_string (json, "check", NULL);
  JsonArray *stages = base_json_get_array (json, "stages", NULL);
  g_autoptr (CourseWait) self = NULL;

  if (says == NULL || stages == NULL || json_array_get_length (stages) > COURSE_N_STAGES)
    return NULL;
  self = course_wait_new (says);
  for (guint i = 0; i < json_array_get_length (stages); i++) {
    JsonNode *node = json_array_get_element (stages, i);
    gint64 ms = base_json_get_int (node, -1, "ms", NULL);
    CourseStage stage;

    if (!course_stage_find (base_json_get_string (node, "stage", NULL), &stage) || ms > MAX_MS)
      return NULL;
    course_wait_add (self, stage, ms);
  }
  return g_steal_pointer (&self);
}

/**
 * course_waits_new_from_json:
 * @json: (nullable): what course_waits_to_json() has made
 *
 * Returns: (transfer full) (nullable) (element-type CourseWait): the waits of a step, but for those
 *   that cannot be read; %NULL where there are none
 */
GPtrArray *
course_waits_new_from_json (JsonNode *json)
{
  JsonArray *array = base_json_get_array (json, NULL);
  g_autoptr (GPtrArray) waits = course_waits_new ();

  for (guint i = 0; i < base_json_get_length (array); i++) {
    CourseWait *wait = read_wait (json_array_get_element (array, i));

    if (wait != NULL)
      g_ptr_array_add (waits, wait);
  }
  return waits->len > 0 ? g_steal_pointer (&waits) : NULL;
}
