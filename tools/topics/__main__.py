"""What the likeness to topics finds of the texts of `topics.toml`, at several thresholds; writes nothing.

    python -m tools.topics [--home .]

Ordinary texts are the harmless sentences that the content filters are trained with.
"""

import argparse
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from craton.guardrails.topics.judge import CERTAIN, DENIED, DOUBTFUL
from craton.guardrails.topics.likeness import Background, Mark, background
from tools.filters.examples import examples
from tools.filters.features import features
from tools.filters.training import BENIGN

ROOT = Path(__file__).resolve().parents[2]


class Written(TypedDict):
    """A topic as a guardrail is given it, and texts about it and near it."""

    name: str
    definition: str
    examples: list[str]
    denied: list[str]
    near: list[str]


Known = Mapping[str, Sequence[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT / ".models")
    home = parser.parse_args().home
    topics: dict[str, dict[str, Written]] = tomllib.loads((Path(__file__).parent / "topics.toml").read_text())
    ordinary = [each.text for each in examples() if each.label in BENIGN and each.text not in background()][::3]
    texts = list(dict.fromkeys([*background(), *ordinary, *_texts(topics)]))
    known = dict(zip(texts, features(texts, home).vectors.tolist(), strict=True))
    plain = Background([known[text] for text in background()])
    print("| examples | threshold | English | German | English topic, German text | near misses | ordinary |")
    print("|---|---|---|---|---|---|---|")
    for count in (0, 1, 3):
        scored = _scored(topics, ordinary, known, plain, count)
        for threshold in (DOUBTFUL, DENIED, CERTAIN):
            cells = [f"{(found >= threshold).mean():.2f}" for found in scored[:-1]]
            print(f"| {count} | {threshold} | {' | '.join(cells)} | {(scored[-1] >= threshold).mean():.3f} |")


def _texts(topics: Mapping[str, Mapping[str, Written]]) -> Iterator[str]:
    for languages in topics.values():
        for each in languages.values():
            yield from (_defined(each), *each["examples"], *each["denied"], *each["near"])


def _scored(
    topics: Mapping[str, Mapping[str, Written]], ordinary: Sequence[str], known: Known, plain: Background, count: int
) -> list[NDArray[np.float64]]:
    """The likenesses of denied texts in the same language, in German of an English topic, of near misses, of others."""
    groups: dict[str, list[float]] = {"en": [], "de": [], "across": [], "near": [], "ordinary": []}
    nearness = {text: plain.nearness(vector) for text, vector in known.items()}
    for languages in topics.values():
        for language, each in languages.items():
            mark = Mark(known[_defined(each)], [known[text] for text in each["examples"][:count]])
            asked = [(language, each["denied"]), ("near", each["near"]), ("ordinary", ordinary)]
            if language == "en":
                asked.append(("across", languages["de"]["denied"]))
            for group, texts in asked:
                groups[group] += [mark.likeness(known[text], nearness[text]) for text in texts]
    return [np.array(group) for group in groups.values()]


def _defined(each: Written) -> str:
    return f"{each['name']}: {each['definition']}"


if __name__ == "__main__":
    main()
