"""Verbs with which people tell what happened: adverts tell no stories."""

_TOLD = (
    "ла",
    "ли",
    "лось",
    "лась",
    "лся",
    "лись",
    "ют",
    "ят",
    "ают",
    "ды",
    "ді",
    "ты",
    "ті",
    "ған",
    "ген",
    "еді",
    "ed",
)
_NOT_TOLD = frozenset(  # end like verbs of the past, but adverts say them
    """doubled guaranteed needed wanted unlimited certified used experienced included licensed trusted tested approved
    furnished limited discounted required registered need speed weed seed
    билеты кредиты аккаунты цветы сайты документы проценты работы консультанты паспорты квесты если
    киілген қолданылған жасалған дайындалған жөнделген
    школа недели алматы ребят опят""".split()
)


def is_telling(word: str) -> bool:
    """Say whether a word is a verb of the past, or of what others do: adverts tell no stories."""
    return len(word) > 3 and word.endswith(_TOLD) and word not in _NOT_TOLD
