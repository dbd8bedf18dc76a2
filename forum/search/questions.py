"""What somebody types who is looking for something: any string is a question, and nothing in it is an operator."""

from itertools import islice

from forum.words import words

READ = 2000  # characters of what was typed
MOST = 32  # different words of it

# They stand in nearly every text, so they count only where a question has no other words.
COMMON = frozenset(
    (
        "a an and are as at be by do for from has have i if in is it its not of on or that the they this to was we "
        "what which who will with you "
        "а без бы в во вы да для до его ее если же за и из или их к как когда кто ли мы на не нет но о об он она они "
        "от по при с со так то только у что это я "
        "бар бұл бір да де емес және үшін мен не ол осы сол туралы қандай"
    ).split()
)


def keys(typed: str) -> list[str]:
    """Return the different words of a question, in their order; none where nothing can be looked for."""
    found = dict.fromkeys(word.key for word in words(typed[:READ]))
    telling = [key for key in found if key not in COMMON]
    return list(islice(telling or found, MOST))
