"""Holds open event streams of a simulator, and measures how long one event takes to reach all of them.

Usage: streams.py PORT CONNECTIONS STREAMS EVENTS. With one stream for each connection it speaks HTTP/1.1,
otherwise HTTP/2 by prior knowledge. Prints `open` when all streams are open, waits for a line on standard input,
sends the events one after the other, and prints the seconds of each as JSON.
"""
import json
import resource
import select
import socket
import struct
import sys
import time

PATH = b"/_simulator/stream"
TIMEOUT = 30  # Seconds without progress.
HEADERS, SETTINGS = 1, 4


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
            request = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0) + b"".join(
                frame(HEADERS, 5, 2 * number + 1, head(authority)) for number in range(streams))
        self.socket.sendall(request)
        self.socket.setblocking(False)

    def is_open(self):
        """Reads what has arrived; returns whether all responses have begun."""
        self.received += self.socket.recv(1 << 16)
        if self.expected == 1:
            return b"\r\n\r\n" in self.received
        begun = settings = offset = 0
        while len(self.received) >= offset + 9:
            length, kind, flags = struct.unpack(">I", b"\0" + self.received[offset:offset + 3])[0], \
                self.received[offset + 3], self.received[offset + 4]
            offset += 9 + length
            begun += kind == HEADERS
            settings += kind == SETTINGS and flags == 0
        if begun < self.expected or offset != len(self.received):
            return False
        self.socket.sendall(frame(SETTINGS, 1, 0) * settings)
        return True

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


def send_event(control, port, text):
    control.sendall(b"POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: %d\r\n\r\n%s" % (
        PATH, port, len(text), text))


def response(control, streams):
    answer = control.recv(4096)
    if b'{"streams":%d}' % streams not in answer:
        sys.exit("not all streams are open: %r" % answer)


def main():
    port, connections, streams, events = map(int, sys.argv[1:])
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    if limit < connections + 100:
        sys.exit(f"only {limit} files may be open here, fewer than {connections} connections need: raise it with "
                 "ulimit -n")
    watchers = Watchers(port, connections, streams)
    control = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    print("open", flush=True)
    sys.stdin.readline()
    seconds = []
    for number in range(events):
        text = b"event-%06d" % number
        begun = time.monotonic()
        send_event(control, port, text)
        watchers.wait_for(text)
        seconds.append(time.monotonic() - begun)
        response(control, watchers.streams)
        time.sleep(0.2)
    print(json.dumps(seconds))


main()
