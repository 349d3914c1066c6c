"""Numbers that the authorities of the United States and Canada give out. Knows no text around them but their cues."""

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.pii.recognizers.checksums import aba, compact, luhn, numbers, weighted
from craton.guardrails.pii.recognizers.recognizer import Recognizer, cued, words

_SSN_NOT_ISSUED = {"078051120", "219099999"}  # printed in advertisements, and so withdrawn
_SSN_CUES = words(r"ssn", r"ss#", r"social[- ]?security(?: \w+)?", r"soc\.? sec\.?", r"sozialversicherung\w*")
_TAX_CUES = words(r"itin", r"tin", r"tax(?:payer)?[- ]?id\w*", r"individual taxpayer\w*(?: \w+){0,2}", r"steuer\w*")
_SIN_CUES = words(
    r"sin", r"social[- ]?insurance(?: \w+)?", r"n\.?a\.?s\.?", r"assurance sociale", r"sozialversicherung\w*"
)
_ROUTING_CUES = words(
    r"aba", r"rtn", r"routing(?: \w+)?", r"transit(?: \w+)?", r"ach", r"wire", r"check(?:ing)?", r"bank\w*"
)
_HEALTH_CUES = words(
    r"ohip",
    r"phn",
    r"msp",
    r"ramq",
    r"mcp",
    r"health[- ]?(?:card|number|insurance|care|no\.?|id)(?: \w+)?",
    r"medicare",
    r"personal health \w+",
    r"carte (?:d'assurance[- ]maladie|santé)",
    r"assurance[- ]maladie",
    r"krankenversicher\w*",
)
_PASSPORT = (
    r"(?:u\.?s\.? )?passport(?: (?:number|no\.?|num|#|id|book|card))*|pass(?:port)?[- ]?(?:nr|no|nummer)\.?|"
    r"reisepass(?:nummer|nr\.?)?"
)
_ACCOUNT = (
    r"(?:bank |checking |savings |deposit |current )*(?:account|acct\.?|a/c)(?: ?(?:number|no\.?|num\.?|#|nr\.?))*"
    r"|checking|savings|kontonummer|konto-?nr\.?|kto\.?(?:-?nr\.?)?|bankkonto|bankverbindung"
)


def _ssn(text: str) -> bool:
    digits = compact(text)
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    issued = area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"
    return issued and digits not in _SSN_NOT_ISSUED and len(set(digits)) > 1


def _itin(text: str) -> bool:
    """Internal Revenue Manual 3.21.263: the fourth and fifth digits."""
    group = int(compact(text)[3:5])
    return 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99


def _sin(text: str) -> bool:
    digits = compact(text)
    return luhn(digits) and digits[0] != "8" and len(set(digits)) > 1


def _routing(text: str) -> bool:
    district = int(text[:2])
    known = 1 <= district <= 12 or 21 <= district <= 32 or 61 <= district <= 72 or district == 80
    return known and aba(text)


def _ohip(text: str) -> bool:
    digits = compact(text)[:10]
    return luhn(digits) and digits[0] != "0"


def _british_columbia(text: str) -> bool:
    digits = numbers(compact(text))
    return (11 - weighted(digits[1:9], (2, 4, 8, 5, 10, 9, 7, 3)) % 11) % 11 == digits[9]


def _quebec(text: str) -> bool:
    """Letters of the name, then year, month (and 50 for women) and day of birth."""
    digits = compact(text)[4:]
    return 1 <= int(digits[2:4]) % 50 <= 12 and 1 <= int(digits[4:6]) <= 31


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


RECOGNIZERS = (
    Recognizer("US_SOCIAL_SECURITY_NUMBER", Expression(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), 0.85, _ssn, digits=9),
    Recognizer(
        "US_SOCIAL_SECURITY_NUMBER",
        Expression(r"(?<![\w.-])\d{3}([ .])\d{2}\1\d{4}(?![\w-])"),
        0.6,
        _ssn,
        _SSN_CUES,
        digits=9,
        doubtful=True,
    ),
    Recognizer("US_SOCIAL_SECURITY_NUMBER", Expression(r"(?<![\w.,-])\d{9}(?![\w-])"), 0.3, _ssn, _SSN_CUES, digits=9),
    Recognizer(
        "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
        Expression(r"(?<![\w-])9\d{2}([ -])\d{2}\1\d{4}(?![\w-])"),
        0.85,
        _itin,
        _TAX_CUES,
        digits=9,
    ),
    Recognizer(
        "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
        Expression(r"(?<![\w.,-])9\d{8}(?![\w-])"),
        0.3,
        _itin,
        _TAX_CUES,
        digits=9,
    ),
    Recognizer(
        "US_BANK_ROUTING_NUMBER", Expression(r"(?<![\w.,-])\d{9}(?![\w-])"), 0.3, _routing, _ROUTING_CUES, digits=9
    ),
    cued("US_BANK_ACCOUNT_NUMBER", _ACCOUNT, r"\d(?:[ -]?\d){5,16}", 0.85, digits=6),
    cued("US_PASSPORT_NUMBER", _PASSPORT, r"[A-Z]?\d{8,9}|[A-Z]{1,2}\d{6,7}", 0.9, _has_digit, digits=6),
    Recognizer(
        "CA_SOCIAL_INSURANCE_NUMBER",
        Expression(r"(?<![\w-])\d{3}-\d{3}-\d{3}(?![\w-])"),
        0.7,
        _sin,
        _SIN_CUES,
        digits=9,
        doubtful=True,
    ),
    Recognizer(
        "CA_SOCIAL_INSURANCE_NUMBER",
        Expression(r"(?<![\w.,-])\d{3}( ?)\d{3}\1\d{3}(?![\w-])"),
        0.3,
        _sin,
        _SIN_CUES,
        digits=9,
    ),
    Recognizer(
        "CA_HEALTH_NUMBER",
        Expression(r"(?<![\w-])\d{4}-\d{3}-\d{3}(?:[- ]?[A-Z]{2})?(?![\w-])"),
        0.75,
        _ohip,
        _HEALTH_CUES,
        digits=10,
        doubtful=True,
    ),
    Recognizer(
        "CA_HEALTH_NUMBER",
        Expression(r"(?<![\w-])\d{4}( ?)\d{3}\1\d{3}(?:[- ]?[A-Z]{2})?(?![\w-])"),
        0.3,
        _ohip,
        _HEALTH_CUES,
        digits=10,
    ),
    Recognizer(
        "CA_HEALTH_NUMBER",
        Expression(r"(?<![\w-])9\d{3}([ -]?)\d{3}\1\d{3}(?![\w-])"),
        0.3,
        _british_columbia,
        _HEALTH_CUES,
        digits=10,
    ),
    Recognizer(
        "CA_HEALTH_NUMBER",
        Expression(r"(?<![\w-])[A-Z]{4}[ -]?\d{4}[ -]?\d{4}(?![\w-])"),
        0.7,
        _quebec,
        _HEALTH_CUES,
        digits=8,
        doubtful=True,
    ),
    cued(
        "CA_HEALTH_NUMBER",
        r"(?:alberta|manitoba|saskatchewan|new brunswick|nova scotia)[\w' ]{0,12} health(?: ?(?:card|care|"
        r"number|no\.?|insurance))*|ahcip|phin|mcp",
        r"\d{3,6}(?:[ -]?\d{3}){1,3}",
        0.8,
        digits=8,
    ),
)
