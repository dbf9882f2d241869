"""The servers: the gateway, nginx, and the provider behind them."""
import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time

from machine import Failure, find, started_on

HERE = os.path.dirname(os.path.abspath(__file__))
JOB = os.path.join(HERE, "job.json")
KEY = "bench-key-that-buys-nothing"
NGINX_PORTS = ["constant", "constant2", "cache", "logged", "mocked", "bare", "kept", "file"]


class Servers:
    """The processes that this script started."""

    def __init__(self, folder, cores):
        self.folder = folder
        self.cores = cores
        self.running = []

    def start(self, name, command, cores, ports, pipes=None):
        """Starts a server on some cores and waits until all its ports take connections. `pipes`: what its standard input
        and output are; by default nothing and the log."""
        environment = {**os.environ, "REELGATE_PROVIDER_API_KEY": KEY}
        with open(os.path.join(self.folder, name + ".log"), "ab") as log:
            process = started_on(cores, lambda: subprocess.Popen(
                command, stdin=pipes or subprocess.DEVNULL, stdout=pipes or log, stderr=log, env=environment))
        self.running.append(process)
        for port in ports:
            wait_for(port, name, process, log.name)
        return process

    def stop(self, *processes):
        """Terminates processes, and kills them after a while."""
        for process in processes:
            self.running.remove(process)
            process.terminate()
        for process in processes:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def stop_all(self):
        self.stop(*reversed(self.running))


def wait_for(port, name, process, log):
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            with open(log, encoding="utf-8", errors="replace") as text:
                words = text.read()[-600:].strip()
            raise Failure(f"{name} ended with {process.returncode}: {words}")
        time.sleep(0.0003)  # Short: the time until a server listens is measured with this.
    raise Failure(f"{name} does not listen on port {port}")


def free_ports(count):
    """Ports that were free just now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Bench:
    """Starts the servers, each with folders of its own, and sends requests."""

    def __init__(self, reelgate, servers):
        self.reelgate = reelgate
        self.servers = servers
        names = ["gateway", "guarded", "simulator", "mock", *NGINX_PORTS]
        self.ports = dict(zip(names, free_ports(len(names))))
        self.count = 0

    def address(self, name):
        return f"127.0.0.1:{self.ports[name]}"

    def url(self, name, path):
        return f"http://{self.address(name)}{path}"

    def folder(self, name):
        """Returns a new folder."""
        self.count += 1
        path = os.path.join(self.servers.folder, f"{name}-{self.count}")
        os.mkdir(path, 0o700)
        return path

    def start_simulator(self, cores=None):
        """A provider whose tasks outlast every run, so that nothing but the POST is measured. On the load's core
        unless it is what is measured."""
        command = [self.reelgate, "simulate", "--listen", self.address("simulator"), "--task-seconds", "100000"]
        return self.servers.start("simulator", command, cores or self.servers.cores.load, [self.ports["simulator"]])

    def start_gateway(self, loops, *, folder=None, max_in_flight=100_000, provider=None, poll="first: 1h, interval: 1h",
                      name="gateway", access="open", connections=10_000, level="warning"):
        """A gateway that listens, with the store in a folder; a fresh one if none is given. `poll`: its schedule but for
        the slowest interval, which is the usual one, so that intervals are exact."""
        folder = folder or self.folder("gateway")
        path = os.path.join(folder, "reelgate.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                f"""listen: [{{address: "{self.address(name)}"}}]
public_url: null
loops: {loops}
provider:
  base_url: http://{provider or self.address("simulator")}
  max_in_flight: {max_in_flight}
  poll: {{{poll}, slowest: {poll.rsplit(' ', 1)[1]}, deadline: 24h}}
store: {{sqlite: {folder}/reelgate.db}}
archive: {{directory: {folder}/archive, reserve: 0KiB}}
access: {{clients: {access}}}
limits: {{connections: {connections}}}
log: {{format: json, level: {level}}}
""")
        command = [self.reelgate, "serve", "--config", path]
        cores = self.servers.cores.server(loops)
        return self.servers.start(name, command, cores, [self.ports[name]])

    def add_client(self, folder, name="bench", role="submitter"):
        """Adds a client to the gateway with this folder; returns its token."""
        command = [self.reelgate, "clients", "add", name, "--role", role, "--config",
                   os.path.join(folder, "reelgate.yaml")]
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        token = re.search(r"rg_[0-9a-z]+", result.stdout)
        if result.returncode or not token:
            raise Failure(f"no client was added: {result.stderr or result.stdout}")
        return token[0]

    def wait_until_ready(self, name="gateway"):
        """A gateway listens before it has read its store, and says 503 meanwhile."""
        deadline = time.monotonic() + 15
        while True:
            try:
                return self.call("GET", "/readyz", name=name)
            except Failure:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.005)

    def start_nginx(self, workers, body="{}", file="/dev/null"):
        """nginx with all its parts: the constant reply says `body`, and one address serves a file."""
        # In nginx's single quotes only these two mean something; a dollar cannot be escaped at all.
        if "$" in body:
            raise Failure("the task holds a dollar, which nginx would take for a variable")
        values = {"workers": str(workers)}
        values["body"] = body.replace("\\", "\\\\").replace("'", "\\'")
        values["http2"] = "http2" if nginx_speaks_http2() else ""
        values["file_path"] = file
        ports = [self.ports[name] for name in NGINX_PORTS]
        return self.start_nginx_as("nginx", values, self.servers.cores.server(workers), ports)

    def start_polled(self):
        """The provider of `polls.py`, on the load's core. Returns its process, which answers questions on its pipes."""
        command = [sys.executable, os.path.join(HERE, "polls.py"), str(self.ports["mock"])]
        return self.servers.start(
            "polled", command, self.servers.cores.load, [self.ports["mock"]], pipes=subprocess.PIPE)

    def start_results(self, file):
        """A provider whose tasks are done, with this file as the result of each: nginx, on the load's core."""
        values = {"file_folder": os.path.dirname(file), "file_name": os.path.basename(file)}
        return self.start_nginx_as("results", values, self.servers.cores.load, [self.ports["mock"]])

    def start_mock(self):
        """A provider that costs next to nothing: nginx with a constant reply, on the load's core."""
        return self.start_nginx_as("mock", {}, self.servers.cores.load, [self.ports["mock"]])

    def start_nginx_as(self, name, more, cores, ports):
        """Starts nginx with the configuration of this name, its words in @ filled in."""
        folder = self.folder(name)
        values = {name: self.address(name) for name in self.ports} | more
        values |= {"folder": folder, "user": "user root;" if os.geteuid() == 0 else ""}
        with open(os.path.join(HERE, f"{name}.conf"), encoding="utf-8") as source:
            text = source.read()
        for word, value in values.items():
            text = text.replace(f"@{word}@", value)
        path = os.path.join(folder, f"{name}.conf")
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        errors = os.path.join(folder, f"{name}-error.log")
        command = [find("nginx"), "-p", folder, "-e", errors, "-c", path]
        return self.servers.start(name, command, cores, ports)

    def submit(self, name="gateway", token=None):
        """Sends one job; returns its path."""
        with open(JOB, encoding="utf-8") as file:
            task = json.loads(self.call("POST", "/v1/videos/generations", file.read(), name=name, token=token))
        return "/v1/tasks/" + task["id"]

    def call(self, method, path, body=None, name="gateway", token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[name], timeout=20)
        fields = {"Content-Type": "application/json"} if body else {}
        fields |= authorization(token)
        try:
            connection.request(method, path, body, fields)
            answer = connection.getresponse()
            text = answer.read()
        except OSError as failure:
            raise Failure(f"{name} does not answer {method} {path}: {failure}") from failure
        finally:
            connection.close()
        if answer.status != 200:
            words = text[:300].decode("utf-8", errors="replace")
            raise Failure(f"{name} answered {method} {path} with {answer.status}: {words}")
        return text

    def speaks_http2(self, name):
        """Whether a server answers HTTP/2's preface with a frame of settings, by prior knowledge."""
        preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
        with socket.create_connection(("127.0.0.1", self.ports[name]), timeout=5) as connection:
            connection.sendall(preface)
            with contextlib.suppress(OSError):
                head = connection.recv(9, socket.MSG_WAITALL)
                return len(head) == 9 and head[3] == 4
        return False


def authorization(token):
    """The header field of a client's token."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def nginx_speaks_http2():
    result = subprocess.run([find("nginx"), "-V"], capture_output=True, text=True, check=False)
    return "http_v2_module" in result.stderr
