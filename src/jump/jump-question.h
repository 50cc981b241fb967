/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A yes-or-no question that a place has for its user. Answered once; dropped unanswered it is a no.
 */
#define JUMP_TYPE_QUESTION (jump_question_get_type ())
G_DECLARE_FINAL_TYPE (JumpQuestion, jump_question, JUMP, QUESTION, GObject)

JumpQuestion *jump_question_new (const char *title, const char *body);
const char *jump_question_get_title (JumpQuestion *self);
const char *jump_question_get_body (JumpQuestion *self);
void jump_question_answer (JumpQuestion *self, gboolean yes); /* emits "answered" (boolean) */

G_END_DECLS
