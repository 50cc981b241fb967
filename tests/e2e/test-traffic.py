#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The traffic page in a real window, beside a real kubectl that writes to the same object.

    test-traffic.py KONVOY-LAB KONVOY-PRACTICE

Slider, keys, presets, undo, conflicts, rights that are missing or taken away, a server that goes and
an object that goes during a drag; what is asked before it is sent, and an object that is created here. After each, the object differs from before in the weights and
nowhere else. Speaks TAP. Skipped where there is no kubectl, no Xvfb or no accessibility bus.
"""
import contextlib
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

PASSED = 0
SECONDS = 20


def skip(reason):
    print("1..0 # SKIP " + reason)
    sys.exit(0)


for program in ("kubectl", "Xvfb", "dbus-daemon", "xdotool", "import", "bwrap"):
    if not shutil.which(program):
        skip("there is no " + program)
try:
    from gi.repository import GLib
    from guidrive import DriveError, Session, wait_for
except (ImportError, ValueError) as error:
    skip(str(error))

ISTIO = r"""set -e
cd ~/lab
sed -i '/- enabled: false/{N;/\n *name: istio$/s/false/true/}' cluster.yaml
konvoy up --yes --upgrade --force-upgrade
"""

# Of all that an edit must leave alone: names, a match, a mirror, headers, what Istio does not know.
REVIEWS = """
apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: reviews
  labels: {team: blue}
  annotations: {example.com/owner: "someone"}
spec:
  hosts: [reviews]
  gateways: [mesh]
  exportTo: ["*"]
  http:
  - name: for-jason
    match:
    - headers: {end-user: {exact: jason}}
    route:
    - destination: {host: reviews, subset: v2, port: {number: 9080}}
  - name: for-everyone
    timeout: 9s
    retries: {attempts: 3, perTryTimeout: 2s}
    mirror: {host: reviews, subset: v2}
    headers: {request: {set: {x-lab: "1"}}}
    route:
    - destination: {host: reviews, subset: v1}
      weight: 50
      headers: {response: {add: {x-version: one}}}
    - destination: {host: reviews, subset: v3}
      weight: 50
"""
RULE = """
apiVersion: networking.istio.io/v1alpha3
kind: DestinationRule
metadata: {name: reviews}
spec:
  host: reviews
  subsets:
  - {name: v1, labels: {version: v1}}
  - {name: v2, labels: {version: v2}}
  - {name: v3, labels: {version: v3}}
"""
# May see everything. What may be changed is bound apart.
STUDENT = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: student}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: look}
rules:
- {apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: look}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: look}
subjects: [{kind: ServiceAccount, name: student, namespace: default}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: shift}
rules:
- {apiGroups: [networking.istio.io], resources: [virtualservices], verbs: [patch]}
"""
SHIFT = """
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: shift}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: shift}
subjects: [{kind: ServiceAccount, name: student, namespace: default}]
"""


# A window with little beside the page: its tree is read hundreds of times.
COURSE = """---
id: shift
title: Shift
panel: traffic
---
# Shift

Move the slider.
"""


def ok(what):
    global PASSED
    PASSED += 1
    print("ok %d - %s" % (PASSED, what), flush=True)


class Cluster:
    """The practice cluster, and kubectl as somebody else uses it: from outside the program."""

    def __init__(self, practice, folder):
        self.practice, self.folder = practice, folder
        self.owner = subprocess.Popen([practice, "--dir", folder], text=True, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE)
        self.kubeconfig = json.loads(self.owner.stdout.readline())["kubeconfig"]

    def close(self):
        self.owner.stdin.close()
        self.owner.wait(20)

    def run(self, *arguments, text=None):
        return subprocess.run([self.practice, "--dir", self.folder, *arguments], input=text, text=True,
                              check=True, capture_output=True, timeout=120).stdout

    def kubectl(self, *arguments, text=None):
        return subprocess.run(["kubectl", "--kubeconfig", self.kubeconfig, *arguments], input=text, text=True,
                              check=True, capture_output=True, timeout=30,
                              env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"}).stdout

    def get(self):
        return json.loads(self.kubectl("get", "virtualservice", "reviews", "--output", "json"))

    def weights(self):
        """(v1, v3) of the route of everyone, or all it has."""
        return tuple(d.get("weight", 100) for d in self.get()["spec"]["http"][-1]["route"])

    def write(self, v1, v3):
        self.kubectl("patch", "virtualservice", "reviews", "--type", "json", "--patch",
                     json.dumps([{"op": "replace", "path": "/spec/http/1/route/%d/weight" % i, "value": value}
                                 for i, value in enumerate((v1, v3))]))

    def wait_weights(self, weights, what):
        wait_for(lambda: self.weights() == weights, SECONDS, "%s: %r, found by kubectl" % (what, weights))

    def wait_other(self, weights, what):
        """Of a drag the exact value is the pointer's."""
        wait_for(lambda: self.weights() != weights, SECONDS, what + ", found by kubectl")
        return self.weights()


def all_but_weights(thing, is_whole=False):
    """The same without what a server counts, and without the weights."""
    thing = copy.deepcopy(thing)
    for name in ("resourceVersion", "generation", "managedFields", "uid", "creationTimestamp", "selfLink"):
        thing["metadata"].pop(name, None)
    for route in thing["spec"]["http"] if not is_whole else ():
        for destination in route["route"]:
            destination.pop("weight", None)
    return json.dumps(thing, sort_keys=True, indent=1)


class Page:
    """The traffic page, as a hand and an eye know it.  To look for something is to read the whole
    tree, so what was found is asked again as long as it is there."""

    def __init__(self, session, app, cluster):
        self.session, self.app, self.cluster = session, app, cluster
        self.known = {}

    def ask(self, name, role, question):
        """What question says of the node; of another one of that name where the last is gone."""
        if (name, role) in self.known:
            try:
                return question(self.known[name, role])
            except GLib.Error:
                del self.known[name, role]
        node = self.app.find(name, role=role, timeout=SECONDS)
        self.known[name, role] = node
        return question(node)

    def slider(self, name="v1"):
        self.ask("Weight of " + name, "slider", lambda node: node.value())
        return self.known["Weight of " + name, "slider"]

    def wait_shown(self, v1):
        wait_for(lambda: self.slider().value() == v1, SECONDS, "the slider of v1 at %d" % v1)

    def wait_saved(self):
        wait_for(lambda: self.ask("Saved", "label", lambda node: node.name_now()) == "Saved", SECONDS,
                 "the watch to show what was written")

    def wait_text(self, text):
        self.app.find(text if hasattr(text, "search") else re.compile(re.escape(text)), timeout=SECONDS)

    def gone(self, text):
        wait_for(lambda: not self.app.find_all(re.compile(re.escape(text))), SECONDS, "this to go: " + text)

    def press(self, label):
        wait_for(lambda: self.ask(label, "push button", lambda node: node.state("sensitive")), SECONDS,
                 "the button " + label)
        self.ask(label, "push button", lambda node: node.do())

    def picture(self, name):
        folder = os.environ.get("KONVOY_LAB_TEST_PICTURES")
        if folder:
            self.session.wait_stable()
            self.session.screenshot(os.path.join(folder, "test-traffic-%s.png" % name))

    def drag(self):
        return Drag(self)

    @contextlib.contextmanager
    def only_weights(self, what):
        """What happens within changes the weights and nothing else."""
        before = self.cluster.get()
        yield
        after = self.cluster.get()
        if all_but_weights(before) != all_but_weights(after):
            raise DriveError("%s has changed more than weights:\n%s\n%s"
                             % (what, all_but_weights(before), all_but_weights(after)))
        ok(what)


class Drag:
    """The pointer holds the slider of v1 by its middle; move() goes on until something is so."""

    def __init__(self, page):
        self.page = page
        self.x, self.y = page.slider().center()
        self.n = 0

    def __enter__(self):
        self.page.session.xdo("mousemove", int(self.x), int(self.y), "mousedown", 1)
        return self

    def __exit__(self, *exc):
        self.page.session.xdo("mouseup", 1)

    def move(self, by=None):
        self.n += 1
        self.page.session.xdo("mousemove", int(self.x) + (by if by is not None else self.n % 40), int(self.y))

    def until(self, done, what):
        def moved():
            self.move()
            return done()
        wait_for(moved, SECONDS, what)


def slide(page):
    cluster = page.cluster
    with page.only_weights("the mouse drags a slider"):
        with page.drag() as drag:
            drag.move(by=30)
            seen = cluster.wait_other((50, 50), "the drag while it goes on")
            drag.move(by=60)
            cluster.wait_other(seen, "more of the drag")
        page.wait_saved()
        if sum(cluster.weights()) != 100:
            raise DriveError("weights of %r" % (cluster.weights(),))
    with page.only_weights("a drag is one step to take back, and to do again"):
        dragged = cluster.weights()
        page.press("Undo the last change")
        cluster.wait_weights((50, 50), "undo")
        page.press("Redo the last change")
        cluster.wait_weights(dragged, "redo")
        page.press("Undo the last change")
        cluster.wait_weights((50, 50), "undo again")
        page.wait_shown(50)


def keys(page):
    """Where the slider stands at 50 a click takes hold of its middle, and moves nothing."""
    cluster = page.cluster
    page.slider().focus_click()
    with page.only_weights("the keyboard moves a slider"):
        for key, v1 in (("Right", 51), ("Left", 50), ("Page_Up", 60), ("Page_Down", 50), ("End", 100), ("Home", 0)):
            page.session.key(key)
            cluster.wait_weights((v1, 100 - v1), key)
        page.wait_saved()
        page.session.key("ctrl+z")
        cluster.wait_weights((100, 0), "Ctrl+Z")
        page.session.key("ctrl+shift+z")
        cluster.wait_weights((0, 100), "Ctrl+Shift+Z")
        page.session.key(*["Right"] * 5)
        cluster.wait_weights((5, 95), "five presses in a row")
        page.wait_saved()
        page.session.key("ctrl+z")
        cluster.wait_weights((0, 100), "a burst of keys to be one step")
        cluster.write(50, 50)
        page.wait_shown(50)


def presets(page):
    """Each in turn; each undone leaves the object as it was, to the letter."""
    cluster = page.cluster
    before = all_but_weights(cluster.get(), is_whole=True)

    def users_version():
        return cluster.get()["spec"]["http"][0]["route"][0]["destination"]["subset"]
    for label, weights in (("All to v1", (100,)), ("All to v3", (100,)), ("10 % v1, 90 % v3", (10, 90)),
                           ("jason to v2, the rest to v1", (100,)), ("Reset", (100,))):
        page.press(label)
        if label == "Reset":
            page.wait_text(re.compile("^One route to v1 is left. Dropped with the others: 1 route with a match, "))
            page.picture("reset")
            page.press("Drop them")
        cluster.wait_weights(weights, label)
        if label.startswith("jason") and users_version() != "v2":
            raise DriveError("jason is not sent to v2")
        page.wait_saved()
        page.press("Undo the last change")
        wait_for(lambda: all_but_weights(cluster.get(), is_whole=True) == before, SECONDS,
                 "the object as it was before " + label)
        page.wait_saved()
    with page.only_weights("presets, each taken back to the letter; the one of halves"):
        cluster.write(30, 70)
        page.wait_shown(30)
        page.press("50 % v1, 50 % v3")
        cluster.wait_weights((50, 50), "halves")
        page.wait_saved()


def conflicts(page):
    cluster = page.cluster

    def told():
        return page.app.find_all("Someone else set v1 11 %, v3 89 % while you were changing it.")
    for answer in ("Take theirs", "Keep mine"):
        with page.only_weights("kubectl writes during a drag: " + answer.lower()):
            with page.drag() as drag:
                drag.move(by=30)
                cluster.wait_other((50, 50), "the drag")
                cluster.write(11, 89)
                drag.until(told, "the conflict")
            if cluster.weights() != (11, 89):
                raise DriveError("what kubectl wrote was overwritten: %r" % (cluster.weights(),))
            page.picture("conflict")
            page.press(answer)
            page.gone("Someone else set")
            if answer == "Take theirs":
                page.wait_shown(11)
                after_theirs(page)
            else:
                cluster.wait_other((11, 89), "mine")
                page.wait_saved()
                page.press("Undo the last change")
                cluster.wait_weights((11, 89), "undo of mine")
                page.wait_saved()
            cluster.write(50, 50)
            page.wait_shown(50)


def after_theirs(page):
    """The drag had written before kubectl did: to undo that now is asked about."""
    text = "Someone else has set v1 11 %, v3 89 % since. To undo your change would overwrite that."
    page.press("Undo the last change")
    page.wait_text(text)
    page.picture("undo-after-theirs")
    page.press("Keep theirs")
    page.gone("Someone else has set")
    if page.cluster.weights() != (11, 89):
        raise DriveError("undo has overwritten what kubectl wrote: %r" % (page.cluster.weights(),))


def server_gone(page):
    cluster = page.cluster
    with page.only_weights("the server goes during a drag; what was written is taken back over the next connection"):
        with page.drag() as drag:
            drag.move(by=30)
            dragged = cluster.wait_other((50, 50), "the drag")
            cluster.run("fault", "api-down")
            drag.until(lambda: page.app.find_all(re.compile("^The change was not saved: ")), "the failure")
        page.picture("server-gone")
        cluster.run("fault", "clear", "api-down")
        wait_for(lambda: page.app.find_all(re.compile("^Live")) or page.app.find_all("Saved"), SECONDS, "the server again")
        dragged = cluster.weights()
        page.wait_shown(dragged[0])
        page.press("Undo the last change")
        cluster.wait_weights((50, 50), "undo after the server was gone")
        page.wait_saved()


def deleted(page):
    cluster = page.cluster
    with page.only_weights("deleted during a drag, and created again"):
        with page.drag() as drag:
            drag.move(by=30)
            cluster.wait_other((50, 50), "the drag")
            cluster.kubectl("delete", "virtualservice", "reviews")
            page.wait_text("reviews was deleted while you were changing it, so your change was not saved.")
        page.picture("deleted")
        page.press("Create it again")
        page.slider()
        page.gone("reviews was deleted")


def forbidden(page):
    cluster = page.cluster
    text = "You may look at reviews, but not change it."
    page.wait_text(text)
    if page.slider().state("sensitive"):
        raise DriveError("a read-only user can move a slider")
    page.picture("read-only")
    ok("a read-only user sees the object, and that it cannot be changed")
    with page.only_weights("a right that is given, and taken away during a drag"):
        cluster.kubectl("apply", "--filename", "-", text=SHIFT)
        page.press("Check again")
        wait_for(lambda: page.slider().state("sensitive"), SECONDS, "the slider to be free")
        page.gone(text)
        page.session.wait_stable()
        with page.drag() as drag:
            drag.move(by=30)
            cluster.wait_other((50, 50), "the drag")
            cluster.kubectl("delete", "rolebinding", "shift")
            drag.until(lambda: page.app.find_all(re.compile("^" + re.escape(text) + "\n.*cannot patch resource")),
                       "the server's refusal")
            page.wait_shown(cluster.weights()[0])
        page.picture("forbidden")
        if page.slider().state("sensitive"):
            raise DriveError("a slider that may not be moved can be moved")
        cluster.kubectl("apply", "--filename", "-", text=SHIFT)
        page.press("Check again")
        page.press("Undo the last change")
        cluster.wait_weights((50, 50), "undo once it is allowed again")
        page.wait_saved()


# reviews by its Service: of v3 no pod is there.
PODS = """
apiVersion: v1
kind: Service
metadata: {name: reviews}
spec:
  selector: {app: reviews}
  ports: [{port: 9080, name: http}]
---
apiVersion: v1
kind: Pod
metadata: {name: reviews-v1, labels: {app: reviews, version: v1}}
spec: {containers: [{name: reviews, image: docker.io/istio/examples-bookinfo-reviews-v1:1.15.0}]}
"""


def asked(page):
    """What a preset runs into is asked about before anything is written."""
    cluster = page.cluster
    cluster.kubectl("apply", "--filename", "-", text=PODS)
    cluster.kubectl("wait", "pod", "reviews-v1", "--for", "condition=Ready", "--timeout", "25s")
    cluster.kubectl("patch", "virtualservice", "reviews", "--type", "json", "--patch",
                    json.dumps([{"op": "replace", "path": "/spec/http/1/route/0/weight", "value": 100},
                                {"op": "replace", "path": "/spec/http/1/route/1/weight", "value": 0}]))
    page.wait_shown(100)
    page.gone("No pod of the subset v3 of reviews is ready.")
    with page.only_weights("a preset asks, and not again once it is agreed to"):
        page.press("50 % v1, 50 % v3")
        page.wait_text("Send it anyway?")
        page.picture("asked-by-preset")
        if cluster.weights() != (100, 0):
            raise DriveError("a preset was written before it was agreed to: %r" % (cluster.weights(),))
        page.press("Send anyway")
        cluster.wait_weights((50, 50), "what was agreed to")
        page.wait_saved()
        cluster.write(100, 0)
        page.wait_shown(100)
        page.press("10 % v1, 90 % v3")
        cluster.wait_weights((10, 90), "what was agreed to before")
        page.wait_saved()
        cluster.write(50, 50)
        page.wait_shown(50)


def created(page):
    """Created, changed, and all of it taken back and made again."""
    cluster = page.cluster
    cluster.kubectl("delete", "virtualservice", "reviews")

    def is_there():
        return bool(cluster.kubectl("get", "virtualservices", "--output", "name").strip())
    page.press("Create routes for reviews")
    wait_for(is_there, SECONDS, "reviews to be created")
    page.wait_shown(100)
    before = all_but_weights(cluster.get(), is_whole=True)
    page.press("Undo the last change")
    wait_for(lambda: not is_there(), SECONDS, "reviews to be deleted again")
    page.press("Redo the last change")
    wait_for(is_there, SECONDS, "reviews to be created again")
    page.wait_shown(100)
    if all_but_weights(cluster.get(), is_whole=True) != before:
        raise DriveError("what was created again is something else")
    ok("what was created here is taken back, and created again")
    cluster.kubectl("label", "virtualservice", "reviews", "of=others")
    page.press("Undo the last change")
    page.wait_text("reviews is not what was created here any more, so it was not deleted.")
    if not is_there():
        raise DriveError("what others have changed was deleted")
    ok("what others have made of it stays")


@contextlib.contextmanager
def open_page(session, program, cluster, kubeconfig):
    course = os.path.join(session.tmp, "course.md")
    with open(course, "w") as f:
        f.write(COURSE)
    app = session.launch([program, "--kubeconfig", kubeconfig, "--course", course], timeout=40)
    page = Page(session, app, cluster)
    try:
        page.slider()
        yield page
    except BaseException:
        page.picture("failure")
        raise
    app.check_log()
    if app.quit() != 0:
        raise DriveError("the program ended with %r: %s" % (app.proc.returncode, app.output()[-2000:]))
    app.check_log()


def write_student(cluster, path):
    """A kubeconfig as who is no administrator has it."""
    token = cluster.kubectl("create", "token", "student").strip()
    with open(cluster.kubeconfig) as f:
        text = f.read()
    with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as f:
        f.write(re.sub(r"token: *\S+", "token: " + token, text))
    return path


def main():
    program, practice = (os.path.abspath(p) for p in sys.argv[1:3])
    directory = tempfile.mkdtemp(prefix="konvoy-traffic-")
    cluster = Cluster(practice, directory)
    try:
        cluster.run("--", "bash", text=ISTIO)
        cluster.kubectl("apply", "--filename", "-", text=RULE + "---" + REVIEWS + "---" + STUDENT)
        with Session(size="1280x800") as session:
            with open_page(session, program, cluster, cluster.kubeconfig) as page:
                for play in (slide, keys, presets, conflicts, server_gone, deleted, asked, created):
                    play(page)
            cluster.kubectl("apply", "--filename", "-", text=REVIEWS)
            student = write_student(cluster, os.path.join(session.tmp, "student"))
            with open_page(session, program, cluster, student) as page:
                forbidden(page)
        print("1..%d" % PASSED)
    finally:
        cluster.close()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
