"""Numbers of a sentence with how it compares them: "more than 10 years" is (> 10), in years. English and German.

What it cannot compare is a plain amount. Knows no policy.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from craton.guardrails.grounding import cues

MONEY = frozenset(
    (
        *("€", "$", "£", "%", "euro", "euros", "dollar", "dollars", "cent", "cents", "pound", "pounds", "franken"),
        *("percent", "prozent"),
    )
)

# Phrases of several words before one of them.
_BEFORE: Mapping[str, str] = {
    ">=": r"at least|no less than|not less than|a minimum of|minimum|mindestens|wenigstens|minimal|ab|"
    r"nicht weniger als",
    "<=": r"at most|(?:no|not) (?:more|later|longer|older) than|up to|within|a maximum of|maximum|höchstens|maximal|"
    r"bis zu|bis|nicht (?:mehr|länger|später|älter) als|innerhalb(?: von)?|binnen|spätestens",
    "<": r"(?:less|fewer|younger|shorter|earlier|lower|smaller|cheaper|sooner) than|under|below|"
    r"(?:weniger|jünger|kürzer|früher|niedriger|kleiner|billiger|geringer) als|unter",
    ">": r"(?:more|\w+er) than|over|above|exceeding|exceeds?|after more than|after|(?:mehr|\w+er) als|über|"
    r"oberhalb von|nach mehr als|nach",
}
_BEHIND: Mapping[str, str] = {
    ">=": r"(?:or|and|oder|und) (?:more|older|longer|over|later|above|mehr|älter|länger|darüber|später)",
    "<=": r"(?:or|and|oder|und) (?:less|fewer|younger|shorter|under|below|weniger|jünger|kürzer|darunter)",
}
_NO_NUMBER = frozenset(
    ("both", "beide", "couple", "dozen", "dutzend", "twice", "zweimal", "thrice", "dreimal", "viermal", "fünfmal")
)
_WORDS = {word: number for word, number in cues.NUMBERS.items() if number > 1 and word not in _NO_NUMBER}
_FIGURE = rf"[$€£]\s?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*|(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b"
# Words that follow a number and are no unit.
_OTHER = (
    r"or|and|oder|und|in|on|at|to|of|is|are|am|im|an|zu|ist|sind|before|after|vor|nach|if|wenn|may|must|can|"
    r"dürfen|darf|kann"
)
# Other words are units where they are what is counted: a plural, or a noun, which in German has a capital.
_KNOWN = "|".join(sorted(cues.UNITS, key=len, reverse=True))
_UNIT = rf"(?:{_KNOWN}|euros?|percent)\b|(?!(?:{_OTHER})\b)(?:[^\W\d_]+s\b|(?-i:[A-ZÄÖÜ])[^\W\d_]+)|%|€|\$|£"
_FOUND = re.compile(
    rf"(?P<before>\b(?:{'|'.join(f'(?:{each})' for each in _BEFORE.values())})\s+(?:the |den |der |die )?)?"
    rf"(?<![\w.,-])(?P<figure>{_FIGURE})(?![\w]|-\w)(?:[\s-]?(?P<unit>{_UNIT}))?"
    rf"(?P<behind>(?:\s+(?:of|der|des) \w+)?\s+(?:{'|'.join(_BEHIND.values())})\b)?",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:free(?: of charge)?|nothing|kostenlos|kostenfrei|gratis|umsonst|unentgeltlich|nichts|no|kein\w*)\b",
    re.IGNORECASE,
)
# Shorter words are mostly no units in a description.
_SHORT = 2
# Nobody means a number of more characters.
_LONGEST = 40
_LETTERS = re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]+")
_OPPOSITE = {">": "<=", "<": ">=", ">=": "<", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text` is what the sentence says; `unit` is the word behind the number, or empty."""

    text: str
    relation: str
    number: Fraction
    unit: str

    @property
    def denied(self) -> "Quantity":
        return Quantity(f"not {self.text}", _OPPOSITE[self.relation], self.number, self.unit)


def quantities(sentence: str) -> list[Quantity]:
    """Each number of a sentence, in its order."""
    return [each for found in _FOUND.finditer(sentence) if (each := _quantity(found))]


def _quantity(found: re.Match[str]) -> Quantity | None:
    number = _number(found["figure"].strip("$€£ "))
    if number is None:
        return None
    symbol = found["figure"][0]
    unit = found["unit"] or ("" if symbol.isalnum() else symbol)
    return Quantity(
        " ".join(found.group().split()), _relation(found["before"], found["behind"]), number, unit.casefold()
    )


def _relation(before: str | None, behind: str | None) -> str:
    for part, table in ((behind, _BEHIND), (before, _BEFORE)):
        for relation, phrases in table.items():
            if part and re.search(rf"(?:^|\s)(?:{phrases})\s*(?:the |den |der |die )?$", part, re.IGNORECASE):
                return relation
    return "="


def _number(figure: str) -> Fraction | None:
    if figure.casefold() in _WORDS:
        return Fraction(_WORDS[figure.casefold()]).limit_denominator(100)
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", figure).replace(",", ".")
    return Fraction(plain) if plain.count(".") < 2 and len(plain) <= _LONGEST else None


def nothing(sentence: str) -> bool:
    """Whether a sentence may say that there is none of something: "free of charge", "keine Gebühr"."""
    return bool(_NOTHING.search(sentence))


def kind(unit: str) -> str:
    """What a unit measures: those of one kind can be converted; another unit is a kind of its own."""
    return cues.UNITS[unit][0] if unit in cues.UNITS else unit


def commensurable(one: str, other: str) -> bool:
    """Whether amounts in these units may be of one variable; books and book are of one kind."""
    return not one or not other or kind(one)[:4] == kind(other)[:4]


def opposed(one: Quantity, other: Quantity) -> bool:
    """Whether one amount holds just where the other does not."""
    return (
        one.number == other.number
        and _OPPOSITE.get(one.relation) == other.relation
        and commensurable(one.unit, other.unit)
    )


def converted(amount: Quantity, unit: str) -> Fraction:
    """The number of an amount in a unit that is commensurable with its own."""
    if amount.unit not in cues.UNITS or unit not in cues.UNITS:
        return amount.number
    return amount.number * Fraction(cues.UNITS[amount.unit][1]) / Fraction(cues.UNITS[unit][1])


def only(sentence: str, told: str) -> tuple[str, Fraction] | None:
    """The relation and the number that a sentence states of a variable, whose name and description are `told`; None
    where the sentence has no amount in the variable's units, or more than one.
    """
    words = [word.casefold() for word in _LETTERS.findall(told)]
    units = [each for each in words if each in MONEY or (each in cues.UNITS and len(each) > _SHORT)]
    found = [each for each in quantities(sentence) if not units or commensurable(each.unit, units[0])]
    return (found[0].relation, converted(found[0], units[0] if units else "")) if len(found) == 1 else None
