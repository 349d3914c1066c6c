"""How far a statement speaks to a question, as the features that `scoring` weighs. Knows no source and no threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from craton.guardrails.grounding import cues
from craton.guardrails.grounding.source import Vector, dot
from craton.guardrails.grounding.words import Statement

_TIMES = frozenset(("time", "months", "date", "clock"))


@dataclass(frozen=True, slots=True)
class Speaking:
    """Each 0 to 1. `answers` is whether it has what the question asks for, such as an amount; where the question is of
    another sort it says nothing, and `asks` is 0.
    """

    likeness: float = 0.0
    named: float = 0.0
    supported: float = 0.0
    asks: float = 0.0
    answers: float = 0.0

    def values(self) -> tuple[float, ...]:
        return astuple(self)


def speaking(question: Statement, statement: Statement, likeness: float, vectors: Mapping[str, Vector]) -> Speaking:
    """`likeness` is the cosine of both; `vectors` are those of the content words of both."""
    asked = len(question.content) or 1
    met = [statement.has(word) for word in question.content]
    near = [
        1.0 if found else max([0.0, *(dot(vectors[word.text], vectors[other.text]) for other in statement.content)])
        for word, found in zip(question.content, met, strict=True)
    ]
    wanted = _wanted(question)
    return Speaking(
        likeness=max(likeness, 0.0),
        named=sum(met) / asked,
        supported=sum(near) / asked,
        asks=float(wanted is not None),
        answers=float(wanted is not None and _has(statement, wanted)),
    )


def words(statements: Sequence[Statement]) -> list[str]:
    """The content words whose vectors `speaking` wants, none twice."""
    return list(dict.fromkeys(word.text for statement in statements for word in statement.content))


def _wanted(question: Statement) -> str | None:
    """What a question asks for: an amount, a time, a name; None where that is not told by its words."""
    first = question.all[:3]
    if any(word in cues.ASKS_WHEN for word in first):
        return "time"
    if any(word in cues.ASKS_WHO for word in first):
        return "name"
    text = " ".join(question.all)
    return "amount" if any(ask in text for ask in cues.ASKS_AMOUNT) else None


def _has(statement: Statement, wanted: str) -> bool:
    if wanted == "name":
        return any(word.name for word in statement.content)
    if wanted == "time":
        months = any(kind & {*statement.all} for kind in cues.TIMES)
        return months or any(number.kind in _TIMES for number in statement.numbers)
    return bool(statement.numbers)
