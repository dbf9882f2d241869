"""Holds open streams of all tasks of a gateway, and measures how long one change takes to reach all of them.

Usage: streams.py PORT CONNECTIONS STREAMS CHANGES. With one stream for each connection it speaks HTTP/1.1,
otherwise HTTP/2 by prior knowledge. Submits so many jobs, which the gateway must queue. Prints `open` when all
streams have received their snapshot, waits for a line on standard input, cancels the tasks one after the other, and
prints the seconds of each change as JSON.
"""
import json
import os
import re
import resource
import select
import socket
import struct
import sys
import time

PATH = b"/v1/events"
JOB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "job.json")
TIMEOUT = 30  # Seconds without progress.
HEADERS, SETTINGS, WINDOW_UPDATE = 1, 4, 8
WINDOW = struct.pack(">I", 1 << 30)
# The end of a snapshot; no other line before it has an id.
SNAPSHOT_END = re.compile(rb"id: [^\n]+\n\n")


class Connection:
    """One connection with its open streams."""

    def __init__(self, port, streams):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.expected = streams
        self.received = b""
        authority = b"127.0.0.1:%d" % port
        if streams == 1:
            request = b"GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (PATH, authority)
        else:
            preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, b"\0\x04" + WINDOW)
            request = preface + frame(WINDOW_UPDATE, 0, 0, WINDOW) + b"".join(
                frame(HEADERS, 5, 2 * number + 1, head(authority)) for number in range(streams))
        self.socket.sendall(request)
        self.socket.setblocking(False)

    def is_open(self):
        """Reads what has arrived; returns whether all streams have received their snapshot."""
        if self.expected > 1 and not self.received:
            self.socket.sendall(frame(SETTINGS, 1, 0))
        self.received += self.socket.recv(1 << 18)
        return len(SNAPSHOT_END.findall(self.received)) == self.expected

    def count(self, marker):
        """Reads what has arrived; returns how many streams have received the marker."""
        data = self.socket.recv(1 << 16)
        if not data:
            sys.exit("the server closed a connection")
        data = self.received + data
        # A marker may be cut in two by the reads.
        self.received = data[-(len(marker) - 1):]
        return data.count(marker)


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def head(authority):
    """A request in HPACK, without the dynamic table (RFC 7541 §6.2.2)."""
    return b"\x82\x86\x04" + bytes([len(PATH)]) + PATH + b"\x01" + bytes([len(authority)]) + authority


class Watchers:
    """All connections, watched by one epoll descriptor."""

    def __init__(self, port, connections, streams):
        self.streams = connections * streams
        self.epoll = select.epoll()
        self.connections = {}
        for _ in range(connections):
            one = Connection(port, streams)
            self.connections[one.socket.fileno()] = one
            self.epoll.register(one.socket.fileno(), select.EPOLLIN)
        waiting = set(self.connections)
        while waiting:
            for number, _ in self.ready():
                if number in waiting and self.connections[number].is_open():
                    waiting.discard(number)
        for one in self.connections.values():
            one.received = b""

    def ready(self):
        events = self.epoll.poll(TIMEOUT, 1024)
        if not events:
            sys.exit("nothing has arrived for %d s" % TIMEOUT)
        return events

    def wait_for(self, marker):
        """Waits until each stream has received the marker."""
        left = self.streams
        while left > 0:
            for number, _ in self.ready():
                left -= self.connections[number].count(marker)


def post(control, port, path, body=b"", fields=b""):
    head = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
    control.sendall(head % (path.encode(), port, fields, len(body)) + body)


def response(control, status):
    """Reads a response; returns the id of its task."""
    answer = control.recv(1 << 16)
    found = re.search(rb'"id":"([^"]+)"', answer)
    if not answer.startswith(b"HTTP/1.1 %d" % status) or not found:
        sys.exit("the gateway answered %r" % answer)
    return found[1].decode()


def queue(control, port, count):
    """Submits jobs; returns the ids of their tasks."""
    with open(JOB, "rb") as file:
        job = file.read()
    ids = []
    for _ in range(count):
        post(control, port, "/v1/videos/generations", job, b"Prefer: respond-async\r\n")
        ids.append(response(control, 202))
    return ids


def main():
    port, connections, streams, events = map(int, sys.argv[1:])
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    if limit < connections + 100:
        sys.exit(f"only {limit} files may be open here, fewer than {connections} connections need: raise it with "
                 "ulimit -n")
    control = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    tasks = queue(control, port, events)
    watchers = Watchers(port, connections, streams)
    print("open", flush=True)
    sys.stdin.readline()
    seconds = []
    for task in tasks:
        begun = time.monotonic()
        post(control, port, f"/v1/tasks/{task}/cancel")
        watchers.wait_for(b'"id":"%s"' % task.encode())
        seconds.append(time.monotonic() - begun)
        response(control, 200)
        time.sleep(0.2)
    print(json.dumps(seconds))


main()
