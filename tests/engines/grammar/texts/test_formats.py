import datetime
import ipaddress
import random
import re
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from craton.engines.grammar import of_schema
from craton.engines.grammar.texts.formats import format_language
from craton.engines.grammar.texts.languages import accepts
from tests.engines.grammar import gbnf_reader as gbnf

HOST = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*"
CHECKS: dict[str, tuple[Callable[[str], object], list[str], list[str]]] = {
    "date": (
        datetime.date.fromisoformat,
        ["2024-02-29", "2000-02-29", "1999-12-31"],
        ["2023-02-29", "1900-02-29", "2024-04-31"],
    ),
    "time": (datetime.time.fromisoformat, ["23:59:59Z", "00:00:00.5+01:30"], ["24:00:00Z", "12:00:00", "12:60:00Z"]),
    "date-time": (datetime.datetime.fromisoformat, ["2024-02-29T12:00:00Z"], ["2024-02-29 12:00:00Z", "2024-02-29"]),
    "uuid": (uuid.UUID, ["12345678-9abc-DEF0-1234-56789abcdef0"], ["123456789abcdef0123456789abcdef0"]),
    "ipv4": (ipaddress.IPv4Address, ["0.0.0.0", "255.249.199.9"], ["256.1.1.1", "01.1.1.1", "1.1.1"]),
    "ipv6": (ipaddress.IPv6Address, ["::", "::1", "1::", "fe80::1:2", "1:2:3:4:5:6:7:8"], [":::", "1:2", "1::2::3"]),
    "email": (
        lambda text: (re.fullmatch(rf"[\w.+-]{{1,64}}@{HOST}", text) and ".." not in text) or 1 / 0,
        ["a.b+c@example.org"],
        ["a@b", "@x.org", "a..b@x.org", "a b@x.org"],
    ),
    "hostname": (
        lambda text: (re.fullmatch(HOST, text) and len(text) < 254) or 1 / 0,
        ["a", "a-b.example"],
        ["-a", "a..b", "a_b"],
    ),
    "uri": (
        lambda text: urlsplit(text).scheme or 1 / 0,
        ["https://example.org:80/a/b?c=d#e", "mailto:a@b.org", "s3://bucket/key", "urn:isbn:1"],
        ["example.org", "/a", "http://", "http://a b"],
    ),
    "duration": (
        lambda text: re.fullmatch(r"P(?!$)((\d+Y)?(\d+M)?(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+S)?)?|\d+W)", text) or 1 / 0,
        ["P1D", "PT5M", "P1Y2M3DT4H5M6S", "P2W"],
        ["P", "PT", "1D", "P1S", "P1Y3D"],
    ),
    "json-pointer": (
        lambda text: re.fullmatch(r"(/([^/~]|~[01])*)*", text) is not None or 1 / 0,
        ["", "/a~1b/0"],
        ["a", "/~"],
    ),
}


@pytest.mark.parametrize("name", CHECKS)
def test_texts_of_a_format(name: str) -> None:
    check, valid, invalid = CHECKS[name]
    language = format_language(name)
    assert language
    assert [accepts(language, text) for text in valid] == [True] * len(valid)
    assert [accepts(language, text) for text in invalid] == [False] * len(invalid)
    grammar = gbnf.read(of_schema({"type": "string", "format": name}))
    chance = random.Random(name)
    for _ in range(150):
        text = grammar.draw(chance)[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        if "\\" not in text:
            check(text.replace("Z", "+00:00") if name in ("time", "date-time") else text)


def test_a_format_goes_with_lengths() -> None:
    grammar = gbnf.read(of_schema({"type": "string", "format": "hostname", "maxLength": 3}))
    assert grammar.accepts('"a.b"') and not grammar.accepts('"a.bc"')


def test_a_format_that_is_not_known_is_ignored() -> None:
    assert format_language("int32") is None
