"""Python's regular expressions -> RE2's that match wherever they do, and here and there where they do not.

RE2 has neither look-around nor back-references, and its classes know ASCII alone. So a look-around is left out, or, at
an edge of the pattern, becomes the character that must stand there; a back-reference becomes the group that it refers
to; characters beyond ASCII belong to every class; what may repeat often may repeat for ever, which keeps automata
small. What an automaton of RE2 does not find in a text Python need not look for. Knows no kind of data.
"""

import re

# An escape; a class; what opens a group; what repeats; any other character.
_TOKEN = re.compile(
    r"\\x[0-9a-f]{2}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(\?P<\w+>|\(\?[a-z]*:|\{\d*,\d+\}|.", re.DOTALL
)
_IN_CLASS = re.compile(r"\\x[0-9a-f]{2}|\\.|.", re.DOTALL)
_LOOKS = {"(?=", "(?!", "(?<=", "(?<!"}
_BEHIND, _AHEAD = "(?<!", "(?!"
# The members in ASCII of the classes that have names.
_ASCII = {
    r"\w": "0-9A-Za-z_",
    r"\W": r"\x00-/:-@\[-^`{-\x7f",
    r"\d": "0-9",
    r"\s": r"\t-\r\x1c- ",
}
_BEYOND = r"\x{80}-\x{10ffff}"
# From so many repetitions on they are not counted.
_OFTEN = 12


def relaxed(pattern: str, flags: int = 0) -> str:
    """A pattern of RE2. Of the flags it knows IGNORECASE."""
    made = _Relaxing(_TOKEN.findall(pattern)).made()
    return f"(?i:{made})" if flags & re.IGNORECASE else made


class _Relaxing:
    """Reads the tokens of a pattern, and writes those of another."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._written: list[str] = []
        self._open: list[tuple[int | None, int]] = []  # the number of the group, if any, and its place in `_written`
        self._groups: list[str] = []

    def made(self) -> str:
        edge = ""  # what stands behind all that was written so far
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token not in _LOOKS:
                edge = ""
                self._write(token)
                self._at += 1
                continue
            look = self._look()
            if look and not self._open:
                if token == _BEHIND and not self._written:
                    self._written.append(f"(?:^|{look})")
                elif token == _AHEAD:
                    edge = edge or f"(?:$|{look})"
        return "".join(self._written) + edge

    def _look(self) -> str:
        """Passes a look-around; the class of what it lets through, where one character decides that."""
        end, depth = self._at + 1, 1
        while depth:
            depth += self._tokens[end].startswith("(") - (self._tokens[end] == ")")
            end += 1
        within = self._tokens[self._at + 1 : end - 1]
        self._at = end
        alone = len(within) == 1 or within[1] == "|"
        return _class(within[0], outside=True) if alone and _is_class(within[0]) else ""

    def _write(self, token: str) -> None:
        if token.startswith("("):
            number = len(self._groups) if token == "(" or token.startswith("(?P") else None
            self._open.append((number, len(self._written)))
            self._groups += [""] if number is not None else []
            self._written.append("(?:" if number is not None else token)
        elif token == ")":
            self._written.append(token)
            number, begin = self._open.pop()
            if number is not None:
                self._groups[number] = "".join(self._written[begin:])
        elif token[0] == "\\" and token[1:].isdigit():
            self._written.append(self._groups[int(token[1:]) - 1])
        elif token != r"\b":
            self._written.append(_class(token) if _is_class(token) else _uncounted(token))


def _is_class(token: str) -> bool:
    return token in _ASCII or (token[0] == "[" and len(token) > 1)


def _class(token: str, *, outside: bool = False) -> str:
    """A class, or what stands outside it, with all beyond ASCII that it may hold."""
    within = token[1:-1] if token[0] == "[" else token
    negated = within.startswith("^")
    parts = _IN_CLASS.findall(within.removeprefix("^"))
    known = "".join(_ASCII.get(part, part) for part in parts)
    if negated != outside:
        return f"[^{known}]"
    return f"[{_BEYOND if _ASCII.keys() & {*parts} else ''}{known}]"


def _uncounted(token: str) -> str:
    if token[0] != "{" or len(token) == 1 or int(token[1:-1].partition(",")[2]) < _OFTEN:
        return token
    return f"{{{token[1:].partition(',')[0] or 0},}}"
