"""Statements that are read without a model, for they name variables and values, or can only mean one variable each:
"tenureMonths is 18", "I am full time".

A sentence is read whole or not at all: what only resembles a statement is left to the model. English and German. Knows
no model and no solver.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language.names import words
from craton.guardrails.reasoning.language.spoken import Listener
from craton.guardrails.reasoning.logic.terms import (
    BOOL,
    NUMBER,
    Apply,
    Constant,
    Sort,
    Term,
    Variable,
    both,
    implies,
    negated,
)

Words = tuple[str, ...]

_TOKENS = re.compile(r"-?\d+(?:[.,]\d+)*(?![\w])|[<>=!]=|[<>=]|\w+|[^\w\s]")
_DECIMAL = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
# Thousands in one language, a decimal in the other: nobody can tell.
_UNCLEAR = re.compile(r"-?\d{1,3}[.,]\d{3}")
_SHORT = (
    (re.compile(r"\b(i)['’]m\b", re.IGNORECASE), r"\1 am"),
    (re.compile(r"\b(you|we|they)['’]re\b", re.IGNORECASE), r"\1 are"),
    (re.compile(r"\b(he|she|it)['’]s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\b(is|are|do|does|have|has)n['’]t\b", re.IGNORECASE), r"\1 not"),
)
_ARTICLES = frozenset(
    (
        *("the", "a", "an", "my", "your", "his", "her", "their", "our", "this"),
        *("der", "die", "das", "ein", "eine", "mein", "meine", "dein", "deine", "ihr", "ihre"),
    )
)
_TRUTHS = {
    "true": True,
    "yes": True,
    "wahr": True,
    "ja": True,
    "false": False,
    "no": False,
    "falsch": False,
    "nein": False,
}
# How an answer begins; "no" may be more than that.
_OPENING = re.compile(
    r"(?:(?:yes|no|ja|nein)\s*[,;:.–-]\s*|(?:so|therefore|also|daher|unfortunately|leider)\b[,\s]*)+", re.IGNORECASE
)
_RELATIONS: Sequence[tuple[Words, str]] = tuple(
    (tuple(phrase.split()), operator)
    for operator, phrases in {
        ">=": "is at least|is no less than|is greater than or equal to|ist mindestens|beträgt mindestens|>=",
        "<=": "is at most|is no more than|is less than or equal to|ist höchstens|beträgt höchstens|<=",
        ">": "is greater than|is more than|is above|exceeds|ist größer als|ist mehr als|beträgt mehr als|liegt über|>",
        "<": "is less than|is below|is under|ist kleiner als|ist weniger als|beträgt weniger als|liegt unter|<",
        "distinct": "is not equal to|is not|are not|ist nicht|sind nicht|beträgt nicht|!=",
        "=": "is equal to|is exactly|equals|is|are|ist gleich|ist genau|ist|sind|beträgt|==|=",
    }.items()
    for phrase in phrases.split("|")
)
_CONDITION = re.compile(
    r"(?:if|wenn|falls)\s+(?P<if>.+?)(?:,\s*(?:then|dann)?|\s+then|\s+dann)\s+(?P<then>.+)", re.IGNORECASE
)
# A plain statement is short.
_LONGEST = 300
_JOINS = re.compile(r"\s*(?:,\s*(?:and|und)|;|,|\b(?:and|und)\b)\s*", re.IGNORECASE)


class Reader:
    """Reads sentences over a policy's names."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self._listener = policy, Listener(policy)

    def sentence(self, text: str) -> Term | None:
        """What a sentence states; None where it asks, or cannot be read plainly to its last word."""
        text = text.strip()
        if text.endswith("?") or len(text) > _LONGEST:
            return None
        text = text.rstrip(".!:").strip()
        for short, long in _SHORT:
            text = short.sub(long, text)
        if found := _CONDITION.fullmatch(text):
            condition, conclusion = self._clauses(found["if"]), self._clauses(found["then"])
            return implies(condition, conclusion) if condition and conclusion else None
        return self._clauses(text)

    def _clauses(self, text: str) -> Term | None:
        if (whole := self._clause(text)) is not None:
            return whole
        terms = [self._clause(clause) for clause in _JOINS.split(text) if clause]
        return both(term for term in terms if term) if len(terms) > 1 and None not in terms else None

    def _clause(self, text: str) -> Term | None:
        text = _OPENING.sub("", text, count=1) if _OPENING.match(text) else text
        said = [token.casefold() for token in _TOKENS.findall(text) if token not in ("'", '"', "`", "„", "“", "”")]
        compared = {term for rest, variable in self._named(said) for term in self._compared(variable, rest)}
        if compared:
            return compared.pop() if len(compared) == 1 else None
        return self._listener.clause(text)

    def _named(self, said: Sequence[str]) -> Iterator[tuple[Sequence[str], Variable]]:
        """Variables that a clause begins with, and what it goes on with."""
        start = 1 if said and said[0] in _ARTICLES else 0
        for phrase, variable in self._phrases:
            if tuple(said[start : start + len(phrase)]) == phrase:
                yield said[start + len(phrase) :], variable

    def _compared(self, variable: Variable, said: Sequence[str]) -> Iterator[Term]:
        for phrase, operator in _RELATIONS:
            if tuple(said[: len(phrase)]) == phrase:
                value = self._value(variable, said[len(phrase) :])
                if value is not None and (variable.sort.numeric or operator in ("=", "distinct")):
                    yield _related(variable, operator, value)
                return

    def _value(self, variable: Variable, said: Sequence[str]) -> bool | Fraction | str | None:
        if variable.sort == BOOL:
            return _TRUTHS.get(said[0]) if len(said) == 1 else None
        if variable.sort.numeric:
            unit = words(variable.name)[-1:]
            return _number(said[0]) if said and tuple(said[1:]) in ((), unit) else None
        return self._values.get((variable.sort.name, tuple(word for token in said for word in words(token))))

    @cached_property
    def _phrases(self) -> Sequence[tuple[Words, Variable]]:
        """How variables may be called: as they are, or in words."""
        named = [((name.casefold(),), variable) for name, variable in self._policy.variables.items()]
        spoken = [(words(name), variable) for name, variable in self._policy.variables.items()]
        return list(dict.fromkeys([*named, *spoken]))

    @cached_property
    def _values(self) -> Mapping[tuple[str, Words], str]:
        found: dict[tuple[str, Words], str] = {}
        for sort in self._policy.types.values():
            for value in sort.values:
                found[sort.name, words(value)] = value
                prefix = f"{sort.name}_"
                if value.startswith(prefix):
                    found.setdefault((sort.name, words(value.removeprefix(prefix))), value)
        return found


def _related(variable: Variable, operator: str, value: bool | Fraction | str) -> Term:
    if variable.sort == BOOL:
        return variable if value == (operator == "=") else negated(variable)
    constant = Constant(value, _sort(variable, value))
    equation = Apply("=" if operator == "distinct" else operator, (variable, constant), BOOL)
    return negated(equation) if operator == "distinct" else equation


def _sort(variable: Variable, value: bool | Fraction | str) -> Sort:
    whole = isinstance(value, Fraction) and value.denominator == 1
    return variable.sort if whole or not variable.sort.numeric else NUMBER


def _number(said: str) -> Fraction | None:
    if not _DECIMAL.fullmatch(said) or _UNCLEAR.fullmatch(said):
        return None
    return Fraction(said.replace(",", ""))
