"""Bytes to text for documents that are text already, in whatever encoding. Knows no parser."""

import codecs
import re

PLAIN = frozenset({"txt", "md", "csv"})

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:-]{1,40})", re.IGNORECASE)
_HEAD = 1024  # where HTML may declare its encoding; https://html.spec.whatwg.org/#determining-the-character-encoding


class DocumentError(Exception):
    """A document that cannot be read. The message is a full sentence that names it and says why."""


def decode(data: bytes, name: str, *, html: bool = False) -> str:
    """The text, by its byte order mark, its declaration in HTML, as UTF-8, or else as Windows-1252.

    Line ends become `\\n`. Raises DocumentError where these are no bytes of text.
    """
    text = _decoded(data, html)
    if "\0" in text:
        raise DocumentError(f"The document {name!r} is no text: it holds bytes of zero. Name the format that it has.")
    if not text.strip():
        raise DocumentError(f"The document {name!r} is empty.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, html: bool) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    declared = _DECLARED.search(data[:_HEAD]) if html else None
    for encoding in (declared[1].decode() if declared else "utf-8", "utf-8"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", errors="replace")
