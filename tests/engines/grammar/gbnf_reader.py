"""A reader of GBNF for tests: it draws texts from a grammar at random, and tells whether a grammar accepts a text.

Written apart from the code under test, after llama.cpp's description of the notation; it reads only what llama.cpp and
xgrammar both read, and fails at anything else.
"""

import random
import re
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"""\s*(?: (?P<string>"(?:[^"\\\n]|\\.)*") | (?P<set>\[(?:[^\]\\\n]|\\.)*\]) | (?P<name>[a-z][a-z0-9-]*)
    | (?P<count>[*+?]|\{\d+(?:,\d*)?\}) | (?P<sign>[()|]) )""",
    re.VERBOSE,
)
ESCAPE = re.compile(r'\\(?:u([0-9A-F]{4})|U([0-9A-F]{8})|(["\\]))')


@dataclass
class Grammar:
    """Symbols are ("set", ranges), ("rule", name), ("choice", alternatives) and ("repeat", symbol, least, most)."""

    rules: dict[str, Any] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)

    def accepts(self, text: str) -> bool:
        states = self._settle({(("rule", "root"),)})
        for character in text:
            code = ord(character)
            states = self._settle(
                {state[1:] for state in states if state and any(low <= code <= high for low, high in state[0][1])}
            )
        return () in states

    def _settle(self, waiting: set[Any]) -> set[Any]:
        """The states, each a tuple of the symbols still to come, that begin with a set of characters."""
        found, seen = set(), set(waiting)
        stack = list(waiting)
        while stack:
            state = stack.pop()
            if not state or state[0][0] == "set":
                found.add(state)
                continue
            first, rest = state[0], state[1:]
            if first[0] == "rule":
                following = [(self.rules[first[1]], *rest)]
            elif first[0] == "choice":
                following = [(*option, *rest) for option in first[1]]
            else:
                _, part, least, most = first
                fewer = None if most is None else most - 1
                following = [] if most == 0 else [(part, ("repeat", part, max(0, least - 1), fewer), *rest)]
                following += [rest] if least == 0 else []
            for item in following:
                if item not in seen:
                    seen.add(item)
                    stack.append(item)
        return found

    def draw(self, chance: random.Random, depth: int = 12) -> str:
        if not self.costs:
            self._weigh()
        return self._draw(("rule", "root"), chance, depth)

    def _draw(self, symbol: Any, chance: random.Random, depth: int) -> str:
        match symbol:
            case ("set", ranges):
                low, high = chance.choice(ranges)
                return chr(chance.choice([low, high, chance.randint(low, high)]))
            case ("rule", name):
                return self._draw(self.rules[name], chance, depth - 1)
            case ("choice", options):
                if depth <= 0:
                    cheapest = min(self._cost_of(option) for option in options)
                    options = [option for option in options if self._cost_of(option) == cheapest]
                return "".join(self._draw(part, chance, depth) for part in chance.choice(options))
        _, part, least, most = symbol
        end = least + (0 if depth <= 0 else chance.choice([0, 1, 2, 3]))
        if most is not None:
            end = min(end, most) if depth <= 0 or most > 100 else chance.choice([min(end, most), most])
        return "".join(self._draw(part, chance, depth) for _ in range(end))

    def _weigh(self) -> None:
        """How deep the shallowest text of each rule is."""
        self.costs = dict.fromkeys(self.rules, float("inf"))
        for _ in range(len(self.rules) + 1):
            new = {name: 1 + self._cost(symbol) for name, symbol in self.rules.items()}
            if new == self.costs:
                return
            self.costs = new

    def _cost(self, symbol: Any) -> float:
        match symbol:
            case ("set", _):
                return 0
            case ("rule", name):
                return self.costs[name]
            case ("choice", options):
                return min(self._cost_of(option) for option in options)
        return self._cost(symbol[1]) if symbol[2] else 0

    def _cost_of(self, option: Any) -> float:
        return max((self._cost(part) for part in option), default=0)


def read(text: str) -> Grammar:
    grammar = Grammar()
    for line in text.splitlines():
        name, _, body = line.partition(" ::= ")
        assert re.fullmatch(r"[a-z][a-z0-9-]*", name) and name not in ("true", "false"), name
        assert name not in grammar.rules, f"{name} is defined twice"
        tokens = tokenize(body)
        grammar.rules[name] = alternatives(tokens)
        assert not tokens, f"{tokens} is left of {line}"
    assert "root" in grammar.rules
    assert set(re.findall(r"'rule', '([^']+)'", repr(grammar.rules))) <= grammar.rules.keys()
    return grammar


def tokenize(body: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    while position < len(body.rstrip()):
        match = TOKEN.match(body, position)
        assert match, f"cannot read {body[position:]!r}"
        tokens.append((str(match.lastgroup), match[match.lastgroup or 0]))
        position = match.end()
    return tokens


def alternatives(tokens: list[tuple[str, str]]) -> Any:
    options = [sequence(tokens)]
    while tokens and tokens[0][1] == "|":
        tokens.pop(0)
        options.append(sequence(tokens))
    return ("choice", tuple(options))


def sequence(tokens: list[tuple[str, str]]) -> tuple[Any, ...]:
    parts: list[Any] = []
    while tokens and tokens[0] not in (("sign", "|"), ("sign", ")")):
        kind, text = tokens.pop(0)
        if kind == "count":
            parts[-1] = counted(parts[-1], text)
        elif kind == "sign":
            parts.append(alternatives(tokens))
            assert tokens.pop(0)[1] == ")"
        elif kind == "string":
            codes = [ord(character) for character in unescaped(text[1:-1])]
            parts.append(("choice", (tuple(("set", ((code, code),)) for code in codes),)))
        else:
            parts.append(("rule", text) if kind == "name" else ("set", ranges(text[1:-1])))
    assert parts, "an empty sequence is written as an empty literal"
    return tuple(parts)


def counted(part: Any, text: str) -> Any:
    if text in ("*", "+", "?"):
        return ("repeat", part, int(text == "+"), 1 if text == "?" else None)
    least, comma, most = text[1:-1].partition(",")
    bounds = int(least), int(most) if most else None if comma else int(least)
    assert max(bounds[0], bounds[1] or 0) < 100, "long counts are slow, and llama.cpp reads some as no bound at all"
    return ("repeat", part, *bounds)


def ranges(text: str) -> tuple[tuple[int, int], ...]:
    assert text and text[0] != "^"
    found = []
    codes = re.findall(
        r"(?:\\u[0-9A-F]{4}|\\U[0-9A-F]{8}|[A-Za-z0-9])(?:-(?:\\u[0-9A-F]{4}|\\U[0-9A-F]{8}|[A-Za-z0-9]))?", text
    )
    assert "".join(codes) == text, f"cannot read the set {text!r}"
    for code in codes:
        first, _, last = code.partition("-")
        found.append((ord(unescaped(first)), ord(unescaped(last or first))))
    return tuple(found)


def unescaped(text: str) -> str:
    assert "\\" not in ESCAPE.sub("", text), f"an engine may not know the escapes of {text!r}"
    return ESCAPE.sub(lambda match: match[3] or chr(int(match[1] or match[2], 16)), text)
