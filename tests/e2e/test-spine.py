#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole program as a student meets it: a window, a place, two sections done step by step.

    test-spine.py KONVOY-LAB                    in the practice cluster
    test-spine.py KONVOY-LAB KONVOY-PRACTICE    the same over SSH: a real sshd on its jumpserver

Speaks TAP. Skipped where there is no kubectl, no Xvfb or no accessibility bus.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

STEP_SECONDS = 180
PASSED = 0


def skip(reason):
    print("1..0 # SKIP " + reason)
    sys.exit(0)


needed = ["kubectl", "Xvfb", "dbus-daemon", "xdotool", "import"]
if len(sys.argv) > 2:
    needed += ["bwrap", "ssh", "ssh-keygen", "/usr/sbin/sshd"]
for program in needed:
    if not shutil.which(program):
        skip("there is no " + program)
try:
    from guidrive import DriveError, Session, wait_for
    from jumpserver import Jumpserver
except (ImportError, ValueError) as error:
    skip(str(error))


def ok(what):
    global PASSED
    PASSED += 1
    print("ok %d - %s" % (PASSED, what), flush=True)


def kubectl(kubeconfig, *arguments, text=None):
    """What the real kubectl says, from outside the program."""
    result = subprocess.run(["kubectl", "--kubeconfig", kubeconfig, *arguments], input=text,
                            capture_output=True, text=True, timeout=30, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"})
    return result.stdout if result.returncode == 0 else ""


def weights(kubeconfig):
    """Of the route of reviews: {subset: weight}."""
    text = kubectl(kubeconfig, "get", "virtualservice", "reviews", "--output", "json")
    if not text:
        return {}
    route = json.loads(text)["spec"]["http"][-1]["route"]
    return {d["destination"]["subset"]: d.get("weight", 0) for d in route}


def open_section(app, title):
    sections = app.find("Sections", role="list")
    rows = [n for n in sections.children() if n.role == "list item"]
    row = next(i for i, n in enumerate(rows) if title in n.name)
    sections.select_child(row)
    app.find(title, role="label", pred=lambda n: n.on_screen())
    wait_for(lambda: app.find_all(re.compile(r"^Run step 1$")), 10, "the steps of " + title)


def step_numbers(app):
    names = [n.name for n in app.find_all(re.compile(r"^Run step \d+$"))]
    return sorted({int(n.rsplit(" ", 1)[1]) for n in names})


def wait_for_all_steps(app):
    """Rows far below the viewport are made a little later."""
    seen = [0]

    def settled():
        n = len(step_numbers(app))
        same = n > 0 and n == seen[0]
        seen[0] = n
        return same
    wait_for(settled, 20, "all steps of the section", 0.3)
    return step_numbers(app)


def make_change(app, number):
    """Of a step that changes a file, the button that does."""
    def has_run():
        return not app.find_all("Step %d, running" % number)
    for button in app.find_all(re.compile(r"^Make the change of step %d\b" % number), role="push button"):
        wait_for(has_run, STEP_SECONDS, "the command of step %d to end" % number, 0.2)
        button.do()


def run_step(app, number):
    """Presses Run, and waits for the tick."""
    def pressed():
        buttons = app.find_all("Run step %d" % number)
        return buttons and buttons[0].state("sensitive")
    wait_for(pressed, 30, "the button of step %d" % number)
    app.find("Run step %d" % number).do()
    make_change(app, number)
    wait_for(lambda: app.find_all("Step %d, done" % number), STEP_SECONDS, "step %d to be done" % number, 0.2)
    # the next one is refused while the terminal still works on this one
    wait_for(lambda: not app.find_all(re.compile("^Step .*, running$")), 60, "the terminal to be free", 0.2)


def assert_ticked(app, number):
    """Every check of a step that is done says so."""
    card = app.find("Step %d, done" % number)
    waiting = [n.name for n in card.walk(lambda n: n.role == "label") if re.match("Waiting|Late|Not checked", n.name)]
    if waiting:
        raise DriveError("step %d is done, but a check says %r" % (number, waiting))


def do_section(app, title, until=None):
    numbers = wait_for_all_steps(app)
    for number in numbers[:until]:
        run_step(app, number)
        assert_ticked(app, number)
        ok("%s: step %d of %d is done" % (title, number, len(numbers)))
    return numbers


def connect_practice(session, program, directory):
    app = session.launch([program, "--practice=" + directory], timeout=40)
    app.find("Practice cluster, connected", timeout=40)
    return app, os.path.join(directory, "kubeconfig")


def connect_jumpserver(session, program, server):
    """The first time the window asks about the host key, and shows the fingerprint that is true."""
    place = "centos@127.0.0.1:%d" % server.port
    app = session.launch([program, "--jumpserver", place, "--identity", server.identity],
                         timeout=40)
    fingerprint = server.fingerprint()
    app.find(re.compile(re.escape(fingerprint)), timeout=20)
    picture(session, "test-spine-host-key")
    answer(app, "Trust and connect")
    app.find(place + ", connected", timeout=40)
    return app, server.kubeconfig


def answer(app, label):
    """Presses a button of a message dialog."""
    app.click(label, "push button")


def picture(session, name):
    folder = os.environ.get("KONVOY_LAB_TEST_PICTURES")
    if folder:
        session.screenshot(os.path.join(folder, name + ".png"))


def play(session, app, kubeconfig):
    app.find("Terminal", timeout=20)
    ok("the window is connected")

    open_section(app, "Load balancer")
    do_section(app, "Load balancer")
    services = app.find("Services", pred=lambda n: n.role not in ("push button", "toggle button", "label"))
    address = next(n.name for n in services.walk(lambda n: n.role == "label") if n.name.endswith(".elb.amazonaws.com"))
    if address not in kubectl(kubeconfig, "get", "service", "redis", "--output", "wide"):
        raise DriveError("the panel shows %s, kubectl does not" % address)
    picture(session, "test-spine-services")
    ok("the service has its address in the panel")

    open_section(app, "Traffic shifting")
    numbers = wait_for_all_steps(app)
    half = next(i for i, n in enumerate(numbers) if is_half(app, n))
    do_section(app, "Traffic shifting", half + 1)
    wait_for(lambda: weights(kubeconfig) == {"v1": 50, "v3": 50}, 20, "weights of 50 and 50")
    app.find("Weight of v3", role="slider", timeout=20).set_value(30)
    wait_for(lambda: weights(kubeconfig) == {"v1": 70, "v3": 30}, 20, "weights of 70 and 30, found by kubectl")
    picture(session, "test-spine-traffic")
    ok("the slider of v3 at 30 gives kubectl 70 and 30")
    observe(session, app, kubeconfig)
    shift_by_hand(session, app, kubeconfig)

    for number in numbers[half + 1:]:
        run_step(app, number)
        assert_ticked(app, number)
        ok("Traffic shifting: step %d of %d is done" % (number, len(numbers)))

    app.check_log()
    if app.quit() != 0:
        raise DriveError("the program ended with %r: %s" % (app.proc.returncode, app.output()[-2000:]))
    app.check_log()
    ok("the program ends well, with nothing in its log")


# What the section on Bookinfo applies: without it nobody is let in.
GATEWAY = """
apiVersion: networking.istio.io/v1alpha3
kind: Gateway
metadata: {name: bookinfo-gateway}
spec:
  selector: {istio: ingressgateway}
  servers:
  - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
---
apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata: {name: bookinfo}
spec:
  hosts: ["*"]
  gateways: [bookinfo-gateway]
  http:
  - match: [{uri: {prefix: /api/v1/products}}, {uri: {exact: /login}}, {uri: {exact: /productpage}}]
    route: [{destination: {host: productpage, port: {number: 9080}}}]
"""


def observe(session, app, kubeconfig):
    """What the page of Bookinfo shows, asked through the place."""
    press(app, "Start observing")
    app.find(re.compile("^The gateway does not listen yet"), timeout=60)
    kubectl(kubeconfig, "apply", "--filename", "-", text=GATEWAY)
    app.find(re.compile(r"^v3: [1-9]\d* of \d+; 30 % expected"), timeout=60)
    latest = app.find(re.compile(r"^Latest: v[13], (no|red) stars after "), timeout=20)
    picture(session, "test-spine-observed")
    press(app, "Pause observing")
    ok("the page's answers are seen: " + latest.name)


def shift_by_hand(session, app, kubeconfig):
    """What a hand does on the traffic page while kubectl looks on, and writes."""
    press(app, "Undo the last change")
    wait_for(lambda: weights(kubeconfig) == {"v1": 50, "v3": 50}, 20, "undo, found by kubectl")
    press(app, "Redo the last change")
    wait_for(lambda: weights(kubeconfig) == {"v1": 70, "v3": 30}, 20, "redo, found by kubectl")
    ok("a change is taken back and made again")

    x, y = app.find("Weight of v1", role="slider").center()
    session.xdo("mousemove", int(x), int(y), "mousedown", 1)
    wait_for(lambda: weights(kubeconfig).get("v1") not in (None, 70), 20, "the drag, found by kubectl")
    kubectl(kubeconfig, "patch", "virtualservice", "reviews", "--type", "json", "--patch",
            json.dumps([{"op": "replace", "path": "/spec/http/0/route/%d/weight" % i, "value": value}
                        for i, value in enumerate((11, 89))]))
    steps = iter(range(1, 10000))

    def told():
        session.xdo("mousemove", int(x) + next(steps) % 40, int(y))
        return app.find_all("Someone else set v1 11 %, v3 89 % while you were changing it.")
    wait_for(told, 20, "the conflict")
    session.xdo("mouseup", 1)
    picture(session, "test-spine-conflict")
    if weights(kubeconfig) != {"v1": 11, "v3": 89}:
        raise DriveError("what kubectl wrote was overwritten: %r" % weights(kubeconfig))
    press(app, "Keep mine")
    wait_for(lambda: weights(kubeconfig)["v1"] not in (11, 70), 20, "my weights, found by kubectl")
    ok("what kubectl writes in a drag is told, and mine is kept where I say so")
    app.find("Weight of v3", role="slider").set_value(30)
    wait_for(lambda: weights(kubeconfig) == {"v1": 70, "v3": 30}, 20, "weights of 70 and 30 again")


def press(app, label):
    """A button once it can be pressed."""
    wait_for(lambda: app.find(label, "push button").state("sensitive"), 20, "the button " + label)
    app.click(label, "push button")


def is_half(app, number):
    """Whether this is the step after which half of the requests go to v3: its text names the file."""
    card = app.find("Step %d" % number, pred=lambda n: n.role != "label")
    return any("reviews-50-v3" in n.name for n in card.walk(lambda n: n.role == "label"))


def main():
    program = os.path.abspath(sys.argv[1])
    directory = tempfile.mkdtemp(prefix="konvoy-spine-")
    try:
        with Session(size="1280x800") as session:
            try:
                if len(sys.argv) > 2:
                    with Jumpserver(os.path.abspath(sys.argv[2]), directory) as server:
                        play(session, *connect_jumpserver(session, program, server))
                else:
                    play(session, *connect_practice(session, program, directory))
            except BaseException:
                picture(session, "test-spine-failure")
                raise
        print("1..%d" % PASSED)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
