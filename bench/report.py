"""The results as a page: what was measured, and each bound with what was found and whether it holds."""

import math
import os
import platform
import sqlite3
import statistics
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("flask", "sqlalchemy", "jinja2", "granian")
NAMES = {
    "limit": "raw limit",
    "evenhand": "Evenhand",
    "evenhand-pg": "Evenhand, PostgreSQL",
    "flaskbb": "FlaskBB",
    "isso": "Isso",
    "spirit": "Spirit (Django)",
}
MUST = [  # what, of whose work, over whose work, the most that it may be (None: only compared), what it should come to
    ("debate page, nobody, kept ÷ cached middleware", "evenhand|page kept", "limit|page kept", 2, 1.3),
    ("the same, 304 ÷ 304", "evenhand|page kept, 304", "limit|page kept, 304", 2, 1.3),
    ("debate page, nobody, kept ÷ FlaskBB", "evenhand|page kept", "flaskbb|page", 1 / 400, None),
    ("debate page, nobody, first time ÷ uncached limit", "evenhand|page", "limit|page", 2, 1.2),
    ("debate page, nobody, first time ÷ FlaskBB", "evenhand|page", "flaskbb|page", 1 / 10, None),
    ("debate page, member ÷ signed-in limit", "evenhand|page, member", "limit|page, member", 2, 1.2),
    ("debate page, member ÷ FlaskBB", "evenhand|page, member", "flaskbb|page, member", 1 / 13, None),
    ("post a reply ÷ post limit", "evenhand|post", "limit|post", 6, 4),
    ("post a reply ÷ Isso, without accounts and moderation", "evenhand|post", "isso|post", None, None),
    ("list of debates, first time ÷ list limit", "evenhand|list", "limit|list", 2, None),
    ("list of debates, kept ÷ cached middleware", "evenhand|list kept", "limit|page kept", 2, 1.3),
    ("desk, queue ÷ uncached limit", "evenhand|desk, queue", "limit|page", 3, None),
    ("desk, reply in its context ÷ uncached limit", "evenhand|desk, reply in context", "limit|page", 3, None),
    ("search, 25 hits in 100,000 replies ÷ list limit", "evenhand|search", "limit|list", 10, None),
    (
        "the same, a question that nobody has asked ÷ list limit",
        "evenhand|search, new question",
        "limit|list",
        10,
        None,
    ),
]
STATEMENTS = [("debate page, nobody, first time", "page", 4), ("debate page, member", "page, member", 6)]


def environment():
    """Return what the numbers depend on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "?",
    )
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": commit.stdout.strip() or "no git",
        "machine": f"{os.cpu_count()} cores, {model}, Linux {platform.release().split('-')[0]}",
        "software": f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "load": [round(os.getloadavg()[0], 1)],
    }


def page(side, growth):
    """Return the whole page; either part may be missing."""
    parts = ["# Results\n\nMade by `./run bench`; what is measured and how: `README.md` beside this page.\n"]
    if side:
        about = [bounds(side)] if "evenhand" in side["starts"] else []
        parts += [heading("Side by side", side), *about, works(side), servers(side)]
    if growth:
        parts += [heading("Growth", growth), grown(growth)]
    return "\n".join(parts)


def heading(title, result):
    about = result["environment"]
    loads = " and ".join(map(str, about["load"]))
    busy = f"Load average before and after: {loads} ({os.cpu_count()} cores)."
    seconds = f"{about['rounds']} rounds of {about['seconds']} s for each row, {about['connections']} connections."
    return f"## {title}\n\n{about['date']}, version {about['commit']}. {about['machine']}. {about['software']}. {seconds} {busy}\n"


def bounds(result):
    lines = ["| What | Must | Measured (min..max) | Holds | Aim |", "|---|---|---|---|---|"]
    for what, mine, other, most, aim in MUST:
        lines.append(bound(what, most, aim, over(result, mine, other), why_not(result, mine, other)))
    for what, work, most in STATEMENTS:
        found = result["statements"].get("evenhand", {}).get(work)
        lines.append(f"| {what}: statements | ≤ {most} | {found} | {holds(found, most)} | |")
    first, found = result["memory_at_start"]["evenhand"], result["memory"]["evenhand"]
    said = f"{found:.0f} MiB after it has worked, {first:.0f} MiB at its start"
    lines.append(
        f"| memory at rest (PSS), one server with its jobs | ≤ 120 MiB | {said} | {holds(found, 120)} | ≤ 90 MiB |"
    )
    found = statistics.median(result["starts"]["evenhand"])
    lines.append(f"| cold start | ≤ 1.5 s | {found:.2f} s | {holds(found, 1.5)} | ≤ 0.8 s |")
    sizes = [result["bytes"].get(key, {}).get("compressed") for key in ("evenhand|page", "limit|page")]
    if all(sizes):
        found = sizes[0] / sizes[1]
        lines.append(
            f"| debate page, compressed ÷ the limit's page | ≤ 1.5 × | {found:.2f} × | {holds(found, 1.5)} | |"
        )
    return "\n".join(lines) + "\n"


def bound(what, most, aim, ratios, why):
    said = f"≤ {times(most)}" if most else "compared"
    wanted = f"≤ {times(aim)}" if aim else ""
    if not ratios:
        return f"| {what} | {said} | not measured: {why} | | {wanted} |"
    middle = statistics.median(ratios)
    low, high = sorted([min(ratios), max(ratios)], reverse=bool(most and most < 1))
    spread = f"{times(middle)} ({bare(low)}..{bare(high)})"
    return f"| {what} | {said} | {spread} | {holds(middle, most)} | {wanted} |"


def over(result, mine, other):
    """Return the ratios of two works, one for each round; none where an answer was bad."""
    rows = [result["rounds"].get(key, []) for key in (mine, other)]
    if any(found["bad"] for row in rows for found in row):
        return []
    return [one["cpu"] / two["cpu"] for one, two in zip(*rows, strict=False)]


def why_not(result, *keys):
    missing = (result["missing"].get(key.partition("|")[0]) for key in keys)
    return next(filter(None, missing), "an answer was bad")


def holds(found, most):
    return "" if found is None or most is None else "yes" if found <= most else "**no**"


def times(ratio):
    return bare(ratio) if ratio <= 0.5 else f"{bare(ratio)} ×"


def bare(ratio):
    return f"1/{number(1 / ratio)}" if ratio <= 0.5 else number(ratio)


def number(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def works(result):
    lines = [
        "| Work | Server | CPU ms a request, median (min..max) | p50 ms | p99 ms | Bytes sent | Compressed | Shown | Statements | n | bad |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    order = list(dict.fromkeys(key.partition("|")[2] for key in result["rounds"]))
    for key in sorted(result["rounds"], key=lambda key: order.index(key.partition("|")[2])):
        lines.append(work_row(result, key))
    missing = [f"- {NAMES.get(name, name)} is not measured here: {why}." for name, why in result["missing"].items()]
    return "\n".join(lines) + "\n" + "\n".join(["", *missing, ""] if missing else [""])


def work_row(result, key):
    name, _, work = key.partition("|")
    rounds, size = result["rounds"][key], result["bytes"][key]
    cpu = [found["cpu"] for found in rounds]
    latencies = sorted(taken for found in rounds for taken in found["latencies"])
    middle, late = (latencies[min(len(latencies) - 1, int(part * len(latencies)))] for part in (0.5, 0.99))
    bad, count = sum(found["bad"] for found in rounds), sum(found["n"] for found in rounds)
    statements = result["statements"].get(name, {}).get(work, "")
    said = f"{statistics.median(cpu):.3f} ({min(cpu):.3f}..{max(cpu):.3f})" if not bad else "counts for nothing"
    cells = [work, NAMES.get(name, name), said, f"{middle:.2f}", f"{late:.2f}", size["sent"], size["compressed"]]
    return "| " + " | ".join(map(str, [*cells, size["shown"], statements, count, bad])) + " |"


def servers(result):
    lines = ["| Server | Version | Cold start s | Memory at its start, MiB (PSS) | after it has worked |"]
    lines.append("|---|---|---|---|---|")
    for name, starts in result["starts"].items():
        first, then = result["memory_at_start"][name], result["memory"][name]
        start = statistics.median(starts)
        said = result["versions"].get(name) or result["environment"]["commit"]
        lines.append(f"| {NAMES.get(name, name)} | {said} | {start:.2f} | {first:.0f} | {then:.0f} |")
    return "\n".join(lines) + "\n"


def grown(result):
    sizes = result["sizes"]
    lines = [
        "| Page | "
        + " | ".join(f"CPU ms, {said}" for said in sizes.values())
        + " | Bytes | Largest ÷ smallest | Must | Holds |"
    ]
    lines.append("|---|" + "---|" * (len(sizes) + 4))
    for work in dict.fromkeys(key.partition("|")[2] for key in result["rounds"]):
        found = {size: result["rounds"].get(f"{size}|{work}") for size in sizes}
        bad = any(row["bad"] for rows in found.values() for row in rows or [])
        middles = {size: statistics.median(row["cpu"] for row in rows) for size, rows in found.items() if rows}
        base, others = middles.pop("few", math.nan), middles
        ratio = max(others.values(), default=math.nan) / base
        cells = [f"{statistics.median(row['cpu'] for row in rows):.2f}" if rows else "" for rows in found.values()]
        bytes_ = " / ".join(
            f"{result['bytes'][f'{s}|{work}']['sent']:,}" for s in sizes if f"{s}|{work}" in result["bytes"]
        )
        verdict = "counts for nothing" if bad else holds(ratio, 1.3)
        lines.append(f"| {work} | " + " | ".join(cells) + f" | {bytes_} | {ratio:.2f} | ≤ 1.3 | {verdict} |")
    missing = [f"- {name} is not measured: {why}." for name, why in result["missing"].items()]
    speed = result["generate"]
    lines += ["", *missing, *([""] if missing else [])]
    lines.append(f"`flask generate`: {speed:,.0f} replies a second (must be ≥ 5,000: {holds(-speed, -5000)}).")
    return "\n".join(lines) + "\n"
