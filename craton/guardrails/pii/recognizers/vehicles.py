"""Vehicles and who may drive them. Knows no text around the numbers but their cues."""

import re
from pathlib import Path

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.pii.recognizers.checksums import compact, vin
from craton.guardrails.pii.recognizers.recognizer import Recognizer, cued, words

_DATA = Path(__file__).parent / "data"
# The districts of German number plates: Fahrzeug-Zulassungsverordnung, annex 1.
_DISTRICTS = frozenset((_DATA / "districts.txt").read_text("utf-8").split())
# Makers whose numbers carry no check digit, by the first three characters (ISO 3780).
_EUROPEAN = frozenset((_DATA / "makers.txt").read_text("utf-8").split())
_VIN_CUES = words(
    r"vin\w*",
    r"fin",
    r"fahrgestell\w*",
    r"fahrzeug-?identi\w*",
    r"chassis(?: \w+)?",
    r"vehicle identification(?: \w+)?",
)
_PLATE_CUES = words(
    r"\w*kennzeichen\w*",
    r"nummernschild\w*",
    r"(?:licen[cs]e|number|registration|vehicle) plates?",
    r"plates?",
    r"licen[cs]e no\.?",
    r"registration(?: \w+)?",
    r"\w*zulassung\w*",
    r"zugelassen",
    r"registered",
    r"autonummer",
    r"kfz\w*",
    r"car",
    r"auto",
    r"wagen",
    r"fahrzeug",
    r"vehicle",
    r"parked",
    r"falschparker",
)
_CUED_PLATE = (
    r"(?:licen[cs]e|number|registration|vehicle|car) ?plates?(?: ?(?:number|no\.?|#))?|plate (?:number|"
    r"no\.?)|plates?|(?:car |vehicle )?registration(?: (?:number|no\.?|mark))?|"
    r"(?:kfz-|auto)?kennzeichen|nummernschild"
)
_NO_PLATE = {"DIN EN", "EN IS", "AB CD", "IN IN"}
_LICENCE = (
    r"driver'?s?[’']?s? licen[cs]e(?: ?(?:number|no\.?|#|id))?|driving licen[cs]e(?: ?(?:number|no\.?))?|"
    r"driver'?s? (?:id|permit)|dl(?: ?(?:number|no\.?|#))?|licen[cs]e (?:number|no\.?|#)|"
    r"führerschein-?(?:nummer|nr\.?)?|fahrerlaubnis(?:-?nummer|-?nr\.?)?|fahrausweis(?:-?nr\.?|nummer)?"
)


def _surely_vin(text: str) -> bool:
    return vin(text) and any(map(str.isalpha, text)) and any(map(str.isdigit, text))


def _european_vin(text: str) -> bool:
    return text[:3] in _EUROPEAN and text[-3:].isdigit()


def _any_vin(text: str) -> bool:
    return text[-3:].isdigit() and any(map(str.isalpha, text))


def _german_plate(text: str) -> bool:
    district, letters = re.split(r"[- ]", text)[:2]
    return district in _DISTRICTS and f"{district} {letters.rstrip('0123456789')}" not in _NO_PLATE


def _has_digits(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 2


def _plate(text: str) -> bool:
    return any(map(str.isdigit, text)) and 4 <= len(compact(text)) <= 9


def _british_driver(text: str) -> bool:
    """Five characters of the surname, then decade, month (and 50 for women), day and year of birth."""
    return 1 <= int(text[6:8]) % 50 <= 12 and 1 <= int(text[8:10]) <= 31


_DISTRICT = r"[A-ZÄÖÜ]{1,3}"
_VIN = r"(?<![\w-])[A-HJ-NPR-Z0-9]{17}(?![\w-])"

RECOGNIZERS = (
    Recognizer("VEHICLE_IDENTIFICATION_NUMBER", Expression(_VIN), 0.85, _surely_vin, digits=4),
    Recognizer("VEHICLE_IDENTIFICATION_NUMBER", Expression(_VIN), 0.8, _european_vin, digits=4),
    Recognizer("VEHICLE_IDENTIFICATION_NUMBER", Expression(_VIN), 0.3, _any_vin, _VIN_CUES, digits=4),
    Recognizer(
        "LICENSE_PLATE",
        Expression(rf"(?<![\w-]){_DISTRICT}-[A-Z]{{1,2}} ?-?\d{{1,4}} ?[EH]?(?![\w-])"),
        0.8,
        _german_plate,
        _PLATE_CUES,
        digits=1,
        doubtful=True,
    ),
    Recognizer(
        "LICENSE_PLATE",
        Expression(rf"(?<![\w-]){_DISTRICT} [A-Z]{{1,2}} ?\d{{1,4}} ?[EH]?(?![\w-])"),
        0.4,
        _german_plate,
        _PLATE_CUES,
        digits=1,
    ),
    Recognizer(
        "LICENSE_PLATE",
        Expression(r"(?<![\w-])[A-HJ-PR-Y][A-HJ-PR-Y]\d{2} ?[A-HJ-PR-Z]{3}(?![\w-])"),
        0.6,
        None,
        _PLATE_CUES,
        digits=2,
        doubtful=True,
    ),
    cued(
        "LICENSE_PLATE",
        _CUED_PLATE,
        r"[A-ZÄÖÜ]{1,3}[- ]?[A-Z]{1,3}[- ]?\d{1,5}[A-Z]?|\d{1,4}[- ]?[A-Z]{1,4}[- ]?\d{0,4}|"
        r"[A-Z]{1,4}[- ]?\d{1,6}[- ]?[A-Z]{0,3}",
        0.8,
        _plate,
        digits=1,
    ),
    Recognizer(
        "DRIVER_ID",
        Expression(r"(?<![\w-])[A-Z]{2,5}9{0,3}\d[0156]\d[0-3]\d{2}[A-Z9]{2}\d[A-Z]{2}(?![\w-])"),
        0.85,
        _british_driver,
        digits=6,
    ),
    cued(
        "DRIVER_ID",
        _LICENCE,
        r"[A-Z]{0,3}[- ]?\d[\dA-Z]{0,4}(?:[ -]?[\dA-Z]{1,5}){1,4}|[A-Z][\dA-Z]{9}\d",
        0.85,
        _has_digits,
        digits=4,
    ),
)
