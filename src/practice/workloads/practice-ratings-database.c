/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-ratings-database.h"

/**
 * PracticeRatingsDatabase:
 *
 * The MongoDB and the MySQL of Bookinfo, as far as ratings v2 asks them: a connection that is
 * there, and two ratings. Between two programs of ours the question is a plain request.
 */
struct _PracticeRatingsDatabase {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeRatingsDatabase, practice_ratings_database, PRACTICE_TYPE_PROGRAM)

static gboolean
practice_ratings_database_start (PracticeProgram *program, int *status)
{
  practice_launch_print (practice_program_get_launch (program),
                         "waiting for connections on port %u", practice_program_get_port (program));

  return TRUE;
}

static PracticeHttpResponse *
practice_ratings_database_respond (PracticeProgram *program, PracticeHttpRequest *request)
{
  return practice_http_response_new (200, "application/json", "{\"Reviewer1\":5,\"Reviewer2\":4}");
}

static void
practice_ratings_database_class_init (PracticeRatingsDatabaseClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  program_class->start = practice_ratings_database_start;
  program_class->respond = practice_ratings_database_respond;
}

static void
practice_ratings_database_init (PracticeRatingsDatabase *self)
{
}
