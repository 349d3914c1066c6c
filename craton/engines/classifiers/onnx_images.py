"""The `onnx_images` engine: classifiers of pictures in the manner of Yahoo's OpenNSFW.

File: `model` (ONNX). Option: `labels`, the name of each of the model's outputs; one that is empty is not told. What
the model sees of a picture is what it was trained to see
(https://github.com/yahoo/open_nsfw/blob/a4e13931465f4380742545932657eeea0a10aa48/classify_nsfw.py): 256 by 256 pixels,
of these the middle 224 by 224, once through JPEG, blue first, less the average of its training pictures.
"""

import asyncio
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from craton.engines.base import Mark, ModelSpec
from craton.engines.classifiers.classifier import Classifier
from craton.engines.classifiers.onnx import Session
from craton.errors import ValidationException

Pixels = NDArray[np.float32]

FORMATS = ("PNG", "JPEG")
# The largest picture that ApplyGuardrail takes.
MOST_ON_A_SIDE = 8000
_WHOLE, _SEEN = 256, 224
_AVERAGE = np.array([104, 117, 123], np.float32)
# Pixels on a side from which on a picture is made smaller in two steps.
_LARGE = 2048
_WHITE = (255, 255, 255, 255)
# What Pillow raises for pictures that are broken, or only pretend to be pictures.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


async def load(spec: ModelSpec) -> "OnnxImages":
    """Raises ModelNotReadyException where the model cannot be loaded."""
    return await asyncio.to_thread(OnnxImages, spec)


class OnnxImages(Classifier):
    """The engine. Pictures are opened and judged one at a time, so that only one is in memory unpacked."""

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__(spec)
        self._session = Session(spec)
        self._labels: list[str] = spec.options["labels"]

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        found = []
        for picture in self._pictures(items):
            async with self._turn:
                found.append(await asyncio.to_thread(self._judge, picture))
        return found

    def _judge(self, picture: bytes) -> list[Mark]:
        odds = self._session.run({self._session.inputs[0]: seen(picture)})[0]
        return [Mark(label, float(score)) for label, score in zip(self._labels, odds, strict=True) if label]


def seen(picture: bytes) -> Pixels:
    """What the model sees of a picture, (1, 224, 224, 3). Raises ValidationException where there is none to see."""
    try:
        with Image.open(BytesIO(picture), formats=FORMATS) as image:
            if max(image.size) > MOST_ON_A_SIDE:
                raise ValidationException(
                    f"The picture has {image.width} by {image.height} pixels, and at most {MOST_ON_A_SIDE} on a side "
                    "are looked at. Send a smaller one."
                )
            small = _upright(_flat(image).resize((_WHOLE, _WHOLE), Image.Resampling.BILINEAR), image)
    except _BROKEN as error:
        why = "" if isinstance(error, UnidentifiedImageError) else f" ({error})"  # that one names an object of Python
        raise ValidationException(
            f"The picture is no png or jpeg that can be read{why}. Send one that other programs open."
        ) from error
    edge = (_WHOLE - _SEEN) // 2
    packed = BytesIO()
    small.crop((edge, edge, edge + _SEEN, edge + _SEEN)).save(packed, format="JPEG")
    pixels = np.asarray(Image.open(packed), np.float32)
    return (pixels[:, :, ::-1] - _AVERAGE)[None]


def _flat(image: Image.Image) -> Image.Image:
    """The picture as a viewer shows it: in eight bits a colour, what is transparent on white. A large one becomes
    smaller first, so that it is not in memory many times.
    """
    image.draft(None, (_LARGE, _LARGE))
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    image = image if image.mode == mode else image.convert(mode)
    if factor := max(image.size) // _LARGE:
        image = image.reduce(factor)
    if mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image).convert("RGB")
    return image


def _upright(small: Image.Image, image: Image.Image) -> Image.Image:
    """Turned as a camera says it was held."""
    small.info = image.info
    return ImageOps.exif_transpose(small)
