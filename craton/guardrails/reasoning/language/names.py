"""The words of a name that code has. Knows no policy."""

import re

_HUMPS = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+|\d+|\w")


def words(name: str) -> tuple[str, ...]:
    """`isFullTime`, `IS_FULL_TIME` and `is full time` have the same."""
    return tuple(hump.casefold() for part in re.split(r"[\s_]+", name) for hump in _HUMPS.findall(part))
