"""How many tokens of a quota one token of output takes. Knows no quota.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-token-burndown.html
"""

import math
from fnmatch import fnmatchcase
from functools import lru_cache

from craton.usage.records import Counts

# Pattern of model ids -> rate; the first that fits holds.
RATES = {
    "*claude-3-7-sonnet*": 5.0,
    "*claude-opus-4*": 5.0,
    "*claude-sonnet-4*": 5.0,
    "*claude-haiku-4*": 5.0,
}


@lru_cache(maxsize=4096)
def rate(model: str) -> float:
    return next((rate for pattern, rate in RATES.items() if fnmatchcase(model, pattern)), 1.0)


def taken(counts: Counts, rate: float) -> int:
    """What a quota loses to an invocation in the end; what was read from the cache costs nothing."""
    return counts.input_tokens + counts.cache_write_tokens + math.ceil(counts.output_tokens * rate)
