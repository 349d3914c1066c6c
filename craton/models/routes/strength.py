"""How able a model is, and by how much a stronger one is predicted to answer a prompt better.

An estimate from names, for want of better knowledge; `strength` in the configuration of a provider's model overrules
it. Knows no prompt beyond how hard it is.
"""

import math
import re
from functools import lru_cache

from craton.models.catalogue import Model

# What makers call their sizes, where a name tells no number of parameters.
WORDS = {
    **dict.fromkeys(("nano", "tiny", "micro"), 35.0),
    **dict.fromkeys(("mini", "small", "lite", "flash", "haiku", "instant", "express"), 50.0),
    **dict.fromkeys(("medium", "sonnet", "pro", "plus", "turbo"), 75.0),
    **dict.fromkeys(("large", "opus", "premier", "ultra", "max"), 85.0),
}
UNKNOWN = 65.0
# A model of 100 million parameters stands at 0, one of 1000 billion at 100.
_SMALLEST = 1e8
_PER_DECADE = 25.0
# The strength by which two models must differ for 63 % of the answers to the hardest prompts to differ in quality.
_SCALE = 40.0

_SIZE = re.compile(r"(?<![\w.])(?:(\d{1,3})x)?(\d{1,4}(?:\.\d{1,3})?)([mbt])(?![a-z0-9])")
_UNITS = {"m": 1e6, "b": 1e9, "t": 1e12}


def of(model: Model) -> float:
    """The model's strength, 0 to 100."""
    if model.strength is not None:
        return model.strength
    return estimate(f"{model.name} {model.short}")


def advantage(model: Model, anchor: Model, hardness: float) -> float:
    """Percent by which `model` is predicted to answer better than `anchor` a prompt of this hardness (0 to 1).

    Nobody can better the answer to the easiest prompt; the harder the prompt, the more does the gap between them show.
    """
    gap = of(model) - of(anchor)
    return math.copysign(100.0 * hardness * (1.0 - math.exp(-abs(gap) / _SCALE)), gap)


@lru_cache(maxsize=4096)
def estimate(name: str) -> float:
    """The strength that a name tells: by its number of parameters, else by what its maker calls its size."""
    text = name.lower()
    if sizes := _SIZE.findall(text):
        parameters = max(int(experts or 1) * float(number) * _UNITS[unit] for experts, number, unit in sizes)
        return min(max(_PER_DECADE * math.log10(max(parameters, _SMALLEST) / _SMALLEST), 0.0), 100.0)
    found = [WORDS[word] for word in re.findall("[a-z]+", text) if word in WORDS]
    return min(found, default=UNKNOWN)
