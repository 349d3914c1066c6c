"""What the catalogue promises holds for each of its models."""

import re

import msgspec
import pytest

from craton.engines.registry import ENGINES
from craton.models.catalogue import Catalogue, Model, Package, shipped
from craton.models.identifiers import Kind, parse

# BedrockModelId of the service model, and the identifier that GetFoundationModel takes.
MODEL_ID = r"[a-z0-9-]{1,63}[.][a-z0-9-]{1,63}([.]?[a-z0-9-]{1,63})([:][a-z0-9-]{1,63}){0,2}"

each_model = pytest.mark.parametrize("model", list(shipped()), ids=lambda model: model.short)


@each_model
def test_ids_are_accepted_by_the_service_model(model: Model) -> None:
    assert re.fullmatch(MODEL_ID, model.id)
    assert parse(model.id).kind is Kind.FOUNDATION_MODEL
    assert len(model.name) <= 20


@each_model
def test_every_file_can_be_fetched_and_verified(model: Model) -> None:
    for file in model.files:
        assert file.sources
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        for source in file.sources:
            if isinstance(source, Package):
                assert sum(part.size for part in source.parts) == file.size
                assert all(re.fullmatch("[0-9a-f]{64}", part.sha256) for part in source.parts)


@each_model
def test_engines_exist(model: Model) -> None:
    assert {choice.name for choice in model.engines} <= set(ENGINES)


def test_finds_by_id_and_by_short_name_in_any_case() -> None:
    model = shipped().find("SmolLM2-135M")
    assert model
    assert shipped().find(model.id) is model
    assert shipped().find("gpt-5") is None


def test_finds_by_content() -> None:
    model = shipped().find("smollm2-135m")
    assert model
    assert shipped().holding(model.files[0].sha256) is model
    assert shipped().holding("0" * 64) is None


def test_refuses_a_misspelt_field() -> None:
    with pytest.raises(msgspec.ValidationError, match="licens"):
        Catalogue.parse('[[models]]\nlicens = "MIT"')
