"""Test data: a store with many tasks, and a large video."""
import http.server
import json
import os
import sqlite3
import threading
import time

OPEN = "state IN ('queued', 'running')"


def fill_store(path, ended, running, queued):
    """Copies the one task of a store until it holds so many more. The gateway must not be running.

    The tables and indices are those that the gateway made: this knows the columns that it changes.
    """
    database = sqlite3.connect(path, isolation_level=None)
    try:
        # Durability is not needed here; the gateway enables the log again.
        database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"
            "PRAGMA temp_store = MEMORY;")
        indices = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL")
        indices = indices.fetchall()
        database.execute("BEGIN")
        for name, _ in indices:
            database.execute(f"DROP INDEX {name}")
        (pattern,) = database.execute("SELECT max(sequence) FROM tasks").fetchone()
        begin = pattern
        for count, changes in ((ended, ENDED), (running, {}), (queued, QUEUED)):
            copy(database, pattern, begin, count, changes)
            begin += count
        # Indices last: one sort instead of an insertion for each task.
        for _, sql in indices:
            database.execute(sql)
        database.execute("COMMIT")
    finally:
        database.close()


ENDED = {
    "state": "'completed'", "status": "'completed'", "provider_status": "'completed'", "progress": "100",
    # Removed, otherwise the gateway would look for all files.
    "content_removed": "1",
    "results": "'[{\"contentType\":\"video/mp4\",\"bytes\":2500000,\"sha256\":\"" + "ab" * 32 + "\"}]'",
}
QUEUED = {"state": "'queued'", "status": "'pending'", "provider_task_id": "NULL", "attempts": "0"}


def copy(database, pattern, begin, count, changes):
    """Makes `count` tasks like the pattern but for the changes, with payloads and events."""
    columns = [row[1] for row in database.execute("PRAGMA table_info(tasks)")]
    values = {name: f"t.{name}" for name in columns}
    values["sequence"] = f"{begin} + n.i"
    values["id"] = f"printf('task-rg-%d-%012d', t.created / 1000, {begin} + n.i)"
    values["provider_task_id"] = f"printf('task-unified-%d-%08d', t.created / 1000, {begin} + n.i)"
    values.update(changes)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    if count == 0:
        return
    database.execute(
        f"INSERT INTO tasks ({', '.join(columns)}) {numbers} SELECT {', '.join(values[name] for name in columns)} "
        f"FROM n, tasks t WHERE t.sequence = {pattern}")
    database.execute(
        f"INSERT INTO payloads (task, body) {numbers} SELECT {begin} + n.i, p.body "
        f"FROM n, payloads p WHERE p.task = {pattern}")
    database.execute(
        f"INSERT INTO events (task, number, at, name, detail) {numbers} "
        f"SELECT {begin} + n.i, e.number, e.at, e.name, e.detail FROM n, events e WHERE e.task = {pattern}")
    database.execute("UPDATE store SET event_sequence = (SELECT max(sequence) FROM events)")


def some_ids(path, count, chance):
    """Ids of ended tasks, drawn from all of them."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        (last,) = database.execute("SELECT max(sequence) FROM tasks WHERE state = 'completed'").fetchone()
        (first,) = database.execute("SELECT min(sequence) FROM tasks WHERE state = 'completed'").fetchone()
        places = chance.sample(range(first, last + 1), min(count, last + 1 - first))
        found = (database.execute("SELECT id FROM tasks WHERE sequence = ?", [place]) for place in places)
        return [one.fetchone()[0] for one in found]
    finally:
        database.close()


def count_tasks(path):
    """How many tasks a store holds, and how many of them have work left."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return database.execute(f"SELECT count(*), sum({OPEN}) FROM tasks").fetchone()
    finally:
        database.close()


def box(kind, content):
    """A box of an MP4: its size, its kind, its content (ISO/IEC 14496-12, section 4.2)."""
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def video(size):
    """Bytes that are an MP4 by their boxes, without media."""
    head = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + box(b"moov", box(b"mvhd", bytes(100)))
    return head + box(b"mdat", os.urandom(size - len(head) - 8))


class VideoProvider:
    """A provider whose tasks complete at once with this video."""

    def __init__(self, content):
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer("application/json", provider.task("pending", 0))

            def do_GET(self):
                if self.path.startswith("/v1/tasks/"):
                    self.answer("application/json", provider.task("completed", 100))
                else:
                    self.answer("video/mp4", content)

            def answer(self, kind, body):
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def task(self, status, progress):
        task = {
            "created": int(time.time()), "id": "task-unified-1-bench", "model": "veo-3.1-reference-to-video",
            "object": "video.generation.task", "progress": progress, "status": status, "type": "video",
            "task_info": {"can_cancel": True, "estimated_time": 1},
        }
        if status == "completed":
            task["results"] = [{"url": f"http://{self.address}/video.mp4"}]
        return json.dumps(task).encode()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
