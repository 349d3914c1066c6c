"""Content filters: hate, insults, sexual content, violence, misconduct and prompt attacks, in texts and in images.

`judge` and `image_judge` make the judges of a guardrail's content policy; `detect` scores texts by category.
`check_images` refuses pictures that are not in the format that they are said to be in.
"""

from craton.guardrails.content.categories import Category
from craton.guardrails.content.images import JUDGED_IN_IMAGES, check_images, image_judge
from craton.guardrails.content.judge import judge
from craton.guardrails.content.levels import Tier
from craton.guardrails.content.scoring import detect

__all__ = ["JUDGED_IN_IMAGES", "Category", "Tier", "check_images", "detect", "image_judge", "judge"]
