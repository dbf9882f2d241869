"""The machine: its cores and programs, and the resources of a process."""
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time


class Failure(Exception):
    """An error that makes the figures invalid."""


class Skip(Exception):
    """The reason why a row cannot be measured here."""


class Stopped(Exception):
    """The time limit is reached, or a signal was received."""


def find(program):
    """The path of a program, wherever Debian puts it."""
    path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        raise Failure(f"{program} is missing: `make bench` installs it")
    return path


class Cores:
    """The assignment of cores: the servers on one core and the load generator on another, if there are two."""

    def __init__(self):
        self.all = sorted(os.sched_getaffinity(0))
        self.are_two = len(self.all) > 1
        self.load = {self.all[-1]}

    def server(self, loops):
        """The cores of a server with so many loops. With two of them it shares one with the load."""
        return set(self.all[:loops])

    def words(self):
        if not self.are_two:
            return "one core for servers and load: read the CPU, not the rates"
        return (f"one loop on core {self.all[0]}, load on core {self.all[-1]}; "
                f"two loops on cores {self.all[0]} and {self.all[1]}")


def started_on(cores, start):
    """Starts a process on some cores: it inherits them, without a program in between."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        return start()
    finally:
        os.sched_setaffinity(0, mine)


def family(pid):
    """A process and its children that live."""
    found = [pid]
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        for child in file.read().split():
            found += family(int(child))
    return found


def cpu_seconds(pid):
    """CPU time of a process and its children that live, in seconds, as exactly as the kernel knows it."""
    # The clock of another process: clock_getcpuclockid(3) makes the same number.
    return sum(time.clock_gettime((~one << 3) | 2) for one in family(pid))


def resident_bytes(pid):
    """What a process and its children hold in memory: all, and what no file backs."""
    whole = own = 0
    for one in family(pid):
        with open(f"/proc/{one}/status", encoding="utf-8", errors="replace") as file:
            text = file.read()
        whole += int(re.search(r"VmRSS:\s+(\d+)", text)[1]) * 1024
        own += int(re.search(r"RssAnon:\s+(\d+)", text)[1]) * 1024
    return whole, own


def fsync_milliseconds(folder):
    """The time of an fsync, which a POST waits for."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            start = time.monotonic()
            os.fdatasync(file.fileno())
            times.append((time.monotonic() - start) * 1000)
    return statistics.median(times)


def description(folder, cores, rounds, seconds):
    """The lines above the table: the machine and the settings."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        names = re.search(r"model name\s*:\s*(.*)", file.read())
        model = names[1] if names else model
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(re.search(r"MemTotal:\s+(\d+)", file.read())[1]) / 1024 / 1024
    kind = words_of(["stat", "-f", "-c", "%T", folder])
    nginx = words_of([find("nginx"), "-v"]).removeprefix("nginx version: ")
    before = os.getloadavg()[0]
    lines = [
        f"{model}, {len(cores.all)} cores, {memory:.0f} GiB, Linux {os.uname().release}; {nginx}",
        cores.words(),
        f"store on {kind}, one fdatasync takes {fsync_milliseconds(folder):.2f} ms; "
        f"{rounds} rounds of {seconds} s; load of the machine before: {before:.2f}",
    ]
    if before > 0.7:
        lines.append("note: this machine is busy with something else; the column `by CPU` still says something")
    if kind == "tmpfs":
        lines.append("note: this folder is memory, where nothing is durable: set BENCH_DIR to one on a disk")
    return lines


def words_of(command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return (result.stdout or result.stderr).strip()
