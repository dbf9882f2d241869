"""The results as a text table and as Markdown."""
import dataclasses
import statistics

HEAD = ["work", "loops", "reelgate", "±", "CPU", "memory", "against", "theirs", "±", "CPU", "memory", "ratio",
        "by CPU", "bar", ""]
LEGEND = """\
Each figure is the median of the rounds; ± is half of what lies between the slowest and the fastest of them.
CPU: of the server for one request, or for one GiB. memory: what the server holds at the end of a run, MB of 10⁶.
ratio: the median of the rounds' own ratios, which the bar is about. by CPU: of what a second of CPU serves.
Rates of two loops say little with two cores: the load generator shares one of them. No bar is about them.
*: the load generator had no core left to ask faster, so the rates say less than the CPU."""


@dataclasses.dataclass
class Kind:
    """The format of the figures of a row."""
    value: callable
    cpu: callable
    more_is_better: bool


def megabytes(count):
    return f"{count / 1e6:.1f} MB"


def microseconds(seconds):
    return f"{seconds * 1e6:.1f} µs"


def milliseconds(seconds):
    return f"{seconds * 1e3:,.1f} ms"


RATE = Kind(lambda rate: f"{rate:,.0f}/s", microseconds, True)
BYTES = Kind(lambda rate: f"{rate / 2**30:.2f} GiB/s", lambda cpu: f"{cpu * 2**30 * 1e3:.0f} ms", True)
LATENCY = Kind(microseconds, microseconds, False)
START = Kind(milliseconds, milliseconds, False)
DELIVERY = Kind(milliseconds, microseconds, False)
MEMORY = Kind(megabytes, lambda cpu: "", False)
SHARE = Kind(lambda share: f"{share * 100:.1f} %", lambda cpu: "", False)


@dataclasses.dataclass
class Bar:
    """The required ratio or figure of a row."""
    words: str
    is_met: callable
    of_ratio: bool = True


def at_least(ratio):
    return Bar(f"≥ {ratio:.1f}", lambda found: found >= ratio)


def at_most(ratio):
    return Bar(f"≤ {ratio:.1f}", lambda found: found <= ratio)


def within(limit, words):
    return Bar(f"≤ {words}", lambda found: found <= limit, of_ratio=False)


@dataclasses.dataclass
class Row:
    """One comparison. Without `theirs` the bar is about the gateway's figure alone."""
    work: str
    kind: Kind
    ours: list
    against: str = ""
    theirs: list = None
    bar: Bar = None
    loops: int = 1

    def cells(self):
        ratio = by_cpu = ""
        theirs = ["", "", "", ""]
        if self.theirs:
            theirs = self.figures(self.theirs)
            ratio = f"{self.ratio:.2f}"
            by_cpu = f"{self.by_cpu:.2f}" if all(run.cpu for run in self.ours + self.theirs) else ""
        bar, verdict = self.verdict()
        return [self.work, str(self.loops), *self.figures(self.ours), self.against, *theirs, ratio, by_cpu,
                bar, verdict]

    @property
    def ratio(self):
        return statistics.median(one.rate / other.rate for one, other in zip(self.ours, self.theirs))

    @property
    def by_cpu(self):
        """The rates with a full core and no other limit, from the CPU time."""
        one = statistics.median(theirs.cpu / ours.cpu for ours, theirs in zip(self.ours, self.theirs))
        return one if self.kind.more_is_better else 1 / one

    def figures(self, runs):
        values = [run.rate for run in runs]
        middle = statistics.median(values)
        star = "*" if statistics.median(run.load_busy for run in runs) > 0.97 else ""
        resident = statistics.median(run.resident for run in runs)
        return [
            self.kind.value(middle) + star, f"{(max(values) - min(values)) / 2 / middle * 100:.0f} %",
            self.kind.cpu(statistics.median(run.cpu for run in runs)) if runs[0].cpu else "",
            f"{resident / 1e6:.0f}" if resident else "",
        ]

    def verdict(self):
        if self.bar is None:
            return "", ""
        found = self.ratio if self.bar.of_ratio else statistics.median(run.rate for run in self.ours)
        return self.bar.words, "met" if self.bar.is_met(found) else "missed"


@dataclasses.dataclass
class Calls:
    """System calls for one request, by name, of the gateway and of nginx."""
    work: str
    ours: dict
    theirs: dict

    def lines(self):
        return [f"{self.work}: {who} {self.told(calls)}" for who, calls in
                (("reelgate", self.ours), ("nginx   ", self.theirs))]

    @staticmethod
    def told(calls):
        parts = sorted(calls.items(), key=lambda item: -item[1])
        named = ", ".join(f"{name} {count:.2f}" for name, count in parts if count >= 0.01)
        return f"{sum(calls.values()):.2f} ({named})"


def text(rows):
    lines = [HEAD, *(row.cells() for row in rows)]
    # Empty columns are left out.
    used = [n for n in range(len(HEAD)) if n == 0 or any(line[n] for line in lines[1:])]
    widths = {n: max(len(line[n]) for line in lines) for n in used}
    right = {2, 3, 4, 5, 7, 8, 9, 10, 11, 12}
    told = ["  ".join(line[n].rjust(widths[n]) if n in right else line[n].ljust(widths[n]) for n in used).rstrip()
            for line in lines]
    return "\n".join([told[0], "-" * max(map(len, told)), *told[1:]])


def markdown(description, rows, calls, notes):
    """Returns the results as Markdown: the machine, the table, the system calls, the notes."""
    lines = ["# Reelgate's benchmark", "", *(line + "  " for line in description), ""]
    if rows:
        lines += ["| work | loops | ours | CPU | memory | against | theirs | CPU | memory | ratio | by CPU | bar |",
                  "|---|---|---|---|---|---|---|---|---|---|---|---|"]
        for row in rows:
            work, loops, *rest = row.cells()
            ours, theirs = rest[:4], rest[5:9]
            cells = [work, loops, spread(ours), *ours[2:], rest[4], spread(theirs), *theirs[2:], *rest[9:11],
                     ", ".join(filter(None, rest[11:]))]
            lines.append("| " + " | ".join(cells) + " |")
        lines += ["", *(line + "  " for line in LEGEND.replace("*:", "\\*:").splitlines())]
    if calls:
        lines += ["", "System calls for one request, counted by strace:", ""]
        lines += ["- " + " ".join(line.split()) for one in calls for line in one.lines()]
    if notes:
        lines += ["", *("- " + note for note in notes)]
    return "\n".join(lines).rstrip() + "\n"


def spread(figures):
    value = figures[0].replace("*", "\\*")
    return f"{value} ±{figures[1]}" if value else ""
