"""The formats that are enforced, as patterns of the texts that are surely valid.

Each is a subset of what its RFC allows. Knows no schema and no grammar.
"""

from functools import cache

from craton.engines.grammar.texts.languages import Language
from craton.engines.grammar.texts.patterns import language_of

_YEAR = r"[1-9]\d{3}"
_LEAP = r"(?:[1-9]\d(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)"
_DATE = (
    rf"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    rf"|02-(?:0[1-9]|1\d|2[0-8]))|{_LEAP}-02-29)"
)
_HOUR = r"(?:[01]\d|2[0-3])"
_TIME = rf"{_HOUR}:[0-5]\d:[0-5]\d(?:\.\d{{1,6}})?(?:Z|[+-]{_HOUR}:[0-5]\d)"
_CLOCK = r"T(?:\d{1,4}H(?:\d{1,4}M(?:\d{1,4}S)?)?|\d{1,4}M(?:\d{1,4}S)?|\d{1,4}S)"
_DAYS = r"(?:\d{1,4}Y(?:\d{1,4}M(?:\d{1,4}D)?)?|\d{1,4}M(?:\d{1,4}D)?|\d{1,4}D)"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?"
_DOMAIN = rf"(?:{_LABEL}\.){{1,4}}[A-Za-z]{{2,24}}"
_ATOM = r"[A-Za-z0-9_+-]{1,20}"
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"(?:{_BYTE}\.){{3}}{_BYTE}"
_GROUP = r"[0-9A-Fa-f]{1,4}"
_IPV6 = "|".join(
    [rf"(?:{_GROUP}:){{7}}{_GROUP}", rf"::(?:(?:{_GROUP}:){{0,6}}{_GROUP})?"]
    + [rf"(?:{_GROUP}:){{{n}}}:(?:(?:{_GROUP}:){{0,{6 - n}}}{_GROUP})?" for n in range(1, 7)]
)
_PATH_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})"
_TAIL = rf"(?:\?(?:{_PATH_CHARACTER}|[/?])*)?(?:#(?:{_PATH_CHARACTER}|[/?])*)?"
_URI = (
    rf"(?:[a-z][a-z0-9+-]{{0,15}}://(?:{_LABEL}(?:\.{_LABEL}){{0,5}})(?::\d{{1,4}})?(?:/{_PATH_CHARACTER}*)*{_TAIL}"
    rf"|(?:mailto|urn|tel|news):{_PATH_CHARACTER}+)"
)
_PATTERNS = {
    "date": _DATE,
    "time": _TIME,
    "date-time": rf"{_DATE}T{_TIME}",
    "duration": rf"P(?:{_DAYS}(?:{_CLOCK})?|{_CLOCK}|\d{{1,4}}W)",
    "uuid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "email": rf"{_ATOM}(?:\.{_ATOM}){{0,2}}@{_DOMAIN}",
    "hostname": rf"{_LABEL}(?:\.{_LABEL}){{0,6}}",
    "ipv4": _IPV4,
    "ipv6": _IPV6,
    "uri": _URI,
    "json-pointer": r"(?:/(?:[^~/]|~[01])*)*",
}
# What holds of the narrower format holds of the wider one.
_SAME = {
    "idn-email": "email",
    "idn-hostname": "hostname",
    "iri": "uri",
    "uri-reference": "uri",
    "iri-reference": "uri",
    "uri-template": "uri",
}


@cache
def format_language(name: str) -> Language | None:
    """The texts of this format; None for one that is not known, which a validator ignores as well."""
    pattern = _PATTERNS.get(_SAME.get(name, name))
    return language_of(f"^(?:{pattern})$") if pattern is not None else None
