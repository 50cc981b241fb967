#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real kubectl commands against the practice API server, compared word for word.

KONVOY_LAB_KUBECTL names the programs (separated by ':'); without it the kubectl on the PATH is
taken, and the whole is skipped where there is none. The first argument is practice-api-host.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

POD = """
apiVersion: v1
kind: Pod
metadata:
  name: redis
  labels: {app: redis}
spec:
  containers:
  - name: redis
    image: redis:5.0.3
    ports:
    - containerPort: 6379
"""

INGRESS = """
apiVersion: extensions/v1beta1
kind: Ingress
metadata:
  name: echo
spec:
  rules:
  - host: http-echo-1.com
    http:
      paths:
      - backend:
          serviceName: http-echo-1
          servicePort: 80
"""

POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: access-redis
spec:
  podSelector:
    matchLabels: {app: redis}
  ingress:
  - from: []
"""

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: nginx:1
      - name: side
        image: memcached:1
"""

DEFINITION = """
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata:
  name: virtualservices.networking.istio.io
spec:
  group: networking.istio.io
  version: v1alpha3
  scope: Namespaced
  names: {kind: VirtualService, plural: virtualservices, singular: virtualservice, shortNames: [vs]}
  additionalPrinterColumns:
  - {name: Gateways, type: string, JSONPath: .spec.gateways}
  - {name: Hosts, type: string, JSONPath: .spec.hosts}
  - {name: Age, type: date, JSONPath: .metadata.creationTimestamp}
"""

VIRTUAL_SERVICE = """
apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews, subset: v1}
      weight: 50
    - destination: {host: reviews, subset: v3}
      weight: 50
"""

BAD_POD = """
apiVersion: v1
kind: Pod
metadata:
  name: bad
spec:
  containers:
  - name: Bad_Name
    image: x
"""


class Host:
    """The server under test, with an empty state of its own."""

    def __init__(self, program, folder):
        self.kubeconfig = os.path.join(folder, "kubeconfig")
        self.process = subprocess.Popen(
            [program, os.path.join(folder, "state.db"), self.kubeconfig, "cluster"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        # Where it does not start this reads the end of its output.
        if self.process.stdout.readline() != b"ready\n":
            sys.exit("the server did not start")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Kubectl:
    def __init__(self, program, host, folder):
        self.program = program
        self.environment = {
            "KUBECONFIG": host.kubeconfig,
            "HOME": folder,
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *arguments, text=None, timeout=60):
        """(status, output and errors)"""
        result = subprocess.run(
            [self.program, *arguments], input=text, env=self.environment, timeout=timeout,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return result.returncode, result.stdout

    def start(self, *arguments):
        return subprocess.Popen([self.program, *arguments], env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)

    def minor(self):
        _, output = self.run("version", "--client", "-o", "json")
        return int(re.match(r"\d+", json.loads(output)["clientVersion"]["minor"]).group())


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def check(self, good, name, detail=""):
        self.count += 1
        print("%sok %d %s" % ("" if good else "not ", self.count, name), flush=True)
        if not good:
            self.failed += 1
            for line in detail.splitlines():
                print("# " + line)

    def end(self):
        print("1..%d" % self.count)
        return 1 if self.failed else 0


class Session:
    """One kubectl's way through the commands of the training."""

    def __init__(self, tap, kubectl):
        self.tap = tap
        self.kubectl = kubectl
        self.version = kubectl.minor()

    def expect(self, arguments, pattern, text=None, status=0):
        found, output = self.kubectl.run(*arguments.split(), text=text)
        good = found == status and re.fullmatch(pattern, output.strip(), re.S) is not None
        self.tap.check(good, "1.%d %s" % (self.version, arguments),
                       "status %d, expected %d\n%s\nexpected %s" % (found, status, output, pattern))
        return output

    def create_and_see(self):
        expect = self.expect
        expect("create -f -", "pod/redis created", POD)
        expect("create -f -", r'Error from server \(AlreadyExists\): error when creating "STDIN": '
               'pods "redis" already exists', POD, 1)
        expect("expose pod redis --port 6379 --type LoadBalancer --name redis",
               "service/redis exposed")
        expect("wait --for=condition=Ready pod/redis --timeout=60s", "pod/redis condition met")
        expect("get pods", r"NAME +READY +STATUS +RESTARTS +AGE\nredis +1/1 +Running +0 +\d+s")
        expect("get pods -o wide", r"NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE "
               r"+READINESS GATES\nredis +1/1 +Running +0 +\d+s +10\.[\d.]+ +ip-\S+ +<none> +<none>")
        expect("get svc redis", r"NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE\n"
               r"redis +LoadBalancer +10\.0\.[\d.]+ +\S+ +6379:3\d{4}/TCP +\d+s")
        expect("get pods -l app=redis -o name", "pod/redis")
        expect("get pods -l app!=redis -o name", "")
        expect("get pods --field-selector=status.phase=Running -o name", "pod/redis")
        expect("get pod redis -o jsonpath={.spec.containers[0].image}", "redis:5.0.3")
        expect("get pods nope", r'Error from server \(NotFound\): pods "nope" not found', status=1)
        expect("get nosuch", r"error: the server doesn't have a resource type \"nosuch\"", status=1)
        expect("get nodes", r"NAME +STATUS +ROLES +AGE +VERSION\n(ip-\S+ +Ready +(<none>|master) +"
               r"\d+s +v1\.15\.2\s*){8}")
        expect("get pods --all-namespaces -o name", r"(.*\n)?pod/redis(\n.*)?")
        expect("get all -o name", r"pod/redis\nservice/kubernetes\nservice/redis")
        expect("describe service redis", r".*Type: +LoadBalancer\n.*Endpoints: +10\.[\d.]+:6379\n.*")
        expect("describe pod redis", r".*Status: +Running\n.*Image: +redis:5\.0\.3\n.*")

    def change(self):
        expect = self.expect
        expect("label pod redis tier=back", "pod/redis labeled")
        expect("label pod redis tier=front", r"error: 'tier' already has a value \(back\), and "
               "--overwrite is false", status=1)
        expect("label pod redis tier=front --overwrite", "pod/redis labeled")
        expect("annotate pod redis note=x", "pod/redis annotated?")
        expect("get pods --show-labels", r".*\nredis .* app=redis,tier=front")
        expect("apply -f -", "deployment.apps/web created", DEPLOYMENT)
        expect("apply -f -", "deployment.apps/web unchanged", DEPLOYMENT)
        expect("apply -f -", "deployment.apps/web configured",
               DEPLOYMENT.replace("replicas: 1", "replicas: 2"))
        expect("rollout status deployment/web --timeout=60s",
               r'(Waiting .*\n)*deployment "web" successfully rolled out')
        expect("scale deployment web --replicas=3", "deployment.apps/web scaled")
        expect("get deployment web -o jsonpath={.spec.replicas}", "3")
        expect("set image deployment/web web=nginx:1.17", "deployment.apps/web image updated")
        expect("get deploy web -o jsonpath={.spec.template.spec.containers[*].image}",
               "nginx:1.17 memcached:1")
        expect('patch deploy web -p {"spec":{"template":{"spec":{"containers":[{"name":"side",'
               '"image":"memcached:1.5"}]}}}}', "deployment.apps/web patched")
        expect("get deploy web -o jsonpath={.spec.template.spec.containers[*].image}",
               "nginx:1.17 memcached:1.5")
        expect('patch deploy web --type=merge -p {"spec":{"replicas":1}}',
               "deployment.apps/web patched")
        expect('patch deploy web --type=json -p [{"op":"test","path":"/spec/replicas","value":9}]',
               "The request is invalid(: the server rejected our request due to an error in our "
               "request)?", status=1)
        expect("rollout status deployment/web --timeout=60s",
               r'(Waiting .*\n)*deployment "web" successfully rolled out')

    def refuse(self):
        expect = self.expect
        expect("create -f - --validate=false",
               r'The Pod "bad" is invalid: spec\.containers\[0\]\.name: Invalid value: "Bad_Name": .*',
               BAD_POD, 1)
        if self.version >= 27:
            expect("create -f -", r'Error from server \(BadRequest\): error when creating "STDIN": Pod '
                   r'in version "v1" cannot be handled as a Pod: strict decoding error: unknown field '
                   r'"spec\.containers\[0\]\.imag"', POD.replace("image:", "imag:"), 1)
        expect("create configmap x -n nope", r'.*namespaces "nope" not found', status=1)
        expect("delete namespace default", r'Error from server \(Forbidden\): namespaces "default" is '
               "forbidden: this namespace may not be deleted", status=1)

    def generate(self):
        expect = self.expect
        expect("create namespace lab", "namespace/lab created")
        expect("-n lab create configmap c --from-literal=k=v", "configmap/c created")
        expect("-n lab get configmap c -o jsonpath={.data.k}", "v")
        expect("-n lab create secret generic s --from-literal=p=q", "secret/s created")
        expect("-n lab get secret s -o jsonpath={.data.p}", "cQ==")
        expect("-n lab create serviceaccount sa", "serviceaccount/sa created")
        expect("-n lab create deployment d --image=nginx", "deployment.apps/d created")
        expect("-n lab create service clusterip web --tcp=80:8080", "service/web created")
        expect("-n lab get service web -o jsonpath={.spec.ports[0].targetPort}", "8080")
        expect("-n lab create ingress i --rule=a.com/x=web:80",
               "ingress.networking.k8s.io/i created")
        expect("-n lab run p --image=busybox --restart=Never --labels=app=p --port=80 -- sleep 9",
               "pod/p created")
        expect("-n lab get pod p -o jsonpath={.spec.containers[0].args}", r'\["sleep","9"\]')
        expect("auth can-i create pods", "yes")
        expect("delete namespace lab", 'namespace "lab" deleted')
        expect("get namespace lab", r'Error from server \(NotFound\): namespaces "lab" not found',
               status=1)

    def course_kinds(self):
        expect = self.expect
        expect("create -f -", "ingress.(extensions|networking.k8s.io)/echo created", INGRESS)
        expect("get ingress.networking.k8s.io echo",
               r"NAME +CLASS +HOSTS +ADDRESS +PORTS +AGE\necho +<none> +http-echo-1\.com +80 +\d+s")
        expect("get ingress.v1.networking.k8s.io echo -o "
               "jsonpath={.spec.rules[0].http.paths[0].backend.service.port.number}", "80")
        expect("get ingress.v1beta1.extensions echo -o "
               "jsonpath={.spec.rules[0].http.paths[0].backend.servicePort}", "80")
        expect("create -f -", "networkpolicy.networking.k8s.io/access-redis created", POLICY)
        expect("get networkpolicy", r"NAME +POD-SELECTOR +AGE\naccess-redis +app=redis +\d+s")
        expect("get networkpolicy access-redis -o jsonpath={.spec.ingress}", r"\[\{\}\]")
        expect("apply -f -", "customresourcedefinition.apiextensions.k8s.io/"
               "virtualservices.networking.istio.io created", DEFINITION)
        expect("wait --for=condition=established --timeout=10s "
               "crd/virtualservices.networking.istio.io", r".* condition met")
        expect("apply -f -", "virtualservice.networking.istio.io/reviews created", VIRTUAL_SERVICE)
        expect("get virtualservices", r"NAME +GATEWAYS +HOSTS +AGE\nreviews +\[reviews\] +\d+s")
        expect("apply -f -", "virtualservice.networking.istio.io/reviews configured",
               VIRTUAL_SERVICE.replace("weight: 50", "weight: 70", 1).replace("weight: 50", "weight: 30"))
        expect('patch vs reviews --type=json -p '
               '[{"op":"replace","path":"/spec/http/0/route/0/weight","value":60},'
               '{"op":"replace","path":"/spec/http/0/route/1/weight","value":40}]',
               "virtualservice.networking.istio.io/reviews patched")
        expect("get vs reviews -o jsonpath={.spec.http[0].route[*].weight}", "60 40")
        expect('patch vs reviews -p {"spec":{}}', r".*the body of the request was in an unknown "
               r"format - accepted media types include: application/json-patch\+json, "
               r"application/merge-patch\+json, application/apply-patch\+yaml", status=1)

    def edit(self):
        editor = os.path.join(self.kubectl.environment["HOME"], "editor")
        with open(editor, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nsed -i 's/^  replicas: 1$/  replicas: 2/' \"$1\"\n")
        os.chmod(editor, 0o700)
        self.kubectl.environment["EDITOR"] = editor
        self.expect("edit deployment web", "deployment.apps/web edited")
        self.expect("get deployment web -o jsonpath={.spec.replicas}", "2")

    def watch(self):
        """A watch sees a pod come and go, each line at once."""
        self.expect("run first --image=nginx -l app=seen", "pod/first created")
        watch = self.kubectl.start("get", "pods", "-w", "-l", "app=seen", "--no-headers")
        timer = threading.Timer(60, watch.kill)
        timer.start()
        lines = []
        # The first line says that the watch follows from here.
        watch.stdout.readline()
        self.expect("run seen --image=nginx -l app=seen", "pod/seen created")
        for line in watch.stdout:
            if not line.startswith("seen"):
                continue
            lines.append(line.split()[2])
            if "Running" in line and "1/1" in line:
                break
        self.expect("delete pod seen", 'pod "seen" deleted( from default namespace)?')
        for line in watch.stdout:
            if line.startswith("seen"):
                lines.append(line.split()[2])
                if "Terminating" in line:
                    break
        watch.kill()
        watch.wait()
        timer.cancel()
        self.tap.check(lines[:1] == ["Pending"] and lines[-1] == "Terminating" and "Running" in lines,
                       "1.%d get pods -w" % self.version, " ".join(lines))

    def delete(self):
        expect = self.expect
        expect("delete deployment web", 'deployment.apps "web" deleted')
        expect("delete pod,service redis", 'pod "redis" deleted\nservice "redis" deleted')
        expect("delete networkpolicy --all",
               'networkpolicy.networking.k8s.io "access-redis" deleted')
        expect("delete crd virtualservices.networking.istio.io",
               'customresourcedefinition.apiextensions.k8s.io "virtualservices.networking.istio.io" '
               "deleted")
        expect("get --raw /apis/networking.istio.io/v1alpha3/virtualservices",
               r"Error from server \(NotFound\): the server could not find the requested resource",
               status=1)

    def run(self):
        self.create_and_see()
        self.change()
        self.refuse()
        self.generate()
        self.course_kinds()
        self.edit()
        self.watch()
        self.delete()


def find_programs():
    named = os.environ.get("KONVOY_LAB_KUBECTL")
    if named:
        return named.split(":")
    found = shutil.which("kubectl")
    return [found] if found else []


def main():
    programs = find_programs()
    if not programs:
        print("1..0 # SKIP there is no kubectl")
        return 0
    tap = Tap()
    for program in programs:
        with tempfile.TemporaryDirectory() as folder:
            host = Host(sys.argv[1], folder)
            try:
                Session(tap, Kubectl(program, host, folder)).run()
            finally:
                host.close()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
