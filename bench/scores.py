"""How long the scoring of a debate takes: python bench/scores.py [voters] [replies] [answers of each]. Seconds."""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from forum.opinions import bridging

voters, replies, each = (int(arg) for arg in [*sys.argv[1:], *("5000", "500", "12")[len(sys.argv) - 1 :]])
dice = np.random.default_rng(1)
who = np.repeat(np.arange(voters), each)
which = np.concatenate([dice.choice(replies, each, replace=False) for _ in range(voters)])
yes = (dice.random(len(who)) < 0.6).astype(float)
ballots = bridging.Ballots(who, which, yes, np.arange(voters) % 2, np.arange(replies) % 2)
start = time.perf_counter()
weight = bridging.weights(ballots)
middle = time.perf_counter()
bridging.weighed(ballots, weight, bridging.averages(ballots, weight))
print(
    f"{voters} voters, {replies} replies, {len(who)} answers: weights {middle - start:.1f} s, scores "
    f"{time.perf_counter() - middle:.3f} s"
)
