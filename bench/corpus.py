"""Fixed-seed content: the same people, topics and replies for every server."""

import random

WORDS = (
    "the a policy cost evidence city tax rent school vote council budget claim study "
    "public private health transit street power water local national law court rule "
    "effect price wage worker family child year month data survey source critic "
    "supporter argues shows suggests fails works helps harms raises lowers because "
    "although however therefore unless while more less many few most some other new old"
).split()

USERS = 20
TOPICS = 200
TOPIC_REPLIES = 20  # of each but the measured one
THREAD = 500  # replies in the measured thread
SHOWN = 50  # of them on its first page
POSTS = 2500  # different texts that are posted: more than a server compares a new one with


def text(rng, size=600):
    """Return about `size` characters of plain prose in two paragraphs."""
    out, length = [], 0
    while length < size - 8:
        n = rng.randint(8, 16)
        words = [rng.choice(WORDS) for _ in range(n)]
        if rng.random() < 0.1:
            words[n // 2] = "R&D"  # something to escape
        s = " ".join(words).capitalize() + "."
        out.append(s)
        length += len(s) + 1
    half = len(out) // 2
    return (" ".join(out[:half]) + "\n\n" + " ".join(out[half:]))[:size]


def users():
    return [f"debater{i:02d}" for i in range(1, USERS + 1)]


def topics(seed=7):
    """Yield (title, seed_text, author_index, [(author_index, text), ...]).

    The first is the measured thread, the second receives what is posted, so that posting changes no page that is read."""
    rng = random.Random(seed)

    def one(title, n):
        replies = [(rng.randrange(USERS), text(rng)) for _ in range(n)]
        return title, text(rng, 1500), rng.randrange(USERS), replies

    yield one("Measured thread", THREAD)
    yield one("Posting target", TOPIC_REPLIES)
    for i in range(TOPICS - 2):
        yield one(f"Background topic {i + 1}", TOPIC_REPLIES)


_posts = []


def post(number):
    """Return the text that is posted as number so much: no two are the same, and no digits could be a telephone's."""
    if not _posts:
        dice = random.Random(11)
        _posts.extend(text(dice) for _ in range(POSTS))
    letters = "".join(chr(97 + int(digit)) for digit in str(number))
    return f"Point {letters}. {_posts[number % POSTS]}"
