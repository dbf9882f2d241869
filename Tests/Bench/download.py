"""Downloads one path again and again over kept connections and prints how many bytes came.

Usage: download.py PORT PATH CONNECTIONS SECONDS. What arrives is thrown away in the kernel, so that this
side costs next to nothing and the server is what is measured.
"""
import json
import re
import socket
import sys
import threading
import time

PIECE = 1 << 20


class Download(threading.Thread):
    def __init__(self, port, path, end):
        super().__init__()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
        self.end = end
        self.bytes = 0
        self.fault = None
        self.buffer = bytearray(PIECE)

    def run(self):
        try:
            with self.socket:
                while time.monotonic() < self.end:
                    self.socket.sendall(self.request)
                    self.discard(self.length_of_body())
        except (OSError, ValueError) as fault:
            self.fault = f"{type(fault).__name__}: {fault}"

    def length_of_body(self):
        """Reads the head and not a byte more."""
        while True:
            seen = self.socket.recv(4096, socket.MSG_PEEK)
            head, found, _ = seen.partition(b"\r\n\r\n")
            if found:
                break
            if not seen or len(seen) == 4096:
                raise ValueError(f"no head but {seen[:80]!r}")
        self.socket.recv(len(head) + 4, socket.MSG_WAITALL)
        length = re.search(rb"(?im)^content-length: *(\d+)", head)
        if not head.startswith(b"HTTP/1.1 200 ") or not length:
            raise ValueError(f"unexpected answer {head[:200]!r}")
        return int(length[1])

    def discard(self, count):
        while count > 0 and time.monotonic() < self.end:
            came = self.socket.recv_into(self.buffer, min(count, PIECE), socket.MSG_TRUNC)
            if came == 0:
                raise ValueError(f"closed with {count} bytes missing")
            count -= came
            self.bytes += came


def main():
    port, path, connections, seconds = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    start = time.monotonic()
    threads = [Download(port, path, start + seconds) for _ in range(connections)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    faults = [one.fault for one in threads if one.fault]
    if faults:
        sys.exit(faults[0])
    print(json.dumps({"bytes": sum(one.bytes for one in threads), "seconds": time.monotonic() - start}))


main()
