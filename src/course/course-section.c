/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-section-private.h"
#include "course-step-private.h"

G_DEFINE_FINAL_TYPE (CourseSection, course_section, G_TYPE_OBJECT)

static void
course_block_free (gpointer data)
{
  CourseBlock *block = data;

  g_free (block->marker);
  g_free (block->markup);
  g_free (block->text);
  g_free (block->language);
  g_free (block->path);
  g_clear_object (&block->step);
  g_free (block);
}

static void
course_section_finalize (GObject *object)
{
  CourseSection *self = COURSE_SECTION (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->group, g_free);
  g_clear_pointer (&self->panel, g_free);
  g_clear_pointer (&self->objectives, g_strfreev);
  g_clear_pointer (&self->shell, g_strfreev);
  g_clear_pointer (&self->needs, g_strfreev);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_clear_pointer (&self->steps, g_ptr_array_unref);

  G_OBJECT_CLASS (course_section_parent_class)->finalize (object);
}

static void
course_section_class_init (CourseSectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = course_section_finalize;
}

static void
course_section_init (CourseSection *self)
{
  self->objectives = g_new0 (char *, 1);
  self->shell = g_new0 (char *, 1);
  self->needs = g_new0 (char *, 1);
  self->blocks = g_ptr_array_new_with_free_func (course_block_free);
  self->steps = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * course_section_new:
 * @id: its id, unique in the course
 * @title: its title
 *
 * Returns: (transfer full): a section with nothing in it yet
 */
CourseSection *
course_section_new (const char *id, const char *title)
{
  CourseSection *self = g_object_new (COURSE_TYPE_SECTION, NULL);

  self->id = g_strdup (id);
  self->title = g_strdup (title);
  return self;
}

/**
 * course_section_add_block:
 * @self: a section
 * @type: what kind of block
 *
 * Returns: (transfer none): a block at the end of the section, for the caller to fill
 */
CourseBlock *
course_section_add_block (CourseSection *self, CourseBlockType type)
{
  CourseBlock *block = g_new0 (CourseBlock, 1);

  block->type = type;
  g_ptr_array_add (self->blocks, block);
  return block;
}

/**
 * course_section_add_step:
 * @self: a section
 * @step: (transfer none): a step
 *
 * Puts @step at the end of the section; one that runs gets its number.
 */
void
course_section_add_step (CourseSection *self, CourseStep *step)
{
  CourseBlock *block = course_section_add_block (self, COURSE_BLOCK_STEP);

  block->step = g_object_ref (step);
  if (step->runnable) {
    g_ptr_array_add (self->steps, g_object_ref (step));
    step->number = self->steps->len;
  }
}

/**
 * course_section_get_id:
 * @self: a section
 *
 * Returns: its id, unique in the course
 */
const char *
course_section_get_id (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return self->id;
}

/**
 * course_section_get_title:
 * @self: a section
 *
 * Returns: its title
 */
const char *
course_section_get_title (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return self->title;
}

/**
 * course_section_get_group:
 * @self: a section
 *
 * Returns: (nullable): the heading that it stands under with its neighbours
 */
const char *
course_section_get_group (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return self->group;
}

/**
 * course_section_get_panel:
 * @self: a section
 *
 * Returns: (nullable): the panel to show beside it, for example "services" or "traffic"
 */
const char *
course_section_get_panel (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return self->panel;
}

/**
 * course_section_get_minutes:
 * @self: a section
 *
 * Returns: how long it takes; 0 where the course does not say
 */
guint
course_section_get_minutes (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), 0);
  return self->minutes;
}

/**
 * course_section_get_objectives:
 * @self: a section
 *
 * Returns: what it teaches, %NULL-terminated
 */
const char *const *
course_section_get_objectives (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return (const char *const *)self->objectives;
}

/**
 * course_section_get_shell:
 * @self: a section
 *
 * Returns: the lines typed into a fresh terminal before its first step, %NULL-terminated
 */
const char *const *
course_section_get_shell (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return (const char *const *)self->shell;
}

/**
 * course_section_get_needs:
 * @self: a section
 *
 * Returns: the ids of the sections whose end is where it starts, %NULL-terminated
 */
const char *const *
course_section_get_needs (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return (const char *const *)self->needs;
}

/**
 * course_section_get_blocks:
 * @self: a section
 *
 * Returns: (transfer none) (element-type CourseBlock): what the page shows, in order
 */
GPtrArray *
course_section_get_blocks (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return self->blocks;
}

/**
 * course_section_get_steps:
 * @self: a section
 *
 * Returns: (transfer none) (element-type CourseStep): the steps that run, in order
 */
GPtrArray *
course_section_get_steps (CourseSection *self)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);
  return self->steps;
}

/**
 * course_section_find_step:
 * @self: a section
 * @id: an id
 *
 * Returns: (transfer none) (nullable): the step that runs and has @id
 */
CourseStep *
course_section_find_step (CourseSection *self, const char *id)
{
  g_return_val_if_fail (COURSE_IS_SECTION (self), NULL);

  for (guint i = 0; i < self->steps->len; i++) {
    CourseStep *step = g_ptr_array_index (self->steps, i);

    if (g_strcmp0 (step->id, id) == 0)
      return step;
  }
  return NULL;
}
