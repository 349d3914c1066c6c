"""Models in the console: found by filters that a link keeps, loaded and unloaded, measured, and given profiles."""

import pytest

from tests.console.conftest import Journey, clean
from tests.serving import Server

pytestmark = pytest.mark.model


def test_models_are_found_loaded_measured_and_unloaded(journey: Journey, place: Server) -> None:
    found = journey("models")
    clean(found, place)
    assert found["linked"] == ["USE Multilingual v3"]
    assert found["filtered"] == found["kept"] == ["SmolLM2 135M"]
    assert found["address"] == "#task=TEXT_GENERATION&fits=1&q=smol"
    assert float(found["speed"].split()[0].replace(",", "")) > 0
    assert found["leads"] == "Harbour team"
    own = place.client("bedrock").list_inference_profiles(typeEquals="APPLICATION")
    assert own["inferenceProfileSummaries"] == []
