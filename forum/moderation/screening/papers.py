"""What is numbered like a house and is none: laws, articles, votes of a parliament."""

PAPERS = (  # beginnings of words
    *("закон", "код", "стать", "пункт", "резолюц", "директив", "приказ", "постановл", "решен", "гост", "дел", "указ"),
    *("law", "code", "article", "section", "resolution", "directive", "order", "decree", "case", "rule", "bill", "act"),
    *("заң", "бап", "тармақ", "қаулы", "бұйрық", "шешім", "parliament", "парламент", "мажилис", "мәжіліс", "сенат"),
)
