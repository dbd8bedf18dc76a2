"""What people read about flags: a sentence for the author before posting, a name for the moderator."""

from flask_babel import lazy_gettext as _

FOR_AUTHORS = {
    "short": _("This is very short: a reason, or an example, would make it an argument."),
    "shouting": _("Capitals and repeated signs read as shouting."),
    "repeat": _("This repeats itself, or something that was written here before."),
    "link": _("This contains a link: readers cannot see what waits behind it, so say what it shows."),
    "phone": _("This looks like a phone number: others will see it."),
    "email": _("This looks like an e-mail address: others will see it."),
    "handle": _("This looks like a name on a messenger or a network: others will see it and may write to it."),
    "address": _("This looks like a place where somebody can be found: others will see it."),
    "id_number": _("This looks like somebody’s identification number: others will see it, and it can be misused."),
    "card": _("This looks like the number of a card or account: others will see it, and it can be misused."),
    "person": _("This seems to name a private person with a place: please leave out what identifies somebody."),
    "advertising": _("This reads like an offer or an advertisement: this forum is for arguments only."),
    "word": _("This contains a word that moderators look at with care."),
    "minor": _("This seems to tell that somebody is under 18, or where a child can be found. Please leave that out."),
}
FOR_MODERATORS = {
    "short": _("very short"),
    "shouting": _("shouting"),
    "repeat": _("repeated text"),
    "link": _("link"),
    "phone": _("phone number"),
    "email": _("e-mail address"),
    "handle": _("messenger or network"),
    "address": _("address or place"),
    "id_number": _("identification number"),
    "card": _("card or account"),
    "person": _("private person"),
    "advertising": _("advertising or spam"),
    "word": _("word from the lists"),
    "minor": _("minor"),
    "many_waiting": _("has several replies waiting"),
    "often_rejected": _("often rejected so far"),
    "new_here": _("nothing published yet"),
}
RULE_OF = {  # the code of the house rule that a flag may touch; none where it is a matter of manner only
    "repeat": "repeat",
    "phone": "privacy",
    "email": "privacy",
    "handle": "privacy",
    "address": "privacy",
    "id_number": "privacy",
    "card": "privacy",
    "person": "privacy",
    "advertising": "offers",
    "minor": "danger",
}
