"""Patterns of ECMA-262, as JSON Schema uses them, read into languages.

A pattern that is not anchored may match anywhere. Knows no JSON and no grammar.
"""

from dataclasses import dataclass, field

from craton.engines.grammar.texts import characters, languages
from craton.engines.grammar.texts.languages import ANYTHING, Language

# Where ECMA-262 and other readers of patterns differ (is "٣" a digit?), a text of the grammar must satisfy both: so a
# class is narrow, what all read into it, or wide, what some do; the complement of the one is the other.
_DIGITS = characters.span("0", "9")
_WORD = characters.union([_DIGITS, characters.span("a", "z"), characters.span("A", "Z"), characters.of("_")])
_SPACE = characters.union(
    [characters.of("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000"), characters.span(0x2000, 0x200A)]
)
_SOME_SPACE = characters.union([_SPACE, characters.of("\ufeff\x1c\x1d\x1e\x1f\x85")])
_NOT_ASCII = characters.span(0x80, 0x10FFFF)
_CLASSES = {
    "d": (_DIGITS, characters.union([_DIGITS, _NOT_ASCII])),
    "w": (_WORD, characters.union([_WORD, _NOT_ASCII])),
    "s": (_SPACE, _SOME_SPACE),
}
_LINE_ENDS = (characters.of("\n\r\u2028\u2029"), characters.of("\n"))
_CONTROLS = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "0": "\0"}
# To some, `$` is also before a line end that is the last character.
_LAST_LINE_END = languages.repeat(languages.characters_of(characters.of("\n")), 0, 1)
_MAX_DEPTH = 50
_MAX_LENGTH = 4000

_ANCHORS = ("^", "$", "=", "!")


class PatternError(Exception):
    """Holds why this pattern cannot be read, as a sentence."""


@dataclass(slots=True)
class _Node:
    """Part of a pattern: a `language`, an anchor (`^` or `$`), a lookahead (`=` or `!`), or parts in `sequence` or
    `choice`."""

    kind: str
    language: Language = languages.EMPTY
    parts: "list[_Node]" = field(default_factory=list)

    def anchored(self) -> bool:
        return self.kind in _ANCHORS or any(part.anchored() for part in self.parts)


def language_of(pattern: str, *, wide: bool = False) -> Language:
    """The texts in which the pattern is found; `wide` adds those in which only some readers of patterns find it. Raises
    PatternError.
    """
    if len(pattern) > _MAX_LENGTH:
        raise PatternError(f"Write it in at most {_MAX_LENGTH} characters.")
    return _search(_Parser(pattern, wide).parse(), ANYTHING, wide)


def _search(node: _Node, before: Language, wide: bool) -> Language:
    """The texts made of something (`before`), a match, and something."""
    if node.kind == "choice":
        return languages.choice(*(_search(part, before, wide) for part in node.parts))
    parts = _flat(node)
    for index, part in enumerate(parts):
        if part.kind == "choice" and part.anchored():
            options = [_Node("sequence", parts=[*parts[:index], option, *parts[index + 1 :]]) for option in part.parts]
            return languages.choice(*(_search(option, before, wide) for option in options))
    after = ANYTHING
    while parts and parts[0].kind == "^":
        parts, before = parts[1:], languages.EMPTY
    while parts and parts[-1].kind == "$":
        parts, after = parts[:-1], _LAST_LINE_END if wide else languages.EMPTY
    ahead: list[Language] = []
    while parts and parts[0].kind in _ANCHORS[2:]:
        if before != languages.EMPTY:
            raise PatternError("Put a lookahead right after '^', or leave it out.")
        ahead.append(parts[0].language)
        parts = parts[1:]
    if any(part.anchored() for part in parts):
        raise PatternError("Put '^' at the beginning, '$' at the end and a lookahead right after '^'.")
    whole = languages.sequence(before, *(_plain(part) for part in parts), after)
    return languages.intersection(whole, *ahead) if ahead else whole


def _flat(node: _Node) -> list[_Node]:
    if node.kind != "sequence":
        return [node]
    return [part for child in node.parts for part in _flat(child)]


def _plain(node: _Node) -> Language:
    if node.kind == "sequence":
        return languages.sequence(*map(_plain, node.parts))
    if node.kind == "choice":
        return languages.choice(*map(_plain, node.parts))
    return node.language


class _Parser:
    def __init__(self, pattern: str, wide: bool) -> None:
        self._rest = pattern
        self._wide = wide
        self._depth = 0

    def parse(self) -> _Node:
        node = self._choice()
        if self._rest:
            raise PatternError("Remove the ')' that closes nothing.")
        return node

    def _choice(self) -> _Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise PatternError(f"Nest groups at most {_MAX_DEPTH} deep.")
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        self._depth -= 1
        return options[0] if len(options) == 1 else _Node("choice", parts=options)

    def _sequence(self) -> _Node:
        parts = []
        while self._rest and self._rest[0] not in "|)":
            parts.append(self._repeated(self._atom()))
        return _Node("sequence", parts=parts)

    def _repeated(self, node: _Node) -> _Node:
        count = self._count()
        if count is None:
            return node
        if node.anchored():
            raise PatternError("Repeat no '^', '$' or lookahead.")
        self._take("?")  # lazy: the same texts
        if self._rest[:1] in ("*", "+", "?") or self._count() is not None:
            raise PatternError("Put parentheses around what is repeated twice.")
        return _Node("language", languages.repeat(_plain(node), *count))

    def _count(self) -> tuple[int, int | None] | None:
        for sign, count in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return count
        least, comma, most = self._rest[1:].partition("}")[0].partition(",")
        if not self._rest.startswith("{") or not least.isdecimal() or not (most or "0").isdecimal():
            return None
        self._rest = self._rest.partition("}")[2]
        low, high = int(least), int(most) if most else None if comma else int(least)
        if high is not None and high < low:
            raise PatternError("Write the smaller number of a repetition first.")
        if max(low, high or 0) > 1_000_000:
            raise PatternError("Repeat at most 1000000 times.")
        return low, high

    def _atom(self) -> _Node:
        character, self._rest = self._rest[0], self._rest[1:]
        if character == "(":
            return self._group()
        if character in "^$":
            return _Node(character)
        if character in "*+?" or (character == "{" and self._rest[:1] in ("", ",", *"0123456789")):
            raise PatternError(f"Put something before {character!r} that it can repeat, or a backslash.")
        return _Node("language", languages.characters_of(self._set(character)))

    def _set(self, character: str) -> characters.Set:
        if character == "[":
            return self._class()
        if character == ".":
            return characters.complement(_LINE_ENDS[self._wide])
        return self._escape() if character == "\\" else characters.of(character)

    def _group(self) -> _Node:
        kind = next((mark for mark in ("?:", "?=", "?!") if self._rest.startswith(mark)), "")
        self._rest = self._rest.removeprefix(kind)
        if self._rest.startswith("?"):
            name, closed, rest = self._rest.partition(">")
            if not closed or not name.startswith("?<") or not name[2:].isidentifier():
                raise PatternError("Use no lookbehind, flags or other groups than '(...)', '(?:...)', '(?=...)'.")
            self._rest = rest
        wide = self._wide
        # What a negative lookahead forbids is forbidden wherever some reader of patterns would find it.
        self._wide = wide != (kind == "?!")
        node = self._choice()
        self._wide = wide
        if not self._take(")"):
            raise PatternError("Close the group with ')'.")
        if kind in ("?=", "?!"):
            ahead = _search(node, languages.EMPTY, wide != (kind == "?!"))
            return _Node(kind[1], ahead if kind == "?=" else languages.complement(ahead))
        return node

    def _class(self) -> characters.Set:
        negated = self._take("^")
        wide = self._wide
        self._wide = wide != negated
        sets: list[characters.Set] = []
        while not self._rest.startswith("]") or not sets:
            if len(self._rest) < 2 or self._rest.startswith("]"):
                raise PatternError("Close the class with ']', and leave none empty.")
            first = self._member()
            if self._rest.startswith("-") and self._rest[1:2] not in ("]", ""):
                self._rest = self._rest[1:]
                last = self._member()
                if any(len(end) != 1 or end[0][0] != end[0][1] for end in (first, last)) or first > last:
                    raise PatternError("Let ranges such as 'a-z' go from one character to a later one.")
                first = characters.span(first[0][0], last[0][0])
            sets.append(first)
        self._rest, self._wide = self._rest[1:], wide
        return characters.complement(characters.union(sets)) if negated else characters.union(sets)

    def _member(self) -> characters.Set:
        character, self._rest = self._rest[0], self._rest[1:]
        if character == "\\" and self._take("b"):
            return characters.of("\b")
        return self._escape() if character == "\\" else characters.of(character)

    def _escape(self) -> characters.Set:
        character, self._rest = self._rest[:1], self._rest[1:]
        if character.lower() in _CLASSES and character:
            narrow, wide = _CLASSES[character.lower()]
            if character.isupper():
                return characters.complement(narrow if self._wide else wide)
            return wide if self._wide else narrow
        if character in _CONTROLS and not (character == "0" and self._rest[:1].isdecimal()):
            return characters.of(_CONTROLS[character])
        if character == "c" and self._rest[:1].isascii() and self._rest[:1].isalpha():
            letter, self._rest = self._rest[0], self._rest[1:]
            return characters.of(chr(ord(letter) % 32))
        if character in ("x", "u"):
            return self._hexadecimal(2 if character == "x" else 4)
        if not character or character.isalnum():
            raise PatternError(f"Leave '\\{character}' out: it is not supported.")
        return characters.of(character)

    def _hexadecimal(self, width: int) -> characters.Set:
        digits, self._rest = self._rest[:width], self._rest[width:]
        if width == 4 and digits.startswith("{"):
            digits, _, self._rest = (digits + self._rest)[1:].partition("}")
            width = len(digits)
        if not digits or len(digits) != width or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
            raise PatternError("Give the hexadecimal digits that '\\x' (two) and '\\u' (four) need.")
        found = characters.span(int(digits, 16), int(digits, 16))
        if not found:
            raise PatternError("Name characters above U+FFFF themselves, not as two halves.")
        return found

    def _take(self, sign: str) -> bool:
        if not self._rest.startswith(sign):
            return False
        self._rest = self._rest[len(sign) :]
        return True
