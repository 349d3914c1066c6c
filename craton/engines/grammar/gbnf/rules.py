"""The named rules of a grammar: equal ones are shared, impossible ones are left out.

Knows GBNF's engines and their bounds, and no schema.
"""

from collections.abc import Callable, Iterable

from craton.engines.grammar.gbnf.expressions import (
    EMPTY,
    NOTHING,
    Chars,
    Choice,
    Expr,
    Literal,
    Ref,
    Repeat,
    Sequence,
    choice,
    sequence,
    write,
)
from craton.engines.grammar.refusal import MAX_SIZE

# llama.cpp takes counts above 2,000 for no bound at all, and both engines slow down with the length of a counted run:
# longer ones are made of blocks of this many.
_BLOCK = 64
# Characters of fixed text that count as one symbol.
_CHARACTERS = 16
# Steps that llama.cpp's search for left recursion may take: it walks shared rules anew for each way to them.
_MAX_WALK = 100_000


class TooLargeError(Exception):
    """The grammar has outgrown MAX_SIZE, or what llama.cpp can walk."""


class Rules:
    def __init__(self) -> None:
        self._rules: dict[str, Expr] = {}
        self._names: dict[Expr, Ref] = {}
        self._numbers: dict[str, int] = {}
        self._size = 0

    def reserve(self, kind: str) -> Ref:
        """A name of this kind (lower-case letters) for a rule that `define` will give."""
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return Ref(f"{kind}-{number}")

    def define(self, name: Ref, expr: Expr) -> None:
        self._size += _size(expr)
        if self._size > MAX_SIZE:
            raise TooLargeError
        self._rules[name.name] = expr

    def named(self, expr: Expr, kind: str) -> Expr:
        """A rule for the expression; the same one for the same expression."""
        if isinstance(expr, Ref) or expr in (NOTHING, EMPTY):
            return expr
        if expr not in self._names:
            name = self.reserve(kind)
            self.define(name, expr)
            self._names[expr] = name
        return self._names[expr]

    def shared(self, name: str, expr: Expr) -> Ref:
        """The rule that everyone calls by this name."""
        if name not in self._rules:
            self.define(Ref(name), expr)
        return Ref(name)

    def repeated(self, part: Expr, least: int, most: int | None) -> Expr:
        """`part`, which matches no empty text, so many times."""
        if part == EMPTY or (least, most) == (0, 0):
            return EMPTY
        if most is not None and most < least:
            return NOTHING
        if part == NOTHING:
            return NOTHING if least else EMPTY
        if (least, most) == (1, 1):
            return part
        unit = part if isinstance(part, Chars) else self.named(part, "part")
        if most is None:
            end: Expr = Repeat(unit, 0, None)
            return Repeat(unit, 1, None) if least == 1 else sequence(self._exactly(unit, least), end)
        if most <= _BLOCK:
            return Repeat(unit, least, most)
        return sequence(self._exactly(unit, least), self._up_to(unit, most - least))

    def text(self, root: Expr) -> str:
        """The grammar as GBNF; its start rule is `root`."""
        rules = _direct(self._possible({**self._rules, "root": root}))
        assert rules["root"] != NOTHING, "what no text satisfies has no grammar"
        _check_walk(rules)
        lines = [f"{name} ::= {write(rules[name])}" for name in _reachable(rules)]
        return "\n".join(lines) + "\n"

    def possible(self, expr: Expr) -> bool:
        """Whether any finite text satisfies the expression."""
        return "root" in _closure({**self._rules, "root": expr}, _is_finite)

    def _exactly(self, unit: Expr, count: int) -> Expr:
        if count <= _BLOCK:
            return EMPTY if count == 0 else unit if count == 1 else Repeat(unit, count, count)
        blocks, rest = divmod(count, _BLOCK)
        return sequence(self._exactly(self._block(unit), blocks), self._exactly(unit, rest))

    def _up_to(self, unit: Expr, most: int) -> Expr:
        """Blocks and then fewer units than a block has, so that each count can be reached in one way only."""
        if most <= _BLOCK:
            return Repeat(unit, 0, most) if most else EMPTY
        blocks, rest = divmod(most, _BLOCK)
        block = self._block(unit)
        fewer = sequence(self._up_to(block, blocks - 1), Repeat(unit, 0, _BLOCK - 1))
        full = sequence(self._exactly(block, blocks), self._up_to(unit, rest))
        return self.named(choice(fewer, full), "count")

    def _block(self, unit: Expr) -> Expr:
        return self.named(Repeat(unit, _BLOCK, _BLOCK), "block")

    @staticmethod
    def _possible(rules: dict[str, Expr]) -> dict[str, Expr]:
        """The rules without what can never end, or needs what is impossible."""
        finite = _closure(rules, _is_finite)
        if len(finite) == len(rules):
            return rules
        return {name: _without(expr, finite) for name, expr in rules.items() if name in finite or name == "root"}


def _parts(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Sequence(parts) | Choice(parts):
            return parts
        case Repeat(part):
            return (part,)
    return ()


def _size(expr: Expr) -> int:
    length = len(expr.text) if isinstance(expr, Literal) else 0
    return 1 + length // _CHARACTERS + sum(map(_size, _parts(expr)))


def _refs(expr: Expr) -> list[str]:
    """The names of the rules in use, in the order in which they are written."""
    found: list[str] = []
    waiting = [expr]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Ref):
            found.append(part.name)
        else:
            waiting += reversed(_parts(part))
    return found


def _closure(rules: dict[str, Expr], holds: Callable[[Expr, set[str]], bool]) -> set[str]:
    """The names of the rules of which something holds, where that depends on what holds of the rules they use."""
    users: dict[str, list[str]] = {}
    for name, expr in rules.items():
        for ref in _refs(expr):
            users.setdefault(ref, []).append(name)
    found: set[str] = set()
    waiting = list(rules)
    while waiting:
        name = waiting.pop()
        if name not in found and holds(rules[name], found):
            found.add(name)
            waiting += users.get(name, ())
    return found


def _is_finite(expr: Expr, finite: set[str]) -> bool:
    match expr:
        case Ref(name):
            return name in finite
        case Sequence(parts):
            return all(_is_finite(part, finite) for part in parts)
        case Choice(options):
            return any(_is_finite(option, finite) for option in options)
        case Repeat(part, least):
            return not least or _is_finite(part, finite)
    return True


def _without(expr: Expr, finite: set[str]) -> Expr:
    match expr:
        case Ref(name):
            return expr if name in finite else NOTHING
        case Sequence(parts):
            return sequence(*(_without(part, finite) for part in parts))
        case Choice(options):
            return choice(*(_without(option, finite) for option in options))
        case Repeat(part, least, most):
            left = _without(part, finite)
            return Repeat(left, least, most) if left != NOTHING else NOTHING if least else EMPTY
    return expr


def _direct(rules: dict[str, Expr]) -> dict[str, Expr]:
    """The rules without those that are but another name of one."""
    names: dict[str, Expr] = {}
    for name, expr in rules.items():
        seen = {name}
        while isinstance(expr, Ref) and expr.name not in seen:
            seen.add(expr.name)
            names[name], expr = expr, rules[expr.name]
    direct = {
        name: expr if names.keys().isdisjoint(_refs(expr)) else _renamed(expr, names)
        for name, expr in rules.items()
        if name not in names
    }
    if "root" in names:
        start = names["root"]
        assert isinstance(start, Ref)
        direct["root"] = direct[start.name]
    return direct


def _renamed(expr: Expr, names: dict[str, Expr]) -> Expr:
    match expr:
        case Ref(name):
            return names.get(name, expr)
        case Sequence(parts):
            return sequence(*(_renamed(part, names) for part in parts))
        case Choice(options):
            return choice(*(_renamed(option, names) for option in options))
        case Repeat(part, least, most):
            return Repeat(_renamed(part, names), least, most)
    return expr


def _reachable(rules: dict[str, Expr]) -> list[str]:
    """The names of the rules in use, in the order in which a reader meets them."""
    found = {"root": None}
    waiting = ["root"]
    while waiting:
        new = [name for name in _refs(rules[waiting.pop(0)]) if name not in found]
        waiting += dict.fromkeys(new)
        found |= dict.fromkeys(new)
    return list(found)


def _check_walk(rules: dict[str, Expr]) -> None:
    """Refuse what llama.cpp would search for left recursion for longer than a moment."""
    empty = _closure(rules, _is_empty)
    starts = {name: list(_starts(expr, empty)) for name, expr in rules.items()}
    steps: dict[str, int] = {}
    for name in rules:
        path = [(name, iter(starts[name]))] if name not in steps else []
        if path:
            steps[name] = 1
        while path:
            here, following = path[-1]
            for ref in following:
                if ref not in steps:
                    steps[ref] = 1
                    path.append((ref, iter(starts[ref])))
                    break
            else:
                steps[here] = 1 + sum(steps[ref] for ref in starts[here])
                if steps[here] > _MAX_WALK or len(path) > 1000:
                    raise TooLargeError
                path.pop()


def _is_empty(expr: Expr, empty: set[str]) -> bool:
    match expr:
        case Literal(text):
            return not text
        case Ref(name):
            return name in empty
        case Sequence(parts):
            return all(_is_empty(part, empty) for part in parts)
        case Choice(options):
            return any(_is_empty(option, empty) for option in options)
        case Repeat(part, least):
            return not least or _is_empty(part, empty)
    return False


def _starts(expr: Expr, empty: set[str]) -> Iterable[str]:
    """The rules with which a text may begin, as often as they are written."""
    match expr:
        case Ref(name):
            yield name
        case Sequence(parts):
            for part in parts:
                yield from _starts(part, empty)
                if not _is_empty(part, empty):
                    return
        case Choice() | Repeat():
            for part in _parts(expr):
                yield from _starts(part, empty)
