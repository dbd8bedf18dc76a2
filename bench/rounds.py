"""Starts the servers, warms them, and measures them in turn: every work of every server once in each round."""

import gzip
import itertools
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field

from bench import loadgen
from bench.adapters.base import Missing, Run

WARM = 1.0  # seconds of each work before the first round
STARTS = 3  # of each server, in turn
REST = 3.0  # seconds of silence before memory is read
KEPT_LATENCIES = 20_000  # of one measurement


@dataclass
class Target:
    """A server that runs and what is asked of it."""

    name: str
    run: Run
    requests: dict
    numbers: itertools.count = field(default_factory=lambda: itertools.count(int(time.time()) % 100_000 * 1000))

    def look(self, work):
        """Ask once and see that the answer is right; return its bytes as sent, and compressed."""
        request = self.requests[work]
        status, head, body = loadgen.once(self.run.addr, self.run.render(request, next(self.numbers)))
        if status not in request.ok:
            raise Missing(f"{work} was answered with {status}")
        is_small = head.get("content-encoding") in {"gzip", "br", "zstd", "deflate"}
        return {"sent": len(body), "compressed": len(body) if is_small else len(gzip.compress(body, 6, mtime=0))}

    def measure(self, work, seconds, connections):
        request, pids = self.requests[work], set(self.run.backends())
        before = self.run.cpu(pids)
        try:
            answers = loadgen.drive(
                self.run.addr, lambda: self.run.render(request, next(self.numbers)), seconds, connections
            )
        except OSError:  # it has ended
            answers = loadgen.Result(errors=1, wall=seconds)
        cpu = self.run.cpu(pids | set(self.run.backends())) - before
        bad = answers.errors + sum(n for status, n in answers.statuses.items() if status not in request.ok)
        count = max(answers.n, 1)
        latencies = [round(1000 * taken, 3) for taken in answers.latencies[:KEPT_LATENCIES]]
        rate = answers.n / answers.wall
        return {"n": answers.n, "cpu": 1000 * cpu / count, "rate": rate, "bad": bad, "latencies": latencies}


def started(adapters, result):
    """Start what can be started; note of the others why not."""
    targets = []
    for adapter in adapters:
        say(f"{adapter.name}: installing, filling and starting")
        begun = []
        try:
            adapter.install()
            result["versions"][adapter.name] = adapter.version()
            for run, requests in adapter.runs():
                begun.append(Target(adapter.name, run, requests))
                begun[-1].facts = {work: begun[-1].look(work) for work in requests}
            result["statements"][adapter.name] = adapter.counted()
        except Missing as reason:
            result["missing"][adapter.name] = str(reason)
            say(f"{adapter.name} is not measured: {reason}")
            for target in begun:
                target.run.stop()
            continue
        targets += begun
        for target in begun:
            for work, facts in target.facts.items():
                result["bytes"][f"{target.name}|{work}"] = facts | {"shown": target.requests[work].shown}
    return targets


def collect(adapters, options):
    """Return all that was measured."""
    result = {"versions": {}, "statements": {}, "missing": {}, "bytes": {}}
    targets = []
    try:
        targets = started(adapters, result)
        result["memory_at_start"] = first_of_each(targets, lambda run: run.memory)
        result["starts"] = first_of_each(targets, lambda run: [run.cold_start])
        for target in targets:
            for work in target.requests:
                target.measure(work, WARM, options.connections)
        time.sleep(REST)
        result["memory"] = first_of_each(targets, lambda run: run.pss())
        result["rounds"] = in_turn(targets, options)
    finally:
        for target in targets:
            target.run.stop()
    for _, adapter in itertools.product(range(STARTS - 1), adapters):
        if adapter.name in result["starts"]:
            run = adapter.again()
            result["starts"][adapter.name].append(run.cold_start)
            run.stop()
    return result


def in_turn(targets, options):
    measured = defaultdict(list)
    works = list(dict.fromkeys(work for target in targets for work in target.requests))
    for number in range(options.rounds):
        say(f"round {number + 1} of {options.rounds}")
        shift = number % max(1, len(targets))
        for work in works:
            for target in targets[shift:] + targets[:shift]:
                if work in target.requests:
                    found = target.measure(work, options.seconds, options.connections)
                    measured[f"{target.name}|{work}"].append(found)
    return measured


def first_of_each(targets, ask):
    found = {}
    for target in targets:
        if target.name not in found:
            found[target.name] = ask(target.run)
    return found


def say(what):
    print(f"# {what}", file=sys.stderr, flush=True)
