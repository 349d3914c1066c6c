"""The canonical request of Signature Version 4: the one string that client and server must agree upon.

Follows https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html for services other
than S3: a path is encoded once more on top of the encoding it was sent with. Knows no keys, clocks or rules.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

SIGNATURE_PARAMETER = "X-Amz-Signature"

AUTHORITY = ":authority"
"""The host in HTTP/2. Servers pass it on as the header `host`; the SDK for JavaScript signs it under this name."""

_SHORT = 256  # characters of a path that is likely to come again

_BLANKS = re.compile(r"[ \t]+")
_CANONICAL = re.compile(r"(?:[A-Za-z0-9_.~-]|%(?!2[DE]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])[0-9A-F]{2})*")
"""Unreserved characters as they are and all other octets escaped, which is how most clients send a query."""


@dataclass(frozen=True, slots=True)
class CanonicalRequest:
    """The parts of the string, each in canonical form already."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]  # the signed ones, sorted by name
    payload_hash: str

    def __str__(self) -> str:
        lines = "".join([f"{name}:{value}\n" for name, value in self.headers])
        names = ";".join([name for name, _ in self.headers])
        return f"{self.method}\n{self.path}\n{self.query}\n{lines}\n{names}\n{self.payload_hash}"


def paths(path: str) -> Iterable[str]:
    """What clients sign for the path they sent: as it is (Go), or without dot segments and empty ones (the others).

    Both are nearly always the same. A `%2F` and a literal `/` stay apart, as they were sent.
    """
    yield encode_path(path or "/")
    if "//" in path or "/." in path:
        yield encode_path(_normalize(path))


def encode_path(path: str) -> str:
    return _encode_short(path) if len(path) <= _SHORT else quote(path, safe="/~")


@lru_cache(1024)
def _encode_short(path: str) -> str:
    return quote(path, safe="/~")


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Names and values, encoded anew so that every spelling of the same octets is the same; in the order sent.

    In a query `+` is a space: Go and urllib send it so, and sign `%20`.
    """
    if not query:
        return []
    split = [pair.partition("=") for pair in query.split("&")]
    return [(_encode_anew(name), _encode_anew(value)) for name, _, value in split]


def query(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join([f"{name}={value}" for name, value in sorted(pairs) if name != SIGNATURE_PARAMETER])


def headers(names: Iterable[str], values: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, _trim(values[name])) for name in names]


def _encode_anew(text: str) -> str:
    if _CANONICAL.fullmatch(text):
        return text
    return quote_from_bytes(unquote_to_bytes(text.replace("+", " ")), safe="~")


def _trim(value: str) -> str:
    value = value.strip(" \t")
    return _BLANKS.sub(" ", value) if "  " in value or "\t" in value else value


def _normalize(path: str) -> str:
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return f"/{'/'.join(kept)}{'/' if kept and path.endswith('/') else ''}"
