"""The rows of the table: the servers and the load of each."""
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import time

import report
from loads import Load, Run
from machine import Failure, Skip, cpu_seconds, find, fsync_milliseconds, resident_bytes, started_on
from report import Row
from servers import authorization
from stock import VideoProvider, count_tasks, fill_store, some_ids, video

MIB = 1 << 20


class Rows:
    """Measures rows and keeps the results."""

    def __init__(self, bench, rounds, seconds, tasks):
        self.bench = bench
        self.servers = bench.servers
        self.rounds = rounds
        self.seconds = seconds
        self.tasks = tasks
        self.found = []
        self.calls = []

    def rounds_for(self, loops):
        """Two loops have no bar, so fewer rounds suffice."""
        return self.rounds if loops == 1 else min(3, self.rounds)

    def load(self, process):
        return Load(self.servers.cores, process)

    # ---- Reading -----------------------------------------------------------------------------------

    def status(self, loops):
        """A status that the gateway answers from memory, over HTTP/1.1."""
        contestants = ["gateway", "constant", "cache"]
        with self.reading(loops, contestants) as (path, processes):
            runs = self.in_turns(loops, contestants, lambda name, seconds: self.load(processes[name]).wrk(
                self.bench.url(name, path), 64, seconds))
        work, bars = "status GET, 64 connections", (report.at_least(1.0), report.at_least(1.5))
        for name, words, bar in zip(contestants[1:], ("nginx, constant reply", "nginx, proxy cache"), bars):
            self.found.append(Row(
                work, report.RATE, runs["gateway"], words, runs[name], bar if loops == 1 else None, loops))

    def status_http2(self, loops):
        """The same over HTTP/2."""
        with self.reading(loops, ["gateway", "constant"]) as (path, processes):
            for name in ("gateway", "constant2"):
                if not self.bench.speaks_http2(name):
                    raise Skip(f"{'nginx' if name != 'gateway' else name} does not speak HTTP/2")
            processes["constant2"] = processes["constant"]
            contestants = ["gateway", "constant2"]
            runs = self.in_turns(loops, contestants, lambda name, seconds: self.load(processes[name]).h2load(
                self.bench.url(name, path), 8, 32, seconds))
        self.found.append(Row(
            "status GET, HTTP/2, 8 × 32 streams", report.RATE, runs["gateway"], "nginx, constant reply",
            runs["constant2"], report.at_least(1.0) if loops == 1 else None, loops))

    def status_token(self):
        """A status that is read with a client's token, against the same without one."""
        simulator = self.bench.start_simulator()
        folder = self.bench.folder("guarded")
        processes = {"gateway": self.bench.start_gateway(1),
                     "guarded": self.bench.start_gateway(1, folder=folder, name="guarded", access="tokens")}
        for name in processes:
            self.bench.wait_until_ready(name)
        tokens = {"gateway": None, "guarded": self.bench.add_client(folder)}
        urls = {name: self.bench.url(name, self.bench.submit(name, tokens[name])) for name in processes}
        runs = self.in_turns(1, list(processes), lambda name, seconds: self.load(processes[name]).wrk(
            urls[name], 64, seconds, fields=authorization(tokens[name])))
        # The seconds of one request: the bar is about the cost.
        for run in [*runs["gateway"], *runs["guarded"]]:
            run.rate = 1 / run.rate
        self.servers.stop(*processes.values(), simulator)
        self.found.append(Row(
            "status GET with a token, 64 connections", report.LATENCY, runs["guarded"], "itself without",
            runs["gateway"], report.at_most(1.1)))

    def status_with_all(self):
        """A status with everything on: read with a client's token, scraped, and with the request log in a file."""
        simulator, folder = self.bench.start_simulator(), self.bench.folder("all")
        gateway = self.bench.start_gateway(1, folder=folder, access="tokens", level="info")
        self.bench.wait_until_ready()
        token, scraper = self.bench.add_client(folder), self.bench.add_client(folder, "scraper", "operator")
        path = self.bench.submit(token=token)
        body = self.bench.call("GET", path, token=token).decode("utf-8")
        nginx = self.bench.start_nginx(1, body)
        self.bench.call("GET", "/metrics", token=scraper)
        # The gateway finds out that it rests by its processor time, which it looks at every 10 seconds.
        time.sleep(25)
        memory = Run(resident_bytes(gateway.pid)[0], 0)
        nginx_memory = Run(resident_bytes(nginx.pid)[0], 0)
        processes = {"gateway": gateway, "logged": nginx}

        def measure(name, seconds):
            run = self.load(processes[name]).wrk(
                self.bench.url(name, path), 64, seconds, fields=authorization(token))
            self.bench.call("GET", "/metrics", token=scraper)
            return run

        runs = self.in_turns(1, list(processes), measure)
        self.servers.stop(gateway, nginx, simulator)
        self.found.append(Row(
            "status GET with token, metrics and log", report.RATE, runs["gateway"],
            "nginx, constant reply and log", runs["logged"], report.at_least(0.8)))
        self.found.append(Row(
            "idle memory with all of them", report.MEMORY, [memory], "nginx", [nginx_memory],
            report.within(24e6, "24 MB")))

    def reading(self, loops, contestants):
        return Reading(self.bench, loops, contestants)

    def in_turns(self, loops, contestants, measure):
        """Each contestant in each round; the first round only warms up."""
        runs = {name: [] for name in contestants}
        for number in range(-1, self.rounds_for(loops)):
            for name in contestants:
                run = measure(name, 1 if number < 0 else self.seconds)
                if number >= 0:
                    runs[name].append(run)
        return runs

    # ---- Submitting --------------------------------------------------------------------------------

    def submission(self, loops):
        """A POST that is validated, made durable twice, forwarded and answered."""
        self.submission_to_mock(loops)
        self.submission_to_simulator(loops)

    def submission_to_mock(self, loops):
        """With a constant provider, against nginx over persistent connections and against the disk."""
        runs = {name: [] for name in ("gateway", "mocked", "alone", "disk")}
        for _ in range(self.rounds_for(loops)):
            mock = self.bench.start_mock()
            nginx = self.bench.start_nginx(loops)
            gateway = self.bench.start_gateway(loops, provider=self.bench.address("mock"))
            self.bench.wait_until_ready()
            self.post("gateway", gateway, 1, connections=1)  # Warms up.
            runs["disk"].append(Run(2 * fsync_milliseconds(self.servers.folder) / 1e3 + 1e-3, 0))
            runs["alone"].append(self.post("gateway", gateway, self.seconds, connections=1))
            for name, process in (("gateway", gateway), ("mocked", nginx)):
                runs[name].append(self.post(name, process, self.seconds))
            self.servers.stop(gateway, nginx, mock)
        is_judged = loops == 1
        self.found.append(Row(
            "POST job, 256 connections, provider that costs nothing", report.RATE, runs["gateway"],
            "nginx, proxy_pass over kept connections", runs["mocked"],
            report.at_least(0.2) if is_judged else None, loops))
        self.found.append(Row(
            "POST job, 1 connection, median", report.LATENCY, runs["alone"], "two fdatasyncs and 1 ms",
            runs["disk"], report.at_most(1.0) if is_judged else None, loops))

    def submission_to_simulator(self, loops):
        """With the simulator, which is slower than the gateway and nginx."""
        runs = {"gateway": [], "bare": [], "kept": []}
        for _ in range(self.rounds_for(loops)):
            # New in each round, so that no round starts with hundreds of megabytes of tasks.
            simulator = self.bench.start_simulator()
            nginx = self.bench.start_nginx(loops)
            gateway = self.bench.start_gateway(loops)
            self.bench.wait_until_ready()
            for name, process in (("gateway", gateway), ("bare", nginx), ("kept", nginx)):
                runs[name].append(self.post(name, process, self.seconds))
            self.servers.stop(gateway, nginx, simulator)
        work = "POST job, 256 connections, simulator"
        for name, words in (("bare", "nginx, proxy_pass over new connections"), ("kept", "nginx, over kept connections")):
            self.found.append(Row(work, report.RATE, runs["gateway"], words, runs[name], None, loops))

    def post(self, name, process, seconds, *, connections=256):
        return self.load(process).wrk(self.bench.url(name, "/"), connections, seconds, script="post.lua")

    # ---- Downloading -------------------------------------------------------------------------------

    def content(self, loops):
        """A video of 64 MiB from the archive, against nginx's sendfile of the very same file."""
        movie = video(64 * MIB)
        folder = self.bench.folder("archive")
        provider = VideoProvider(movie)
        gateway = self.bench.start_gateway(loops, folder=folder, provider=provider.address, poll="first: 100ms, interval: 1h")
        self.bench.wait_until_ready()
        path = self.archived(self.bench.submit()) + "/content"
        provider.stop()
        nginx = self.bench.start_nginx(loops, file=self.only_video(folder))
        names = {"gateway": gateway, "file": nginx}
        for name in names:
            if self.bench.call("GET", path, name=name) != movie:
                raise Failure(f"{name} does not answer with the video")
        runs = self.in_turns(loops, list(names), lambda name, seconds: self.load(names[name]).download(
            name, self.bench.ports[name], path, 4, seconds))
        self.servers.stop(gateway, nginx)
        self.found.append(Row(
            "video of 64 MiB, 4 connections", report.BYTES, runs["gateway"], "nginx, sendfile", runs["file"],
            report.at_least(0.9) if loops == 1 else None, loops))

    def archiving(self):
        """200 videos of 8 MiB from a local provider into the archive, against curl with the same parallelism, and all
        files synced. On all cores, and on one alone, where the gateway's SHA-256 is not done beside the rest."""
        size, count, parallel = 8 * MIB, 200, 4
        source = os.path.join(self.bench.folder("results"), "video.mp4")
        with open(source, "wb") as file:
            file.write(video(size))
        rounds = min(3, self.rounds)
        for loops, words in ((2, "all cores"), (1, "one core")) if self.servers.cores.are_two else ((1, "one core"),):
            runs = {"gateway": [], "curl": []}
            for _ in range(rounds):
                provider = self.bench.start_results(source)
                runs["gateway"].append(self.archive_all(count, size, loops))
                runs["curl"].append(self.curl_all(count, size, parallel, loops))
                self.servers.stop(provider)
            self.found.append(Row(
                f"{count} videos of 8 MiB into the archive, {words}", report.BYTES, runs["gateway"],
                f"curl, {parallel} at once, fsync", runs["curl"], report.at_least(0.8) if loops == 2 else None))

    def archive_all(self, count, size, loops):
        """Has tasks done while no gateway looks, then takes the time from the first done one to the last archived."""
        folder = self.bench.folder("archiving")
        address = self.bench.address("mock")
        gateway = self.bench.start_gateway(loops, folder=folder, provider=address)
        self.bench.wait_until_ready()
        paths = [self.bench.submit() for _ in range(count)]
        self.servers.stop(gateway)
        gateway = self.bench.start_gateway(
            loops, folder=folder, provider=address, poll="first: 10ms, interval: 1s")
        self.bench.wait_until_ready()
        for path in paths:
            self.archived(path, 120)
        cpu = cpu_seconds(gateway.pid)
        timings = [json.loads(self.bench.call("GET", path + "/record"))["timings"] for path in paths]
        elapsed = max(one["ended"] for one in timings) - min(one["finished"] for one in timings)
        self.servers.stop(gateway)
        shutil.rmtree(folder)
        return Run(count * size / elapsed, cpu / (count * size))

    def curl_all(self, count, size, parallel, loops):
        """Downloads the same with curl, then syncs each file."""
        folder = self.bench.folder("curl")
        urls = f"http://{self.bench.address('mock')}/results/task-[1-{count}].mp4"
        command = [find("curl"), "-sS", "--no-progress-meter", "-f", "-Z", "--parallel-max", str(parallel), urls, "-o", f"{folder}/#1.mp4"]
        begun = time.monotonic()
        process = started_on(self.servers.cores.server(loops), lambda: subprocess.Popen(command))
        if process.wait() != 0:
            raise Failure(f"curl ended with {process.returncode}")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                os.fsync(file.fileno())
        elapsed = time.monotonic() - begun
        if sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)) != count * size:
            raise Failure("curl did not download all videos")
        shutil.rmtree(folder)
        return Run(count * size / elapsed, 0)

    def archived(self, path, seconds=20):
        """Waits until a task's video is in the archive."""
        deadline = time.monotonic() + seconds
        while (status := json.loads(self.bench.call("GET", path))["status"]) != "completed":
            if status not in ("pending", "processing") or time.monotonic() > deadline:
                raise Failure(f"the video did not get into the archive: its task is {status}")
            time.sleep(0.05)
        return path

    @staticmethod
    def only_video(folder):
        found = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names
                 if name.endswith(".mp4")]
        if len(found) != 1:
            raise Failure(f"{len(found)} videos in the archive instead of one")
        return found[0]

    # ---- Many tasks --------------------------------------------------------------------------------

    def many_tasks(self):
        """A store of a million tasks against one of a thousand, and the time until a gateway has recovered it."""
        open_tasks = min(100_000, self.tasks // 10)
        few, many = self.stores(open_tasks)
        runs = {(store, what): [] for store in (few, many) for what in ("stored", "cached", "listening", "ready")}
        for number in range(self.rounds):
            for store in (few, many):
                for what, run in self.read_store(store, number).items():
                    runs[store, what].append(run)
        many_words = f"{self.tasks:,} tasks"
        against = "itself with 1,000"
        for what, words in (("cached", "status GET, cached"), ("stored", "status GET, from the store")):
            self.found.append(Row(
                f"{words}, {many_words}", report.LATENCY, runs[many, what], against, runs[few, what],
                report.at_most(1.2)))
        self.found.append(Row(
            f"start to ready, {open_tasks:,} open tasks", report.START, runs[many, "ready"], against,
            runs[few, "ready"], report.within(2, "2 s")))
        self.found.append(Row(
            f"start to listening, {many_words}", report.START, runs[many, "listening"], against,
            runs[few, "listening"], report.within(0.05, "50 ms")))

    def stores(self, open_tasks):
        """The folders of two gateways with their stores."""
        simulator = self.bench.start_simulator()
        few = self.bench.folder("few")
        gateway = self.bench.start_gateway(1, folder=few)
        self.bench.wait_until_ready()
        self.bench.submit()
        self.servers.stop(gateway, simulator)
        many = self.bench.folder("many")
        shutil.copyfile(os.path.join(few, "reelgate.db"), os.path.join(many, "reelgate.db"))
        # The task that all are copies of is running as well.
        fill_store(os.path.join(few, "reelgate.db"), 999, 0, 0)
        fill_store(os.path.join(many, "reelgate.db"), self.tasks - open_tasks, 7, open_tasks - 8)
        found = count_tasks(os.path.join(many, "reelgate.db"))
        if found != (self.tasks, open_tasks):
            raise Failure(f"the store was filled wrongly: {found}")
        return few, many

    def read_store(self, folder, number):
        """Starts a gateway on a store, reads tasks that are not cached, then the same again."""
        begun = time.monotonic()
        gateway = self.bench.start_gateway(1, folder=folder, max_in_flight=8)
        listening = time.monotonic() - begun
        self.bench.wait_until_ready()
        ready = time.monotonic() - begun
        cpu, resident = cpu_seconds(gateway.pid), resident_bytes(gateway.pid)[0]
        ids = some_ids(os.path.join(folder, "reelgate.db"), 900, random.Random(number))
        urls = [self.bench.url("gateway", "/v1/tasks/" + one) for one in ids]
        load = self.load(gateway)
        load.one_by_one([self.bench.url("gateway", "/healthz")] * 200, self.servers.folder)  # Warms up the way.
        stored = load.one_by_one(urls, self.servers.folder)
        paths = os.path.join(self.servers.folder, "paths")
        with open(paths, "w", encoding="ascii") as file:
            file.write("".join(f"/v1/tasks/{one}\n" for one in ids))
        cached = load.wrk(
            self.bench.url("gateway", "/"), 64, self.seconds, script="paths.lua", environment={"BENCH_PATHS": paths})
        cached.rate = 1 / cached.rate
        self.servers.stop(gateway)
        return {"stored": stored, "cached": cached, "listening": Run(listening, 0),
                "ready": Run(ready, cpu, resident=resident)}

    # ---- Starting ----------------------------------------------------------------------------------

    def start(self):
        """The time until it listens, and its memory when idle."""
        runs = {key: [] for key in ("fresh", "again", "nginx", "memory", "nginx memory", "own")}
        for _ in range(max(5, self.rounds)):
            folder = self.bench.folder("start")
            for key in ("fresh", "again"):
                process, run = self.timed(lambda: self.bench.start_gateway(1, folder=folder))
                runs[key].append(run)
                self.bench.wait_until_ready()
                time.sleep(0.5)
                if key == "again":
                    whole, own = resident_bytes(process.pid)
                    runs["memory"].append(Run(whole, 0))
                    runs["own"].append(own)
                self.servers.stop(process)
            process, run = self.timed(lambda: self.bench.start_nginx(1))
            runs["nginx"].append(run)
            runs["nginx memory"].append(Run(resident_bytes(process.pid)[0], 0))
            self.servers.stop(process)
        for key, words in (("again", "start to listening"), ("fresh", "start to listening, store made new")):
            self.found.append(Row(
                words, report.START, runs[key], "nginx", runs["nginx"], report.within(0.05, "50 ms")))
        own = report.megabytes(statistics.median(runs["own"]))
        self.found.append(Row(
            f"idle memory ({own} its own, the rest files')", report.MEMORY, runs["memory"], "nginx",
            runs["nginx memory"], report.within(20e6, "20 MB")))

    def timed(self, start):
        begun = time.monotonic()
        process = start()
        return process, Run(time.monotonic() - begun, cpu_seconds(process.pid))

    # ---- Event streams -----------------------------------------------------------------------------

    def event_streams(self):
        """10,000 open streams of all tasks: their memory, and the time until one change reaches all."""
        for version, connections, streams in (("HTTP/1.1", 10_000, 1), ("HTTP/2, 100 × 100", 100, 100)):
            memory, events = [], []
            for _ in range(self.rounds):
                simulator = self.bench.start_simulator()
                # One task runs, so that further ones are queued and a cancellation is one change.
                gateway = self.bench.start_gateway(1, max_in_flight=1, connections=11_000)
                self.bench.wait_until_ready()
                self.bench.submit()
                idle, runs = self.load(gateway).streams(self.bench.ports["gateway"], connections, streams, 4)
                self.servers.stop(gateway, simulator)
                memory.append(Run(max(idle, runs[-1].resident), 0))
                events += runs[1:]  # The first one warms up.
            self.found.append(Row(
                f"10,000 open event streams, {version}", report.MEMORY, memory, bar=report.within(60e6, "60 MB")))
            self.found.append(Row(
                f"one change to all of them, {version}", report.DELIVERY, events,
                bar=report.within(0.15, "150 ms")))

    # ---- Polls -------------------------------------------------------------------------------------

    def running_tasks(self):
        """1,000 running tasks: how late polls are, seen by the provider, and what they cost."""
        interval, seconds, count = 8, 40, 1_000
        lags, shares = [], []
        for _ in range(min(self.rounds, 2)):
            provider = self.bench.start_polled()
            gateway = self.bench.start_gateway(
                1, provider=self.bench.address("mock"), poll=f"first: {interval}s, interval: {interval}s")
            self.bench.wait_until_ready()
            for _ in range(count):
                self.bench.submit()
            time.sleep(2 * interval)  # All have been polled once.
            self.intervals(provider)
            cpu, begun = cpu_seconds(gateway.pid), time.monotonic()
            time.sleep(seconds)
            cpu, elapsed = cpu_seconds(gateway.pid) - cpu, time.monotonic() - begun
            found = sorted(self.intervals(provider))
            self.servers.stop(gateway, provider)
            if len(found) < count * (seconds // interval - 1):
                raise Failure(f"only {len(found)} polls of {count} tasks in {seconds} s")
            lags.append(Run(max(0, found[len(found) * 99 // 100] - interval), 0))
            shares.append(Run(cpu / elapsed, 0))
        self.found.append(Row(
            f"{count:,} running tasks, 99 of 100 polls later than due by", report.START, lags,
            bar=report.within(1, "1 s")))
        self.found.append(Row(
            f"{count:,} running tasks, CPU", report.SHARE, shares, bar=report.within(0.05, "5 % of a core")))

    def intervals(self, provider):
        """The seconds between successive polls of a task since the last call."""
        provider.stdin.write(b"\n")
        provider.stdin.flush()
        return json.loads(provider.stdout.readline())

    # ---- System calls ------------------------------------------------------------------------------

    def system_calls(self):
        """The number of system calls for one request."""
        if shutil.which("strace") is None:
            raise Skip("strace is missing")
        with self.reading(1, ["gateway", "constant"]) as (path, processes):
            found = [self.traced(processes[name], lambda load, name=name: load.wrk(
                self.bench.url(name, path), 64, 1)) for name in ("gateway", "constant")]
        self.calls.append(report.Calls("status GET, 64 connections", *found))
        simulator = self.bench.start_simulator()
        processes = {"gateway": self.bench.start_gateway(1), "bare": self.bench.start_nginx(1)}
        self.bench.wait_until_ready()
        for name, process in processes.items():
            self.post(name, process, 1)  # Before counting, so that one-time work is done.
        found = [self.traced(process, lambda load, name=name: load.wrk(
            self.bench.url(name, "/"), 256, 5, script="post.lua")) for name, process in processes.items()]
        self.servers.stop(*processes.values(), simulator)
        self.calls.append(report.Calls("POST job, 256 connections", *found))

    def traced(self, process, run):
        """System calls of a server for one request, by name, while a load runs."""
        output = os.path.join(self.servers.folder, "strace")
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as file:
            pids = [str(process.pid), *file.read().split()]
        command = [find("strace"), "-f", "-c", "-o", output]
        for pid in pids:
            command += ["-p", pid]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        attached = tracer.stderr.readline()
        if "attached" not in attached:
            tracer.wait()
            raise Skip(f"strace may not look at other programs here: {attached.strip()}")
        time.sleep(0.3)  # strace attaches to one thread after the other.
        requests = run(self.load(process)).count
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=10)
        if requests < 1000:
            raise Skip(f"strace lets only {requests} requests through: too few to divide by")
        with open(output, encoding="utf-8") as file:
            lines = re.findall(r"(?m)^ *[\d.]+ +[\d.]+ +\d+ +(\d+)(?: +\d+)? +(\w+)$", file.read())
        return {name: int(count) / requests for count, name in lines if name != "total"}


class Reading:
    """A gateway with one task, and nginx with the same response."""

    def __init__(self, bench, loops, contestants):
        self.bench = bench
        self.loops = loops
        self.contestants = contestants

    def __enter__(self):
        bench = self.bench
        self.simulator = bench.start_simulator()
        self.gateway = bench.start_gateway(self.loops)
        bench.wait_until_ready()
        path = bench.submit()
        body = bench.call("GET", path)
        self.nginx = bench.start_nginx(self.loops, body.decode("utf-8"))
        processes = {name: self.gateway if name == "gateway" else self.nginx for name in self.contestants}
        for name in processes:
            if bench.call("GET", path, name=name) != body:
                raise Failure(f"{name} does not answer with the same bytes as the gateway")
        return path, processes

    def __exit__(self, *_):
        self.bench.servers.stop(self.nginx, self.gateway, self.simulator)
