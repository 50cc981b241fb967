/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "breakages.h"

#define APPLY(namespace_, yaml) "kubectl apply -n " namespace_ " -f - <<'EOF'\n" yaml "EOF\n"
#define POD(name, labels, image)                                                                   \
  "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " name ", labels: {" labels "}}\n"             \
  "spec: {containers: [{name: main, image: \"" image "\"}]}\n"
#define REDIS(name, labels)                                                                        \
  "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " name ", labels: {" labels "}}\n"             \
  "spec: {containers: [{name: redis, image: \"redis:5.0.3\", ports: [{containerPort: 6379}]}]}\n"
#define ECHO(name, labels, text)                                                                   \
  "---\napiVersion: v1\nkind: Pod\nmetadata: {name: " name ", labels: {" labels "}}\n"             \
  "spec: {containers: [{name: echo, image: hashicorp/http-echo, args: [\"-listen=:80\", "          \
  "\"-text=" text "\"], ports: [{containerPort: 80}]}]}\n"
#define DEPLOYMENT(name, replicas, labels)                                                         \
  "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " name "}\n"                       \
  "spec: {replicas: " replicas ", selector: {matchLabels: {" labels "}}, template: {metadata: "    \
  "{labels: {" labels "}}, spec: {containers: [{name: echo, image: hashicorp/http-echo, args: "    \
  "[\"-listen=:80\"], ports: [{containerPort: 80}]}]}}}\n"
#define SERVICE(name, type, selector, port)                                                        \
  "---\napiVersion: v1\nkind: Service\nmetadata: {name: " name "}\n"                               \
  "spec: {type: " type ", selector: {" selector "}, ports: [{" port "}]}\n"
#define POLICY(name, spec)                                                                         \
  "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " name "}\n"       \
  "spec: {" spec "}\n"
#define BALANCER "LoadBalancer"
#define REDIS_PORT "port: 6379"
#define HTTP_PORT "port: 80"

#define REACH(service) "reach: {service: " service ", port: 6379}"
#define BLOCKED(service) "reach: {service: " service ", port: 6379, expect: blocked}"
#define REACH_IN(namespace_) "reach: {service: redis, namespace: " namespace_ ", port: 6379}"
#define BLOCKED_IN(namespace_)                                                                     \
  "reach: {service: redis, namespace: " namespace_ ", port: 6379, expect: blocked}"

/* A Service, and what should be behind it. */

static const Breakage of_services[] = {
  { "no-service", REACH ("redi"), "There is no service default/redi, but one named redis." },
  { "inside", REACH ("inside"),
    "The service default/inside is of the type ClusterIP; only one of the type LoadBalancer gets "
    "an "
    "address from outside." },
  { "no-port", "reach: {service: redis, port: 6380}",
    "the connection is refused. The service default/redis has no port 6380, only 6379." },
  { "deleted-pod", REACH ("deleted"),
    "the connection is refused. The service default/deleted selects app=deleted, which no pod of "
    "default has: its pod, or the Deployment of it, is not there, or has other labels. Make it "
    "again, or see the labels: kubectl get pods --show-labels -n default" },
  { "wrong-selector", REACH ("rdis"),
    "the connection is refused. The service default/rdis selects app=rdis, which no pod has; the "
    "pod "
    "redis has app=redis. Mend the label of the one or the selector of the other." },
  { "scaled-down", "http: {service: scaled}",
    "the connection is refused. The deployment default/scaled behind the service scaled is scaled "
    "to "
    "no pods. Start it again: kubectl scale deployment scaled --replicas=1 -n default" },
  { "wrong-image", REACH ("typo"),
    "the connection is refused. No pod behind the service default/typo is ready. The pod typo "
    "cannot "
    "get the image rediss:5.0.3 (ImagePullBackOff). Check how it is written: kubectl describe pod "
    "typo -n default" },
  { "crash", REACH ("crash"),
    "the connection is refused. No pod behind the service default/crash is ready. The container "
    "main "
    "of the pod crash ends each time that it is started (CrashLoopBackOff). See why: kubectl logs "
    "crash -c main --previous -n default",
    TRUE },
  { "pending", REACH ("pending"),
    "the connection is refused. No pod behind the service default/pending is ready. No node can "
    "take "
    "the pod pending: 0/8 nodes are available: 8 node(s) didn't match node selector" },
  { "wrong-port", "reach: {service: port, port: 6379}",
    "the connection is *. The service default/port leads to port 6380, and no container of "
    "the "
    "pod redis names it. Mend targetPort: kubectl edit service port -n default",
    TRUE },
  { NULL },
};

static const char *const BREAK_SERVICES =
  APPLY ("default",
         REDIS ("redis", "app: redis") SERVICE ("redis", BALANCER, "app: redis", REDIS_PORT)
           SERVICE ("inside", "ClusterIP", "app: redis", REDIS_PORT)
             SERVICE ("deleted", BALANCER, "app: deleted", REDIS_PORT) SERVICE (
               "rdis", BALANCER, "app: rdis", REDIS_PORT) DEPLOYMENT ("scaled", "0", "app: scaled")
               SERVICE ("scaled", BALANCER, "app: scaled", HTTP_PORT)
                 POD ("typo", "app: typo", "rediss:5.0.3") SERVICE (
                   "typo",
                   BALANCER,
                   "app: typo",
                   REDIS_PORT) "---\napiVersion: v1\nkind: Pod\nmetadata: {name: crash, labels: "
                               "{app: crash}}\n"
                               "spec: {containers: [{name: main, image: \"busybox:1.31\", command: "
                               "[sh, -c, exit 3]}]}\n" SERVICE (
                                 "crash",
                                 BALANCER,
                                 "app: crash",
                                 REDIS_PORT) "---\napiVersion: v1\nkind: Pod\nmetadata: {name: "
                                             "pending, labels: {app: pending}}\n"
                                             "spec: {nodeSelector: {disk: ssd}, containers: "
                                             "[{name: main, image: \"redis:5.0.3\"}]}\n" SERVICE (
                                               "pending", BALANCER, "app: pending", REDIS_PORT)
                                               SERVICE ("port",
                                                        BALANCER,
                                                        "app: redis",
                                                        "port: 6379, targetPort: 6380"));

/* A policy where none should be, or none where one should be. */

static const Breakage of_policies[] = {
  { "denied", REACH_IN ("denied"),
    "nothing answers in time. The network policy denied/default-deny selects every pod of denied "
    "and "
    "lets nobody in. Delete it, or allow the connection by another policy: kubectl delete "
    "networkpolicy default-deny -n denied" },
  { "misspelt", REACH_IN ("misspelt"),
    "nothing answers in time. The network policy misspelt/default-deny selects every pod of "
    "misspelt "
    "and lets nobody in, and misspelt/access-redis, which would, selects app=rodis, which the pod "
    "redis does not have." },
  { "some", REACH_IN ("some"),
    "nothing answers in time. The network policy some/friends selects the pods app=redis of some "
    "and "
    "lets in only some, nobody from outside. See whom: kubectl describe networkpolicy friends -n "
    "some" },
  { "blocked", BLOCKED_IN ("denied"), NULL },
  { "not-blocked", BLOCKED ("redis"),
    "it can still be reached. No network policy of default selects the pod redis." },
  { "others-blocked", BLOCKED_IN ("others"),
    "it can still be reached. The network policy others/default-deny selects the pods app=web of "
    "others, and the pod redis is none of them." },
  { "opened", BLOCKED_IN ("opened"),
    "it can still be reached. The network policy opened/access-redis lets everybody in to the pod "
    "redis. Delete it: kubectl delete networkpolicy access-redis -n opened" },
  { "refused", BLOCKED ("deleted"),
    "the connection is refused; a network policy would leave it without an answer. The service "
    "default/deleted selects app=deleted, which no pod of default has: its pod, or the Deployment "
    "of "
    "it, is not there, or has other labels. Make it again, or see the labels: kubectl get pods "
    "--show-labels -n default" },
  { "refused-port", BLOCKED ("port"),
    "the connection is *; a network policy would leave it without an answer. The service "
    "default/port leads to port 6380, and no container of the pod redis names it. Mend targetPort: "
    "kubectl edit service port -n default",
    TRUE },
  { "blocked-nothing", BLOCKED ("nobody"), "There is no service default/nobody." },
  { NULL },
};

#define DENY(selector)                                                                             \
  POLICY ("default-deny", "podSelector: {" selector "}, policyTypes: [Ingress]")
#define ALLOW(name, labels, rule)                                                                  \
  POLICY (name, "podSelector: {matchLabels: {" labels "}}, ingress: [" rule "]")
#define REDIS_HERE                                                                                 \
  REDIS ("redis", "app: redis") SERVICE ("redis", BALANCER, "app: redis", REDIS_PORT)

static const char *const BREAK_POLICIES =
  "for name in denied misspelt some others opened; do kubectl create namespace $name; "
  "done\n" APPLY ("denied", REDIS_HERE DENY (""))
    APPLY ("misspelt", REDIS_HERE DENY ("") ALLOW ("access-redis", "app: rodis", "{}"))
      APPLY ("some", REDIS_HERE ALLOW ("friends", "app: redis", "{from: [{podSelector: {}}]}"))
        APPLY ("others", REDIS_HERE DENY ("matchLabels: {app: web}"))
          APPLY ("opened", REDIS_HERE DENY ("") ALLOW ("access-redis", "app: redis", "{}"));

/* An Ingress, and what is behind it. */

#define INGRESS(name, annotations, host, service)                                                  \
  "---\napiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: " name                     \
  ", annotations: {" annotations "}}\n"                                                            \
  "spec: {rules: [{host: " host ", http: {paths: [{backend: {serviceName: " service                \
  ", servicePort: 80}}]}}]}\n"
#define ASK(host, more)                                                                            \
  "http: {service: traefik-kubeaddons, namespace: kubeaddons, host: " host more "}"

static const Breakage of_ingresses[] = {
  { "near-host", ASK ("echo.example", ""),
    "it answers with status 404. No Ingress has a rule for the host echo.example, but ways/echo "
    "has "
    "one for eco.example." },
  { "no-host", ASK ("nobody.test", ""),
    "it answers with status 404. No Ingress has a rule for the host nobody.test. See those that "
    "there "
    "are: kubectl get ingresses --all-namespaces" },
  { "class", ASK ("class.example", ""),
    "it answers with status 404. The Ingress ways-class/class is of the class nginx, and who is "
    "asked "
    "serves the class traefik. Mend the class: kubectl edit ingress class -n ways-class" },
  { "no-backend", ASK ("gone.example", ""),
    "it answers with status 404. The Ingress ways/gone leads gone.example to the service gone. "
    "There "
    "is no service ways/gone." },
  { "unready-backend", ASK ("unready.example", ""),
    "it answers with status 503. The Ingress ways/unready leads unready.example to the service "
    "unready. The deployment ways/unready behind the service unready is scaled to no pods. Start "
    "it "
    "again: kubectl scale deployment unready --replicas=1 -n ways" },
  { "wrong-backend", ASK ("wrong.example", ", contains: Hello"),
    "it answers, but without “Hello”. The Ingress ways/wrong leads wrong.example to the service "
    "other." },
  { "unwanted-rule", ASK ("eco.example", ", status: 404"),
    "it answers with status 200. The Ingress ways/echo leads eco.example to the service echo." },
  { NULL },
};

static const char *const BREAK_INGRESSES =
  "for name in ways ways-class ways-denied; do kubectl create namespace $name; done\n" APPLY (
    "ways",
    ECHO ("echo", "app: echo", "Hello") SERVICE ("echo", "ClusterIP", "app: echo", HTTP_PORT) ECHO (
      "other", "app: other", "Good morning") SERVICE ("other", "ClusterIP", "app: other", HTTP_PORT)
      DEPLOYMENT ("unready", "0", "app: unready")
        SERVICE ("unready", "ClusterIP", "app: unready", HTTP_PORT)
          INGRESS ("echo", "", "eco.example", "echo") INGRESS ("gone", "", "gone.example", "gone")
            INGRESS ("unready", "", "unready.example", "unready")
              INGRESS ("wrong", "", "wrong.example", "other"))
    APPLY ("ways-class",
           ECHO ("echo", "app: echo", "Hello") SERVICE ("echo", "ClusterIP", "app: echo", HTTP_PORT)
             INGRESS ("class", "kubernetes.io/ingress.class: nginx", "class.example", "echo"))
      APPLY ("ways-denied",
             ECHO ("echo", "app: echo", "Hello")
               SERVICE ("denied", "ClusterIP", "app: echo", HTTP_PORT)
                 INGRESS ("denied", "", "denied.example", "denied") DENY (""));

/* Objects that a check looks at. */

static const Breakage of_objects[] = {
  { "no-pod", "resource: pod/gone", "there is no pod default/gone yet" },
  { "other-name", "resource: networkpolicy/access-echo-2",
    "there is no networkpolicy default/access-echo-2, but one named access-echo-to" },
  { "phase", "{resource: pod/typo, path: $.status.phase, equals: Running}",
    "it is “Pending” instead of “Running”. The pod typo cannot get the image rediss:5.0.3 "
    "(ImagePullBackOff). Check how it is written: kubectl describe pod typo -n default" },
  { "which-pod", "{resource: pods, selector: app=pending, path: $.status.phase, equals: Running}",
    "pending: it is “Pending” instead of “Running”. No node can take the pod pending: 0/8 nodes "
    "are "
    "available: 8 node(s) didn't match node selector" },
  { "no-label", "{resource: pods, selector: app=rediss, count: 1}",
    "there are 0. No pod of default has app=rediss; the pod redis has app=redis." },
  { "no-pods", "{resource: pods, selector: app=scaled, at-least: 1}",
    "there are 0. The deployment default/scaled is scaled to no pods. Start it again: kubectl "
    "scale "
    "deployment scaled --replicas=1 -n default" },
  { "no-istio",
    "{resource: pods, selector: app=redis, path: "
    "'$.spec.containers[?(@.name==\"istio-proxy\")].name', equals: istio-proxy}",
    "redis: there is no spec.containers[?(@.name==\"istio-proxy\")].name yet; spec.containers has "
    "redis. The pod redis has no sidecar: Istio, which adds it, is not installed. Install Istio, "
    "then have the pods made anew: kubectl rollout restart deployment -n default" },
  { "unavailable", "{resource: deployment/scaled, path: $.status.availableReplicas, at-least: 1}",
    "there is no status.availableReplicas yet; status has *. The deployment default/scaled is "
    "scaled to no pods. Start it again: "
    "kubectl "
    "scale deployment scaled --replicas=1 -n default" },
  { "no-endpoints",
    "{resource: endpoints/rdis, path: '$.subsets[*].addresses[*].ip', exists: true}",
    "there is no subsets[*].addresses[*].ip yet: subsets is empty. The service default/rdis "
    "selects app=rdis, which "
    "no pod has; the pod redis "
    "has app=redis. Mend the label of the one or the selector of the other." },
  { "no-address",
    "{resource: service/inside, path: '$.status.loadBalancer.ingress[0]', exists: true}",
    "there is no status.loadBalancer.ingress[0] yet: status.loadBalancer is empty. The service "
    "default/inside is of the type ClusterIP; only one of the type "
    "LoadBalancer gets an address from outside." },
  { "value", "{resource: service/inside, path: $.spec.type, equals: NodePort}",
    "it is “ClusterIP” instead of “NodePort”. See spec.type of the service default/inside: kubectl "
    "get "
    "service inside -n default -o yaml" },
  { "still-there", "{resource: networkpolicy/access-echo-to, absent: true}",
    "the networkpolicy default/access-echo-to is still there. Delete it: kubectl delete "
    "networkpolicy "
    "access-echo-to -n default" },
  { "no-number", "resource: service/port-2", "there is no service default/port-2 yet" },
  { "nothing-there", "{resource: service/inside, path: $.spec.externalName, exists: true}",
    "there is no spec.externalName yet; spec has *. See spec.externalName of the service "
    "default/inside: kubectl get service "
    "inside -n default -o yaml" },
  { "no-istio-rule", "resource: virtualservice/reviews",
    "Istio is not installed: the cluster does not know the kind VirtualService. Install Istio "
    "first." },
  { "no-istio-kind", "resource: crd/virtualservices.networking.istio.io",
    "Istio is not installed: there is no customresourcedefinition "
    "virtualservices.networking.istio.io" },
  { "no-istio-way", "traffic: {host: reviews, split: {v1: 100}, requests: 12}",
    "Istio is not installed: the cluster does not know the kind Gateway. Install Istio first." },
  { NULL },
};

static const char *const BREAK_OBJECTS =
  APPLY ("default", ALLOW ("access-echo-to", "app: echo", "{}"));

/* What was there, and what has only a name. */

static const Breakage of_lost[] = {
  { "gone", "resource: pod/redis",
    "the pod default/redis is gone, as was seen at *. Do again what has made it." },
  { "gone-service", REACH ("rdis"),
    "The service default/rdis is gone, as was seen at *. Do again what has made it." },
  { "gone-policy", "resource: networkpolicy/access-echo-to",
    "the networkpolicy default/access-echo-to is gone, as was seen at *. Do again what has made "
    "it." },
  { "nameless", REACH ("nameless"),
    "its name is not known yet. Practice cluster: no name server knows one.example yet, which the "
    "load balancer of default/nameless has had since *. That takes some minutes; see it come: "
    "nslookup one.example" },
  { "remade", REACH ("remade"),
    "its name is not known yet. Practice cluster: no name server knows two.example yet, which the "
    "load balancer of default/remade has had since *. That takes some minutes; see it come: "
    "nslookup two.example" },
  { NULL },
};

/* The cluster's own controller leaves a name that is there before it has given one, which nobody
 * knows; where it was faster, there is another Service. */
#define NAMED(name, host)                                                                          \
  "until kubectl create service loadbalancer " name " --tcp=6379:6379 && "                         \
  "kubectl get service " name " -o json > /tmp/named.json && "                                     \
  "sed -i 's/\"loadBalancer\": {}/\"loadBalancer\": {\"ingress\": [{\"hostname\": \"" host         \
  "\"}]}/' /tmp/named.json && "                                                                    \
  "kubectl replace --raw /api/v1/namespaces/default/services/" name                                \
  "/status -f /tmp/named.json > /dev/null && "                                                     \
  "kubectl get service " name " -o json | grep -q '\"" host "\"'; do kubectl delete service " name \
  "; done\n"

static const char *const LOSE =
  "kubectl delete pod redis --grace-period=0 --force\n"
  "kubectl delete service rdis\n"
  "kubectl delete networkpolicy access-echo-to\n" NAMED ("nameless", "one.example")
    NAMED ("remade", "two.example");

static const Breakage of_remade[] = {
  { "remade-again", REACH ("remade"),
    "its name is not known yet. The service default/remade was deleted and made anew at *: its "
    "name is three.example now, no longer *.example. A new name takes some minutes to get round. "
    "What still has the old one has to ask the cluster again: kubectl get service remade -n "
    "default" },
  { NULL },
};

static const char *const MAKE_ANEW =
  "kubectl delete service remade\n" NAMED ("remade", "three.example")
    APPLY ("default", REDIS ("redis", "app: redis"));

/* Istio's gateway: the way in. */

#define GATEWAY(labels, port)                                                                      \
  "---\napiVersion: networking.istio.io/v1alpha3\nkind: Gateway\nmetadata: {name: door}\n"         \
  "spec: {selector: {" labels "}, servers: [{port: {number: " port                                 \
  ", name: http, protocol: HTTP}, hosts: [\"*\"]}]}\n"
#define RULE(name, host, gateways, http)                                                           \
  "---\napiVersion: networking.istio.io/v1alpha3\nkind: VirtualService\nmetadata: {name: " name    \
  "}\nspec: {hosts: [\"" host "\"]" gateways ", http: [" http "]}\n"
#define DOOR ", gateways: [door]"
#define TO(host) "{route: [{destination: {host: " host "}}]}"
#define ENTER(host, more)                                                                          \
  "http: {service: istio-ingressgateway, namespace: istio-system, host: " host more "}"

static const char *const INSTALL_ISTIO =
  "cd ~/lab\n"
  "sed -i '/- enabled: false/{N;/\\n *name: istio$/s/false/true/}' cluster.yaml\n"
  "konvoy up --yes --upgrade --force-upgrade\n"
  "kubectl label namespace default istio-injection=enabled\n"
  "kubectl create namespace mesh\n"
  "kubectl label namespace mesh istio-injection=enabled\n"
  "kubectl -n istio-system wait --for=condition=Available --timeout=60s "
  "deployment/istio-ingressgateway\n";

static const Breakage of_no_gateway[] = {
  { "no-gateway", "reach: {service: istio-ingressgateway, namespace: istio-system, port: 80}",
    "the connection is *. No Gateway has istio-ingressgateway listen on port 80. Make "
    "one: kubectl apply -f samples/bookinfo/networking/bookinfo-gateway.yaml",
    TRUE },
  { NULL },
};

static const Breakage of_wrong_gateway[] = {
  { "gateway-selector", "reach: {service: istio-ingressgateway, namespace: istio-system, port: 80}",
    "the connection is *. The Gateway default/door selects istio=gateway, which no "
    "pod "
    "of istio-ingressgateway has. Mend its selector: kubectl edit gateway door -n default",
    TRUE },
  { NULL },
};

static const Breakage of_wrong_port[] = {
  { "gateway-port", "reach: {service: istio-ingressgateway, namespace: istio-system, port: 80}",
    "the connection is *. The Gateway default/door does not listen on port 80. Mend "
    "its "
    "servers: kubectl edit gateway door -n default",
    TRUE },
  { NULL },
};

static const Breakage of_unbound[] = {
  { "no-virtual-service", ENTER ("open.example", ""),
    "it answers with status 404. No VirtualService is bound to the Gateway default/door, so "
    "nothing "
    "is behind it. Make one: kubectl apply -f samples/bookinfo/networking/bookinfo-gateway.yaml" },
  { NULL },
};

static const Breakage of_other_gateway[] = {
  { "bound-to-another", ENTER ("open.example", ""),
    "it answers with status 404. The VirtualService default/open is bound to the Gateway dor, not "
    "to "
    "door. Mend its gateways: kubectl edit virtualservice open -n default" },
  { NULL },
};

static const Breakage of_no_binding[] = {
  { "bound-to-none", ENTER ("open.example", ""),
    "it answers with status 404. The VirtualService default/open is bound to no Gateway, and has "
    "to "
    "be to door. Mend its gateways: kubectl edit virtualservice open -n default" },
  { NULL },
};

#define IN_MESH ", gateways: [default/door]"
#define SUBSET(host, subset) "{route: [{destination: {host: " host ", subset: " subset "}}]}"

/* Each rule is for a host of its own, all behind one Gateway. */
static const Breakage of_routes[] = {
  { "no-rule-for-host", ENTER ("nobody.example", ""),
    "it answers with status 404. No VirtualService for the host nobody.example is bound to the "
    "Gateway default/door; mesh/denied is for denied.example." },
  { "no-route-for-path", ENTER ("path.example", ", path: /hello"),
    "it answers with status 404. The VirtualService mesh/path has no route for /hello. Mend its "
    "matches: kubectl edit virtualservice path -n mesh" },
  { "no-subset", ENTER ("subset.example", ""),
    "it answers with status 503. The VirtualService mesh/subset leads to the subset v9 of echo, "
    "which "
    "no DestinationRule defines. Define it, or lead to another one: kubectl get destinationrules "
    "-n "
    "mesh" },
  { "empty-subset", ENTER ("empty.example", ""),
    "it answers with status 503. The VirtualService mesh/empty leads to the subset v2 of echo, and "
    "no "
    "pod with version=v2 is ready. See them: kubectl get pods -l version=v2 -n mesh" },
  { "no-target", ENTER ("gone.example", ""),
    "it answers with status 503. There is no service mesh/gone." },
  { "target-down", ENTER ("down.example", ""),
    "it answers with status 503. The deployment mesh/down behind the service down is scaled to no "
    "pods. Start it again: kubectl scale deployment down --replicas=1 -n mesh" },
  { NULL },
};

static const char *const BREAK_ROUTES = "kubectl delete virtualservice open\n" APPLY (
  "mesh",
  ECHO ("echo", "app: echo, version: v1", "Hello") SERVICE (
    "echo", "ClusterIP", "app: echo", "port: 80, name: http") ECHO ("shut", "app: shut", "Hello")
    SERVICE ("shut", "ClusterIP", "app: shut", "port: 81, targetPort: 80, name: http") DEPLOYMENT (
      "down", "0", "app: down")
      SERVICE ("down", "ClusterIP", "app: down", "port: 82, targetPort: 80, name: http") POLICY (
        "deny-shut",
        "podSelector: {matchLabels: {app: shut}}, policyTypes: [Ingress]") "---\napiVersion: "
                                                                           "networking.istio.io/"
                                                                           "v1alpha3\nkind: "
                                                                           "DestinationRule\n"
                                                                           "metadata: {name: "
                                                                           "echo}\nspec: {host: "
                                                                           "echo, subsets: [{name: "
                                                                           "v1, labels: {version: "
                                                                           "v1}}, "
                                                                           "{name: v2, labels: "
                                                                           "{version: "
                                                                           "v2}}]}\n" RULE (
                                                                             "down",
                                                                             "down.example",
                                                                             IN_MESH,
                                                                             TO ("down"))
                                                                             RULE (
                                                                               "path",
                                                                               "path.example",
                                                                               IN_MESH,
                                                                               "{match: [{uri: "
                                                                               "{exact: /other}}], "
                                                                               "route: "
                                                                               "[{destination: "
                                                                               "{host: echo}}]}")
                                                                               RULE (
                                                                                 "subset",
                                                                                 "subset.example",
                                                                                 IN_MESH,
                                                                                 SUBSET ("echo",
                                                                                         "v9"))
                                                                                 RULE (
                                                                                   "empty",
                                                                                   "empty.example",
                                                                                   IN_MESH,
                                                                                   SUBSET ("echo",
                                                                                           "v2"))
                                                                                   RULE (
                                                                                     "gone",
                                                                                     "gone.example",
                                                                                     IN_MESH,
                                                                                     TO ("gone"))
                                                                                     RULE (
                                                                                       "denied",
                                                                                       "denied."
                                                                                       "example",
                                                                                       IN_MESH,
                                                                                       TO (
                                                                                         "shut")));

/* Bookinfo, and the rules between its services. */

#define BOOKINFO "~/istio-1.4.0/samples/bookinfo"
#define PAGE(more)                                                                                 \
  "http: {service: istio-ingressgateway, namespace: istio-system, path: /productpage" more "}"
#define SPLIT(split) "traffic: {host: reviews, split: {" split "}, requests: 12}"

static const Breakage of_no_rule[] = {
  { "no-rule", SPLIT ("v3: 100"),
    "* of 12 requests. There is no VirtualService for default/reviews, so all of its versions take "
    "turns." },
  { "not-slow", PAGE (", takes-at-least: 1.9s"),
    "it answers after * s. No VirtualService of default is for requests between its services." },
  { NULL },
};

static const Breakage of_wrong_rule[] = {
  { "wrong-subset", SPLIT ("v3: 100"),
    "v1 12 of 12 requests. The VirtualService default/reviews says: User Jason goes to v2. "
    "Everyone "
    "else goes to v1." },
  { "jason",
    "{resource: virtualservice/reviews, path: "
    "\"$.spec.http[0].match[0].headers['end-user'].exact\", "
    "equals: jason}",
    "it is “Jason” instead of “jason”. See spec.http[0].match[0].headers['end-user'].exact of the "
    "virtualservice default/reviews: kubectl get virtualservice reviews -n default -o yaml" },
  { "no-delay", PAGE (", takes-at-least: 60s"),
    "it answers after * s. No VirtualService of default has a delay (fault.delay): nothing is held "
    "up. The VirtualService default/reviews says: User Jason goes to v2. Everyone else goes to "
    "v1." },
  { "no-stars", PAGE (", contains: glyphicon-star"),
    "it answers, but without “glyphicon-star”. The VirtualService default/reviews says: User Jason "
    "goes to v2. Everyone else goes to v1." },
  { NULL },
};

static const Breakage of_no_sidecar[] = {
  { "no-sidecar", SPLIT ("v3: 100"),
    "v1 12 of 12 requests. The pod details has no sidecar: it was made before Istio or the label "
    "of the namespace default was there, and nothing makes a new one of it. Delete it, and create "
    "it again: kubectl delete pod details -n default" },
  { "no-injection",
    "{resource: pods, namespace: plain, selector: app=echo, path: "
    "'$.spec.containers[?(@.name==\"istio-proxy\")].name', equals: istio-proxy}",
    "echo: there is no spec.containers[?(@.name==\"istio-proxy\")].name yet; spec.containers has "
    "echo. The pod echo has no sidecar, and the namespace plain does not have "
    "the "
    "label istio-injection=enabled. Give it the label, and have the pods made anew: kubectl label "
    "namespace plain istio-injection=enabled --overwrite; kubectl rollout restart deployment -n "
    "plain" },
  { NULL },
};

static const Breakage of_older_pods[] = {
  { "older",
    "{resource: pods, namespace: plain, selector: app=late, path: "
    "'$.spec.containers[?(@.name==\"istio-proxy\")].name', equals: istio-proxy}",
    "late-*: there is no spec.containers[?(@.name==\"istio-proxy\")].name yet; spec.containers has "
    "*. The pod late-* has no sidecar: it was made before Istio or the label of the namespace "
    "plain "
    "was there. Have new ones made of all such pods: kubectl delete pod late-* late-* -n plain" },
  { NULL },
};

static const char *const LABEL_LATE =
  "kubectl create deployment late -n plain --image=redis:5.0.3\n"
  "kubectl scale deployment late -n plain --replicas=2\n"
  "kubectl wait -n plain --for=condition=Available --timeout=60s deployment/late\n"
  "kubectl label namespace plain istio-injection=enabled\n";

static const char *const BREAK_RULE = APPLY (
  "default",
  RULE ("reviews",
        "reviews",
        "",
        "{match: [{headers: {end-user: {exact: Jason}}}], route: [{destination: {host: reviews, "
        "subset: v2}}]}, {route: [{destination: {host: reviews, subset: v1}}]}"));

static const char *const BREAK_SIDECARS = APPLY (
  "default",
  "---\napiVersion: v1\nkind: Pod\nmetadata: {name: details, labels: {app: "
  "details}, "
  "annotations: {sidecar.istio.io/inject: \"false\"}}\n"
  "spec: {containers: [{name: details, image: \"docker.io/istio/"
  "examples-bookinfo-details-v1:1.15.0\", ports: [{containerPort: "
  "9080}]}]}\n") "kubectl create namespace plain\n" APPLY ("plain",
                                                           ECHO ("echo", "app: echo", "Hello"));

static const char *const DEPLOY_BOOKINFO =
  "kubectl apply -f " BOOKINFO "/platform/kube/bookinfo.yaml\n"
  "kubectl apply -f " BOOKINFO "/networking/destination-rule-all.yaml\n"
  "kubectl apply -f " BOOKINFO "/networking/bookinfo-gateway.yaml\n"
  "kubectl wait --for=condition=Available --timeout=60s deployment/productpage-v1 "
  "deployment/reviews-v1 deployment/reviews-v2 deployment/reviews-v3 deployment/ratings-v1 "
  "deployment/details-v1\n";

/* Broken before, and told late: Traefik and the gateway wait for as long as who asks does. */
static const Breakage of_slow[] = {
  { "denied-backend", ASK ("denied.example", ""),
    "nothing answers in time. The Ingress ways-denied/denied leads denied.example to the service "
    "denied. The network policy ways-denied/default-deny selects every pod of ways-denied and lets "
    "nobody in. Delete it, or allow the connection by another policy: kubectl delete networkpolicy "
    "default-deny -n ways-denied" },
  { "target-denied", ENTER ("denied.example", ""),
    "nothing answers in time. The network policy mesh/deny-shut selects the pods app=shut of "
    "mesh "
    "and lets nobody in. Delete it, or allow the connection by another policy: kubectl delete "
    "networkpolicy deny-shut -n mesh" },
  { NULL },
};

const BreakageGroup breakage_groups[] = {
  { "services", BREAK_SERVICES, of_services },
  { "policies", BREAK_POLICIES, of_policies },
  { "ingresses", BREAK_INGRESSES, of_ingresses },
  { "objects", BREAK_OBJECTS, of_objects },
  { "lost", LOSE, of_lost },
  { "remade", MAKE_ANEW, of_remade },
  { "no-gateway", INSTALL_ISTIO, of_no_gateway },
  { "wrong-gateway", APPLY ("default", GATEWAY ("istio: gateway", "80")), of_wrong_gateway },
  { "wrong-port", APPLY ("default", GATEWAY ("istio: ingressgateway", "8081")), of_wrong_port },
  { "unbound", APPLY ("default", GATEWAY ("istio: ingressgateway", "80")), of_unbound },
  { "other-gateway",
    APPLY ("default", RULE ("open", "open.example", ", gateways: [dor]", TO ("redis"))),
    of_other_gateway },
  { "no-binding", APPLY ("default", RULE ("open", "open.example", "", TO ("redis"))),
    of_no_binding },
  { "routes", BREAK_ROUTES, of_routes },
  { "no-rule", DEPLOY_BOOKINFO, of_no_rule },
  { "wrong-rule", BREAK_RULE, of_wrong_rule },
  { "sidecars", BREAK_SIDECARS, of_no_sidecar },
  { "older-pods", LABEL_LATE, of_older_pods },
  { "slow", NULL, of_slow },
};
const gsize n_breakage_groups = G_N_ELEMENTS (breakage_groups);
