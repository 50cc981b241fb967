/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-hindrance.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "session-gateway-trouble.h"
#include "session-ingress-trouble.h"
#include "session-mesh-trouble.h"
#include "session-name-trouble.h"
#include "session-policy.h"
#include "session-service-trouble.h"

#define GATEWAY_NAMESPACE "istio-system"
#define GATEWAY "istio-ingressgateway"
#define GATEWAY_PORT 80
#define REVIEWS_PATH "/api/v1/products/0/reviews"

/* One question, of a check or of the page that shows the traffic. */
typedef struct {
  SessionSight *sight;
  SessionGatewayRequest request; /* the Service that is asked, and for what */
  const char *namespace_;        /* the course's */
  const char *versioned;         /* (nullable): a host whose versions are counted */
  GHashTable *split;             /* (nullable): and what they should be */
  SessionSymptom symptom;
  gboolean waits_for_delay; /* the answer should take a while */
} Question;

static void
init_question (Question *self,
               SessionSight *sight,
               CourseCheck *check,
               const char *namespace_,
               const SessionFinding *finding)
{
  const char *its = course_check_get_namespace (check);

  *self = (Question){
    .sight = sight,
    .request = { .namespace_ = its != NULL ? its : namespace_,
                 .service = course_check_get_service (check),
                 .port = course_check_get_port (check) },
    .namespace_ = namespace_,
    .symptom = finding->symptom,
  };
  self->waits_for_delay = course_check_get_takes_at_least (check) > 0;
  if (course_check_get_check_type (check) != COURSE_CHECK_REACH)
    self->request.path = course_check_get_http_path (check);
  if (course_check_get_check_type (check) == COURSE_CHECK_HTTP)
    self->request.host = course_check_get_http_host (check);
  if (course_check_get_check_type (check) == COURSE_CHECK_TRAFFIC) {
    self->versioned = course_check_get_traffic_host (check);
    self->split = course_check_get_split (check);
  }
}

static char *
dup_service_trouble (Question *self)
{
  const SessionGatewayRequest *request = &self->request;
  char *trouble =
    session_service_dup_trouble (self->sight, request->namespace_, request->service, request->port);

  if (trouble == NULL && self->symptom != SESSION_SYMPTOM_SILENT)
    trouble = session_service_dup_wrong_port (self->sight, request->namespace_, request->service,
                                              request->port);
  return trouble;
}

/* Something answers for the application behind the gateway, and not as it should. */
static char *
dup_application_trouble (Question *self, JsonNode *target)
{
  JsonNode *versioned =
    self->versioned != NULL
      ? session_sight_find (self->sight, "services", self->namespace_, self->versioned)
      : NULL;
  char *trouble = NULL;

  if (target != NULL)
    trouble = session_mesh_dup_trouble (self->sight, target);
  if (trouble == NULL && versioned != NULL)
    return session_mesh_dup_split_trouble (self->sight, versioned, self->split);
  if (trouble == NULL && target != NULL && self->symptom == SESSION_SYMPTOM_ANSWERED)
    trouble = session_mesh_dup_rules (self->sight, base_metadata_get_namespace (target),
                                      self->waits_for_delay);
  return trouble;
}

static char *
dup_gateway_trouble (Question *self)
{
  JsonNode *target = NULL;
  char *trouble = session_gateway_dup_trouble (self->sight, &self->request, &target);

  if (trouble == NULL && self->request.path != NULL)
    trouble = dup_application_trouble (self, target);
  return trouble;
}

static char *
dup_ingress_trouble (Question *self, const char *controller)
{
  const SessionIngressRequest request = { controller, self->request.host, self->request.path };
  char *trouble = dup_service_trouble (self);

  if (trouble == NULL && self->request.host != NULL)
    trouble = session_ingress_dup_trouble (self->sight, &request);
  return trouble;
}

/* (nullable): there is a Service, and it does not lead to an answer */
static char *
dup_way_trouble (Question *self)
{
  const SessionGatewayRequest *request = &self->request;
  const char *controller = NULL;

  if (session_gateway_is_one (self->sight, request->namespace_, request->service))
    return dup_gateway_trouble (self);
  if (request->path != NULL)
    controller =
      session_ingress_get_controller (self->sight, request->namespace_, request->service);
  return controller != NULL ? dup_ingress_trouble (self, controller) : dup_service_trouble (self);
}

/* (nullable) */
static char *
dup_no_service (Question *self)
{
  const SessionGatewayRequest *request = &self->request;

  if (!session_sight_knows (self->sight, "services", request->namespace_))
    return NULL;
  if (g_str_equal (request->service, GATEWAY) && session_sight_lacks (self->sight, "gateways"))
    return session_mesh_dup_absence ("gateways");
  return session_service_dup_trouble (self->sight, request->namespace_, request->service, 0);
}

/* (nullable) */
static char *
dup_no_address (Question *self)
{
  const SessionGatewayRequest *request = &self->request;
  JsonNode *service =
    session_sight_find (self->sight, "services", request->namespace_, request->service);

  if (service == NULL)
    return NULL;
  return session_service_dup_address_trouble (request->namespace_, request->service,
                                              base_json_get_string (service, "spec", "type", NULL));
}

/* (nullable): where no object is seen to be the cause, or not yet */
static char *
dup_cause (Question *self)
{
  switch (self->symptom) {
    case SESSION_SYMPTOM_NO_SERVICE:
      return dup_no_service (self);
    case SESSION_SYMPTOM_NO_ADDRESS:
      return dup_no_address (self);
    case SESSION_SYMPTOM_SILENT:
    case SESSION_SYMPTOM_REFUSED:
    case SESSION_SYMPTOM_CLOSED:
    case SESSION_SYMPTOM_ANSWERED:
    case SESSION_SYMPTOM_BROKEN:
      return dup_way_trouble (self);
    case SESSION_SYMPTOM_NAMELESS:
      return session_name_dup_trouble (self->sight, self->request.namespace_,
                                       self->request.service);
    case SESSION_SYMPTOM_UNRESOLVED:
      return session_name_dup_silence (self->sight, self->request.namespace_,
                                       self->request.service);
    case SESSION_SYMPTOM_NONE:
    default:
      return NULL;
  }
}

/* A cause says by itself that there is nothing to ask. Takes @cause. */
static char *
join (const SessionFinding *finding, char *cause)
{
  g_autofree char *sentence = cause;

  if (sentence == NULL)
    return g_strdup (finding->words);
  if (finding->words == NULL || finding->symptom == SESSION_SYMPTOM_NO_SERVICE ||
      finding->symptom == SESSION_SYMPTOM_NO_ADDRESS)
    return g_steal_pointer (&sentence);
  return g_strdup_printf ("%s. %s", finding->words, sentence);
}

static gboolean
is_rejection (SessionSymptom symptom)
{
  return symptom == SESSION_SYMPTOM_REFUSED || symptom == SESSION_SYMPTOM_CLOSED;
}

/* A policy that selects the ready pods behind it, though the connection was not left without an
 * answer: some networks reject what a policy does not allow (kube-router does,
 * https://github.com/cloudnativelabs/kube-router/blob/master/docs/how-it-works.md), and a load
 * balancer may close what it cannot lead on. */
static SessionFinding *
judge_rejection (Question *self, const SessionFinding *finding)
{
  const SessionGatewayRequest *request = &self->request;
  JsonNode *policy =
    session_service_find_policy (self->sight, request->namespace_, request->service, request->port);
  g_autofree char *wrong_port = session_service_dup_wrong_port (self->sight, request->namespace_,
                                                                request->service, request->port);
  g_autofree char *trouble = NULL;
  g_autofree char *words = NULL;

  if (policy != NULL && wrong_port == NULL) {
    words = g_strdup_printf (
      /* Translators: what was seen, such as "the connection is refused"; then a policy with its
       * namespace */
      _ ("%s, for the network rejects what the policy %s/%s does not allow"), finding->words,
      base_metadata_get_namespace (policy), base_metadata_get_name (policy));
    return session_finding_new (SESSION_ATTEMPT_PASSED, finding->symptom, words);
  }
  trouble = wrong_port != NULL ? g_steal_pointer (&wrong_port) : dup_service_trouble (self);
  /* Translators: what was seen, such as "the connection is refused"; then a sentence, or nothing */
  words =
    g_strdup_printf (_ ("%s; a network policy would leave it without an answer.%s%s"),
                     finding->words, trouble != NULL ? " " : "", trouble != NULL ? trouble : "");
  return session_finding_new (SESSION_ATTEMPT_FAILED, finding->symptom, words);
}

/* The way should be blocked. A policy is proven by silence where somebody would answer, were it not
 * for the policy. */
static SessionFinding *
judge_blocked (Question *self, const SessionFinding *finding)
{
  const SessionGatewayRequest *request = &self->request;
  g_autofree char *trouble = NULL;
  g_autofree char *words = NULL;

  if (is_rejection (finding->symptom))
    return judge_rejection (self, finding);
  if (finding->symptom == SESSION_SYMPTOM_SILENT &&
      session_service_is_served (self->sight, request->namespace_, request->service))
    return session_finding_copy (finding);
  if (finding->symptom == SESSION_SYMPTOM_ANSWERED)
    trouble = session_service_dup_openness (self->sight, request->namespace_, request->service,
                                            request->port);
  else
    trouble = dup_cause (self);
  if (trouble == NULL)
    return session_finding_copy (finding);
  words = join (finding, g_steal_pointer (&trouble));
  return session_finding_new (SESSION_ATTEMPT_FAILED, finding->symptom, words);
}

/**
 * session_hindrance_judge:
 * @check: of the type reach, http or traffic
 * @namespace_: of the course
 * @finding: what was seen
 *
 * Returns: (transfer full): what @finding means in the light of what the cluster has: which object
 * is the cause, and what to do, as far as that is known
 */
SessionFinding *
session_hindrance_judge (SessionSight *sight,
                         CourseCheck *check,
                         const char *namespace_,
                         const SessionFinding *finding)
{
  const char *only = finding->symptom == SESSION_SYMPTOM_NO_SERVICE
                       ? session_sight_get_only (sight, "services")
                       : NULL;
  Question question;
  g_autofree char *words = NULL;

  init_question (&question, sight, check, namespace_, finding);
  if (only != NULL && !g_str_equal (only, question.request.namespace_)) {
    words = session_hindrance_dup_out_of_sight (kube_kind_lookup ("services"), only,
                                                question.request.namespace_);
    return session_finding_new (SESSION_ATTEMPT_UNKNOWN, finding->symptom, words);
  }
  if (course_check_get_check_type (check) == COURSE_CHECK_REACH &&
      course_check_get_expect_blocked (check))
    return judge_blocked (&question, finding);
  if (finding->result != SESSION_ATTEMPT_FAILED)
    return session_finding_copy (finding);
  words = join (finding, dup_cause (&question));
  return session_finding_new (SESSION_ATTEMPT_FAILED, finding->symptom, words);
}

/**
 * session_hindrance_dup_out_of_sight:
 * @kind: a kind of objects
 * @only: the one namespace that may be seen of the cluster
 * @namespace_: (nullable): the one that is meant
 *
 * Returns: (transfer full): a sentence
 */
char *
session_hindrance_dup_out_of_sight (const KubeKind *kind, const char *only, const char *namespace_)
{
  return g_strdup_printf (
    /* Translators: a kind in the plural such as services, and two namespaces */
    _ ("You may see the %s of the namespace %s only, not those of %s. Ask who runs the cluster to "
       "let "
       "you see them."),
    kind->plural, only, namespace_ != NULL ? namespace_ : "*");
}

static SessionSymptom
get_symptom (SessionAskerTrouble trouble)
{
  switch (trouble) {
    case SESSION_ASKER_SILENT:
      return SESSION_SYMPTOM_SILENT;
    case SESSION_ASKER_NO_PAGE:
    case SESSION_ASKER_NOT_SERVED:
      return SESSION_SYMPTOM_ANSWERED;
    case SESSION_ASKER_NO_SIGN_IN:
    case SESSION_ASKER_NAMELESS:
    case SESSION_ASKER_REFUSED:
    case SESSION_ASKER_BROKEN:
    case SESSION_ASKER_FINE:
    default:
      return SESSION_SYMPTOM_NONE;
  }
}

/* Where no object is seen to be the cause. */
static const char *
get_advice (SessionAskerTrouble trouble)
{
  switch (trouble) {
    case SESSION_ASKER_NO_PAGE:
      return _ ("The gateway does not know the product page. Let requests in: kubectl apply -f "
                "samples/bookinfo/networking/bookinfo-gateway.yaml");
    case SESSION_ASKER_SILENT:
      return _ ("The page does not answer. Check its pods: kubectl get pods");
    case SESSION_ASKER_NOT_SERVED:
      return _ ("The gateway cannot reach the product page. Check its pod: kubectl get pods "
                "--selector app=productpage");
    case SESSION_ASKER_NO_SIGN_IN:
      return _ (
        "The page does not let jason sign in. Open it in a browser, and see whether “Sign in” "
        "works there.");
    case SESSION_ASKER_NAMELESS:
    case SESSION_ASKER_REFUSED:
    case SESSION_ASKER_BROKEN:
    case SESSION_ASKER_FINE:
    default:
      return NULL;
  }
}

/**
 * session_hindrance_dup_sentence:
 * @trouble: what is wrong with the answers of Bookinfo's page, behind Istio's gateway
 * @namespace_: where Bookinfo is
 *
 * Returns: (transfer full) (nullable): nothing to say where there is no trouble, or none that is
 * not the connection's
 */
char *
session_hindrance_dup_sentence (SessionSight *sight,
                                SessionAskerTrouble trouble,
                                const char *namespace_)
{
  Question question = {
    .sight = sight,
    .request = { .namespace_ = GATEWAY_NAMESPACE,
                 .service = GATEWAY,
                 .port = GATEWAY_PORT,
                 .path = REVIEWS_PATH },
    .namespace_ = namespace_,
    .symptom = get_symptom (trouble),
  };
  char *sentence = NULL;

  if (question.symptom != SESSION_SYMPTOM_NONE) {
    JsonNode *target = NULL;

    sentence = session_gateway_dup_trouble (sight, &question.request, &target);
    if (sentence == NULL && target != NULL)
      sentence = session_mesh_dup_trouble (sight, target);
  }
  return sentence != NULL ? sentence : g_strdup (get_advice (trouble));
}
