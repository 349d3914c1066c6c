"""The `onnx_tokens` engine: BERT token classifiers, which label the words of a text, such as names and addresses.

Files: `model` (ONNX), `vocabulary` (WordPiece, a token a line) and `config` (its `id2label`, in the B-/I-/O scheme).
Options: `window` (300) and `overlap` (50), in characters. A longer text is read in windows that begin and end with
words: such a model sees more in few sentences than in many. What a word is comes from the window in which it stands
farthest from a cut, so that the answer is one reading of the whole text. Knows no label.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from craton.engines.base import Mark, ModelSpec
from craton.engines.classifiers.classifier import Classifier
from craton.engines.classifiers.eight_bits import eight_bits
from craton.engines.classifiers.onnx import Session
from craton.engines.classifiers.wordpiece import Tokens, WordPiece

Matrix = NDArray[np.float32]

# A BERT reads that many tokens at once, and two of them are its own marks.
MOST_TOKENS = 510


async def load(spec: ModelSpec) -> "OnnxTokens":
    """Raises ModelNotReadyException where the model cannot be loaded."""
    return await asyncio.to_thread(OnnxTokens, spec)


class _Config(msgspec.Struct):
    id2label: dict[str, str]


@dataclass(frozen=True, slots=True)
class Window:
    """The tokens from `start` to before `end`; those from `own` to before `rest` are its to label."""

    start: int
    end: int
    own: int
    rest: int


class OnnxTokens(Classifier):
    """The engine. Each window goes through the model by itself: beside others it would be no faster to speak of, and
    what a text is found to hold must not depend on them.
    """

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__(spec)
        self._session = Session(spec, eight_bits)
        self._tokenizer = WordPiece(spec.files["vocabulary"])
        self._labels = Labels(spec.files["config"])
        self._width = int(spec.options.get("window", 300))
        self._overlap = int(spec.options.get("overlap", 50))

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        return [await self._label(text) for text in self._texts(items)]

    async def _label(self, text: str) -> list[Mark]:
        tokens = await asyncio.to_thread(self._tokenizer.read, text)
        odds = np.empty((len(tokens.ids), self._labels.count), np.float32)
        for window in windows(tokens, self._width, self._overlap):
            async with self._turn:
                made = await asyncio.to_thread(self._compute, tokens.ids[window.start : window.end])
            odds[window.own : window.rest] = made[window.own - window.start : window.rest - window.start]
        return list(self._labels.marks(tokens, odds))

    def _compute(self, tokens: Sequence[int]) -> Matrix:
        """The probabilities of each token's labels."""
        ids = np.array([[self._tokenizer.begin, *tokens, self._tokenizer.end]])
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        logits = self._session.run({name: given[name] for name in self._session.inputs})[0, 1:-1]
        odds: Matrix = np.exp(logits - logits.max(axis=-1, keepdims=True))
        odds /= odds.sum(axis=-1, keepdims=True)
        return odds


class Labels:
    """What the outputs mean: kinds, of which the first is none of them, and of each its beginning or its rest."""

    def __init__(self, config: Path) -> None:
        named = msgspec.json.decode(config.read_bytes(), type=_Config).id2label
        labels = [named[str(number)] for number in range(len(named))]
        self.count = len(labels)
        self._kinds = ["O", *dict.fromkeys(label[2:] for label in labels if label != "O")]
        self._begins = np.array([label.startswith("B-") for label in labels])
        # Sums the two labels of a kind.
        self._sums = np.zeros((len(labels), len(self._kinds)), np.float32)
        for number, label in enumerate(labels):
            self._sums[number, self._kinds.index("O" if label == "O" else label[2:])] = 1

    def marks(self, tokens: Tokens, odds: Matrix) -> Iterator[Mark]:
        """Words of one kind in a row are one mark, unless one of them begins another. Its score is their average."""
        if not tokens.ids:
            return
        starts = np.flatnonzero(np.diff(tokens.words, prepend=-1))  # the first token of each word
        counts = np.diff(starts, append=len(tokens.ids))
        kinds = np.add.reduceat(odds @ self._sums, starts, axis=0) / counts[:, None]
        best, sure = kinds.argmax(axis=1), kinds.max(axis=1)
        begins = self._begins[odds[starts].argmax(axis=1)]
        number = np.cumsum((np.diff(best, prepend=-1) != 0) | begins)
        for _, group in groupby(range(len(starts)), key=lambda word: int(number[word])):
            words = list(group)
            if kind := int(best[words[0]]):
                first, last = starts[words[0]], starts[words[-1]] + counts[words[-1]] - 1
                score = float(sure[words].mean())
                yield Mark(self._kinds[kind], score, tokens.starts[first], tokens.ends[last])


def windows(tokens: Tokens, width: int, overlap: int) -> Iterator[Window]:
    """Windows of at most `width` characters and MOST_TOKENS, which begin with words and overlap."""
    start = own = 0
    while start < len(tokens.ids):
        end = _end(tokens, start, width)
        if end == len(tokens.ids):
            yield Window(start, end, own, end)
            return
        following = _word_at(tokens, start, end, tokens.starts[end] - overlap)
        rest = max(_word_at(tokens, start, end, tokens.starts[end] - overlap // 2), own)
        yield Window(start, end, own, rest)
        start, own = following, rest


def _end(tokens: Tokens, start: int, width: int) -> int:
    """Where a window that begins there ends: before the first word that does not fit it whole."""
    end = start
    while end < len(tokens.ids) and end - start < MOST_TOKENS and tokens.ends[end] - tokens.starts[start] <= width:
        end += 1
    if end == len(tokens.ids):
        return end
    whole = end
    while whole > start and tokens.words[whole] == tokens.words[whole - 1]:
        whole -= 1
    return whole if whole > start else max(end, start + 1)


def _word_at(tokens: Tokens, start: int, end: int, place: int) -> int:
    """The first token after `start` of the word that stands at this place, or after it; `end` at the latest."""
    found = end
    while found - 1 > start and tokens.starts[found - 1] >= place:
        found -= 1
    while found > start + 1 and found < len(tokens.ids) and tokens.words[found] == tokens.words[found - 1]:
        found -= 1
    return found
