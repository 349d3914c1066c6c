"""The judge of a content policy for images from one source.

The one image classifier that runs locally, OpenNSFW, tells how likely a picture is to be sexual: nudity and pornography
in photographs. It sees neither drawings well, nor hate, insults, violence or misconduct, nor any text in a picture.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from craton.errors import ValidationException
from craton.guardrails.content.categories import Category
from craton.guardrails.content.judge import POLICY, finding
from craton.guardrails.content.levels import HIGH, LOW, MEDIUM
from craton.guardrails.content.policy import Filter, applying
from craton.guardrails.findings import Finding, Image, ImageJudge, Source, Undecided
from craton.guardrails.means import Means

# Filter types for which there is a model that sees them in images.
JUDGED_IN_IMAGES = frozenset({Category.SEXUAL})

# From the model's probability to our score, by straight lines between these points. Its authors call a picture below
# 0.2 safe and one above 0.8 highly likely to be unsafe, with a choice of thresholds between.
_POINTS = ((0.0, 0.0), (0.2, LOW), (0.5, MEDIUM), (0.8, HIGH), (1.0, 1.0))


# What the bytes of a picture begin with.
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}


def check_images(images: Sequence[Image]) -> None:
    """Raises ValidationException where the bytes of a picture are not in the format that they are said to be in."""
    for number, image in enumerate(images, start=1):
        if image.format in _BEGINNINGS and not image.data.startswith(_BEGINNINGS[image.format]):
            found = next((each for each, begins in _BEGINNINGS.items() if image.data.startswith(begins)), "")
            told = f"they are those of a {found}" if found else "nor of another format that can be judged"
            raise ValidationException(
                f"Image {number} has the format {image.format!r}, but its bytes are not those of one: {told}. Send the "
                "whole file, with the format that it has."
            )


def image_judge(policy: Mapping[str, object], source: Source, means: Means) -> ImageJudge | None:
    """None where no filter is on for images of this source."""
    on, _ = applying(policy, source, "IMAGE")
    return _ImageJudge(on, means) if on else None


class _ImageJudge:
    policy = POLICY

    def __init__(self, on: Sequence[Filter], means: Means) -> None:
        self._on = on
        self._means = means

    async def judge(self, images: Sequence[Image], *, full: bool = False) -> list[Finding]:
        """One finding a filter, of the image that scores highest. Raises ValidationException for what is none."""
        unseen = sorted(each.type for each in self._on if each.type not in JUDGED_IN_IMAGES)
        if images and unseen:
            raise Undecided(
                f"No local model sees {', '.join(unseen)} in images. Leave IMAGE out of these filters' modalities."
            )
        check_images(images)
        likely = max(await self._means.indecency(images), default=0.0) if images else 0.0
        findings = [finding(each, _score(likely)) for each in self._on]
        return [each for each in findings if full or each.entry["detected"]]


def _score(probability: float) -> float:
    for (x, y), (next_x, next_y) in pairwise(_POINTS):
        if probability <= next_x:
            return y + (next_y - y) * (probability - x) / (next_x - x)
    return 1.0
