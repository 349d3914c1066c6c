"""Amounts of money as people write them. Knows no price and no rate of exchange.

An amount is a whole number of billionths of its currency.
"""

from decimal import Decimal, InvalidOperation

from craton.errors import ValidationException

UNIT = 1_000_000_000
_TOO_MUCH = 1_000_000_000 * UNIT


def parse(text: str) -> int:
    """The amount of a text such as "12.50". Raises ValidationException."""
    try:
        amount = Decimal(text) * UNIT
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < _TOO_MUCH or amount != amount.to_integral_value():
        raise ValidationException(
            f"{text!r} is no amount of money below a billion. Write it as '12.50', with nine digits after the point "
            "at most."
        )
    return int(amount)


def text(amount: int) -> str:
    """Exact, with two digits after the point at least."""
    whole, rest = divmod(abs(amount), UNIT)
    return f"{'-' if amount < 0 else ''}{whole}.{f'{rest:09d}'.rstrip('0').ljust(2, '0')}"
