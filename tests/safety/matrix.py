"""The rules of who may do what, wherever a reply stands: what `test_matrix.py` holds the forum to.

Doors that are the same in every state stand in `test_doors.MAY`. Here stand the addresses of a reply, of a decision
on it, of an appeal against that, and of what belongs to somebody. The first rule that fits counts; whom none names
finds no page there.
"""

from tests.test_doors import MAY

PEOPLE = {
    "nobody": "",
    "deleted": "madina",  # the account, while a browser still has its session
    "ended": "saule",  # the session, from another device
    "member": "dana",
    "author": "aigerim",
    "other member": "boris",  # has answered the reply, has a passkey, may become a moderator
    "suspended": "erlan",
    "banned": "timofey",
    "bare": "ruslan",  # a moderator without a second factor
    "moderator": "maria",  # who has decided
    "second moderator": "timur",
    "lead": "zarina",
}
ALL = set(PEOPLE)
OUT = {"nobody", "deleted", "ended"}
MEMBERS = ALL - OUT
MUTE = {"suspended", "banned"}  # they read, and keep what is theirs
STAFF = {"moderator", "second moderator", "lead"}
COLLEAGUES = {"second moderator", "lead"}
AUTHOR, OTHER, FIRST, LEAD, SUSPENDED = {"author"}, {"other member"}, {"moderator"}, {"lead"}, {"suspended"}

PUBLIC = {"public", "reported", "edited", "reworded"}
DOWN = {"removed", "removal appealed", "tombstone"}
GONE = {"withdrawn", "taken back"}  # by its author: after it was public, or before
APPEALED = {"appealed", "removal appealed"}
STATES = [*sorted(PUBLIC | DOWN | GONE), "waiting", "returned", "rejected", "appealed", "absent"]
THERE = set(STATES) - {"absent"}
ONCE_PUBLIC = PUBLIC | DOWN | {"withdrawn"}
IN_PLACE = PUBLIC | {"tombstone"}
DECIDED = THERE - {"waiting", "taken back"}

OPEN = {200, 302, 303}
IN_VAIN = OPEN | {422}  # the door opens; what the form says is not what it takes
SHUT, HIDDEN, LATE, NO_SUCH = {403}, {404}, {409, 422}, {405}
SIGNED_OUT = {401}

Rule = tuple[set[str], set[str], set[int]]  # for whom, in which states, the statuses that may come of it

AT_DESK: list[Rule] = [(STAFF, THERE, OPEN)]
REPORT: list[Rule] = [(AUTHOR, ONCE_PUBLIC, SHUT), (ALL, PUBLIC, OPEN), (ALL, ONCE_PUBLIC, LATE)]
APPEAL: list[Rule] = [(AUTHOR, {"rejected", "removed", "tombstone"}, OPEN), (AUTHOR, DECIDED, LATE)]
WRITE_AGAIN: list[Rule] = [(AUTHOR, {"waiting", "returned"} | PUBLIC, OPEN), (AUTHOR, THERE, LATE)]
OF_A_REPLY: dict[str, list[Rule]] = {
    "GET debates.show_reply": [(ALL, IN_PLACE, OPEN), (AUTHOR, {"waiting", "returned"}, OPEN)],
    "GET debates.history": [(ALL, PUBLIC, OPEN)],
    "GET members.show": [(ALL, PUBLIC, OPEN)],
    "GET feeds.of_member": [(ALL, PUBLIC, OPEN)],
    "GET api.reply": [(ALL, IN_PLACE, OPEN)],
    "GET reports.make": REPORT,
    "POST reports.make": REPORT,
    "POST votes.take": [(AUTHOR | MUTE, PUBLIC, SHUT), (ALL, PUBLIC, OPEN)],
    "POST follows.thread": [(ALL, IN_PLACE, OPEN)],
    "GET debates.edit": WRITE_AGAIN,
    "POST debates.edit": WRITE_AGAIN,
    "POST drafts.preview_edit": [(AUTHOR, THERE, OPEN)],
    "POST drafts.keep_edit": [(AUTHOR, THERE, OPEN)],  # nothing that is typed is lost
    "POST debates.withdraw": [(AUTHOR, THERE, OPEN)],
    "POST debates.withdraw_wording": [(AUTHOR, {"reworded", "taken back"}, OPEN), (AUTHOR, THERE, LATE)],
    "GET moderation.item": AT_DESK,
    "POST moderation.show_author": AT_DESK,
    "POST moderation.claim": [(STAFF, {"waiting", "reworded"}, OPEN), (STAFF, THERE, LATE)],
    "POST moderation.release": AT_DESK,
    "POST moderation.note": AT_DESK,
    "GET moderation.same": AT_DESK,
    "POST moderation.same": [(STAFF, set(STATES), OPEN)],  # what has moved on is left, and said
    "POST moderation.decide": [(STAFF, {"waiting"} | PUBLIC | DOWN, OPEN), (STAFF, THERE, LATE)],
    "POST reports.dismiss": [(STAFF, {"reported"}, OPEN), (STAFF, THERE, LATE)],
    "POST moderation.undo_decision": [
        (COLLEAGUES, DECIDED, SHUT),
        (FIRST, {"public", "edited", "returned", "rejected", "removed", "tombstone"}, OPEN),
        (FIRST, DECIDED, LATE),
    ],
    "GET appeals.lodge": [(AUTHOR, APPEALED, OPEN), *APPEAL],
    "POST appeals.lodge": APPEAL,
    "GET appeals.show": [(STAFF, APPEALED, OPEN)],
    "POST appeals.judge": [(FIRST, APPEALED, SHUT), (STAFF, APPEALED, OPEN)],
}
OF_SOMEBODY: dict[str, list[Rule]] = {
    "POST people.acknowledge": [(AUTHOR, THERE, OPEN)],
    "GET sanction_appeals.lodge": [(AUTHOR, THERE, OPEN)],
    "POST sanction_appeals.lodge": [(AUTHOR, THERE, OPEN)],
    "GET sanction_appeals.show": [(STAFF, THERE, OPEN)],
    "POST sanction_appeals.judge": [(FIRST, THERE, SHUT), (STAFF, THERE, OPEN)],
    "POST people.end": [({"second moderator"}, THERE, SHUT), (STAFF, THERE, LATE)],  # the warning was read
    "GET readings.archive": [],  # a change of role is no archive: tests/privacy/test_readings.py
    "POST readings.archive": [],
    "POST drafts.discard": [(MEMBERS, set(STATES), OPEN)],  # whose it is, or whether there is one, is not told
    "POST moderation.change_canned": [(STAFF, THERE, IN_VAIN), (STAFF, set(STATES), LATE)],  # a colleague was faster
    "POST moderation.retire_canned": [(STAFF, THERE, IN_VAIN), (STAFF, set(STATES), LATE)],
    "POST people.delete_note": [(COLLEAGUES, THERE, SHUT), (FIRST, THERE, OPEN)],
    "POST passkeys.remove": [(OTHER, THERE, OPEN)],
    "POST mail.wishes": [(AUTHOR, set(STATES), OPEN), (MEMBERS, set(STATES), LATE)],  # who has given no address
    "POST names.take": [(MUTE | STAFF | {"bare"}, THERE, SHUT), (MEMBERS, THERE, IN_VAIN)],  # staff has one name
    "POST debates.post_reply": [(MUTE, THERE, SHUT), (MEMBERS, THERE, OPEN)],
}
RULES = OF_A_REPLY | OF_SOMEBODY


def is_let_in(who: str, door: str) -> bool:
    """Say whether the door lets somebody in, whatever stands behind it."""
    allowed = MAY[(door.split()[0], door.split()[1])]
    if "reader" in allowed:
        return True
    if allowed & {"author", "another member"}:
        return who in MEMBERS
    return who in (STAFF if "moderator" in allowed else LEAD)


def expected(door: str, who: str, state: str, arguments: set[str]) -> set[int]:
    """Return the statuses that may come of it; a KeyError means that nobody has said so yet."""
    if not is_let_in(who, door):
        is_in_vain = (door, state) == ("POST debates.post_reply", "absent")  # a text for which there is no debate
        return (HIDDEN if is_in_vain else SIGNED_OUT) if who in OUT else SHUT
    rules = RULES.get(door)
    if rules is None:
        if arguments & {"reply_id", "decision_id", "appeal_id"}:
            raise KeyError(f"{door} has no rule in tests/safety/matrix.py")
        rules = [(ALL, THERE if arguments else set(STATES), IN_VAIN)]
    return next((statuses for people, states, statuses in rules if who in people and state in states), HIDDEN)
