"""Sets of Unicode characters as sorted ranges that do not touch.

Surrogates are no characters: they are in no set. Knows nothing of JSON or grammars.
"""

from collections.abc import Iterable

Set = tuple[tuple[int, int], ...]

ALL: Set = ((0, 0xD7FF), (0xE000, 0x10FFFF))


def of(characters: str) -> Set:
    """The set of these characters."""
    return union(((ord(character), ord(character)),) for character in characters)


def span(first: int | str, last: int | str) -> Set:
    """All characters from one to another."""
    low = ord(first) if isinstance(first, str) else first
    high = ord(last) if isinstance(last, str) else last
    return intersection(((low, high),), ALL)


def union(sets: Iterable[Set]) -> Set:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(item for ranges in sets for item in ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def intersection(left: Set, right: Set) -> Set:
    found = []
    i = j = 0
    while i < len(left) and j < len(right):
        low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if low <= high:
            found.append((low, high))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def complement(ranges: Set) -> Set:
    gaps, start = [], 0
    for low, high in ranges:
        if start < low:
            gaps.append((start, low - 1))
        start = high + 1
    return intersection((*gaps, (start, 0x10FFFF)) if start <= 0x10FFFF else tuple(gaps), ALL)
