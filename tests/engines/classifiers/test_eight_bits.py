"""A model with four-bit weights computes the same in eight bits."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from craton.engines.classifiers.eight_bits import eight_bits
from craton.models.files.library import Library
from tests.conftest import pulled

REAL = "national-design-studio.rampart-v1:0"


def odds(model: bytes, ids: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    powers = np.exp(session.run(None, given)[0])
    return powers / powers.sum(axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def path(library: Library) -> Path:
    model = library.get(pulled(library, REAL))
    assert model
    return library.paths(model)["model"]


@pytest.mark.model
def test_the_answers_are_the_same(path: Path) -> None:
    four = path.read_bytes()
    eight = eight_bits(four)
    assert b"MatMulNBits" in four
    assert b"MatMulNBits" not in eight
    ids = np.random.default_rng(3).integers(5, 19000, (1, 120))
    expected, made = odds(four, ids), odds(eight, ids)
    assert (expected.argmax(axis=-1) == made.argmax(axis=-1)).mean() > 0.97
    assert np.abs(expected - made).mean() < 0.005


@pytest.mark.model
def test_a_model_without_such_weights_stays_as_it_is(path: Path) -> None:
    eight = eight_bits(path.read_bytes())
    assert eight_bits(eight) == eight
    assert eight_bits(b"") == b""
