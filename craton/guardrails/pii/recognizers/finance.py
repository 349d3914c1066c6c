"""Cards, accounts and banks. Knows no text around them but their cues."""

import re
from collections.abc import Iterator

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.pii.recognizers.checksums import compact, luhn, mod_97_10
from craton.guardrails.pii.recognizers.countries import COUNTRIES, IBAN_LENGTHS
from craton.guardrails.pii.recognizers.recognizer import Recognizer, Span, Text, cued, words

# Who issues cards by the first digits (from, to, both with as many digits), and how long their numbers are.
_ISSUERS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4, 4, frozenset({13, 16, 19})),  # Visa
    (51, 55, frozenset({16})),
    (2221, 2720, frozenset({16})),  # Mastercard
    (34, 34, frozenset({15})),
    (37, 37, frozenset({15})),  # American Express
    (6011, 6011, frozenset({16, 19})),
    (644, 649, frozenset({16, 19})),
    (65, 65, frozenset({16, 19})),  # Discover
    (300, 305, frozenset({14, 16})),
    (3095, 3095, frozenset({14, 16})),
    (36, 36, frozenset({14, 16})),
    (38, 39, frozenset({14, 16})),  # Diners Club
    (3528, 3589, frozenset({16, 19})),  # JCB
    (62, 62, frozenset({16, 17, 18, 19})),
    (81, 81, frozenset({16})),  # UnionPay
    (5018, 5018, frozenset(range(12, 20))),
    (5020, 5020, frozenset(range(12, 20))),
    (5038, 5038, frozenset(range(12, 20))),
    (5893, 5893, frozenset(range(12, 20))),
    (6304, 6304, frozenset(range(12, 20))),
    (6759, 6759, frozenset(range(12, 20))),
    (6761, 6763, frozenset(range(12, 20))),
    (672, 672, frozenset({16, 19})),  # Maestro, girocard
    (2200, 2204, frozenset({16})),
    (60, 60, frozenset({16})),
    (508, 508, frozenset({16})),
    (9792, 9792, frozenset({16})),
)
_CARD_CUES = words(
    r"\w*cards?",
    r"visa",
    r"master ?card",
    r"amex",
    r"american express",
    r"maestro",
    r"diners",
    r"discover",
    r"jcb",
    r"credit",
    r"debit",
    r"\w*karten?\w*",
    r"cc",
    r"pan",
)
_BIC_CUES = words(r"bic", r"swift\w*", r"iban", r"\w*banks?", r"\w*überweis\w*", r"wire", r"transfer\w*")
_MONTHS = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|mär|apr(?:il)?|may|mai|june?|juni|july?|juli|"
    r"aug(?:ust)?|sept?(?:ember)?"
    r"|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
_EXPIRY = rf"(?:0?[1-9]|1[0-2]) ?[/.-] ?(?:20)?\d{{2}}|{_MONTHS}\.?,? (?:20)\d{{2}}"
_EXPIRES = (
    r"exp(?:iry|ires|iration|iring|\.)?(?: ?date| on)?|exp|valid (?:thru|through|until|till|to)|"
    r"good (?:thru|through)|gültig bis|gültigkeit|"
    r"ablauf(?:datum)?|läuft ab|läuft|verfall(?:sdatum|datum)?|verfällt"
)
_CVV = (
    r"cvv2?|cvc2?|cvn|cid|cav2?|csc|card (?:verification|security)(?: (?:code|value|number))?|security code|"
    r"prüfziffer|prüfnummer|kartenprüf(?:nummer|ziffer|code)|sicherheitscode"
)
_PIN = (
    r"(?:\w+-)?pin(?:[- ]?(?:code|number|nummer|no\.?|nr\.?))?|personal identification number|geheimzahl|"
    r"geheimnummer|persönliche identifikationsnummer"
)
_ENDING = (
    r"(?:card|karte|visa|mastercard|amex|account|konto)[\w ,-]{0,30}? (?:ending (?:in|with)|ends (?:in|with)|"
    r"last (?:four|4)(?: digits)?|endet auf|mit der endnummer|endziffern?|mit endung)"
)
_BLZ = r"blz|bankleitzahl|sort[- ]?code"


def _card(text: str) -> bool:
    digits = compact(text)
    issued = any(
        first <= int(digits[: len(str(first))]) <= last and len(digits) in lengths for first, last, lengths in _ISSUERS
    )
    return issued and luhn(digits)


def _bic(text: str) -> bool:
    return text[4:6].upper() in COUNTRIES


def _bic_with_digit(text: str) -> bool:
    return _bic(text) and not text[6:].isalpha()


class _Iban:
    """International bank account numbers: as many characters as their country's have, in groups or not, then mod 97."""

    type = "INTERNATIONAL_BANK_ACCOUNT_NUMBER"
    pattern = Expression(r"(?<![^\W_])[A-Z]{2}\d{2}(?=[ .-]?[A-Z0-9])", re.IGNORECASE)
    beside = ()

    def find(self, text: Text) -> Iterator[Span]:
        plain = text.plain
        for number in text.numbers:
            for match in self.pattern.finditer(plain, max(0, number.start - 2), number.end + 2):
                start = match.start()
                length = IBAN_LENGTHS.get(plain[start : start + 2].upper())
                end = _reach(plain, start, length) if length else None
                if end is not None and mod_97_10(compact(plain[start:end])):
                    yield Span(self.type, start, end, 0.99)


def _reach(text: str, start: int, length: int) -> int | None:
    """Where so many letters and digits end, with single separators between; None where they do not make a word."""
    place, seen = start, 0
    while seen < length:
        if place < len(text) and text[place] in " .-" and seen:
            place += 1
        if place >= len(text) or not (text[place].isascii() and text[place].isalnum()):
            return None
        place, seen = place + 1, seen + 1
    return None if place < len(text) and text[place].isalnum() else place


def _cards(digits: int, pattern: str, score: float) -> Recognizer:
    whole = rf"(?<![\w-])(?<!\d[.,]){pattern}(?![\w-])(?![.,]\d)"
    return Recognizer("CREDIT_DEBIT_CARD_NUMBER", Expression(whole), score, _card, _CARD_CUES, digits=digits)


RECOGNIZERS = (
    _cards(16, r"\d{4}([ .-])\d{4}\1\d{4}\1\d{4}", 0.97),
    _cards(19, r"\d{4}([ .-])\d{4}\1\d{4}\1\d{4}\1\d{3}", 0.97),
    _cards(14, r"\d{4}([ .-])\d{6}\1\d{4,5}", 0.97),
    _cards(13, r"\d{4}([ -])\d{4}\1\d{4}\1\d{1,3}", 0.4),
    _cards(14, r"\d{14,19}", 0.8),
    _cards(12, r"\d{12,13}", 0.3),
    cued("CREDIT_DEBIT_CARD_NUMBER", _ENDING, r"(?:[x*•]+[ -]?)*\d{4}", 0.8, digits=4),
    Recognizer(
        "CREDIT_DEBIT_CARD_NUMBER",
        Expression(r"(?<!\w)(?:[x*•]{4}[ -]?){3}\d{4}(?!\w)", re.IGNORECASE),
        0.8,
        digits=4,
    ),
    cued("CREDIT_DEBIT_CARD_EXPIRY", _EXPIRES, _EXPIRY, 0.9, digits=2),
    Recognizer(
        "CREDIT_DEBIT_CARD_EXPIRY",
        Expression(
            r"\d{4}[ -]?\d{3,6}[ -]?\d{3,5}(?:[ -]?\d{1,4})?[^\w/]{1,4}(?P<v>(?:0[1-9]|"
            r"1[0-2]) ?/ ?(?:20)?\d{2})(?![\w/])"
        ),
        0.85,
        digits=15,
    ),
    cued("CREDIT_DEBIT_CARD_CVV", _CVV, r"\d{3,4}", 0.9, digits=3),
    Recognizer(
        "CREDIT_DEBIT_CARD_CVV",
        Expression(
            r"\d{4}[ -]?\d{3,6}[ -]?\d{3,5}(?:[ -]?\d{1,4})?[^\w/]{1,4}(?:0[1-9]|"
            r"1[0-2]) ?/ ?(?:20)?\d{2}[^\w/]{1,4}(?P<v>\d{3,4})(?![\w/.])"
        ),
        0.8,
        digits=18,
    ),
    cued("PIN", _PIN, r"\d{4,6}", 0.9, digits=4),
    Recognizer(
        "PIN",
        Expression(
            r"(?<![\w.,-])(?P<v>\d{4,6})(?:\W{1,3}(?:is|ist|as|als|for|für|my|the|your|our|his|her|die|der|"
            r"meine?r?|deine?|unsere|seine|ihre)){1,3}\W{1,3}(?:\w+[- ])?"
            r"(?:pin|geheimzahl|geheimnummer)\b",
            re.IGNORECASE,
        ),
        0.85,
        digits=4,
        far=True,
    ),
    _Iban(),
    Recognizer(
        "SWIFT_CODE",
        Expression(r"(?<![\w-])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![\w-])"),
        0.6,
        _bic_with_digit,
        _BIC_CUES,
    ),
    Recognizer(
        "SWIFT_CODE",
        Expression(r"(?<![\w-])[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?(?![\w-])"),
        0.3,
        _bic,
        _BIC_CUES,
    ),
    cued(
        "US_BANK_ROUTING_NUMBER",
        _BLZ,
        r"[1-8]\d{2} ?\d{3} ?\d{2}|\d{2}([ -]?)\d{2}\d{2}|\d{2}-\d{2}-\d{2}",
        0.85,
        digits=6,
    ),
)
