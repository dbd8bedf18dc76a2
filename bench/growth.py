"""How the cost of each page grows with what is stored: forums of several sizes, asked in turn."""

import json
import shutil
import subprocess
import time

from bench import fill, rounds
from bench.adapters import base
from bench.adapters.base import ROOT, Request
from bench.adapters.evenhand import QUESTIONS, Grown

SAID = {
    "few": "1,000 replies in 10 debates",
    "wide": "100,000 in 1,000",
    "deep": "50,000 in one",
    "waiting": "20,000 waiting",
}
SPEED = 50_000  # replies that `flask generate` makes for its figure


class Size(Grown):
    """A forum of one size; its pages are asked for as by somebody for the first time."""

    def __init__(self, options, size):
        self.name, self.size = f"evenhand-{size}", size
        super().__init__(options)

    def runs(self):
        folder = self.filled()
        facts = json.loads((folder / "bench.json").read_text())
        run = self.again()
        yield run, self.pages(run, facts)

    def again(self):
        return self.serve(self.filled(), "/healthz", KEPT_MIB=0)

    def pages(self, run, facts):
        moderator = self.sign_in(run, fill.MODERATOR)
        desk = {"desk, queue": Request("/moderation", headers=moderator)}
        if facts["item"]:
            desk["desk, reply in context"] = Request(f"/moderation/replies/{facts['item']}", headers=moderator)
        if self.size == "waiting":
            return desk
        member = self.sign_in(run, "debater01")
        addresses = [f"/debates/{slug}" for slug in facts["debates"]]
        if len(addresses) == 1:  # of one long debate, several pages
            addresses = [f"{addresses[0]}?pro={n}&anti={n}" for n in range(1, 11)]
        debate = f"/debates/{facts['debates'][0]}"

        def turn(paths):
            return lambda n: paths[n % len(paths)]

        return {
            "debate": Request(turn(addresses)),
            "debate, newest first": Request(f"{debate}?sort=newest"),
            "debate, member": Request(turn(addresses), headers=member),
            "a reply": Request(f"{debate}/replies/{facts['shown']}"),
            "a passage": Request(f"{debate}/passages/{fill.PASSAGE}"),
            "form of a reply": Request(f"{debate}/replies/new?key=bench", headers=member),
            "list of debates": Request("/"),
            "a person": Request("/people/g1-7"),
            "search": Request(lambda n: f"/search?{base.form({'q': QUESTIONS[n % 4]}).decode()}"),
            "feed of all debates": Request("/feeds/debates.atom"),
            "feed of a debate": Request(f"/feeds/debates/{facts['debates'][0]}.atom"),
            "API: debates": Request("/api/v1/debates"),
            "API: replies": Request(f"/api/v1/debates/{facts['debates'][0]}/replies"),
            **desk,
        }


def collect(options):
    """Return what was measured; each size is a server of its own."""
    sizes = [Size(options, size) for size in SAID]
    result = rounds.collect(sizes, options)
    for part in ("rounds", "bytes"):
        result[part] = {key.removeprefix("evenhand-"): found for key, found in result[part].items()}
    return result | {"sizes": SAID, "generate": generated(options)}


def generated(options):
    """Return how many replies `flask generate` makes in a second."""
    folder = options.workdir / "generated"
    shutil.rmtree(folder, ignore_errors=True)
    size = Size(options, "few")
    command = [size.python, "-m", "flask"]
    subprocess.run([*command, "db", "upgrade"], env=size.env(folder), cwd=ROOT, check=True, capture_output=True)
    counts = ["--debates", "100", "--replies", str(SPEED), "--users", "200"]
    began = time.perf_counter()
    subprocess.run([*command, "generate", *counts], env=size.env(folder), cwd=ROOT, check=True, capture_output=True)
    taken = time.perf_counter() - began
    shutil.rmtree(folder, ignore_errors=True)
    return SPEED / taken
