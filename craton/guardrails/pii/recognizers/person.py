"""How old someone is and how to call them. Knows no names and no addresses."""

import re

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.pii.recognizers.recognizer import Recognizer, cued, words

_PHONE_CUES = words(
    r"(?:tele)?phone\w*",
    r"tel\.?(?:-?nr\.?)?",
    r"telefon\w*",
    r"fon",
    r"mobil\w*",
    r"mobile",
    r"cell\w*",
    r"handy\w*",
    r"fax\w*",
    r"telefax",
    r"pager",
    r"call(?:s|ed|ing)?",
    r"dial",
    r"hotline",
    r"text(?: me)?",
    r"sms",
    r"whats ?app",
    r"signal",
    r"anruf\w*",
    r"ruf\w*",
    r"angerufen",
    r"erreich\w*",
    r"durchwahl",
    r"rückruf\w*",
    r"reach\w*",
    r"contact",
    r"kontakt",
    r"festnetz\w*",
    r"zurückruf\w*",
    r"t:",
    r"m:",
)
_CUED_PHONE = (
    r"(?:tele)?phone(?: ?(?:number|no\.?|#))?|tel\.?(?:-?nr\.?)?|telefon(?:-?nummer|-?nr\.?)?|fon|"
    r"mobil(?:e|nummer|telefon)?(?: (?:phone|number))*|cell(?:phone)?(?: number)?|"
    r"handy(?:-?nummer|-?nr\.?)?|(?:tele)?fax(?:nummer|-?nr\.?| number)?|pager|durchwahl|hotline|rufnummer|"
    r"call (?:me|us|him|her|them)(?: (?:at|on))?|whatsapp|"
    r"(?:ruf|rufen)(?: \w+){1,3} an|erreich\w*(?: \w+){0,3}"
)
_DATE = Expression(r"\d{1,2}[./ -]\d{1,2}[./ -](?:19|20)?\d{2}|(?:19|20)\d{2}[./ -]\d{1,2}[./ -]\d{1,2}")


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _international(text: str) -> bool:
    """ITU-T E.164: 15 digits at most."""
    return 8 <= _digits(text) <= 15


def _national(text: str) -> bool:
    return 7 <= _digits(text) <= 13 and not _DATE.fullmatch(text)


def _any_phone(text: str) -> bool:
    return 5 <= _digits(text) <= 15 and not _DATE.fullmatch(text)


def _age(text: str) -> bool:
    digits = "".join(filter(str.isdigit, text))
    return not digits or int(digits) <= 120


_YEARS = r"(?:years?|yrs?\.?|months?|weeks?|days?|jahren?|monate?n?|wochen?)"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_NUMBER = (
    rf"(?:\d{{1,3}}|{_TENS}(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:six|seven|eight|"
    r"nine)teen|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|"
    r"siebzig|achtzig|neunzig)|zehn|elf|zwölf|"
    r"(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|four|five|six|seven|eight|nine|zwei|drei|vier|fünf|sechs|"
    r"sieben|acht|neun)"
)

RECOGNIZERS = (
    Recognizer(
        "PHONE",
        Expression(
            r"(?<![\w+])(?:\+|(?<!\d )00(?=[1-9]\d))[1-9](?:(?: ?[./-] ?| )?(?:\(0?\d{0,5}\)(?: ?[./-] ?|"
            r" )?)?\d){6,14}(?:-\d{1,4})?(?!\w)"
        ),
        0.85,
        _international,
        digits=8,
    ),
    Recognizer(
        "PHONE",
        Expression(
            r"(?<![\w.+/-])(?<!\d )\(?0[1-9]\d{0,4}\)?[ ]?[/ -][ ]?\d{1,8}(?:[ -]\d{1,6}){0,4}(?![\w/]|[.,-]\d)"
        ),
        0.65,
        _national,
        _PHONE_CUES,
        digits=7,
        doubtful=True,
    ),
    Recognizer(
        "PHONE",
        Expression(r"(?<![\w.+/-])\(0\d{1,5}\)[ ]?\d{2,8}(?:[ -]\d{1,6}){0,4}(?![\w/]|[.,-]\d)"),
        0.8,
        _national,
        digits=7,
    ),
    Recognizer(
        "PHONE",
        Expression(r"(?<![\w.+/-])0 ?[1-9]\d ?[/-] ?\d{2,3}(?: \d{2,3}){1,3}(?![\w/]|[.,-]\d)"),
        0.7,
        _national,
        digits=7,
    ),
    Recognizer(
        "PHONE",
        Expression(r"(?<![\w.,+/-])01[567]\d{8,9}(?![\w/]|[.,-]\d)"),
        0.7,
        None,
        _PHONE_CUES,
        digits=11,
        doubtful=True,
    ),
    Recognizer("PHONE", Expression(r"(?<![\w.,+/-])0[1-9]\d{5,11}(?![\w/]|[.,-]\d)"), 0.3, None, _PHONE_CUES, digits=7),
    Recognizer(
        "PHONE",
        Expression(
            r"(?<![\w.+/-])(?:1[ .-])?(?:\([2-9]\d{2}\)[ .-]?|"
            r"[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}(?:,? ?(?:x|ext\.?) ?\d{1,5})?(?![\w/]|[.,-]\d)"
        ),
        0.8,
        digits=10,
    ),
    Recognizer(
        "PHONE",
        Expression(r"(?<![\w.,+/-])[2-9]\d{2} ?[2-9]\d{2} ?\d{4}(?![\w/]|[.,-]\d)"),
        0.3,
        None,
        _PHONE_CUES,
        digits=10,
    ),
    Recognizer("PHONE", Expression(r"(?<![\w.,+/-])555-\d{4}(?![\w/]|[.,-]\d)"), 0.6, digits=7),
    cued("PHONE", _CUED_PHONE, r"[(+]?\d(?:[ ./()-]{0,2}\d){4,14}", 0.8, _any_phone, digits=5),
    Recognizer(
        "AGE",
        Expression(
            rf"(?<![\w.,-])(?P<v>{_NUMBER}[ -]?{_YEARS})[ -](?:olds?|of age|alt|young|jung)(?!\w)", re.IGNORECASE
        ),
        0.9,
        _age,
    ),
    Recognizer(
        "AGE",
        Expression(rf"(?<![\w.,-])(?P<v>{_NUMBER}[- ]?jährig)(?:e[rnsm]?)?(?!\w)", re.IGNORECASE),
        0.8,
        _age,
    ),
    Recognizer(
        "AGE",
        Expression(r"(?<![\w.,-])(?P<v>\d{1,3} ?(?:y/?o|yrs old))(?!\w)", re.IGNORECASE),
        0.85,
        _age,
        digits=1,
    ),
    Recognizer(
        "AGE",
        Expression(
            rf"(?<!\w)(?:aged|age|at the age of|ages|alter|im alter von|altersangabe)[ :=]{{1,3}}(?:is |"
            rf"of |ist |von )?(?P<v>{_NUMBER}(?: {_YEARS})?)(?![\w.,]?\d|\w)",
            re.IGNORECASE,
        ),
        0.85,
        _age,
    ),
    Recognizer(
        "AGE",
        Expression(
            r"(?<!\w)(?:i am|i'm|i’m|she is|he is|she's|he's|they are|ich bin|bin|er ist|sie ist|(?:just |"
            r"gerade |recently )?turned|turning|turns|werde|wurde|wird)"
            r"(?: (?:now|currently|only|already|almost|nearly|jetzt|schon|erst|gerade|fast|bald|"
            rf"heute))? (?P<v>{_NUMBER}(?: {_YEARS})?)"
            r"(?=[.!?;,)]?\s*$|[.!?;](?:\s|$)|,? (?:and|und|years|jahre)\b|, )",
            re.IGNORECASE,
        ),
        0.7,
        _age,
    ),
)
