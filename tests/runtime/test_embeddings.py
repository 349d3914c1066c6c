"""Embeddings through InvokeModel: the real multilingual model, and every family's bodies by a scripted one."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from craton.models.files.library import Library
from tests import scripted
from tests.conftest import pulled
from tests.serving import Server

MODEL = "google.use-multilingual-v3:0"
SCRIPTED = "craton.scripted-embed-v1:0"


@pytest.fixture(scope="module")
def runtime(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    pulled(library, MODEL)
    home: Path = tmp_path_factory.mktemp("embeddings") / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    with Server(home, "--stand-in", "amazon.titan-embed*=use-multilingual") as server:
        yield server.client("bedrock-runtime")


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server whose model makes 64 numbers of the words of a text, is told what it is for, and may be cut to 32."""
    home: Path = tmp_path_factory.mktemp("words") / "home"
    prefixes = {"query": "seeking "}
    scripted.install(home, SCRIPTED, output="EMBEDDING", dimensions=64, matryoshka=[32], prefixes=prefixes)
    with Server(home, "--stand-in", f"*embed*={SCRIPTED}") as server:
        yield server.client("bedrock-runtime")


def invoke(runtime: Any, model: str, body: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(runtime.invoke_model(modelId=model, body=json.dumps(body))["body"].read())
    return answer


def embed(runtime: Any, text: str, model: str = MODEL, **options: object) -> dict[str, Any]:
    return invoke(runtime, model, {"inputText": text, **options})


@pytest.mark.model
def test_german_is_near_its_english_translation(runtime: Any) -> None:
    texts = ["Der Kunde kündigt den Vertrag.", "The customer cancels the contract.", "Bananas are yellow."]
    german, english, other = (embed(runtime, text)["embedding"] for text in texts)
    assert len(german) == 512
    assert math.isclose(sum(number * number for number in german), 1, rel_tol=1e-4)
    near = sum(a * b for a, b in zip(german, english, strict=True))
    far = sum(a * b for a, b in zip(german, other, strict=True))
    assert near > 0.6 > 0.4 > far


@pytest.mark.model
def test_it_may_stand_in_for_titan_and_says_so(runtime: Any) -> None:
    answer = runtime.invoke_model(modelId="amazon.titan-embed-text-v2:0", body='{"inputText": "Hallo"}')
    assert answer["ResponseMetadata"]["HTTPHeaders"]["x-craton-served-by"] == MODEL
    body = json.loads(answer["body"].read())
    assert body["inputTextTokenCount"] > 0
    assert body["embeddingsByType"]["float"] == body["embedding"]


@pytest.mark.model
def test_dimensions_it_does_not_have_are_refused(runtime: Any) -> None:
    with pytest.raises(ClientError, match="512"):
        embed(runtime, "Hallo", dimensions=256)


@pytest.mark.model
def test_it_does_not_converse(runtime: Any) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        runtime.converse(modelId=MODEL, messages=[{"role": "user", "content": [{"text": "Hello"}]}])


V3, V4, NOVA = "cohere.embed-multilingual-v3", "cohere.embed-v4:0", "amazon.nova-2-multimodal-embeddings-v1:0"


def cohere(words: Any, *texts: str, model: str = V3, **options: object) -> dict[str, Any]:
    return invoke(words, model, {"texts": texts, "input_type": "search_document", **options})


def nova(words: Any, text: str, cut: str = "NONE", **params: object) -> dict[str, Any]:
    told = {"embeddingPurpose": "GENERIC_INDEX", "text": {"truncationMode": cut, "value": text}, **params}
    body = {"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": told}
    answer: dict[str, Any] = invoke(words, NOVA, body)["embeddings"][0]
    return answer


def test_many_texts_have_a_vector_each(words: Any) -> None:
    answer = cohere(words, "green apples", "red cars", "green apples")
    first, second, third = answer["embeddings"]
    assert first == third != second
    assert answer["texts"] == ["green apples", "red cars", "green apples"]
    assert first == cohere(words, "green apples", embedding_types=["float"])["embeddings"]["float"][0]


def test_families_agree_on_the_vector(words: Any) -> None:
    vector = cohere(words, "green apples")["embeddings"][0]
    assert cohere(words, "green apples", model=V4)["embeddings"] == [vector]
    assert embed(words, "green apples", "amazon.titan-embed-text-v2:0")["embedding"] == vector
    assert embed(words, "green apples", "amazon.titan-embed-image-v1")["embedding"] == vector
    assert nova(words, "green apples")["embedding"] == vector


def test_model_is_told_what_a_text_is_for(words: Any) -> None:
    query = cohere(words, "green apples", input_type="search_query")["embeddings"]
    assert query == cohere(words, "seeking green apples")["embeddings"] != cohere(words, "green apples")["embeddings"]
    asked = nova(words, "green apples", embeddingPurpose="TEXT_RETRIEVAL")["embedding"]
    assert asked == query[0]


def test_vector_is_cut_to_a_width_the_model_was_trained_for(words: Any) -> None:
    whole = cohere(words, "green apples grow on old trees", model=V4)["embeddings"][0]
    half = cohere(words, "green apples grow on old trees", model=V4, output_dimension=32)["embeddings"][0]
    length = math.hypot(*whole[:32])
    assert half == pytest.approx([number / length for number in whole[:32]])
    assert len(nova(words, "green apples grow on old trees", embeddingDimension=32)["embedding"]) == 32
    with pytest.raises(ClientError, match=r"#/output_dimension: 256 is not supported .* 64 or 32 dimensions"):
        cohere(words, "green apples", model=V4, output_dimension=256)
    with pytest.raises(ClientError, match="#/singleEmbeddingParams/embeddingDimension: 1024 is not supported"):
        nova(words, "green apples", embeddingDimension=1024)


@pytest.mark.parametrize(("cut", "kept"), [("END", "one two three"), ("START", "four five six")])
def test_text_is_cut_where_it_is_too_long(words: Any, cut: str, kept: str) -> None:
    asked = {"model": V4, "max_tokens": 3}
    answer = cohere(words, "one two three four five six", truncate=cut, **asked)["embeddings"]
    assert answer == cohere(words, kept)["embeddings"]
    with pytest.raises(ClientError, match="more than 3 tokens"):
        cohere(words, "one two three four five six", **asked)


def test_long_text_is_cut_to_what_the_model_reads(words: Any) -> None:
    # The scripted model reads 8,192 words.
    text = " ".join(["a"] * 9000)
    told = nova(words, text, cut="END")
    assert len(text[: told["truncatedCharLength"]].split()) == 8192
    assert "truncatedCharLength" not in nova(words, "short", cut="END")


def test_tokens_and_latency_are_told(words: Any) -> None:
    body = json.dumps({"texts": ["one two", "three"], "input_type": "search_document"})
    headers = words.invoke_model(modelId=V3, body=body)["ResponseMetadata"]["HTTPHeaders"]
    assert headers["x-amzn-bedrock-input-token-count"] == "3"
    assert int(headers["x-amzn-bedrock-invocation-latency"]) >= 0


def test_embeddings_are_not_streamed(words: Any) -> None:
    body = json.dumps({"texts": ["a"], "input_type": "search_document"})
    with pytest.raises(ClientError, match="makes embeddings, which only InvokeModel answers"):
        words.invoke_model_with_response_stream(modelId=V3, body=body)
