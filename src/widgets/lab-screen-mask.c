/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-screen-mask.h"

#include "base-redactor.h"

/* How long the begin of a line waits for its rest: shorter than a reader notices, longer than a
 * program takes between two writes of one line. */
#define HOLD_MS 25

/* A line that is longer is no line but a picture: it is let go in pieces. */
#define MAX_HELD (64 * 1024)

struct _LabScreenMask {
  GObject parent_instance;

  BaseRedactor *redactor;
  GByteArray *held;
  guint source;
};

G_DEFINE_FINAL_TYPE (LabScreenMask, lab_screen_mask, G_TYPE_OBJECT)

enum {
  OUTPUT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Bytes at the end of @data that begin a UTF-8 character whose rest is still to come. */
static gsize
count_incomplete (const guint8 *data, gsize length)
{
  for (gsize back = 1; back <= 3 && back <= length; back++) {
    guint8 byte = data[length - back];

    if ((byte & 0xc0) == 0x80)
      continue;
    if ((byte & 0xe0) == 0xc0)
      return back < 2 ? back : 0;
    if ((byte & 0xf0) == 0xe0)
      return back < 3 ? back : 0;
    if ((byte & 0xf8) == 0xf0)
      return back;
    return 0;
  }

  return 0;
}

static void
let_go (LabScreenMask *self, gsize length)
{
  g_autofree char *text = NULL;
  g_autofree char *masked = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (length == 0)
    return;

  text = g_utf8_make_valid ((const char *)self->held->data, (gssize)length);
  g_byte_array_remove_range (self->held, 0, (guint)length);
  masked = base_redactor_redact (self->redactor, text);
  bytes = g_bytes_new (masked, strlen (masked));
  g_signal_emit (self, signals[OUTPUT], 0, bytes);
}

static gboolean
hold_over_cb (gpointer user_data)
{
  LabScreenMask *self = LAB_SCREEN_MASK (user_data);

  self->source = 0;
  lab_screen_mask_flush (self);

  return G_SOURCE_REMOVE;
}

static void
lab_screen_mask_finalize (GObject *object)
{
  LabScreenMask *self = LAB_SCREEN_MASK (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->held, g_byte_array_unref);
  g_clear_object (&self->redactor);

  G_OBJECT_CLASS (lab_screen_mask_parent_class)->finalize (object);
}

static void
lab_screen_mask_class_init (LabScreenMaskClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lab_screen_mask_finalize;

  signals[OUTPUT] = g_signal_new ("output", LAB_TYPE_SCREEN_MASK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
}

static void
lab_screen_mask_init (LabScreenMask *self)
{
  self->redactor = base_redactor_new ();
  self->held = g_byte_array_new ();
}

/**
 * lab_screen_mask_new:
 *
 * Returns: (transfer full): a mask
 */
LabScreenMask *
lab_screen_mask_new (void)
{
  return g_object_new (LAB_TYPE_SCREEN_MASK, NULL);
}

/**
 * lab_screen_mask_push:
 * @self: a mask
 * @bytes: what a program has printed
 *
 * Whole lines go on at once; the begin of one waits a moment for its rest, since a credential may
 * be cut in two.
 */
void
lab_screen_mask_push (LabScreenMask *self, GBytes *bytes)
{
  gsize length, whole;
  const guint8 *data;

  g_return_if_fail (LAB_IS_SCREEN_MASK (self));
  g_return_if_fail (bytes != NULL);

  data = g_bytes_get_data (bytes, &length);
  if (length == 0)
    return;
  g_byte_array_append (self->held, data, (guint)length);

  for (whole = self->held->len; whole > 0; whole--) {
    if (self->held->data[whole - 1] == '\n')
      break;
  }
  if (self->held->len - whole > MAX_HELD)
    whole = self->held->len - count_incomplete (self->held->data, self->held->len);
  let_go (self, whole);

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->held->len > 0)
    self->source = g_timeout_add (HOLD_MS, hold_over_cb, self);
}

/**
 * lab_screen_mask_flush:
 * @self: a mask
 *
 * Lets go of what is held, but for a character that is not whole.
 */
void
lab_screen_mask_flush (LabScreenMask *self)
{
  g_return_if_fail (LAB_IS_SCREEN_MASK (self));

  let_go (self, self->held->len - count_incomplete (self->held->data, self->held->len));
}
