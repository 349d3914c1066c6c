import pytest

from craton.errors import ValidationException
from craton.guardrails.content import JUDGED_IN_IMAGES, image_judge
from craton.guardrails.findings import Image, Source, Undecided
from tests.guardrails.faked import FakedMeans

PICTURE = Image("png", b"\x89PNG\r\n\x1a\n and so on")


def policy(type: str, strength: str = "MEDIUM") -> dict[str, object]:
    both = ["TEXT", "IMAGE"]
    return {"filters": [{"type": type, "inputStrength": strength, "outputStrength": "NONE", "inputModalities": both}]}


@pytest.mark.parametrize(
    ("likely", "confidence", "detected"),
    [(0.05, "NONE", False), (0.3, "LOW", False), (0.6, "MEDIUM", True), (0.9, "HIGH", True), (1.0, "HIGH", True)],
)
async def test_sexual_images_are_filtered_by_strength(likely, confidence, detected):
    judging = image_judge(policy("SEXUAL"), Source.INPUT, FakedMeans(indecent=likely))
    assert judging is not None
    (found,) = await judging.judge([PICTURE], full=True)
    assert (found.entry["type"], found.entry["confidence"], found.entry["detected"]) == ("SEXUAL", confidence, detected)
    assert bool(await judging.judge([PICTURE])) is detected


async def test_what_no_model_sees_in_images_is_not_passed_silently():
    assert {"SEXUAL"} == JUDGED_IN_IMAGES
    judging = image_judge(policy("VIOLENCE"), Source.INPUT, FakedMeans())
    assert judging is not None
    with pytest.raises(Undecided, match="VIOLENCE"):
        await judging.judge([PICTURE])


@pytest.mark.parametrize(
    ("image", "told"),
    [
        (Image("png", b"\xff\xd8\xff and so on"), "they are those of a jpeg"),
        (Image("jpeg", b"no picture"), "nor of another format"),
    ],
)
async def test_a_picture_has_the_format_that_it_is_said_to_have(image, told):
    judging = image_judge(policy("SEXUAL"), Source.INPUT, FakedMeans())
    assert judging is not None
    with pytest.raises(ValidationException, match=f"Image 2 has the format '{image.format}', .*{told}"):
        await judging.judge([PICTURE, image])


def test_no_judge_where_no_filter_is_on_for_images():
    text_only = {"filters": [{"type": "SEXUAL", "inputStrength": "HIGH", "outputStrength": "HIGH"}]}
    assert image_judge(text_only, Source.INPUT, FakedMeans()) is None
    assert image_judge(policy("SEXUAL"), Source.OUTPUT, FakedMeans()) is None
