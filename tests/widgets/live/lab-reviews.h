/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <string.h>

#include "base-json-patch.h"
#include "base-json.h"
#include "fake-api-server.h"
#include "kube-kind.h"
#include "kube-object-private.h"

G_BEGIN_DECLS

/* What a fake server has of reviews. */
#define REVIEWS_RULE                                                                               \
  "{'apiVersion':'networking.istio.io/v1alpha3','kind':'DestinationRule',"                         \
  "'metadata':{'name':'reviews','namespace':'default'},"                                           \
  "'spec':{'host':'reviews','subsets':[{'name':'v1'},{'name':'v2'},{'name':'v3'}]}}"

#define REVIEWS_ROUTES                                                                             \
  "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService',"                          \
  "'metadata':{'name':'reviews','namespace':'default'},"                                           \
  "'spec':{'hosts':['reviews'],'http':["                                                           \
  "{'match':[{'headers':{'end-user':{'exact':'jason'}}}],"                                         \
  "'route':[{'destination':{'host':'reviews','subset':'v2'}}]},"                                   \
  "{'route':[{'destination':{'host':'reviews','subset':'v1'}}]}]}}"

static inline void
reviews_put (FakeApiServer *server, const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');

  fake_api_server_put (server, json);
}

/* The value in the server's VirtualService that @pointer leads to; NULL where there is none. */
static inline JsonNode *
reviews_get (FakeApiServer *server, const char *pointer)
{
  JsonNode *object = fake_api_server_get (server, "virtualservices", "default", "reviews");

  return object != NULL ? base_json_pointer_get (object, pointer) : NULL;
}

static inline const char *
reviews_get_string (FakeApiServer *server, const char *pointer)
{
  return base_json_get_string (reviews_get (server, pointer), NULL);
}

static inline KubeObject *
reviews_new_object (FakeApiServer *server)
{
  JsonNode *object = fake_api_server_get (server, "virtualservices", "default", "reviews");
  g_autofree char *json = base_json_write (object, FALSE);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return kube_object_new_of_kind (bytes, kube_kind_lookup ("virtualservices"), "v1alpha3", NULL);
}

G_END_DECLS
