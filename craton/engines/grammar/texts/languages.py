"""Regular languages: sets of texts that can be joined, repeated, intersected and complemented exactly.

By Brzozowski's derivatives, as in Owens, Reppy and Turon, "Regular-expression derivatives re-examined" (2009). Knows
no syntax of patterns, no JSON and no grammar.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from craton.engines.grammar.texts import characters


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """`kind` says what `parts`, `ranges`, `least` and `most` mean; two of the same `key` are equal. `plain`: built
    without intersection and complement."""

    kind: str
    key: str
    empty: bool
    plain: bool
    parts: "tuple[Language, ...]" = ()
    ranges: characters.Set = ()
    least: int = 0
    most: int | None = None
    bounds: tuple[int, int | None] = (0, None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bounds", _lengths(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Language) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _lengths(language: Language) -> tuple[int, int | None]:
    if language.kind == "characters":
        return 1, 1
    if language.kind == "complement":
        return 0, None
    shortest = [part.bounds[0] for part in language.parts]
    longest = [part.bounds[1] for part in language.parts]
    known = [high for high in longest if high is not None]
    endless = len(known) < len(longest)
    if language.kind == "repeat":
        return language.least * shortest[0], None if endless or language.most is None else language.most * known[0]
    if language.kind == "sequence":
        return sum(shortest), None if endless else sum(known)
    if language.kind == "choice":
        return min(shortest), None if endless else max(known)
    return max(shortest), min(known, default=None)


def characters_of(ranges: characters.Set) -> Language:
    """One character of the set."""
    return Language("characters", f"[{ranges}]" if ranges != characters.ALL else ".", False, True, ranges=ranges)


NOTHING = characters_of(())
EMPTY = Language("sequence", "()", True, True)


def literal(text: str) -> Language:
    return sequence(*(characters_of(characters.of(character)) for character in text))


def sequence(*parts: Language) -> Language:
    flat: list[Language] = []
    for part in parts:
        flat += part.parts if part.kind == "sequence" else (part,)
    if NOTHING in flat:
        return NOTHING
    if len(flat) == 1:
        return flat[0]
    key = "(" + "".join(part.key for part in flat) + ")"
    return Language("sequence", key, all(p.empty for p in flat), all(p.plain for p in flat), tuple(flat))


def choice(*options: Language) -> Language:
    flat: dict[Language, None] = {}
    ranges: list[characters.Set] = []
    for option in options:
        for item in option.parts if option.kind == "choice" else (option,):
            if item.kind == "characters":
                ranges.append(item.ranges)
            else:
                flat[item] = None
    together = characters_of(characters.union(ranges))
    kept = [*([together] if together != NOTHING else []), *flat]
    if any(item == ANYTHING for item in kept):
        return ANYTHING
    if len(kept) < 2:
        return kept[0] if kept else NOTHING
    kept.sort(key=lambda item: item.key)
    key = "{" + "|".join(item.key for item in kept) + "}"
    return Language("choice", key, any(item.empty for item in kept), all(item.plain for item in kept), tuple(kept))


def repeat(part: Language, least: int, most: int | None) -> Language:
    if most == 0 or part == EMPTY:
        return EMPTY
    if part == NOTHING:
        return NOTHING if least else EMPTY
    if part.empty and least:
        return repeat(part, 0, most)
    if (least, most) == (1, 1):
        return part
    if part.kind == "repeat" and part.least <= 1 and part.most is None:
        # (a+)* is a*, which a parser need not read in several ways.
        return repeat(part.parts[0], min(least, part.least), None) if least <= 1 else sequence(*[part] * least, part)
    return Language("repeat", f"{part.key}{least},{most};", least == 0, part.plain, (part,), least=least, most=most)


ANYTHING = repeat(characters_of(characters.ALL), 0, None)


def of_length(least: int, most: int | None) -> Language:
    """All texts of so many characters."""
    return repeat(characters_of(characters.ALL), least, most)


def complement(part: Language) -> Language:
    if part.kind == "complement":
        return part.parts[0]
    if part in (NOTHING, ANYTHING):
        return NOTHING if part == ANYTHING else ANYTHING
    return Language("complement", f"!{part.key}", not part.empty, False, (part,))


def difference(part: Language, *others: Language) -> Language:
    return intersection(part, *map(complement, others))


def intersection(*parts: Language) -> Language:
    kept: dict[Language, None] = {}
    least, most = 0, None
    for part in parts:
        for item in part.parts if part.kind == "intersection" else (part,):
            if _is_length(item):
                bounds = lengths(item)
                least, most = max(least, bounds[0]), _lower(most, bounds[1])
            else:
                kept[item] = None
    shortest = max((lengths(item)[0] for item in kept), default=0)
    longest: int | None = None
    for item in kept:
        longest = _lower(longest, lengths(item)[1])
    ends = [end for end in (most, longest) if end is not None]
    if NOTHING in kept or (ends and min(ends) < max(least, shortest)):
        return NOTHING
    if least > shortest or (most is not None and (longest is None or most < longest)):
        kept = _of_length(kept, least, most)
    if len(kept) < 2:
        return next(iter(kept), ANYTHING)
    items = sorted(kept, key=lambda item: item.key)
    key = "<" + "&".join(item.key for item in items) + ">"
    return Language("intersection", key, all(item.empty for item in items), False, tuple(items))


def _is_length(item: Language) -> bool:
    return item.kind == "repeat" and item.parts[0].ranges == characters.ALL


def _lower(left: int | None, right: int | None) -> int | None:
    return right if left is None else left if right is None else min(left, right)


def _of_length(kept: dict[Language, None], least: int, most: int | None) -> dict[Language, None]:
    """Intersect with the texts of so many characters: by new counts where one repetition alone makes the length vary,
    which costs no states.
    """
    for item in kept if len(kept) == 1 else ():
        parts = item.parts if item.kind == "sequence" else (item,)
        varying = [index for index, part in enumerate(parts) if lengths(part)[0] != lengths(part)[1]]
        if len(varying) != 1 or parts[varying[0]].kind != "repeat":
            continue
        index = varying[0]
        part = parts[index]
        width = lengths(part.parts[0])[0]
        if lengths(part.parts[0]) != (width, width) or not width:
            continue
        fixed = sum(lengths(other)[0] for other in parts) - lengths(part)[0]
        low = max(part.least, -(-(least - fixed) // width))
        high = _lower(part.most, None if most is None else (most - fixed) // width)
        if high is not None and high < low:
            return {NOTHING: None}
        new = repeat(part.parts[0], low, high)
        return {sequence(*parts[:index], new, *parts[index + 1 :]): None}
    return {**kept, of_length(least, most): None}


def lengths(language: Language) -> tuple[int, int | None]:
    """The fewest and the most characters a text may have (None: no end), or bounds below and above these."""
    return language.bounds


def derive(language: Language, code: int) -> Language:
    """What may follow once this character was read."""
    parts = language.parts
    match language.kind:
        case "characters":
            inside = any(low <= code <= high for low, high in language.ranges)
            return EMPTY if inside else NOTHING
        case "choice":
            return choice(*(derive(part, code) for part in parts))
        case "intersection":
            return intersection(*(derive(part, code) for part in parts))
        case "complement":
            return complement(derive(parts[0], code))
        case "repeat":
            fewer = None if language.most is None else language.most - 1
            return sequence(derive(parts[0], code), repeat(parts[0], max(language.least - 1, 0), fewer))
    options = []
    for index, part in enumerate(parts):
        options.append(sequence(derive(part, code), *parts[index + 1 :]))
        if not part.empty:
            break
    return choice(*options)


def accepts(language: Language, text: str) -> bool:
    for character in text if language != ANYTHING else "":
        language = derive(language, ord(character))
    return language.empty


def partition(language: Language) -> Sequence[characters.Set]:
    """Sets of characters after each of which the same may follow; together they are all characters."""
    firsts = sorted(set(_firsts(language)))
    cuts = sorted({cut for ranges in firsts for low, high in ranges for cut in (low, high + 1)} | {0, 0x110000})
    classes: dict[tuple[bool, ...], list[characters.Set]] = {}
    for low, after in pairwise(cuts):
        member = tuple(any(start <= low <= end for start, end in ranges) for ranges in firsts)
        classes.setdefault(member, []).append(characters.span(low, after - 1))
    return [ranges for ranges in map(characters.union, classes.values()) if ranges]


def _firsts(language: Language) -> Iterable[characters.Set]:
    if language.kind == "characters":
        yield language.ranges
    for part in language.parts:
        yield from _firsts(part)
        if language.kind == "sequence" and not part.empty:
            return
