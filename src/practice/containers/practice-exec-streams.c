/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-exec-streams.h"

#include <string.h>

#include "base-json.h"

/* A size is some tens of bytes. */
#define MAX_SIZE_TEXT 1024

typedef struct {
  PracticeExecOptions options;
  GString *sizes; /* the begin of a JSON object */
} PracticeExecStreamsPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PracticeExecStreams, practice_exec_streams, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_OPTIONS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_READY,
  SIGNAL_INPUT,
  SIGNAL_INPUT_ENDED,
  SIGNAL_RESIZE,
  SIGNAL_DRAINED,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* A terminal that has no size yet sends 0. */
static void
take_size (PracticeExecStreams *self, const char *text)
{
  g_autoptr (JsonNode) size = base_json_parse (text, -1, NULL);
  gint64 columns = base_json_get_int (size, 0, "Width", NULL);
  gint64 rows = base_json_get_int (size, 0, "Height", NULL);

  if (columns > 0 && columns <= G_MAXUINT16 && rows > 0 && rows <= G_MAXUINT16)
    g_signal_emit (self, signals[SIGNAL_RESIZE], 0, (guint)columns, (guint)rows);
}

static void
practice_exec_streams_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  PracticeExecStreamsPrivate *priv =
    practice_exec_streams_get_instance_private (PRACTICE_EXEC_STREAMS (object));

  switch (id) {
    case PROP_OPTIONS:
      priv->options = *(const PracticeExecOptions *)g_value_get_pointer (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
practice_exec_streams_dispose (GObject *object)
{
  practice_exec_streams_close (PRACTICE_EXEC_STREAMS (object));

  G_OBJECT_CLASS (practice_exec_streams_parent_class)->dispose (object);
}

static void
practice_exec_streams_finalize (GObject *object)
{
  PracticeExecStreamsPrivate *priv =
    practice_exec_streams_get_instance_private (PRACTICE_EXEC_STREAMS (object));

  g_string_free (priv->sizes, TRUE);

  G_OBJECT_CLASS (practice_exec_streams_parent_class)->finalize (object);
}

static guint
add_signal (PracticeExecStreamsClass *klass, const char *name)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
practice_exec_streams_class_init (PracticeExecStreamsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = practice_exec_streams_set_property;
  object_class->dispose = practice_exec_streams_dispose;
  object_class->finalize = practice_exec_streams_finalize;

  properties[PROP_OPTIONS] = g_param_spec_pointer (
    "options", NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_READY] = add_signal (klass, "ready");
  signals[SIGNAL_INPUT] = g_signal_new ("input", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_INPUT_ENDED] = add_signal (klass, "input-ended");
  signals[SIGNAL_RESIZE] =
    g_signal_new ("resize", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[SIGNAL_DRAINED] = add_signal (klass, "drained");
  signals[SIGNAL_CLOSED] = add_signal (klass, "closed");
}

static void
practice_exec_streams_init (PracticeExecStreams *self)
{
  PracticeExecStreamsPrivate *priv = practice_exec_streams_get_instance_private (self);

  priv->sizes = g_string_new (NULL);
}

/**
 * practice_exec_streams_start:
 * @self: streams
 *
 * Takes what the client sends; "ready" follows, in this call already where nothing is to be waited
 * for.
 */
void
practice_exec_streams_start (PracticeExecStreams *self)
{
  g_return_if_fail (PRACTICE_IS_EXEC_STREAMS (self));

  PRACTICE_EXEC_STREAMS_GET_CLASS (self)->start (self);
}

/**
 * practice_exec_streams_send:
 * @self: streams that are ready
 * @number: 1 for standard output, 2 for standard error
 * @data: what to send
 */
void
practice_exec_streams_send (PracticeExecStreams *self, guint number, GBytes *data)
{
  const PracticeExecOptions *options = practice_exec_streams_get_options (self);

  g_return_if_fail (number == 1 || number == 2);

  if (number == 1 ? options->out : options->err)
    PRACTICE_EXEC_STREAMS_GET_CLASS (self)->send (self, number, data);
}

/**
 * practice_exec_streams_is_full:
 * @self: streams
 *
 * Returns: whether to wait for "drained" before sending more
 */
gboolean
practice_exec_streams_is_full (PracticeExecStreams *self)
{
  g_return_val_if_fail (PRACTICE_IS_EXEC_STREAMS (self), FALSE);

  return PRACTICE_EXEC_STREAMS_GET_CLASS (self)->is_full (self);
}

/**
 * practice_exec_streams_set_reading:
 * @self: streams that are started
 * @reading: whether input is taken from the client
 */
void
practice_exec_streams_set_reading (PracticeExecStreams *self, gboolean reading)
{
  g_return_if_fail (PRACTICE_IS_EXEC_STREAMS (self));

  PRACTICE_EXEC_STREAMS_GET_CLASS (self)->set_reading (self, reading);
}

/**
 * practice_exec_streams_finish:
 * @self: streams that are ready
 * @status: a Status
 *
 * Tells the client how it went, and closes once all is sent.
 */
void
practice_exec_streams_finish (PracticeExecStreams *self, JsonNode *status)
{
  g_autofree char *text = NULL;

  g_return_if_fail (PRACTICE_IS_EXEC_STREAMS (self));

  text = base_json_write (status, FALSE);
  PRACTICE_EXEC_STREAMS_GET_CLASS (self)->finish (self, text);
}

/**
 * practice_exec_streams_close:
 * @self: streams
 *
 * Closes the connection, at once unless it is ending in order. May be called twice.
 */
void
practice_exec_streams_close (PracticeExecStreams *self)
{
  g_return_if_fail (PRACTICE_IS_EXEC_STREAMS (self));

  PRACTICE_EXEC_STREAMS_GET_CLASS (self)->close (self);
}

/**
 * practice_exec_streams_get_options:
 * @self: streams
 *
 * Returns: (transfer none): what the client wants
 */
const PracticeExecOptions *
practice_exec_streams_get_options (PracticeExecStreams *self)
{
  PracticeExecStreamsPrivate *priv = practice_exec_streams_get_instance_private (self);

  return &priv->options;
}

/**
 * practice_exec_streams_take_sizes:
 * @self: streams
 * @data: what came on the channel for sizes of the terminal
 *
 * Tells of each size by "resize". A size is a JSON object, with or without a line end behind it.
 */
void
practice_exec_streams_take_sizes (PracticeExecStreams *self, GBytes *data)
{
  PracticeExecStreamsPrivate *priv = practice_exec_streams_get_instance_private (self);
  gsize size;
  const char *text = g_bytes_get_data (data, &size);

  for (gsize i = 0; i < size; i++) {
    if (priv->sizes->len >= MAX_SIZE_TEXT)
      g_string_truncate (priv->sizes, 0);
    g_string_append_c (priv->sizes, text[i]);
    if (text[i] != '}')
      continue;
    take_size (self, priv->sizes->str);
    g_string_truncate (priv->sizes, 0);
  }
}
