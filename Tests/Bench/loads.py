"""The load generators and the result of a run."""
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time

from machine import Failure, cpu_seconds, find, resident_bytes, started_on
from servers import HERE, JOB


class Run:
    """The result of a run."""

    def __init__(self, rate, cpu, load_busy=0.0, resident=0, count=0):
        self.rate = rate            # Requests a second, or bytes, or seconds: the figure of the row.
        self.cpu = cpu              # Seconds of the server's CPU for one request or byte.
        self.load_busy = load_busy  # How much of its core the load generator used.
        self.resident = resident    # Bytes that the server held at the end.
        self.count = count          # Requests or bytes in all.


class Load:
    """A load generator for one server."""

    def __init__(self, cores, process):
        self.cores = cores
        self.process = process

    def wrk(self, url, connections, seconds, *, script=None, environment=None, fields=None):
        """HTTP/1.1, each connection with one request at a time. The rate of one is the median seconds."""
        command = [find("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
        command += ["-s", os.path.join(HERE, script)] if script else []
        for name, value in (fields or {}).items():
            command += ["-H", f"{name}: {value}"]
        output, measured = self._run([*command, url], seconds, environment)
        rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
        total = re.search(r"(\d+) requests in", output)
        fault = re.search(r"(Non-2xx.*|Socket errors.*)", output)
        if not rate or not total or int(total[1]) == 0:
            raise Failure(f"wrk failed at {url}: {output}")
        if fault:
            raise Failure(f"wrk at {url}: {fault[1]}")
        # With one connection the result is the latency.
        found = float(rate[1]) if connections > 1 else self._median_seconds(output)
        return self._result(found, int(total[1]), measured)

    @staticmethod
    def _median_seconds(output):
        median = re.search(r"50%\s+([\d.]+)(us|ms|s)", output)
        return float(median[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1}[median[2]]

    def h2load(self, url, connections, streams, seconds):
        """HTTP/2 by prior knowledge, each connection with so many streams at a time."""
        command = [find("h2load"), "-t1", f"-c{connections}", f"-m{streams}", "-D", str(seconds), url]
        output, measured = self._run(command, seconds)
        done = self._h2load_done(output, url)
        if "Application protocol: h2c" not in output:
            raise Failure(f"h2load at {url}: no HTTP/2: {output}")
        rate = float(re.search(r"finished in .*?, ([\d.]+) req/s", output)[1])
        return self._result(rate, done, measured)

    def one_by_one(self, urls, folder):
        """Each URL once, over one HTTP/1.1 connection. The rate is the median seconds of one answer."""
        listing, log = os.path.join(folder, "urls"), os.path.join(folder, "times")
        with open(listing, "w", encoding="ascii") as file:
            file.write("".join(url + "\n" for url in urls))
        if os.path.exists(log):
            os.remove(log)
        command = [find("h2load"), "--h1", "-t1", "-c1", "-n", str(len(urls)), "-i", listing, "--log-file", log]
        output, measured = self._run(command, 30)
        done = self._h2load_done(output, urls[0])
        with open(log, encoding="ascii") as file:
            times = [int(line.split()[2]) for line in file]
        if done != len(urls) or len(times) != len(urls):
            raise Failure(f"h2load asked {done} of {len(urls)} times")
        return self._result(statistics.median(times) / 1e6, done, measured)

    def download(self, name, port, path, connections, seconds):
        """The same file again and again; the rate is bytes a second. The content is not checked."""
        command = [sys.executable, os.path.join(HERE, "download.py"), str(port), path, str(connections), str(seconds)]
        output, measured = self._run(command, seconds)
        try:
            found = json.loads(output)
        except ValueError:
            raise Failure(f"downloading from {name} failed: {output}") from None
        return self._result(found["bytes"] / found["seconds"], found["bytes"], measured)

    def streams(self, port, connections, streams, events):
        """Open event streams, then changes to all of them. The rate is the seconds until all have received one."""
        command = [sys.executable, os.path.join(HERE, "streams.py"), *map(str, (port, connections, streams, events))]
        program = started_on(self.cores.load, lambda: subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        if program.stdout.readline().strip() != "open":
            program.kill()
            raise Failure(f"the streams did not open: {program.communicate()[1]}")
        time.sleep(1)  # The server is idle again.
        idle, before = resident_bytes(self.process.pid)[0], cpu_seconds(self.process.pid)
        output, errors = program.communicate("\n", timeout=120)
        if program.returncode:
            raise Failure(f"a change did not reach all streams: {errors}")
        cpu = (cpu_seconds(self.process.pid) - before) / events / (connections * streams)
        whole = resident_bytes(self.process.pid)[0]
        return idle, [Run(seconds, cpu, resident=whole) for seconds in json.loads(output)]

    def _run(self, command, seconds, environment=None):
        mine = resource.getrusage(resource.RUSAGE_CHILDREN)
        before, started = cpu_seconds(self.process.pid), time.monotonic()
        result = started_on(self.cores.load, lambda: subprocess.run(
            command, env={**os.environ, "BENCH_JOB": JOB, **(environment or {})},
            capture_output=True, text=True, timeout=seconds + 30, check=False))
        elapsed, used = time.monotonic() - started, cpu_seconds(self.process.pid) - before
        if result.returncode:
            raise Failure(f"{os.path.basename(command[0])} failed: {result.stderr or result.stdout}")
        load = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = (load.ru_utime + load.ru_stime - mine.ru_utime - mine.ru_stime) / elapsed
        return result.stdout, (used, busy)

    def _result(self, rate, count, measured):
        used, busy = measured
        return Run(rate, used / count, busy, resident_bytes(self.process.pid)[0], count)

    @staticmethod
    def _h2load_done(output, url):
        counts = re.search(
            r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", output)
        codes = re.search(r"status codes: \d+ 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", output)
        if not counts or int(counts[1]) == 0:
            raise Failure(f"h2load failed at {url}: {output}")
        if counts[1] != counts[2] or any(int(n) for n in counts.groups()[2:]) or any(map(int, codes.groups())):
            raise Failure(f"h2load at {url}: {counts[0]}; {codes[0]}")
        return int(counts[1])
