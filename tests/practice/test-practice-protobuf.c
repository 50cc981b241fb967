/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-protobuf.h"
#include "test-json.h"

/* Messages are put together here by hand, as the encoding of protobuf describes them. */
static void
put_varint (GByteArray *array, guint64 value)
{
  do {
    guint8 byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);

    g_byte_array_append (array, &byte, 1);
    value >>= 7;
  } while (value > 0);
}

static void
put_number (GByteArray *array, guint field, guint64 value)
{
  put_varint (array, field << 3);
  put_varint (array, value);
}

static void
put_bytes (GByteArray *array, guint field, gconstpointer data, gsize length)
{
  put_varint (array, field << 3 | 2);
  put_varint (array, length);
  g_byte_array_append (array, data, (guint)length);
}

static void
put_string (GByteArray *array, guint field, const char *text)
{
  put_bytes (array, field, text, strlen (text));
}

static void
put_message (GByteArray *array, guint field, GByteArray *message)
{
  put_bytes (array, field, message->data, message->len);
  g_byte_array_unref (message);
}

static void
put_entry (GByteArray *array, guint field, const char *key, const char *value)
{
  GByteArray *entry = g_byte_array_new ();

  put_string (entry, 1, key);
  put_string (entry, 2, value);
  put_message (array, field, entry);
}

/* Takes @raw. */
static GBytes *
wrap (const char *api_version, const char *kind, GByteArray *raw)
{
  GByteArray *body = g_byte_array_new ();
  GByteArray *meta = g_byte_array_new ();

  g_byte_array_append (body, (const guint8 *)"k8s", 4);
  put_string (meta, 1, api_version);
  put_string (meta, 2, kind);
  put_message (body, 1, meta);
  put_message (body, 2, raw);
  return g_byte_array_free_to_bytes (body);
}

static JsonNode *
decode (const char *type, GBytes *body, GError **error)
{
  g_autoptr (PracticeSchema) schema = practice_schema_new ();

  return practice_protobuf_decode (practice_schema_get (schema, type), body, error);
}

static void
test_configmap (void)
{
  GByteArray *raw = g_byte_array_new ();
  GByteArray *meta = g_byte_array_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  put_string (meta, 1, "c");
  put_entry (meta, 11, "app", "x");
  put_message (meta, 8, g_byte_array_new ());
  put_message (raw, 1, meta);
  put_entry (raw, 2, "key", "välue");
  put_entry (raw, 3, "bin", "\x01\x02");
  put_string (raw, 99, "a field that is not known");
  body = wrap ("v1", "ConfigMap", raw);
  node = decode ("ConfigMap", body, &error);
  g_assert_no_error (error);
  test_json_assert_equal (
    node, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c','labels':{'app':'x'},"
          "'creationTimestamp':null},'data':{'key':'välue'},'binaryData':{'bin':'AQI='}}");
}

static void
test_deployment (void)
{
  GByteArray *raw = g_byte_array_new ();
  GByteArray *spec = g_byte_array_new ();
  GByteArray *template_ = g_byte_array_new ();
  GByteArray *pod = g_byte_array_new ();
  GByteArray *container = g_byte_array_new ();
  GByteArray *port = g_byte_array_new ();
  GByteArray *resources = g_byte_array_new ();
  GByteArray *limit = g_byte_array_new ();
  GByteArray *quantity = g_byte_array_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  put_number (port, 3, 80);
  put_string (quantity, 1, "500m");
  put_string (limit, 1, "cpu");
  put_message (limit, 2, quantity);
  put_message (resources, 1, limit);
  put_string (container, 1, "a");
  put_string (container, 2, "nginx");
  put_string (container, 3, "sh");
  put_string (container, 3, "-c");
  put_message (container, 6, port);
  put_message (container, 8, resources);
  put_message (pod, 2, container);
  put_number (pod, 4, 0);
  put_message (template_, 2, pod);
  put_number (spec, 1, 3);
  put_message (spec, 3, template_);
  put_message (raw, 2, spec);
  body = wrap ("apps/v1", "Deployment", raw);
  node = decode ("Deployment", body, &error);
  g_assert_no_error (error);
  test_json_assert_equal (
    node, "{'apiVersion':'apps/v1','kind':'Deployment','spec':{'replicas':3,'template':{'spec':{"
          "'containers':[{'name':'a','image':'nginx','command':['sh','-c'],'ports':[{"
          "'containerPort':80}],'resources':{'limits':{'cpu':'500m'}}}],"
          "'terminationGracePeriodSeconds':0}}}}");
}

static GByteArray *
make_int_or_string (gboolean is_string, guint64 number, const char *text)
{
  GByteArray *message = g_byte_array_new ();

  put_number (message, 1, is_string ? 1 : 0);
  put_number (message, 2, number);
  put_string (message, 3, text);
  return message;
}

static void
test_service (void)
{
  GByteArray *raw = g_byte_array_new ();
  GByteArray *spec = g_byte_array_new ();
  GByteArray *first = g_byte_array_new ();
  GByteArray *second = g_byte_array_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  put_number (first, 3, 80);
  put_message (first, 4, make_int_or_string (FALSE, 8080, ""));
  put_number (second, 3, 443);
  put_message (second, 4, make_int_or_string (TRUE, 0, "https"));
  put_message (spec, 1, first);
  put_message (spec, 1, second);
  put_entry (spec, 2, "app", "x");
  put_message (raw, 2, spec);
  body = wrap ("v1", "Service", raw);
  node = decode ("Service", body, &error);
  g_assert_no_error (error);
  test_json_assert_equal (node, "{'apiVersion':'v1','kind':'Service','spec':{'ports':[{'port':80,"
                                "'targetPort':8080},{'port':443,'targetPort':'https'}],'selector':{"
                                "'app':'x'}}}");
}

/* A volume's source is a message of its own, but not an object of its own. */
static void
test_in_place (void)
{
  GByteArray *raw = g_byte_array_new ();
  GByteArray *spec = g_byte_array_new ();
  GByteArray *volume = g_byte_array_new ();
  GByteArray *source = g_byte_array_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  put_message (source, 2, g_byte_array_new ());
  put_string (volume, 1, "v");
  put_message (volume, 2, source);
  put_message (spec, 1, volume);
  put_message (raw, 2, spec);
  body = wrap ("v1", "Pod", raw);
  node = decode ("Pod", body, &error);
  g_assert_no_error (error);
  test_json_assert_equal (
    node, "{'apiVersion':'v1','kind':'Pod','spec':{'volumes':[{'name':'v','emptyDir':{}}]}}");
}

static void
test_bad (void)
{
  static const struct {
    const char *data;
    gsize length;
  } cases[] = {
    { "", 0 },
    { "k8s", 3 },
    { "{\"kind\"", 7 },
    { "k8s\0", 4 },
    { "k8s\0\x12\xff", 6 },                     /* longer than there is */
    { "k8s\0\x12\x02\x0a\xff", 8 },             /* the same inside */
    { "k8s\0\x12\x03\x0f\x01\x02", 9 },         /* a wire type that is none */
    { "k8s\0\x12\x02\x08\x05", 8 },             /* metadata is no number */
    { "k8s\0\x12\x04\x12\x02\x12\x00", 10 },    /* an entry without a key */
    { "k8s\0\x12\x05\x0a\x03\x0a\x01\xff", 11 } /* not UTF-8 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) body = g_bytes_new (cases[i].data, cases[i].length);
    g_autoptr (GError) error = NULL;

    g_test_message ("%u", i);
    g_assert_null (decode ("ConfigMap", body, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  }
}

/* JSONSchemaProps holds itself: an endless one is refused. */
static void
test_depth (void)
{
  GByteArray *message = g_byte_array_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 200; i++) {
    GByteArray *outer = g_byte_array_new ();

    put_message (outer, 28, message);
    message = outer;
  }
  body = wrap ("v1", "JSONSchemaProps", message);
  g_assert_null (decode ("JSONSchemaProps", body, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/protobuf/configmap", test_configmap);
  g_test_add_func ("/practice/protobuf/deployment", test_deployment);
  g_test_add_func ("/practice/protobuf/service", test_service);
  g_test_add_func ("/practice/protobuf/in-place", test_in_place);
  g_test_add_func ("/practice/protobuf/bad", test_bad);
  g_test_add_func ("/practice/protobuf/depth", test_depth);

  return g_test_run ();
}
