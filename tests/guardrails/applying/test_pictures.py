"""Pictures that ApplyGuardrail is sent, with the real model that looks at them: bombs, and what is no picture."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from PIL import Image

from craton.models.files.library import Library
from tests.conftest import pulled
from tests.engines.classifiers.test_onnx_images import REAL, claimed, encoded
from tests.guardrails.making import named
from tests.serving import Server

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def guardrail(server: Server, library: Library) -> str:
    pulled(library, REAL)
    filters = [{"type": "SEXUAL", "inputStrength": "HIGH", "outputStrength": "HIGH", "inputModalities": ["IMAGE"]}]
    return str(
        server.client("bedrock").create_guardrail(**named(contentPolicyConfig={"filtersConfig": filters}))[
            "guardrailId"
        ]
    )


def judged(server: Server, guardrail: str, *pictures: bytes, format: str = "png") -> Any:
    return server.client("bedrock-runtime").apply_guardrail(
        guardrailIdentifier=guardrail,
        guardrailVersion="DRAFT",
        source="INPUT",
        content=[{"image": {"format": format, "source": {"bytes": picture}}} for picture in pictures],
    )


def test_a_picture_is_judged(server: Server, guardrail: str) -> None:
    answer = judged(server, guardrail, encoded(Image.new("RGB", (64, 64), (0, 0, 255))))
    assert answer["action"] == "NONE"
    assert answer["guardrailCoverage"]["images"] == {"guarded": 1, "total": 1}


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (claimed(60_000, 60_000), "pixels"),
        (claimed(8001, 1), "8001 by 1 pixels, and at most 8000"),
        (claimed(8000, 8000), "no png or jpeg that can be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "no png or jpeg that can be read. Send"),
    ],
    ids=["a bomb that says so", "too wide", "a bomb that holds nothing", "no chunks"],
)
def test_what_cannot_be_looked_at_is_refused_in_words(
    server: Server, guardrail: str, picture: bytes, says: str
) -> None:
    with pytest.raises(ClientError, match=says) as refused:
        judged(server, guardrail, picture)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert "object at 0x" not in str(refused.value)


def test_the_largest_pictures_are_judged_while_others_are_answered(server: Server, guardrail: str) -> None:
    """192 MB of pixels in some kilobytes each; one is unpacked at a time."""
    large = encoded(Image.new("RGB", (8000, 8000), (0, 0, 255)))
    assert len(large) < 1 << 20
    began = time.monotonic()
    assert judged(server, guardrail, large, large)["action"] == "NONE"
    assert time.monotonic() - began < 60
    assert judged(server, guardrail, encoded(Image.new("RGB", (8, 8))))["action"] == "NONE", "and it is well"
