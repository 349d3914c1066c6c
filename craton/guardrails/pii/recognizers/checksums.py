"""Check digits: arithmetic over the characters of a number, without its separators. Knows no country and no text."""

import string
from collections.abc import Sequence

_VALUES = {character: value for value, character in enumerate(string.digits + string.ascii_uppercase)}
_VIN = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def compact(text: str) -> str:
    """Letters and digits alone, in upper case."""
    return "".join(filter(str.isalnum, text)).upper()


def value(character: str) -> int:
    """0 to 35, as ISO 7064, ISO 13616 and ICAO 9303 count digits and letters."""
    return _VALUES[character]


def weighted(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))


def numbers(text: str) -> list[int]:
    return [int(character) for character in text]


def digit_sum(number: int) -> int:
    return number // 10 + number % 10


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = sum(numbers(digits[-1::-2])) + sum(digit_sum(2 * digit) for digit in numbers(digits[-2::-2]))
    return total % 10 == 0


def mod_97_10(code: str) -> bool:
    """ISO 7064, as an IBAN uses it (ISO 13616): the first four characters belong behind the others."""
    return int("".join(str(value(character)) for character in code[4:] + code[:4])) % 97 == 1


def mod_11_10(digits: str) -> bool:
    """ISO 7064, hybrid system: the German tax identification and VAT numbers."""
    product = 10
    for digit in numbers(digits[:-1]):
        product = ((digit + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def mod_11_descending(digits: str) -> bool:
    """Weights 10, 9, ... 2 over all but the last digit: the NHS number."""
    check = 11 - weighted(numbers(digits[:-1]), range(len(digits), 1, -1)) % 11
    return check != 10 and check % 11 == int(digits[-1])


def ean(digits: str) -> bool:
    """GS1: weights 1 and 3 by turns, the check digit last."""
    body = numbers(digits)
    return (sum(body[-1::-2]) + 3 * sum(body[-2::-2])) % 10 == 0


def icao(code: str) -> bool:
    """ICAO 9303, weights 7, 3, 1 over all but the last character, which is the check digit."""
    total = sum(value(character) * (7, 3, 1)[place % 3] for place, character in enumerate(code[:-1]))
    return code[-1].isdigit() and total % 10 == int(code[-1])


def aba(digits: str) -> bool:
    """The routing numbers of the American Bankers Association: weights 3, 7, 1."""
    return weighted(numbers(digits), (3, 7, 1) * 3) % 10 == 0


def vin(code: str) -> bool:
    """49 CFR 565.15: the ninth character, obligatory in North America and China."""
    total = weighted([_VIN[c] if c in _VIN else int(c) for c in code], _VIN_WEIGHTS)
    return code[8] == "0123456789X"[total % 11]
