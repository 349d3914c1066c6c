"""A text cut into its statements, one sentence each. Knows no language but for a few abbreviations.

Cuts are a function of the text alone. Unlike the sentences that classifiers want, a date ("14. Mai") and a title
("Dr. Vogt") stay whole: half of a statement cannot be compared with anything.
"""

import re

from craton.guardrails.grounding.cues import ABBREVIATIONS

_END = re.compile(r"(?<=[.!?;…])[\"'”“»)\]]*\s+|\s*[\r\n]+\s*(?:[-*•]\s+)?")
# A list mark at the beginning of a line.
_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
# A longer statement is cut at its commas, since too much stands in it to be compared at once.
LONGEST = 300


def statements(text: str) -> list[str]:
    """In order, without the space around them."""
    found: list[str] = []
    begun = ""
    for part in _parts(text):
        begun = f"{begun} {part}" if begun else part
        if not _goes_on(begun):
            found += _shortened(begun)
            begun = ""
    return [statement for each in [*found, begun] if (statement := _MARK.sub("", each).strip())]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _END.split(text) if part and part.strip()]


def _goes_on(begun: str) -> bool:
    last = begun.rsplit(None, 1)[-1].lower().lstrip("(\"'„“»")
    if not last.endswith("."):
        return False
    word = last[:-1]
    return word in ABBREVIATIONS or (word.isdigit() and len(word) <= 2) or (len(word) == 1 and word.isalpha())


def _shortened(statement: str) -> list[str]:
    parts: list[str] = []
    while len(statement) > LONGEST:
        comma = statement.rfind(", ", LONGEST // 3, LONGEST)
        cut = comma + 1 if comma > 0 else statement.rfind(" ", LONGEST // 3, LONGEST)
        cut = cut if cut > 0 else LONGEST
        parts.append(statement[:cut].strip())
        statement = statement[cut:].strip()
    return [*parts, statement]
