"""python -m tools.grounding: fit the weights of contextual grounding to `training.toml` and write them.

Prints the AUROC of passages that were left out in turn. The embedding model must be in `.models`: `craton pull`, or any
test that uses it, fetches it.
"""

import asyncio
import tomllib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from craton.engines.base import ModelSpec
from craton.engines.use_multilingual import load
from craton.guardrails.grounding import evidence, relevance, scoring
from craton.guardrails.grounding.evidence import Features
from craton.guardrails.grounding.relevance import Speaking
from craton.guardrails.grounding.source import Sentences, dot
from craton.guardrails.grounding.statements import statements
from craton.guardrails.grounding.words import read
from craton.models.files.library import Library

ROOT = Path(__file__).resolve().parents[2]
TRAINING = Path(__file__).with_name("training.toml")
WEIGHTS = ROOT / "craton" / "guardrails" / "grounding" / "weights.json"
EMBEDDING_MODEL = "google.use-multilingual-v3:0"
# How strongly weights are held near zero.
HELD = 0.1
# The score where an answer is as likely supported as not: 0.7 is the threshold that most guardrails have.
MIDDLE = 0.7

Matrix = NDArray[np.float64]
Embed = Callable[[Sequence[str]], Awaitable[Sequence[Sequence[float]]]]


@dataclass(frozen=True, slots=True)
class Passage:
    language: str
    query: str
    source: str
    supported: list[str]
    changed: list[str]
    invented: list[str]
    aside: list[str]


@dataclass(frozen=True, slots=True)
class Examples:
    """One row for each example; `group` is the passage that it comes from."""

    values: Matrix
    good: Matrix
    group: Matrix


async def embedder() -> Embed:
    library = Library(ROOT / ".models")
    model = library.get(EMBEDDING_MODEL)
    if model is None:
        raise SystemExit(f"There is no {EMBEDDING_MODEL!r} in {library.root}: pull it first.")
    engine = await load(ModelSpec(model.id, "use_multilingual", library.paths(model), model.context_length))

    async def embed(texts: Sequence[str]) -> Sequence[Sequence[float]]:
        return (await engine.embed(texts)).vectors

    return embed


def passages(path: Path) -> list[Passage]:
    return [msgspec.convert(each, Passage) for each in tomllib.loads(path.read_text())["passage"]]


def foreign(all_: Sequence[Passage], place: int) -> list[str]:
    """Statements of other passages in the same language, which have nothing to do with this one."""
    others = [each for each in all_ if each.language == all_[place].language and each is not all_[place]]
    return [others[place * step % len(others)].supported[step % 2] for step in (3, 5)]


async def grounding_examples(told: Sequence[Passage], embed: Embed) -> Examples:
    rows: list[tuple[float, ...]] = []
    good: list[float] = []
    group: list[float] = []
    for place, passage in enumerate(told):
        read_source = [read(text) for text in statements(passage.source)]
        source = Sentences(read_source, await embed([sentence.text for sentence in read_source]))
        wrong = [*passage.changed, *passage.invented, *foreign(told, place)]
        for text, label in [*((text, 1.0) for text in passage.supported), *((text, 0.0) for text in wrong)]:
            statement = read(text)
            (vector,) = await embed([text])
            close = evidence.close(statement, vector, source)
            words = scoring.compared([(statement, close)])
            known = dict(zip(words, await embed(words), strict=True))
            rows.append(evidence.features(statement, close, source, known).values())
            good.append(label)
            group.append(place)
    return Examples(np.array(rows), np.array(good), np.array(group, dtype=np.float64))


async def relevance_examples(told: Sequence[Passage], embed: Embed) -> Examples:
    rows: list[tuple[float, ...]] = []
    good: list[float] = []
    group: list[float] = []
    for place, passage in enumerate(told):
        question = read(passage.query)
        # An answer that is wrong is an answer still: the first ones of both lists are about what is asked.
        right = [*passage.supported[:2], *passage.changed[:2]]
        for text, label in [*((text, 1.0) for text in right), *_irrelevant(told, place)]:
            statement = read(text)
            words = relevance.words([question, statement])
            vectors = await embed([question.text, statement.text, *words])
            likeness = dot(vectors[0], vectors[1])
            known = dict(zip(words, vectors[2:], strict=True))
            rows.append(relevance.speaking(question, statement, likeness, known).values())
            good.append(label)
            group.append(place)
    return Examples(np.array(rows), np.array(good), np.array(group, dtype=np.float64))


def _irrelevant(told: Sequence[Passage], place: int) -> Iterator[tuple[str, float]]:
    for text in [*told[place].aside, *foreign(told, place)]:
        yield text, 0.0


def fit(values: Matrix, good: Matrix) -> Matrix:
    """Logistic weights and the bias, by Newton's method; both classes weigh the same."""
    rows = np.hstack([values, np.ones((len(values), 1))])
    share = good.mean()
    weight = np.where(good == 1, 0.5 / share, 0.5 / (1 - share))
    held = np.eye(rows.shape[1]) * HELD
    held[-1, -1] = 1e-6
    found: Matrix = np.zeros(rows.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-rows @ found))
        curve = (rows * (weight * likely * (1 - likely))[:, None]).T @ rows + held
        found = found - np.linalg.solve(curve, rows.T @ (weight * (likely - good)) + held @ found)
    return found


def auroc(good: Matrix, scores: Matrix) -> float:
    higher = scores[good == 1][:, None] - scores[good == 0][None]
    return float((higher > 0).mean() + 0.5 * (higher == 0).mean())


def left_out(examples: Examples) -> float:
    """The AUROC of the examples, each scored by weights that never saw its passage."""
    scores = np.zeros(len(examples.good))
    for place in set(examples.group):
        mine = examples.group == place
        found = fit(examples.values[~mine], examples.good[~mine])
        scores[mine] = examples.values[mine] @ found[:-1] + found[-1]
    return auroc(examples.good, scores)


def written(examples: Examples, names: Sequence[str]) -> scoring.Weights:
    found = fit(examples.values, examples.good)
    bias = float(found[-1]) + float(np.log(MIDDLE / (1 - MIDDLE)))
    return scoring.Weights({name: round(float(w), 4) for name, w in zip(names, found, strict=False)}, round(bias, 4))


async def main() -> None:
    embed = await embedder()
    told = passages(TRAINING)
    grounded = await grounding_examples(told, embed)
    speaking = await relevance_examples(told, embed)
    for name, examples in (("grounding", grounded), ("relevance", speaking)):
        print(f"{name}: {len(examples.good)} examples, AUROC {left_out(examples):.3f} of passages left out")
    trained = scoring.Trained(
        written(grounded, [field.name for field in fields(Features)]),
        written(speaking, [field.name for field in fields(Speaking)]),
    )
    WEIGHTS.write_bytes(msgspec.json.format(msgspec.json.encode(trained), indent=2) + b"\n")


if __name__ == "__main__":
    asyncio.run(main())
