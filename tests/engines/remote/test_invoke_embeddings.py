import pytest

from craton.engines.remote import invoke_embeddings
from craton.errors import ModelErrorException


def test_cohere_takes_many_texts_at_once() -> None:
    form = invoke_embeddings.of("cohere.embed-multilingual-v3")
    assert form.batch == 96
    assert form.write(["a", "b"])["texts"] == ["a", "b"]
    headers = {"x-amzn-bedrock-input-token-count": "6"}
    for vectors in [[1.0], [2.0]], {"float": [[1.0], [2.0]]}:
        embeddings = form.read({"embeddings": vectors}, headers)
        assert (embeddings.vectors, embeddings.input_tokens) == ([[1.0], [2.0]], 6)


def test_titan_takes_one_text_at_a_time() -> None:
    form = invoke_embeddings.of("amazon.titan-embed-text-v2:0")
    assert (form.batch, form.write(["a"])) == (1, {"inputText": "a"})
    embeddings = form.read({"embedding": [1.0], "inputTextTokenCount": 3}, {})
    assert (embeddings.vectors, embeddings.input_tokens) == ([[1.0]], 3)


def test_an_answer_of_another_form_is_an_error() -> None:
    with pytest.raises(ModelErrorException, match="cannot be read"):
        invoke_embeddings.of("amazon.titan-embed-text-v2:0").read({"vector": [1.0]}, {})
    with pytest.raises(ModelErrorException, match="cannot be read"):
        invoke_embeddings.of("cohere.embed-v4:0").read({"embeddings": [[1.0]]}, {})
