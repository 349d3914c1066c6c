"""Embeddings through InvokeModel, by the real multilingual model."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from craton.models.library import Library
from tests.conftest import pulled
from tests.serving import Server

pytestmark = pytest.mark.model

MODEL = "google.use-multilingual-v3:0"


@pytest.fixture(scope="module")
def runtime(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    pulled(library, MODEL)
    home: Path = tmp_path_factory.mktemp("embeddings") / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    with Server(home, "--stand-in", "amazon.titan-embed*=use-multilingual") as server:
        yield server.client("bedrock-runtime")


def embed(runtime: Any, text: str, model: str = MODEL, **options: object) -> dict[str, Any]:
    answer = runtime.invoke_model(modelId=model, body=json.dumps({"inputText": text, **options}))
    body: dict[str, Any] = json.loads(answer["body"].read())
    return body


def test_german_is_near_its_english_translation(runtime: Any) -> None:
    texts = ["Der Kunde kündigt den Vertrag.", "The customer cancels the contract.", "Bananas are yellow."]
    german, english, other = (embed(runtime, text)["embedding"] for text in texts)
    assert len(german) == 512
    assert math.isclose(sum(number * number for number in german), 1, rel_tol=1e-4)
    near = sum(a * b for a, b in zip(german, english, strict=True))
    far = sum(a * b for a, b in zip(german, other, strict=True))
    assert near > 0.6 > 0.4 > far


def test_it_may_stand_in_for_titan_and_says_so(runtime: Any) -> None:
    answer = runtime.invoke_model(modelId="amazon.titan-embed-text-v2:0", body='{"inputText": "Hallo"}')
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-craton-served-by"] == MODEL
    body = json.loads(answer["body"].read())
    assert body["inputTextTokenCount"] > 0
    assert body["embeddingsByType"]["float"] == body["embedding"]


def test_dimensions_it_does_not_have_are_refused(runtime: Any) -> None:
    with pytest.raises(ClientError, match="512"):
        embed(runtime, "Hallo", dimensions=256)


def test_it_does_not_converse(runtime: Any) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        runtime.converse(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "Hello"}]}])
