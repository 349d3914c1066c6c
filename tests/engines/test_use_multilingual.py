"""The embedding engine: its arithmetic against a plain reading of the network, and what the real model makes of it."""

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest
import sentencepiece

from craton.engines.base import ModelSpec
from craton.engines.use_multilingual import BRANCHES, PARTS, Encoder, UseMultilingual, load
from craton.errors import ValidationException
from craton.models.files.library import Library
from tests.conftest import pulled

REAL = "google.use-multilingual-v3:0"
ROWS = 8
SENTENCES = ["the cat sits on the mat", "a dog runs in the garden", "rain falls on the roof", "we read a book at night"]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of the real one's shape with a small table and random numbers."""
    rng = np.random.default_rng(1)

    def normal(*shape: int) -> np.ndarray:
        return (rng.standard_normal(shape) / np.sqrt(shape[0])).astype(np.float32)

    arrays = {f"q{part + 1}": rng.integers(0, 256, (ROWS, 512)).astype(np.uint8) for part in range(PARTS)}
    arrays |= {"scale": rng.random(PARTS).astype(np.float32) / 100, "lo": normal(PARTS), "eps": np.float64(1e-6)}
    for order, _ in BRANCHES:
        arrays |= {f"proj{order}": normal(512, 256), f"proj_b{order}": normal(256)}
        arrays |= {f"ln_g{order}": normal(256), f"ln_b{order}": normal(256)}
        for layer in (1, 2):
            arrays |= {f"w{layer}_{order}": normal(256 * order, 256), f"b{layer}_{order}": normal(256)}
    arrays |= {"ln_g": normal(1280), "ln_b": normal(1280), "cnn_W": normal(1280, 512), "cnn_b": normal(512)}
    arrays |= {"d0": normal(512, 320), "d1": normal(320, 320), "p1": normal(512, 320)}
    arrays |= {"d2": normal(320, 512), "p3": normal(320, 512), "d3": normal(512, 512)}
    path = tmp_path_factory.mktemp("use") / "weights.npz"
    np.savez(path, **arrays)
    return path


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=model,
        vocab_size=ROWS * 5,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    path = tmp_path_factory.mktemp("use") / "sp.model"
    path.write_bytes(model.getvalue())
    return path


@pytest.fixture
async def engine(weights: Path, tokenizer: Path) -> UseMultilingual:
    return await load(ModelSpec("small", "use_multilingual", {"weights": weights, "tokenizer": tokenizer}, 64))


def by_the_book(weights: Path, ids: list[int]) -> np.ndarray:
    """One text, token by token, layer by layer."""
    w = dict(np.load(weights))

    def layer_norm(x: np.ndarray, gain: np.ndarray, bias: np.ndarray) -> np.ndarray:
        return (x - x.mean()) / np.sqrt(x.var() + w["eps"]) * gain + bias

    def relu(x: np.ndarray) -> np.ndarray:
        return np.maximum(x, 0)

    embedded = [w[f"q{i % PARTS + 1}"][i // PARTS] * w["scale"][i % PARTS] + w["lo"][i % PARTS] for i in ids]
    orders = [order for order, _ in BRANCHES]
    gain, bias = (np.concatenate([w[f"{name}{order}"] for order in orders]) for name in ("ln_g", "ln_b"))
    projected = [
        layer_norm(np.concatenate([e @ w[f"proj{order}"] + w[f"proj_b{order}"] for order in orders]), gain, bias)
        for e in embedded
    ]
    features = [[e] for e in embedded]
    for number, (order, left) in enumerate(BRANCHES):
        x = [p[256 * number : 256 * (number + 1)] for p in projected]
        for layer in (1, 2):
            padded = [np.zeros(256)] * left + x + [np.zeros(256)] * order
            grams = [np.concatenate(padded[at : at + order]) for at in range(len(x))]
            x = [
                own + relu(gram @ w[f"w{layer}_{order}"] + w[f"b{layer}_{order}"])
                for own, gram in zip(x, grams, strict=True)
            ]
        for feature, own in zip(features, x, strict=True):
            feature.append(own)
    tokens = [layer_norm(np.concatenate(f), w["ln_g"], w["ln_b"]) @ w["cnn_W"] + w["cnn_b"] for f in features]
    mean = sum(tokens) / np.sqrt(len(tokens))
    hidden = relu(relu(mean @ w["d0"]) @ w["d1"] + mean @ w["p1"])
    out = np.tanh(relu(hidden @ w["d2"]) @ w["d3"] + hidden @ w["p3"])
    return out / np.linalg.norm(out)


def test_network_computes_what_it_says(weights: Path) -> None:
    texts = [[1, 2], [1, 7, 30, 99, 2], [1, *range(3, 60), 2]]
    expected = np.stack([by_the_book(weights, ids) for ids in texts])
    assert np.allclose(Encoder(weights).encode(texts), expected, atol=1e-4)


async def test_vector_does_not_depend_on_the_texts_beside_it(engine: UseMultilingual) -> None:
    # More texts than go through at once, so that a batch ends between them.
    texts = SENTENCES * 40
    together = await engine.embed(texts)
    alone = [await engine.embed([text]) for text in SENTENCES]
    for index, vector in enumerate(together.vectors):
        assert np.allclose(vector, alone[index % len(SENTENCES)].vectors[0], atol=1e-5)
    assert together.input_tokens == 40 * sum(each.input_tokens for each in alone)


async def test_requests_at_the_same_time_get_their_own_vectors(engine: UseMultilingual) -> None:
    alone = [await engine.embed([text]) for text in SENTENCES]
    at_once = await asyncio.gather(*(engine.embed([text]) for text in SENTENCES))
    assert all(np.allclose(a.vectors, b.vectors, atol=1e-5) for a, b in zip(alone, at_once, strict=True))


async def test_vectors_have_unit_length_for_empty_and_unknown_text_too(engine: UseMultilingual) -> None:
    vectors = np.array((await engine.embed(["", "  ", "中文", "the cat"])).vectors)
    assert vectors.shape == (4, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (await engine.embed([])).vectors == []


async def test_count_is_what_embed_counts(engine: UseMultilingual) -> None:
    turn = {"system": [{"text": SENTENCES[0]}], "messages": [{"role": "user", "content": [{"text": SENTENCES[1]}]}]}
    assert await engine.count_tokens(turn) == (await engine.embed(SENTENCES[:2])).input_tokens


async def test_what_the_model_cannot_do_is_refused(engine: UseMultilingual) -> None:
    with pytest.raises(ValidationException, match="only embeds texts"):
        async for _ in engine.converse({"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}):
            pass
    with pytest.raises(ValidationException, match=r"at most 64\. Split the text"):
        await engine.embed(["the cat " * 64])
    with pytest.raises(ValidationException, match="classifies nothing"):
        await engine.classify(["the cat"])
    image = {"image": {"format": "png", "source": {"bytes": b""}}}
    with pytest.raises(ValidationException, match="'image'"):
        await engine.count_tokens({"messages": [{"role": "user", "content": [image]}]})


# German questions, and the English sentence that answers each.
PAIRS = [
    ("Wie storniere ich meine Bestellung?", "To cancel an order, open it and choose Cancel."),
    ("Wann kommt mein Paket an?", "Parcels are delivered within three working days."),
    ("Ich habe mein Passwort vergessen.", "How to reset a lost password."),
    ("Welche Zahlungsarten gibt es?", "You can pay by card, invoice or bank transfer."),
]


@pytest.mark.model
async def test_german_finds_english(library: Library) -> None:
    model = library.get(pulled(library, REAL))
    assert model
    engine = await load(ModelSpec(model.id, "use_multilingual", library.paths(model), model.context_length))
    texts = [text for pair in PAIRS for text in pair]
    vectors = np.array((await engine.embed(texts)).vectors)
    similar = vectors[::2] @ vectors[1::2].T
    assert similar.argmax(axis=1).tolist() == list(range(len(PAIRS)))
