"""How much a JSON body holds, told before it is parsed: a few megabytes can hold so many arrays and objects that to
make them keeps everybody else waiting. Knows no API, and leaves to readers what is no JSON.
"""

import re

from craton.config import Limits
from craton.errors import RequestEntityTooLargeException

# Possessive, for a text may be cut anywhere: no part of it is looked at twice.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def check(body: bytes, limits: Limits) -> None:
    """Raises RequestEntityTooLargeException."""
    if _opened(body) > limits.body_values and _opened(_STRING.sub(b"", body)) > limits.body_values:
        raise RequestEntityTooLargeException(
            f"The request body holds more than the {limits.body_values} JSON arrays and objects that this server "
            "accepts. Send several requests, or fewer of them in one."
        )


def _opened(text: bytes) -> int:
    return text.count(b"[") + text.count(b"{")
