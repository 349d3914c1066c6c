"""Numbers that British authorities give out, and those of German tax offices that come nearest to one.

Knows no text around them but their cues.
"""

import re

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.pii.recognizers.checksums import compact, mod_11_10, mod_11_descending, numbers, weighted
from craton.guardrails.pii.recognizers.recognizer import Recognizer, cued, words

_NHS_CUES = words(r"nhs", r"n\.h\.s\.", r"national health(?: \w+){0,2}", r"health service(?: \w+)?", r"patient\w*")
_NINO_NEVER = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
_UTR_CUES = words(r"utr", r"unique tax\w*(?: \w+){0,2}", r"tax(?:payer)? ref\w*", r"self[- ]assessment", r"hmrc")
_NINO = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_TAX_OFFICE = r"(?:umsatz)?steuer-?(?:nummer|nr\.?)|st\.?-?nr\.?"


def _nhs(text: str) -> bool:
    digits = compact(text)
    return mod_11_descending(digits) and len(set(digits)) > 1


def _nino(text: str) -> bool:
    return compact(text)[:2] not in _NINO_NEVER


def _utr(text: str) -> bool:
    """HMRC: the first digit checks the others."""
    digits = compact(text)
    return "21987654321"[weighted(numbers(digits[1:]), (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == digits[0]


def _german_vat(text: str) -> bool:
    return mod_11_10(compact(text)[2:])


RECOGNIZERS = (
    Recognizer(
        "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        Expression(r"(?<![\w.+-])\d{3}([ -])\d{3}\1\d{4}(?![\w-])"),
        0.6,
        _nhs,
        _NHS_CUES,
        digits=10,
        doubtful=True,
    ),
    Recognizer(
        "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        Expression(r"(?<![\w.,+-])\d{10}(?![\w-])"),
        0.3,
        _nhs,
        _NHS_CUES,
        digits=10,
    ),
    Recognizer(
        "UK_NATIONAL_INSURANCE_NUMBER",
        Expression(rf"(?<![\w-]){_NINO}([ -]?)\d{{2}}([ -]?)\d{{2}}\2\d{{2}}\1[A-D](?![\w-])", re.IGNORECASE),
        0.9,
        _nino,
        digits=6,
    ),
    cued(
        "UK_NATIONAL_INSURANCE_NUMBER",
        r"nino|ni (?:number|no\.?)|national insurance(?: (?:number|no\.?))?",
        rf"{_NINO}[ -]?\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}}(?:[ -]?[A-D])?",
        0.9,
        _nino,
        digits=6,
    ),
    Recognizer(
        "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
        Expression(r"(?<![\w.,+-])\d{5} ?\d{5}(?![\w-])"),
        0.3,
        _utr,
        _UTR_CUES,
        digits=10,
    ),
    Recognizer(
        "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
        Expression(r"(?<![\w-])DE ?\d{3} ?\d{3} ?\d{3}(?![\w-])", re.IGNORECASE),
        0.85,
        _german_vat,
        digits=9,
    ),
    cued(
        "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
        _TAX_OFFICE,
        r"\d{2,3}[ /-]\d{3,4}[ /-]\d{4,5}|\d{2}[ /]\d{3}[ /]\d{5}|\d{10}|\d{13}",
        0.9,
        digits=10,
    ),
)
