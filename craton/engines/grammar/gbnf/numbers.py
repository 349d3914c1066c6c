"""Integers and decimal numbers between bounds, as GBNF.

A number without bounds has at most 15 digits and no exponent: so many digits survive the way through a binary float,
and a small model comes to an end. Knows no schema.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from craton.engines.grammar.gbnf.expressions import EMPTY, NOTHING, Expr, Literal, chars, choice, optional, sequence
from craton.engines.grammar.gbnf.rules import Rules
from craton.engines.grammar.texts import characters

MAX_DIGITS = 15
_LARGEST: int = 10**MAX_DIGITS - 1
# Digits after the point for so many digits before it: never more than 15 in all.
_PLACES = {1: 12, 2: 12, 3: 12, 4: 6, 5: 6, 6: 6, 7: 6, 8: 6, 9: 6}
_PLACES_OF_ZERO = 15
_MAX_MULTIPLES = 500
_DIGIT = characters.span("0", "9")
_EXACT = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of a range of numbers, which belongs to it unless it is `open`."""

    value: Decimal
    open: bool = False


class Numbers:
    """Writes numbers into the rules of one grammar."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def integer(self, low: Bound | None, high: Bound | None, step: int = 1) -> Expr | None:
        """The multiples of `step` (1 or more) between the bounds; None where they are too many to write."""
        if step == 1 and not low and not high:
            digits = sequence(_digit("1", "9"), self._digits(0, MAX_DIGITS - 1))
            number = choice(Literal("0"), sequence(optional(Literal("-")), digits))
            return self._rules.shared("integer", number)
        first, last = _whole(low, ROUND_CEILING), _whole(high, ROUND_FLOOR)
        if first is None:
            first = -_nines(min(0, last or 0))
        if last is None:
            last = _nines(max(0, first))
        first, last = -(-first // step) * step, last // step * step
        if first > last:
            return NOTHING
        negative = self._multiples(max(1, -last), -first, step) if first < 0 else NOTHING
        positive = self._multiples(max(0, first), last, step) if last >= 0 else NOTHING
        if negative is None or positive is None:
            return None
        return self._rules.named(choice(positive, sequence(Literal("-"), negative)), "integer")

    def number(self, low: Bound | None, high: Bound | None) -> Expr:
        """The decimal numbers between the bounds; nothing where they have no room for a number of 15 digits."""
        if not low and not high:
            return self._rules.shared("number", sequence(optional(Literal("-")), self._free()))
        bottom, top = low or Bound(Decimal(-_LARGEST)), high or Bound(Decimal(_LARGEST))
        negative: Expr = NOTHING
        if bottom.value < 0:
            # Without -0, which is not below 0.
            least = Bound(-top.value, top.open) if top.value < 0 else Bound(Decimal(0), True)
            negative = self._between(least, Bound(-bottom.value, bottom.open))
        positive = self._between(bottom if bottom.value >= 0 else Bound(Decimal(0)), top) if top.value >= 0 else NOTHING
        return self._rules.named(choice(positive, sequence(Literal("-"), negative)), "number")

    def _multiples(self, first: int, last: int, step: int) -> Expr | None:
        """Multiples of `step` from `first` to `last`, neither negative."""
        if step == 1:
            return self._range(first, last)
        first = -(-first // step) * step
        if first > last:
            return NOTHING
        if (last - first) // step < _MAX_MULTIPLES:
            return choice(*(Literal(str(value)) for value in range(first, last + 1, step)))
        # A step that divides a power of ten is seen by the last digits.
        power = next((10**zeros for zeros in range(1, 5) if 10**zeros % step == 0), None)
        if power is None or power // step > _MAX_MULTIPLES:
            return None
        options: list[Expr] = []
        for end in range(0, power, step):
            leading = self._range(max(1, -(-(first - end) // power)), (last - end) // power)
            options.append(sequence(leading, Literal(str(end).zfill(len(str(power)) - 1))))
            if first <= end <= last:
                options.append(Literal(str(end)))
        return choice(*options)

    def _range(self, first: int, last: int) -> Expr:
        """The integers from one to another, neither negative."""
        if first > last:
            return NOTHING
        least, most = str(first), str(last)
        if len(least) == len(most):
            return self._same_length(least, most)
        options: list[Expr] = []
        shortest, longest = len(least), len(most)
        if least != "1" + "0" * (shortest - 1):
            options.append(self._same_length(least, "9" * shortest))
            shortest += 1
        if most != "9" * longest:
            options.append(self._same_length("1" + "0" * (longest - 1), most))
            longest -= 1
        if shortest <= longest:
            options.append(sequence(_digit("1", "9"), self._digits(shortest - 1, longest - 1)))
        return choice(*options)

    def _same_length(self, least: str, most: str) -> Expr:
        if not least:
            return EMPTY
        if least[0] == most[0]:
            return sequence(Literal(least[0]), self._same_length(least[1:], most[1:]))
        rest = len(least) - 1
        first, last, options = least[0], most[0], []
        if least[1:] != "0" * rest:
            options.append(sequence(Literal(first), self._same_length(least[1:], "9" * rest)))
            first = chr(ord(first) + 1)
        if most[1:] != "9" * rest:
            options.append(sequence(Literal(last), self._same_length("0" * rest, most[1:])))
            last = chr(ord(last) - 1)
        if first <= last:
            options.append(sequence(_digit(first, last), self._digits(rest, rest)))
        return choice(*options)

    def _between(self, low: Bound, high: Bound) -> Expr:
        """Decimal numbers between bounds that are not negative."""
        low, high = _rounded(low, ROUND_CEILING), _rounded(high, ROUND_FLOOR)
        if low.value > high.value or (low.value == high.value and (low.open or high.open)):
            return NOTHING
        bottom, top = int(low.value), int(high.value)
        if bottom == top:
            return sequence(Literal(str(bottom)), self._fraction(low, high, _places(bottom)))
        options = [sequence(Literal(str(bottom)), self._fraction(low, None, _places(bottom)))]
        if high == Bound(Decimal(_LARGEST)):
            top += 1  # the largest number of all has no fraction, as those before it
        else:
            options.append(sequence(Literal(str(top)), self._fraction(None, high, _places(top))))
        for first, last, places in _groups():
            size = self._range(max(first, bottom + 1), min(last, top - 1))
            options.append(sequence(size, self._fraction(None, None, places)))
        return choice(*options)

    def _free(self) -> Expr:
        options = [sequence(Literal("0"), self._fraction(None, None, _PLACES_OF_ZERO))]
        options += [sequence(self._range(a, b), self._fraction(None, None, places)) for a, b, places in _groups()]
        return choice(*options)

    def _fraction(self, low: Bound | None, high: Bound | None, places: int) -> Expr:
        """The point and what follows, or nothing, above the fraction of one number and below that of the other."""
        least, most = _after_point(low), _after_point(high)
        end = _may_end(least, low) and _may_end(most, high, above=True)
        digits = self._decimals(least, low, most, high, places)
        if digits == NOTHING and end and places:
            digits = Literal("0")  # the bound itself, as a float is written
        point = sequence(Literal("."), digits)
        return choice(EMPTY, point) if end and digits != NOTHING else EMPTY if end else point

    def _decimals(
        self, least: str | None, low: Bound | None, most: str | None, high: Bound | None, places: int
    ) -> Expr:
        """One digit or more, where `least` and `most` (None: no longer of interest) are what the bounds still have."""
        if least is not None and low and not low.open and not least.strip("0"):
            least = None
        if places == 0 or (most is not None and not most.strip("0")):
            return NOTHING
        if least is None and most is None:
            return self._digits(1, places)
        first = int(least[:1] or "0") if least is not None else 0
        last = int(most[:1] or "0") if most is not None else 9
        options: list[Expr] = []
        ends = {first} if least is not None else set()
        ends |= {last} if most is not None else set()
        for digit in sorted(ends):
            if not first <= digit <= last:
                continue
            below = least[1:] if least is not None and digit == first else None
            above = most[1:] if most is not None and digit == last else None
            rest = self._decimals(below, low, above, high, places - 1)
            end = _may_end(below, low) and _may_end(above, high, above=True)
            if end or rest != NOTHING:
                options.append(sequence(Literal(str(digit)), optional(rest) if end else rest))
        middle = [digit for digit in range(first, last + 1) if digit not in ends]
        if middle:
            options.append(sequence(_digit(str(middle[0]), str(middle[-1])), self._digits(0, places - 1)))
        return choice(*options)

    def _digits(self, least: int, most: int) -> Expr:
        return self._rules.repeated(chars(_DIGIT), least, most)


def _digit(first: str, last: str) -> Expr:
    return chars(characters.span(first, last))


def _nines(beyond: int) -> int:
    """The largest number that is written where there is no bound, of as many digits as this one at least."""
    return max(_LARGEST, int("9" * len(str(abs(beyond)))))


def _whole(bound: Bound | None, rounding: str) -> int | None:
    """The integer nearest to the bound that is inside."""
    if bound is None:
        return None
    value = int(bound.value.to_integral_value(rounding))
    if bound.open and value == bound.value:
        value += 1 if rounding == ROUND_CEILING else -1
    return value


def _groups() -> list[tuple[int, int, int]]:
    """First and last integer that may have so many digits after the point."""
    found: dict[int, tuple[int, int]] = {}
    for length in range(1, MAX_DIGITS + 1):
        places = _PLACES.get(length, 0)
        found[places] = (found.get(places, (10 ** (length - 1), 0))[0], 10**length - 1)
    return [(first, last, places) for places, (first, last) in found.items()]


def _places(whole: int) -> int:
    return _PLACES.get(len(str(whole)), 0) if whole else _PLACES_OF_ZERO


def _rounded(bound: Bound, rounding: str) -> Bound:
    """The bound, moved inward to a number that has the digits we write."""
    if bound.value > _LARGEST:
        return Bound(Decimal(_LARGEST)) if rounding == ROUND_FLOOR else bound
    places = max(0, MAX_DIGITS - len(str(int(bound.value)))) if int(bound.value) else _PLACES_OF_ZERO
    places = min(places, _places(int(bound.value)))
    value = bound.value.quantize(Decimal(1).scaleb(-places), rounding, _EXACT)
    return bound if value == bound.value else Bound(value)


def _after_point(bound: Bound | None) -> str | None:
    return None if bound is None else f"{bound.value:f}".partition(".")[2]


def _may_end(rest: str | None, bound: Bound | None, above: bool = False) -> bool:
    """Whether what was written may be all, though the bound still has these digits."""
    if rest is None or bound is None:
        return True
    zero = not rest.strip("0")
    return not (zero and bound.open) and (above or zero)
