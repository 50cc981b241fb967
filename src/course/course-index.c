/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-index.h"

#include "course-folding.h"

/* Text around a hit, in letters. */
#define LETTERS_BEFORE 40
#define LETTERS_AFTER 80

#define MAX_WORDS 16

/* A piece of text that is searched as one. */
typedef struct {
  CourseSection *section; /* of the course */
  guint block;
  CourseHitKind kind;
  const char *text; /* of the course */
  char *folded;
} Piece;

struct _CourseIndex {
  GObject parent_instance;

  CourseCourse *course;
  GArray *pieces;
};

G_DEFINE_FINAL_TYPE (CourseIndex, course_index, G_TYPE_OBJECT)

static void
piece_clear (gpointer data)
{
  g_free (((Piece *)data)->folded);
}

static void
course_index_finalize (GObject *object)
{
  CourseIndex *self = COURSE_INDEX (object);

  g_clear_pointer (&self->pieces, g_array_unref);
  g_clear_object (&self->course);

  G_OBJECT_CLASS (course_index_parent_class)->finalize (object);
}

static void
course_index_class_init (CourseIndexClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = course_index_finalize;
}

static void
course_index_init (CourseIndex *self)
{
  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_array_set_clear_func (self->pieces, piece_clear);
}

static void
add (CourseIndex *self, CourseSection *section, guint block, CourseHitKind kind, const char *text)
{
  Piece piece = { .section = section, .block = block, .kind = kind, .text = text };

  if (text == NULL || *text == '\0')
    return;
  piece.folded = course_folding_new (text);
  g_array_append_val (self->pieces, piece);
}

/* Forms may share an output, which is found once. */
static void
add_output (
  CourseIndex *self, CourseSection *section, guint block, GPtrArray *forms, guint position)
{
  const char *output = ((const CourseForm *)g_ptr_array_index (forms, position))->output;

  for (guint i = 0; i < position; i++) {
    if (g_strcmp0 (((const CourseForm *)g_ptr_array_index (forms, i))->output, output) == 0)
      return;
  }
  add (self, section, block, COURSE_HIT_OUTPUT, output);
}

static void
add_step (CourseIndex *self, CourseSection *section, guint block, CourseStep *step)
{
  GPtrArray *forms = course_step_get_forms (step);
  GPtrArray *inputs = course_step_get_inputs (step);
  GPtrArray *checks = course_step_get_checks (step);
  const CourseEdit *edit = course_step_get_edit (step);

  for (guint i = 0; i < forms->len; i++)
    add (self, section, block, COURSE_HIT_COMMAND,
         ((const CourseForm *)g_ptr_array_index (forms, i))->text);
  for (guint i = 0; i < forms->len; i++)
    add_output (self, section, block, forms, i);
  for (guint i = 0; i < inputs->len; i++)
    add (self, section, block, COURSE_HIT_COMMAND,
         ((const CourseInput *)g_ptr_array_index (inputs, i))->text);
  if (edit != NULL)
    add (self, section, block, COURSE_HIT_COMMAND, edit->patch);
  for (guint i = 0; i < checks->len; i++)
    add (self, section, block, COURSE_HIT_CHECK,
         course_check_get_says (g_ptr_array_index (checks, i)));
}

static void
add_section (CourseIndex *self, CourseSection *section)
{
  GPtrArray *blocks = course_section_get_blocks (section);
  const char *const *objectives = course_section_get_objectives (section);

  add (self, section, 0, COURSE_HIT_TITLE, course_section_get_title (section));
  for (guint i = 0; objectives != NULL && objectives[i] != NULL; i++)
    add (self, section, 0, COURSE_HIT_PROSE, objectives[i]);
  for (guint i = 0; i < blocks->len; i++) {
    const CourseBlock *block = g_ptr_array_index (blocks, i);

    if (block->type == COURSE_BLOCK_STEP)
      add_step (self, section, i, block->step);
    else
      add (self, section, i,
           block->type == COURSE_BLOCK_CODE ? COURSE_HIT_COMMAND : COURSE_HIT_PROSE, block->text);
  }
}

/**
 * course_index_new:
 * @course: a course
 *
 * Returns: (transfer full): its text, ready to be searched
 */
CourseIndex *
course_index_new (CourseCourse *course)
{
  CourseIndex *self;
  GListModel *sections;

  g_return_val_if_fail (COURSE_IS_COURSE (course), NULL);

  self = g_object_new (COURSE_TYPE_INDEX, NULL);
  self->course = g_object_ref (course);
  sections = course_course_get_sections (course);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

    add_section (self, section);
  }
  return self;
}

static void
hit_free (gpointer data)
{
  CourseHit *hit = data;

  g_clear_object (&hit->section);
  g_free (hit->before);
  g_free (hit->match);
  g_free (hit->after);
  g_free (hit);
}

/* Many blanks, and the ends of lines, as one blank each. */
static char *
squeeze (char *text)
{
  char *to = text;

  for (const char *p = text; *p != '\0'; p++) {
    if (!g_ascii_isspace (*p))
      *to++ = *p;
    else if (to == text || to[-1] != ' ')
      *to++ = ' ';
  }
  *to = '\0';
  return text;
}

/* (transfer full): at most @letters of what stands before @end, in one line */
static char *
dup_before (const char *text, gsize end, guint letters)
{
  const char *p = text + end;
  g_autofree char *part = NULL;

  for (guint i = 0; i < letters && p > text; i++)
    p = g_utf8_prev_char (p);
  part = g_strndup (p, text + end - p);
  return g_strconcat (p > text ? "…" : "", squeeze (part), NULL);
}

static char *
dup_after (const char *text, guint letters)
{
  const char *p = text;
  g_autofree char *part = NULL;

  for (guint i = 0; i < letters && *p != '\0'; i++)
    p = g_utf8_next_char (p);
  part = g_strndup (text, p - text);
  return g_strconcat (squeeze (part), *p != '\0' ? "…" : "", NULL);
}

static CourseHit *
hit_new (const Piece *piece, gsize folded_start, gsize folded_length)
{
  CourseHit *hit = g_new0 (CourseHit, 1);
  gsize start, end;

  course_folding_find (piece->text, folded_start, folded_length, &start, &end);
  hit->section = g_object_ref (piece->section);
  hit->block = piece->block;
  hit->kind = piece->kind;
  hit->before = dup_before (piece->text, start, LETTERS_BEFORE);
  hit->match = g_strndup (piece->text + start, end - start);
  squeeze (hit->match);
  hit->after = dup_after (piece->text + end, LETTERS_AFTER);
  return hit;
}

/* (nullable): where the first of @words stands, where all of them are in the piece */
static const char *
match (const Piece *piece, GStrv words)
{
  const char *first = strstr (piece->folded, words[0]);

  for (guint i = 1; first != NULL && words[i] != NULL; i++)
    if (strstr (piece->folded, words[i]) == NULL)
      return NULL;
  return first;
}

/* (transfer full): the words to look for, none of them empty */
static GStrv
split_words (const char *text)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = course_folding_new (valid);
  g_auto (GStrv) parts = g_strsplit (folded, " ", -1);
  guint count = 0;

  for (guint i = 0; parts[i] != NULL && count < MAX_WORDS; i++) {
    if (*parts[i] == '\0')
      continue;
    g_strv_builder_add (builder, parts[i]);
    count++;
  }
  return g_strv_builder_end (builder);
}

/**
 * course_index_find:
 * @self: the text of a course
 * @words: what the reader looks for
 * @limit: how many hits at most
 *
 * Finds the pieces of text (a title, a paragraph, a command, an output) in which all of @words
 * stand, whatever their case and accents.
 *
 * Returns: (transfer full) (element-type CourseHit): the hits in the order of the course
 */
GPtrArray *
course_index_find (CourseIndex *self, const char *words, guint limit)
{
  g_autoptr (GPtrArray) hits = g_ptr_array_new_with_free_func (hit_free);
  g_auto (GStrv) split = NULL;

  g_return_val_if_fail (COURSE_IS_INDEX (self), NULL);
  g_return_val_if_fail (words != NULL, NULL);

  split = split_words (words);
  if (split[0] == NULL)
    return g_steal_pointer (&hits);
  for (guint i = 0; i < self->pieces->len && hits->len < limit; i++) {
    const Piece *piece = &g_array_index (self->pieces, Piece, i);
    const char *found = match (piece, split);

    if (found != NULL)
      g_ptr_array_add (hits, hit_new (piece, found - piece->folded, strlen (split[0])));
  }
  return g_steal_pointer (&hits);
}
