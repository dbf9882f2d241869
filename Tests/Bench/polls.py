"""A provider whose tasks never end. It notes when each of them is polled.

Usage: polls.py PORT. Each line on standard input makes it print, as JSON, the seconds between every two successive
polls of a task since the line before.
"""
import asyncio
import json
import sys
import time

# An estimate that no run reaches: until then the gateway polls at its interval.
TASK = ('{"id":"%s","object":"video.generation.task","type":"video","created":1757165031,"model":"m",'
        '"status":"processing","progress":1,"task_info":{"can_cancel":true,"estimated_time":80000},"results":null}')


class Provider:
    def __init__(self):
        self.created = 0
        self.polled = {}
        self.intervals = []

    async def serve(self, reader, writer):
        """Answers the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, path = head.split(b" ", 2)[:2]
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        await reader.readexactly(int(line.split(b":")[1]))
                name = self.create() if method == b"POST" else self.poll(path)
                body = (TASK % name).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                             % (len(body), body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def create(self):
        self.created += 1
        return f"task-{self.created}"

    def poll(self, path):
        name, now = path.rsplit(b"/", 1)[1].decode(), time.monotonic()
        if name in self.polled:
            self.intervals.append(now - self.polled[name])
        self.polled[name] = now
        return name

    def report(self):
        if not sys.stdin.readline():
            sys.exit(0)
        print(json.dumps(self.intervals), flush=True)
        self.intervals = []


async def main():
    provider = Provider()
    await asyncio.start_server(provider.serve, "127.0.0.1", int(sys.argv[1]), backlog=1024)
    asyncio.get_running_loop().add_reader(sys.stdin, provider.report)
    await asyncio.Event().wait()


asyncio.run(main())
