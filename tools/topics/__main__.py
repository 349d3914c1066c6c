"""Learns the weights of the likeness to topics from `topics.toml`, writes `craton/guardrails/topics/likeness.json`, and
prints what it finds of topics that it did not learn from.

    python -m tools.topics [--home .]

Ordinary texts are the harmless questions that the content filters are trained with.
"""

import argparse
import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import msgspec
import numpy as np
from numpy.typing import NDArray

from craton.guardrails.topics.judge import CERTAIN, DENIED, DOUBTFUL
from craton.guardrails.topics.likeness import Background, Learnt, Weights, background, neighbours
from tools.filters.examples import examples
from tools.filters.features import features
from tools.filters.regression import fitted, numbers
from tools.filters.training import BENIGN

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "craton" / "guardrails" / "topics" / "likeness.json"
TOPICS = Path(__file__).parent / "topics.toml"
PROVENANCE = (
    "A logistic regression over likenesses by USE multilingual v3, trained by tools/topics from topics that were "
    "written for this project."
)

FOLDS = 5
# The share of texts about a topic, in its language, that is to be denied: with examples, and without.
RECALL, BARE_RECALL = 0.8, 0.7
# How much more willingly a text is taken to be on the subject than to be what is denied of it.
LENIENCE = 1.0
LIKENESSES = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What texts about a topic are told from, with how much each kind counts; which likenesses are looked at; and the
    penalty of a vector's numbers, None where these are not.
    """

    others: Mapping[str, float]
    likenesses: Sequence[int]
    manner: float | None


SUBJECT = Question({"elsewhere": 1.0, "ordinary": 0.5}, (0, 4), None)
DENIABLE = Question({"near": 1.0, "near across": 1.0, "ordinary": 0.2, "elsewhere": 0.1}, range(LIKENESSES), 3.0)
_LIGHT, _FREE = 0.01, 1e-6  # penalties of likenesses, and of constants

Vector = NDArray[np.float64]


class Written(TypedDict):
    """A topic as a guardrail is given it, and texts about it and near it."""

    name: str
    definition: str
    examples: list[str]
    denied: list[str]
    near: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A text beside a topic that is known by so many examples. `numbers`: likenesses, two constants, the vector."""

    topic: int
    language: str
    examples: int
    kind: str
    numbers: Vector


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".models")
    home = parser.parse_args().home
    topics: dict[str, dict[str, Written]] = tomllib.loads(TOPICS.read_text())
    harmless = [each.text for each in examples() if each.label in BENIGN and each.text not in background()]
    ordinary = [text for text in harmless if text.endswith("?")][::6]
    texts = list(dict.fromkeys([*background(), *ordinary, *_texts(topics)]))
    known = dict(zip(texts, features(texts, home).vectors, strict=True))
    rows = list(_rows(topics, ordinary, known))
    fold = np.array([row.topic % FOLDS for row in rows])
    subject, denied = np.zeros(len(rows)), np.zeros(len(rows))
    columns = np.array([row.numbers for row in rows], np.float32)
    for number in range(FOLDS):
        for question, sums in ((SUBJECT, subject), (DENIABLE, denied)):
            sums[fold == number] = columns[fold == number] @ _fit(question, rows, columns, fold != number)
    lesser = np.minimum(subject + LENIENCE, denied)
    about, bare = np.array([row.kind == "about" for row in rows]), np.array([not row.examples for row in rows])
    begin = float(np.quantile(lesser[about & ~bare], 1 - RECALL))
    later = float(np.quantile(lesser[about & bare], 1 - BARE_RECALL)) - begin
    everything = fold >= 0
    learnt = Learnt(
        PROVENANCE,
        checksum(),
        _weights(_fit(SUBJECT, rows, columns, everything), LENIENCE - begin, later),
        _weights(_fit(DENIABLE, rows, columns, everything), -begin, later),
    )
    FILE.write_bytes(msgspec.json.encode(learnt) + b"\n")
    print(*_table(rows, lesser - begin - later * bare), sep="\n")


def checksum() -> str:
    return hashlib.sha256(TOPICS.read_bytes()).hexdigest()


def _texts(topics: Mapping[str, Mapping[str, Written]]) -> Iterator[str]:
    for languages in topics.values():
        for each in languages.values():
            yield from (_defined(each), each["name"], *neighbours(each["name"]))
            yield from (*each["examples"], *each["denied"], *each["near"])


def _rows(
    topics: Mapping[str, Mapping[str, Written]], ordinary: Sequence[str], known: Mapping[str, Vector]
) -> Iterator[Row]:
    plain = Background([known[text].tolist() for text in background()])
    nearness = {text: plain.nearness(vector.tolist()) for text, vector in known.items()}
    for number, languages in enumerate(topics.values()):
        for language, each in languages.items():
            other = languages["de" if language == "en" else "en"]
            strange = [
                text for name in topics.values() if name is not languages for text in name[language]["denied"][:2]
            ]
            asked = {
                "about": each["denied"],
                "near": each["near"],
                "across": other["denied"],
                "near across": other["near"],
                "elsewhere": strange,
                "ordinary": ordinary,
            }
            for count in sorted({0, 1, len(each["examples"])}):
                sides = _sides(each, count, known)
                for kind, texts in asked.items():
                    for text in texts:
                        constants = [float(count == 0), 1.0]
                        likenesses = [*(sides @ known[text]), nearness[text]]
                        yield Row(number, language, count, kind, np.array([*likenesses, *constants, *known[text]]))


def _sides(each: Written, count: int, known: Mapping[str, Vector]) -> Vector:
    """The vectors that a text is compared with, as `Mark` has them."""
    defined, shown = known[_defined(each)], [known[text] for text in each["examples"][:count]]
    between = defined + np.mean(shown, axis=0) if shown else defined
    beside = np.mean([known[text] for text in neighbours(each["name"])], axis=0)
    return np.array([between / np.linalg.norm(between), defined, known[each["name"]], beside])


def _fit(question: Question, rows: Sequence[Row], columns: NDArray[np.float32], chosen: NDArray[np.bool_]) -> Vector:
    positive = np.array([row.kind in ("about", "across") for row in rows])
    weights = np.array(
        [1.0 if about else question.others.get(row.kind, 0.0) for row, about in zip(rows, positive, strict=True)]
    )
    penalty = np.full(columns.shape[1], question.manner or _FREE)
    penalty[:LIKENESSES], penalty[LIKENESSES : LIKENESSES + 2] = _LIGHT, _FREE
    used = chosen & (weights > 0)
    looked = columns[used]
    looked[:, [place for place in range(LIKENESSES) if place not in question.likenesses]] = 0
    if question.manner is None:
        looked[:, LIKENESSES + 2 :] = 0
    return fitted(numbers(looked), positive[used], weights[used], penalty)


def _weights(found: Vector, more: float, later: float) -> Weights:
    """The weights, with a bias so much higher, and so much lower without examples."""
    direction, defined, named, beside, ordinary, bare, bias, *manner = (round(float(each), 3) for each in found)
    looked = tuple(manner) if any(manner) else ()
    return Weights(direction, defined, named, beside, ordinary, round(bare - later, 3), round(bias + more, 3), looked)


def _table(rows: Sequence[Row], likeness: Vector) -> Iterator[str]:
    yield "| examples | from | English | German | other language | near misses | other topics | ordinary |"
    yield "|---|---|---|---|---|---|---|---|"
    kinds, languages = np.array([row.kind for row in rows]), np.array([row.language for row in rows])
    counts = np.array([min(row.examples, 2) for row in rows])
    groups = [(kinds == "about") & (languages == language) for language in ("en", "de")]
    groups += [
        kinds == "across",
        (kinds == "near") | (kinds == "near across"),
        kinds == "elsewhere",
        kinds == "ordinary",
    ]
    for count, name in enumerate(("none", "1", "2 or 3")):
        for threshold in (DOUBTFUL, DENIED, CERTAIN):
            cells = [f"{(likeness[group & (counts == count)] >= threshold).mean():.3f}" for group in groups]
            yield f"| {name} | {threshold} | {' | '.join(cells)} |"


def _defined(each: Written) -> str:
    return f"{each['name']}: {each['definition']}"


if __name__ == "__main__":
    main()
