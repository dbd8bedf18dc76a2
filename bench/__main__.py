"""Measure the forum beside the raw limits and other forums, in turn, and write RESULTS.md. See README.md."""

import argparse
import json
import os
import tempfile
from pathlib import Path

from bench import growth, report, rounds
from bench.adapters.evenhand import Evenhand, OnPostgres
from bench.adapters.flaskbb import FlaskBB
from bench.adapters.isso import Isso
from bench.adapters.limit import Limit
from bench.adapters.spirit import Spirit

SERVERS = {adapter.name: adapter for adapter in (Limit, Evenhand, OnPostgres, FlaskBB, Isso, Spirit)}
RESULTS = Path(__file__).parent / "RESULTS.md"


def options():
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--growth", action="store_true", help="measure how cost grows with what is stored instead")
    parser.add_argument("--servers", default="limit,evenhand,flaskbb,isso,spirit", help=", ".join(SERVERS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.2, help="of each work in each round; 1 or more")
    parser.add_argument("--connections", type=int, default=4, help="kept alive, with one request in flight on each")
    parser.add_argument("--no-search", action="store_true", help="leave out the search, whose content takes minutes")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the page that is written")
    parser.add_argument("--python", help="a Python for the environments of other forums; FlaskBB needs 3.12")
    parser.add_argument("--postgres", help="address of a PostgreSQL on this machine where databases may be made")
    parser.add_argument(
        "--again", action="store_true", help="measure nothing: write the page of the last results again"
    )
    where = Path(tempfile.gettempdir()) / "evenhand-bench-servers"
    parser.add_argument("--workdir", type=Path, default=where, help="keeps environments and content between runs")
    return parser.parse_args()


def main():
    chosen = options()
    chosen.workdir.mkdir(parents=True, exist_ok=True)
    if not chosen.again:
        about = report.environment()
        about |= {"rounds": chosen.rounds, "seconds": chosen.seconds, "connections": chosen.connections}
        if chosen.growth:
            result = growth.collect(chosen)
        else:
            result = rounds.collect([SERVERS[name](chosen) for name in chosen.servers.split(",")], chosen)
        about["load"].append(round(os.getloadavg()[0], 1))
        kept = chosen.workdir / ("growth.json" if chosen.growth else "side-by-side.json")
        kept.write_text(json.dumps({"environment": about, **result}))
    parts = []
    for name in ("side-by-side", "growth"):
        kept = chosen.workdir / f"{name}.json"
        parts.append(json.loads(kept.read_text()) if kept.exists() else None)
    written = report.page(*parts)
    chosen.results.write_text(written)
    print(written)


if __name__ == "__main__":
    main()
