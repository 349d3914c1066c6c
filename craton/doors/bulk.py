"""How much a JSON body holds, told before it is parsed: a few megabytes can hold so many arrays and objects that to
make them keeps everybody else waiting. Knows no API, and leaves to readers what is no JSON.
"""

import re
from itertools import islice

from craton.config import Limits
from craton.errors import RequestEntityTooLargeException

# To the next bracket that opens, or to the end; what stands in texts is none. Possessive: no part is looked at twice.
_OPENING = re.compile(rb'(?:[^"\[{]++|"(?:[^"\\]++|\\.)*+"?)*+(?:[\[{]|\Z)', re.DOTALL)


def check(body: bytes, limits: Limits) -> None:
    """Raises RequestEntityTooLargeException."""
    most = limits.body_values
    if body.count(b"[") + body.count(b"{") <= most:
        return
    one_more = next(islice(_OPENING.finditer(body), most, None), None)
    if one_more and one_more[0].endswith((b"[", b"{")):
        raise RequestEntityTooLargeException(
            f"The request body holds more than the {most} JSON arrays and objects that this server accepts. "
            "Send several requests, or fewer of them in one."
        )
