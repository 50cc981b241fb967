/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz-target.h"
#include "practice-http-exchange.h"

/* Bytes that come a few at a time. */
#define FUZZ_TYPE_PIECES (fuzz_pieces_get_type ())
G_DECLARE_FINAL_TYPE (FuzzPieces, fuzz_pieces, FUZZ, PIECES, GMemoryInputStream)

struct _FuzzPieces {
  GMemoryInputStream parent_instance;

  gsize step;
};

G_DEFINE_FINAL_TYPE (FuzzPieces, fuzz_pieces, G_TYPE_MEMORY_INPUT_STREAM)

static gssize
fuzz_pieces_read (
  GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  FuzzPieces *self = FUZZ_PIECES (stream);

  return G_INPUT_STREAM_CLASS (fuzz_pieces_parent_class)
    ->read_fn (stream, buffer, MIN (count, self->step), cancellable, error);
}

static void
fuzz_pieces_class_init (FuzzPiecesClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = fuzz_pieces_read;
}

static void
fuzz_pieces_init (FuzzPieces *self)
{
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **location = user_data;

  *location = g_object_ref (result);
}

static GIOStream *
new_stream (const guint8 *data, gsize size, gsize step)
{
  g_autoptr (GBytes) answer = g_bytes_new (data, size);
  g_autoptr (FuzzPieces) input = g_object_new (FUZZ_TYPE_PIECES, NULL);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();

  input->step = step;
  g_memory_input_stream_add_bytes (G_MEMORY_INPUT_STREAM (input), answer);
  return g_simple_io_stream_new (G_INPUT_STREAM (input), output);
}

/* How many bytes come at once, whether it was a HEAD, and what a server of anybody's answers. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gsize step = size > 0 ? (gsize)(data[0] & 0x7f) * 64 + 1 : 1;
  const char *method = size > 0 && data[0] & 0x80 ? "HEAD" : "GET";
  g_autoptr (GIOStream) stream =
    new_stream (size > 0 ? data + 1 : data, size > 0 ? size - 1 : 0, step);
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.0.0.1", NULL, NULL);
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (peer, method, "web", "/", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PracticeHttpResponse) response = NULL;

  practice_http_exchange_async (stream, request, NULL, answered_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  response = practice_http_exchange_finish (result, NULL);
  if (response != NULL) {
    g_assert_cmpuint (practice_http_response_get_status (response), >=, 200);
    g_assert_nonnull (practice_http_response_get_body (response));
  }
  g_clear_object (&result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return 0;
}
