/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-user.h"

G_BEGIN_DECLS

/* Those that only read come first. */
typedef enum {
  PRACTICE_VERB_GET,
  PRACTICE_VERB_LIST,
  PRACTICE_VERB_WATCH,
  PRACTICE_VERB_CREATE,
  PRACTICE_VERB_UPDATE,
  PRACTICE_VERB_PATCH,
  PRACTICE_VERB_DELETE,
  PRACTICE_VERB_DELETE_COLLECTION,
} PracticeVerb;

/* The form in which objects are to be shown. */
typedef enum {
  PRACTICE_FORM_OBJECT,
  PRACTICE_FORM_TABLE,
  PRACTICE_FORM_METADATA
} PracticeForm;

/* What a request for a resource asks, read from its method, path, query and headers. */
typedef struct {
  PracticeVerb verb;
  char *group; /* "" is core */
  char *version;
  char *plural;
  char *namespace_;  /* (nullable) */
  char *name;        /* (nullable) */
  char *subresource; /* (nullable) */
  GHashTable *query;
  PracticeForm form;
  const char *form_version; /* "v1" or "v1beta1" */
  char *content_type;       /* (nullable): of the body, without parameters */
  char *agent;              /* (nullable): the User-Agent */
  PracticeUser *user;       /* (nullable): who asks */
} PracticeRequest;

/* (nullable): NULL where @path is not one of a resource, or @method means nothing for it. @query
 * and the headers are nullable. */
PracticeRequest *practice_request_new (const char *method,
                                       const char *path,
                                       const char *query,
                                       const char *accept,
                                       const char *content_type);
void practice_request_free (PracticeRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeRequest, practice_request_free)

/* (nullable): the first value of a parameter of the query. */
const char *practice_request_get (PracticeRequest *self, const char *parameter);
gboolean practice_request_get_boolean (PracticeRequest *self, const char *parameter);
/* Not less than 0, or @fallback where it is missing or no number. */
gint64 practice_request_get_int (PracticeRequest *self, const char *parameter, gint64 fallback);
/* (transfer full): who is to own the fields that are written. */
char *practice_request_dup_manager (PracticeRequest *self);
/* The word of RBAC for the verb: "get", "list" ... */
const char *practice_request_get_verb_name (PracticeRequest *self);

G_END_DECLS
