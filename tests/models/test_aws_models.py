"""The list of AWS's models is sound, and tells the dialect of what it does not hold by the provider."""

import re

import pytest

from craton.models import aws_models
from craton.models.catalogue import shipped
from craton.models.identifiers import GEOGRAPHIES, Kind, parse

from .test_catalogue import MODEL_ID

SEEN_OFTEN = [
    "anthropic.claude-sonnet-4-5-20250929-v1:0",
    "amazon.nova-2-lite-v1:0",
    "anthropic.claude-3-5-sonnet-20240620-v1:0",
    "amazon.nova-micro-v1:0",
    "amazon.titan-embed-text-v2:0",
    "cohere.embed-v4:0",
    "cohere.rerank-v3-5:0",
    "meta.llama3-2-1b-instruct-v1:0",
    "mistral.mistral-7b-instruct-v0:2",
    "openai.gpt-oss-120b-1:0",
    "qwen.qwen3-32b-v1:0",
    "deepseek.r1-v1:0",
    "ai21.jamba-1-5-mini-v1:0",
    "anthropic.claude-sonnet-4-6",
]


@pytest.mark.parametrize("model_id", SEEN_OFTEN)
def test_knows_the_models_seen_often(model_id: str) -> None:
    assert aws_models.get(model_id)


def test_each_entry_is_sound() -> None:
    assert len(aws_models.known()) > 100
    for model in aws_models.known().values():
        assert re.fullmatch(MODEL_ID, model.id), model
        assert parse(model.id).kind is Kind.FOUNDATION_MODEL
        assert model.family and model.provider
        assert set(model.profiles) <= set(GEOGRAPHIES)
        assert model.on_demand or model.profiles, model


def test_no_local_model_takes_a_name_of_aws() -> None:
    assert not {model.id for model in shipped()} & set(aws_models.known())


@pytest.mark.parametrize(
    ("model_id", "family"),
    [
        ("anthropic.claude-3-haiku-20240307-v1:0", "anthropic"),
        ("anthropic.claude-not-yet-known-v1:0", "anthropic"),
        ("amazon.titan-embed-text-v2:0", "titan_embed"),
        ("amazon.nova-lite-v1:0", "nova"),
        ("meta.llama3-8b-instruct-v1:0", "llama"),
        ("nobody.model-v1:0", None),
    ],
)
def test_tells_the_dialect(model_id: str, family: str | None) -> None:
    assert aws_models.family(model_id) == family
