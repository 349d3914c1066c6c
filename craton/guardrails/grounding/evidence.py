"""How far a source supports a statement: what vectors and words tell, as the features that `scoring` weighs.

Knows no weights, no threshold and no policy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from heapq import nlargest

from craton.guardrails.amounts.quantities import Quantity
from craton.guardrails.grounding import cues
from craton.guardrails.grounding.source import Sentences, Vector, dot
from craton.guardrails.grounding.words import Statement, Word

# Sentences of the source that are looked at closely for one statement.
CLOSE = 4


@dataclass(frozen=True, slots=True)
class Features:
    """Each 0 to 1; those of the second half count against the statement."""

    likeness: float = 0.0
    next_likeness: float = 0.0
    covered: float = 0.0
    supported: float = 0.0
    weakest: float = 0.0
    verbatim: float = 0.0
    strange_name: float = 0.0
    strange_number: float = 0.0
    far_number: float = 0.0
    other_number: float = 0.0
    turned: float = 0.0
    opposite: float = 0.0
    other_of_kind: float = 0.0
    universal: float = 0.0

    def values(self) -> tuple[float, ...]:
        return astuple(self)


@dataclass(frozen=True, slots=True)
class Close:
    """The sentences of a source that are nearest to a statement, nearest first, and how alike the two nearest are."""

    sentences: Sequence[Statement]
    likeness: float
    next_likeness: float


def close(statement: Statement, vector: Vector, source: Sentences) -> Close:
    """`source` has at least one sentence."""
    likeness = {place: dot(vector, source.vectors[place]) for place in source.candidates(statement, vector)}
    scores = {place: alike + overlap(statement, source.sentences[place]) for place, alike in likeness.items()}
    highest = nlargest(2, likeness.values())
    return Close(
        [source.sentences[place] for place in nlargest(CLOSE, scores, key=scores.__getitem__)],
        highest[0],
        highest[1] if len(highest) > 1 else 0.0,
    )


def overlap(statement: Statement, sentence: Statement) -> float:
    """The share of a statement's content words and numbers that the sentence has too."""
    asked = len(statement.content) + len(statement.numbers)
    met = sum(sentence.has(word) for word in statement.content)
    met += sum(_agreed(number, sentence.numbers) for number in statement.numbers)
    return met / asked if asked else 0.0


def strange(statement: Statement, near: Close) -> list[Word]:
    """Content words that none of the near sentences has: what vectors of words are needed for."""
    return [word for word in statement.content if not any(sentence.has(word) for sentence in near.sentences)]


def features(statement: Statement, near: Close, source: Sentences, vectors: Mapping[str, Vector]) -> Features:
    """`vectors` are those of the strange words and of the near sentences' words."""
    best = near.sentences[0]
    clause = max(best.clauses or (best,), key=lambda part: overlap(statement, part))
    there = {word.text for sentence in near.sentences for word in sentence.content}
    odd = strange(statement, near)
    support = [_likest(word, there, vectors) for word in odd]
    known = len(statement.content) - len(odd)
    nearby = [number for sentence in near.sentences[:2] for number in sentence.numbers]
    count = max(len(statement.content), 1)
    opposed = _opposed(statement, clause)
    # Said the other way and denied is the same again: "closed on Monday" is "open except on Monday".
    turned = (statement.denied != clause.denied) != opposed
    share = overlap(statement, clause)
    return Features(
        likeness=near.likeness,
        next_likeness=near.next_likeness,
        covered=known / count,
        supported=(known + sum(support)) / count,
        weakest=min(support, default=1.0),
        verbatim=overlap(statement, best),
        strange_name=min(sum(word.name and not source.names(word) for word in odd), 2) / 2,
        strange_number=_share(not _agreed(number, source.numbers) for number in statement.numbers),
        far_number=_share(not _agreed(number, nearby) for number in statement.numbers),
        other_number=_share(_rivalled(number, nearby) for number in statement.numbers),
        turned=share if turned else 0.0,
        opposite=float(opposed and turned),
        other_of_kind=float(_excluded(statement, near.sentences[:2], source)),
        universal=float(_widened(statement, near.sentences)),
    )


def _agreed(number: Quantity, others: Iterable[Quantity]) -> bool:
    return any(number.agrees(other) for other in others)


def _likest(word: Word, others: Iterable[str], vectors: Mapping[str, Vector]) -> float:
    vector = vectors[word.text]
    return max([0.0, *(dot(vector, vectors[other]) for other in others)])


def _share(missing: Iterable[bool]) -> float:
    told = list(missing)
    return sum(told) / len(told) if told else 0.0


def _says(words: Iterable[str], stems: frozenset[str]) -> bool:
    return any(_begins(word, stem) for word in words for stem in stems)


def _begins(word: str, stem: str) -> bool:
    return word == stem or (len(stem) >= 4 and word.startswith(stem))


def _opposed(statement: Statement, clause: Statement) -> bool:
    """Whether it says one of a pair of opposites where the source says the other."""

    def clash(mine: frozenset[str], theirs: frozenset[str]) -> bool:
        return (
            _says(statement.all, mine)
            and not _says(statement.all, theirs)
            and _says(clause.all, theirs)
            and not _says(clause.all, mine)
        )

    return any(clash(one, other) or clash(other, one) for one, other in cues.OPPOSITES)


def _excluded(statement: Statement, near: Sequence[Statement], source: Sentences) -> bool:
    """Whether it names one of a kind where the source names another."""
    everything = {_single(word) for word in source.words}
    mine = {_single(word) for word in statement.all}
    there = {_single(word) for sentence in near for word in sentence.all}
    return any(kind & mine and not kind & mine & everything and kind & there for kind in cues.EXCLUSIVE)


def _single(word: str) -> str:
    """ "mondays" and "montags" are of a kind with "monday" and "montag"."""
    return word[:-1] if word.endswith("s") and len(word) > 5 else word


def _rivalled(number: Quantity, others: Sequence[Quantity]) -> bool:
    """Whether another amount of the same stands there, and not this one."""
    return any(number.rivals(other) for other in others) and not any(
        number.agrees(other) and number.counts == other.counts for other in others
    )


def _widened(statement: Statement, near: Sequence[Statement]) -> bool:
    return _says_any(statement, cues.UNIVERSAL) and not any(_says_any(sentence, cues.UNIVERSAL) for sentence in near)


def _says_any(statement: Statement, words: frozenset[str]) -> bool:
    return not words.isdisjoint(statement.all)
