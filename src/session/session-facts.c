/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-facts.h"

#include "jump-address.h"

#define SSH_ID "ssh:"

/* Who one is, and where, in the practice cluster's sandbox. */
#define PRACTICE_HOST "jumpserver"
#define PRACTICE_USER "centos"

struct _SessionFacts {
  JumpPlace *place;
  JumpAddress *address; /* (nullable): of the jumpserver */
  char *student;        /* (nullable) */
};

/**
 * session_facts_new:
 *
 * Returns: (transfer full): nobody in particular is there
 */
SessionFacts *
session_facts_new (JumpPlace *place)
{
  SessionFacts *self = g_new0 (SessionFacts, 1);
  const char *id = jump_place_get_id (place);

  self->place = g_object_ref (place);
  if (g_str_has_prefix (id, SSH_ID))
    self->address = jump_address_parse (id + strlen (SSH_ID), NULL);
  return self;
}

void
session_facts_free (SessionFacts *self)
{
  g_clear_object (&self->place);
  g_clear_pointer (&self->address, jump_address_free);
  g_free (self->student);
  g_free (self);
}

/**
 * session_facts_set_student:
 * @student: (nullable): as the class's sheet has them
 */
void
session_facts_set_student (SessionFacts *self, const char *student)
{
  g_free (self->student);
  self->student = g_strdup (student);
}

/**
 * session_facts_fill:
 * @facts: gets what is known of the place; its strings are good until the student is another one
 */
void
session_facts_fill (SessionFacts *self, CourseFacts *facts)
{
  const char *id = jump_place_get_id (self->place);

  /* whichever jumpserver, and whichever folder of a practice cluster */
  facts->place = g_str_has_prefix (id, "ssh")        ? "ssh"
                 : g_str_has_prefix (id, "practice") ? "practice"
                                                     : id;
  facts->student = self->student;
  if (g_str_equal (facts->place, "practice")) {
    facts->jumpserver = PRACTICE_HOST;
    facts->user = PRACTICE_USER;
  } else if (self->address != NULL) {
    facts->jumpserver = self->address->host;
    facts->user = self->address->user;
  }
}
