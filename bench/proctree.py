"""CPU seconds and memory of process trees, from the kernel's clocks and /proc (Linux)."""

import os
import time

HZ = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    with open(f"/proc/{pid}/stat") as f:
        return f.read().rpartition(")")[2].split()


def _children():
    kids = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                kids.setdefault(int(_stat(name)[1]), []).append(int(name))
            except (OSError, IndexError):
                pass
    return kids


def tree(roots):
    kids, seen, todo = _children(), [], list(roots)
    while todo:
        pid = todo.pop()
        if pid not in seen:
            seen.append(pid)
            todo += kids.get(pid, [])
    return seen


def cpu_seconds(roots):
    """User and system time of the trees, with what their reaped children used.

    A process is read by its own clock, in nanoseconds: /proc counts in hundredths of a second.
    """
    total = 0.0
    for pid in tree(roots):
        try:
            total += time.clock_gettime(
                (~pid << 3) | 2
            )  # the clock of another process, as clock_getcpuclockid makes it
            total += sum(map(int, _stat(pid)[13:15])) / HZ
        except OSError:
            pass
    return total


def pss_mib(roots):
    kib = 0
    for pid in tree(roots):
        try:
            with open(f"/proc/{pid}/smaps_rollup") as f:
                kib += sum(int(line.split()[1]) for line in f if line.startswith("Pss:"))
        except OSError:
            pass
    return kib / 1024
