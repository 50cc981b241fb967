/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-section-items.h"

#include "session-fall.h"

struct _LabSectionItems {
  GObject parent_instance;

  SessionLab *lab;
  CourseSection *section;
  GPtrArray *all;      /* of LabBlockItem */
  char *known;         /* (nullable): what they know of the place, told from all else */
  guint fallen_source; /* 0: nothing is to be told */
};

G_DEFINE_FINAL_TYPE (LabSectionItems, lab_section_items, G_TYPE_OBJECT)

enum {
  DONE,
  FALLEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
is_done (LabSectionItems *self, guint index)
{
  return session_step_get_done (lab_block_item_get_step (lab_section_items_get (self, index)));
}

static gboolean
has_fallen (LabSectionItems *self, guint index)
{
  SessionStep *step = lab_block_item_get_step (lab_section_items_get (self, index));

  return step != NULL && session_step_get_n_fallen (step) > 0;
}

static gboolean
is_to_be_done (LabSectionItems *self, guint index)
{
  return lab_section_items_is_runnable (self, index) && !is_done (self, index);
}

/* From where on what is no longer so is to be run again: the step that has made it; where none has,
 * and none that is not done yet could, the first one. Where that is of another section, nothing
 * here mends it. G_MAXUINT: none is. */
static guint
find_mend (LabSectionItems *self)
{
  g_autoptr (GPtrArray) menders = session_fall_list_menders (self->lab, self->section);
  guint index = G_MAXUINT;

  for (guint i = 0; i < menders->len; i++)
    if (lab_section_items_find_step (self, g_ptr_array_index (menders, i), &index))
      return index;
  if (menders->len > 0)
    return G_MAXUINT;
  for (guint i = 0; i < self->all->len; i++) {
    if (is_to_be_done (self, i))
      return G_MAXUINT;
    if (index == G_MAXUINT && has_fallen (self, i))
      index = i;
  }
  return index;
}

/* @mend: as find_mend() has found it */
static gboolean
is_left (LabSectionItems *self, guint index, guint mend)
{
  return is_to_be_done (self, index) ||
         (index >= mend && lab_section_items_is_runnable (self, index) && has_fallen (self, index));
}

static void
done_cb (LabSectionItems *self)
{
  g_signal_emit (self, signals[DONE], 0);
}

static gboolean
tell_fallen_cb (gpointer data)
{
  LabSectionItems *self = LAB_SECTION_ITEMS (data);

  self->fallen_source = 0;
  g_signal_emit (self, signals[FALLEN], 0);

  return G_SOURCE_REMOVE;
}

/* Where a cluster is made anew thousands may fall, one after the other: that is told once. */
static void
fallen_cb (LabSectionItems *self)
{
  if (self->fallen_source == 0)
    self->fallen_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, tell_fallen_cb, self, NULL);
}

static void
add (LabSectionItems *self, LabBlockType type, const CourseBlock *block)
{
  SessionStep *step = NULL;

  if (block != NULL && block->type == COURSE_BLOCK_STEP) {
    step = session_lab_get_step (self->lab, self->section, block->step);
    g_signal_connect_object (step, "notify::done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (step, "notify::n-fallen", G_CALLBACK (fallen_cb), self,
                             G_CONNECT_SWAPPED);
  }
  g_ptr_array_add (self->all, lab_block_item_new (type, self->section, block, step));
}

static void
lab_section_items_finalize (GObject *object)
{
  LabSectionItems *self = LAB_SECTION_ITEMS (object);

  g_clear_handle_id (&self->fallen_source, g_source_remove);
  g_clear_pointer (&self->all, g_ptr_array_unref);
  g_clear_pointer (&self->known, g_free);
  g_clear_object (&self->section);
  g_clear_object (&self->lab);

  G_OBJECT_CLASS (lab_section_items_parent_class)->finalize (object);
}

static void
lab_section_items_class_init (LabSectionItemsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lab_section_items_finalize;

  signals[DONE] = g_signal_new ("done", LAB_TYPE_SECTION_ITEMS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[FALLEN] = g_signal_new ("fallen", LAB_TYPE_SECTION_ITEMS, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
lab_section_items_init (LabSectionItems *self)
{
  self->all = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * lab_section_items_new:
 * @lab: whose steps are live
 * @section: what is to be shown
 * @has_next: whether to offer the way on at its end
 *
 * Returns: (transfer full): the header, a row for each block, and the way on
 */
LabSectionItems *
lab_section_items_new (SessionLab *lab, CourseSection *section, gboolean has_next)
{
  LabSectionItems *self;
  GPtrArray *blocks;

  g_return_val_if_fail (SESSION_IS_LAB (lab), NULL);
  g_return_val_if_fail (COURSE_IS_SECTION (section), NULL);

  self = g_object_new (LAB_TYPE_SECTION_ITEMS, NULL);
  self->lab = g_object_ref (lab);
  self->section = g_object_ref (section);
  add (self, LAB_BLOCK_HEADER, NULL);
  blocks = course_section_get_blocks (section);
  for (guint i = 0; i < blocks->len; i++)
    add (self, LAB_BLOCK_CONTENT, g_ptr_array_index (blocks, i));
  if (has_next)
    add (self, LAB_BLOCK_FOOTER, NULL);
  lab_section_items_update_facts (self);
  lab_section_items_mark_current (self);

  return self;
}

/**
 * lab_section_items_get_all:
 * @self: the rows
 *
 * Returns: (transfer none) (element-type LabBlockItem): all of them, which never changes
 */
GPtrArray *
lab_section_items_get_all (LabSectionItems *self)
{
  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), NULL);

  return self->all;
}

/**
 * lab_section_items_get_length:
 * @self: the rows
 *
 * Returns: how many there are
 */
guint
lab_section_items_get_length (LabSectionItems *self)
{
  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), 0);

  return self->all->len;
}

/**
 * lab_section_items_get:
 * @self: the rows
 * @index: of one of them
 *
 * Returns: (transfer none): the row
 */
LabBlockItem *
lab_section_items_get (LabSectionItems *self, guint index)
{
  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), NULL);
  g_return_val_if_fail (index < self->all->len, NULL);

  return g_ptr_array_index (self->all, index);
}

/**
 * lab_section_items_is_runnable:
 * @self: the rows
 * @index: of one of them
 *
 * Returns: whether it is a step that the terminal can be given
 */
gboolean
lab_section_items_is_runnable (LabSectionItems *self, guint index)
{
  SessionStep *step;

  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), FALSE);
  g_return_val_if_fail (index < self->all->len, FALSE);

  step = lab_block_item_get_step (lab_section_items_get (self, index));
  return step != NULL && course_step_get_runnable (session_step_get_step (step));
}

/**
 * lab_section_items_has_done:
 * @self: the rows
 *
 * Returns: whether the reader has begun: a step is done
 */
gboolean
lab_section_items_has_done (LabSectionItems *self)
{
  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), FALSE);

  for (guint i = 0; i < self->all->len; i++) {
    if (lab_section_items_is_runnable (self, i) && is_done (self, i))
      return TRUE;
  }

  return FALSE;
}

/**
 * lab_section_items_find:
 * @self: the rows
 * @item: (nullable): a row, of these or of others
 * @index: (out): where it is; left alone where it is not
 *
 * Returns: whether it is one of them
 */
gboolean
lab_section_items_find (LabSectionItems *self, LabBlockItem *item, guint *index)
{
  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), FALSE);

  return item != NULL && g_ptr_array_find (self->all, item, index);
}

/**
 * lab_section_items_find_left:
 * @self: the rows
 * @index: (out): where the first step is that is not done, or is no longer so and is to be run
 *   again; left alone where there is none
 *
 * Returns: whether there is one
 */
gboolean
lab_section_items_find_left (LabSectionItems *self, guint *index)
{
  guint mend;

  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), FALSE);
  g_return_val_if_fail (index != NULL, FALSE);

  mend = find_mend (self);
  for (guint i = 0; i < self->all->len; i++) {
    if (is_left (self, i, mend)) {
      *index = i;
      return TRUE;
    }
  }

  return FALSE;
}

/**
 * lab_section_items_find_current:
 * @self: the rows
 * @index: (out): where the step is that was marked last; left alone where none was
 *
 * Returns: whether there is one
 */
gboolean
lab_section_items_find_current (LabSectionItems *self, guint *index)
{
  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), FALSE);
  g_return_val_if_fail (index != NULL, FALSE);

  for (guint i = 0; i < self->all->len; i++) {
    if (lab_block_item_get_current (lab_section_items_get (self, i))) {
      *index = i;
      return TRUE;
    }
  }

  return FALSE;
}

/**
 * lab_section_items_find_step:
 * @self: the rows
 * @step: a step, of this section or of another
 * @index: (out): where it is; left alone where it is not
 *
 * Returns: whether it is in one of them
 */
gboolean
lab_section_items_find_step (LabSectionItems *self, SessionStep *step, guint *index)
{
  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), FALSE);
  g_return_val_if_fail (SESSION_IS_STEP (step), FALSE);
  g_return_val_if_fail (index != NULL, FALSE);

  for (guint i = 0; i < self->all->len; i++) {
    if (lab_block_item_get_step (lab_section_items_get (self, i)) == step) {
      *index = i;
      return TRUE;
    }
  }

  return FALSE;
}

/* Whether the rows show the same thing, before and after the course was written anew. */
static gboolean
is_same (LabBlockItem *a, LabBlockItem *b)
{
  const CourseBlock *block_a = lab_block_item_get_block (a);
  const CourseBlock *block_b = lab_block_item_get_block (b);

  if (block_a == NULL || block_b == NULL)
    return lab_block_item_get_block_type (a) == lab_block_item_get_block_type (b);
  if (block_a->type != block_b->type)
    return FALSE;
  if (block_a->type == COURSE_BLOCK_STEP)
    return g_str_equal (course_step_get_id (block_a->step), course_step_get_id (block_b->step));

  return g_strcmp0 (block_a->text, block_b->text) == 0;
}

/**
 * lab_section_items_find_same:
 * @self: the rows
 * @old: a row of the section before it was written anew
 * @index: where that was
 *
 * Returns: the row that is what @old was, nearest to where that stood; else the one there
 */
guint
lab_section_items_find_same (LabSectionItems *self, LabBlockItem *old, guint index)
{
  guint n;

  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), 0);
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (old), 0);

  n = self->all->len;
  for (guint distance = 0; distance < MAX (n, index + 1); distance++) {
    if (index + distance < n && is_same (old, lab_section_items_get (self, index + distance)))
      return index + distance;
    if (distance <= index && index - distance < n &&
        is_same (old, lab_section_items_get (self, index - distance)))
      return index - distance;
  }

  return MIN (index, n - 1);
}

/**
 * lab_section_items_mark_current:
 * @self: the rows
 *
 * Marks the step that lab_section_items_find_left() finds, and no other.
 */
void
lab_section_items_mark_current (LabSectionItems *self)
{
  guint current = G_MAXUINT;

  g_return_if_fail (LAB_IS_SECTION_ITEMS (self));

  lab_section_items_find_left (self, &current);
  for (guint i = 0; i < self->all->len; i++)
    lab_block_item_set_current (lab_section_items_get (self, i), i == current);
}

/**
 * lab_section_items_mark_found:
 * @self: the rows
 * @index: of what was searched for
 *
 * Marks it, and no other.
 */
void
lab_section_items_mark_found (LabSectionItems *self, guint index)
{
  g_return_if_fail (LAB_IS_SECTION_ITEMS (self));

  for (guint i = 0; i < self->all->len; i++)
    lab_block_item_set_found (lab_section_items_get (self, i), i == index);
}

static char *
dup_known (const CourseFacts *facts)
{
  const char *const all[] = { facts->kubernetes, facts->istio, facts->place,
                              facts->jumpserver, facts->user,  facts->student };
  g_autoptr (GString) known = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_string_append_printf (known, "%s\n", all[i] != NULL ? all[i] : "");
  for (gsize i = 0; facts->apis != NULL && facts->apis[i] != NULL; i++)
    g_string_append_printf (known, "%s\n", facts->apis[i]);
  for (gsize i = 0; facts->addresses != NULL && facts->addresses[i] != NULL; i++)
    g_string_append_printf (known, "%s\n", facts->addresses[i]);

  return g_string_free (g_steal_pointer (&known), FALSE);
}

/**
 * lab_section_items_update_facts:
 * @self: the rows
 *
 * To be called when more may be known of the cluster: shows the forms of the steps that fit it.
 * What is known already costs nothing: thousands of steps would hold a frame up each time.
 */
void
lab_section_items_update_facts (LabSectionItems *self)
{
  CourseFacts facts = { 0 };
  g_autofree char *known = NULL;

  g_return_if_fail (LAB_IS_SECTION_ITEMS (self));

  session_lab_get_facts (self->lab, &facts);
  known = dup_known (&facts);
  if (g_strcmp0 (known, self->known) == 0)
    return;
  g_free (self->known);
  self->known = g_steal_pointer (&known);
  for (guint i = 0; i < self->all->len; i++)
    lab_block_item_set_facts (lab_section_items_get (self, i), &facts);
}

/**
 * lab_section_items_dup_left:
 * @self: the rows
 *
 * Returns: (transfer full) (element-type LabBlockItem): the rows of the steps that are not done, or
 *   are no longer so and are to be run again
 */
GPtrArray *
lab_section_items_dup_left (LabSectionItems *self)
{
  GPtrArray *left = g_ptr_array_new_with_free_func (g_object_unref);
  guint mend;

  g_return_val_if_fail (LAB_IS_SECTION_ITEMS (self), left);

  mend = find_mend (self);
  for (guint i = 0; i < self->all->len; i++) {
    if (is_left (self, i, mend))
      g_ptr_array_add (left, g_object_ref (lab_section_items_get (self, i)));
  }

  return left;
}
