/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istio-errors.h"

/* An object with many mistakes needs no longer answer than this. */
#define MESSAGE_LIMIT 100

/**
 * practice_istio_errors_init:
 * @self: (out caller-allocates): errors, none yet
 */
void
practice_istio_errors_init (PracticeIstioErrors *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_free);
  self->is_list = FALSE;
}

/**
 * practice_istio_errors_clear:
 * @self: errors
 */
void
practice_istio_errors_clear (PracticeIstioErrors *self)
{
  g_clear_pointer (&self->messages, g_ptr_array_unref);
}

/**
 * practice_istio_errors_add:
 * @self: errors
 * @format: what is wrong, as printf() takes it
 * @...: for @format
 */
void
practice_istio_errors_add (PracticeIstioErrors *self, const char *format, ...)
{
  va_list arguments;

  if (self->messages->len >= MESSAGE_LIMIT)
    return;
  va_start (arguments, format);
  g_ptr_array_add (self->messages, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/**
 * practice_istio_errors_add_listed:
 * @self: errors
 * @message: what is wrong
 */
void
practice_istio_errors_add_listed (PracticeIstioErrors *self, const char *message)
{
  practice_istio_errors_add (self, "%s", message);
  self->is_list = TRUE;
}

/**
 * practice_istio_errors_dup_text:
 * @self: errors
 *
 * Returns: (transfer full) (nullable): all of them, as github.com/hashicorp/go-multierror prints
 *   them; %NULL: there are none
 */
char *
practice_istio_errors_dup_text (PracticeIstioErrors *self)
{
  GString *text;

  if (self->messages->len == 0)
    return NULL;
  if (self->messages->len == 1 && !self->is_list)
    return g_strdup (self->messages->pdata[0]);
  text = g_string_new (NULL);
  g_string_printf (text, "%u error%s occurred:\n", self->messages->len,
                   self->messages->len > 1 ? "s" : "");
  for (guint i = 0; i < self->messages->len; i++)
    g_string_append_printf (text, "\t* %s\n", (const char *)self->messages->pdata[i]);
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}
