"""Numbers that German, Austrian and Swiss authorities give out, under the entity type that comes nearest.

The types are a closed list that has no German ones: `docs/guardrails.md` has the table. Knows no text around the
numbers but their cues.
"""

import re
from collections import Counter

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.pii.recognizers.checksums import (
    compact,
    digit_sum,
    ean,
    icao,
    mod_11_10,
    numbers,
    value,
    weighted,
)
from craton.guardrails.pii.recognizers.recognizer import Recognizer, cued, words

_TAX_CUES = words(
    r"steuer-?id\w*",
    r"steuer(?:liche)?[- ]?identifikations\w*",
    r"identifikationsnummer",
    r"idnr\.?",
    r"tin",
    r"tax[- ]?id\w*",
    r"steuernummer",
)
_INSURANCE_CUES = words(
    r"sv-?(?:nummer|nr\.?)",
    r"svnr\.?",
    r"\w*sozialversicherung\w*",
    r"\w*rentenversicherung\w*",
    r"ahv\w*",
    r"rvnr\.?",
    r"versicherungsnummer",
    r"social security(?: \w+)?",
)
_HEALTH_CUES = words(
    r"kvnr\.?",
    r"\w*krankenversicher\w*",
    r"\w*krankenkasse\w*",
    r"versicherten-?(?:nummer|nr\.?)",
    r"gesundheitskarte",
    r"egk",
    r"health insurance(?: \w+)?",
)
_PASS = (
    r"(?:personal)?ausweis-?(?:nummer|nr\.?)?|perso(?:-?nr\.?|nummer)?|(?:reise)?pass-?(?:nummer|nr\.?)|"
    r"reisepass|(?:national )?(?:id|identity)[- ]card(?: (?:number|no\.?))?|passport(?: (?:number|no\.?))?"
)
_PASS_CUES = words(
    r"\w*ausweis\w*",
    r"perso",
    r"\w*pass(?:nummer|nr\.?)?",
    r"passport\w*",
    r"(?:id|identity)[- ]card\w*",
    r"ausgestellt",
)
_SERIAL = "CFGHJKLMNPRTVWXYZ"


def _tax_id(text: str) -> bool:
    """§ 139b AO: of the first ten digits exactly one occurs twice or three times, then not thrice in a row."""
    digits = compact(text)
    often = [count for count in Counter(digits[:10]).values() if count > 1]
    return often in ([2], [3]) and not re.search(r"(\d)\1\1", digits[:10]) and mod_11_10(digits)


def _pension(text: str) -> bool:
    """VKVV § 2: area, date of birth, letter of the name, serial, check digit."""
    code = compact(text)
    day, month = int(code[2:4]), int(code[4:6])
    digits = numbers(code[:8] + f"{value(code[8]) - 9:02}" + code[9:11])
    total = sum(
        digit_sum(digit * weight) for digit, weight in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True)
    )
    return 1 <= day % 50 <= 31 and 1 <= month <= 12 and total % 10 == int(code[11])


def _austrian(text: str) -> bool:
    """ASVG § 31: serial, check digit, date of birth (the month runs on to 15 where a day's serials are used up)."""
    digits = numbers(compact(text))
    day, month = digits[4] * 10 + digits[5], digits[6] * 10 + digits[7]
    check = weighted(digits, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11
    return check == digits[3] and 1 <= day <= 31 and 1 <= month <= 15 and digits[0] > 0


def _swiss(text: str) -> bool:
    return ean(compact(text))


def _health(text: str) -> bool:
    """SGB V § 290: the letter counts as two digits, then weights 1 and 2 by turns."""
    code = text.upper()
    digits = numbers(f"{value(code[0]) - 9:02}" + code[1:9])
    total = sum(digit_sum(digit * (1 + place % 2)) for place, digit in enumerate(digits))
    return total % 10 == int(code[9])


def _document(text: str) -> bool:
    code = compact(text)
    return icao(code[:10]) and sum(map(str.isdigit, code)) >= 4


def _serial(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 3


RECOGNIZERS = (
    Recognizer(
        "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
        Expression(r"(?<![\w.,+-])[1-9]\d([ -]?)\d{3}\1\d{3}\1\d{3}(?![\w-])"),
        0.75,
        _tax_id,
        _TAX_CUES,
        digits=11,
    ),
    Recognizer(
        "US_SOCIAL_SECURITY_NUMBER",
        Expression(r"(?<![\w-])\d{2}([ -]?)\d{6}\1[A-Z]\1\d{3}(?![\w-])", re.IGNORECASE),
        0.9,
        _pension,
        digits=11,
    ),
    Recognizer(
        "US_SOCIAL_SECURITY_NUMBER",
        Expression(r"(?<![\w-])\d{2}[ -]\d{2}[ -]?\d{2}[ -]?\d{2}[ -][A-Z][ -]\d{2}[ -]?\d(?![\w-])", re.IGNORECASE),
        0.9,
        _pension,
        digits=11,
    ),
    Recognizer(
        "US_SOCIAL_SECURITY_NUMBER",
        Expression(r"(?<![\w-])756([ .-]?)\d{4}\1\d{4}\1\d{2}(?![\w-])"),
        0.85,
        _swiss,
        digits=13,
    ),
    Recognizer(
        "US_SOCIAL_SECURITY_NUMBER",
        Expression(r"(?<![\w.,-])\d{4}[ -]?\d{6}(?![\w-])"),
        0.3,
        _austrian,
        _INSURANCE_CUES,
        digits=10,
    ),
    Recognizer(
        "CA_HEALTH_NUMBER",
        Expression(r"(?<![\w-])[A-Z]\d{9}(?![\w-])", re.IGNORECASE),
        0.65,
        _health,
        _HEALTH_CUES,
        digits=9,
        doubtful=True,
    ),
    Recognizer(
        "US_PASSPORT_NUMBER",
        Expression(rf"(?<![\w-])[{_SERIAL}][{_SERIAL}\d]{{8}}[ ]?\d(?:D|<<)?(?![\w-])"),
        0.6,
        _document,
        _PASS_CUES,
        digits=4,
        doubtful=True,
    ),
    Recognizer("US_PASSPORT_NUMBER", Expression(r"(?<![\w-])\d{10}D(?![\w-])"), 0.6, _document, _PASS_CUES, digits=10),
    cued("US_PASSPORT_NUMBER", _PASS, rf"[{_SERIAL}][{_SERIAL}\d]{{8}}|[A-Z]\d{{7}}", 0.85, _serial, digits=3),
)
