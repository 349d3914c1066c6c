"""The formats that documents have: how each is called, and how it is told from others. Parses none.

Converse takes some of them (its DocumentFormat); the rest is read where files are collected.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

_OPENXML = "application/vnd.openxmlformats-officedocument"
_HEAD = 1024
_DIRECTORY = 1 << 16  # bytes of a zip archive's end in which its directory is looked for


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media types, the first of which is the usual one, and the extensions of its files."""

    media_types: tuple[str, ...]
    extensions: tuple[str, ...]
    converse: bool = False
    picture: bool = False

    @property
    def media_type(self) -> str:
        return self.media_types[0]


FORMATS: Mapping[str, Format] = {
    "pdf": Format(("application/pdf", "application/x-pdf"), ("pdf",), converse=True),
    "csv": Format(("text/csv", "application/csv"), ("csv",), converse=True),
    "doc": Format(("application/msword",), ("doc",), converse=True),
    "docx": Format((f"{_OPENXML}.wordprocessingml.document",), ("docx",), converse=True),
    "xls": Format(("application/vnd.ms-excel",), ("xls",), converse=True),
    "xlsx": Format((f"{_OPENXML}.spreadsheetml.sheet",), ("xlsx",), converse=True),
    "html": Format(("text/html", "application/xhtml+xml"), ("html", "htm", "xhtml"), converse=True),
    "txt": Format(("text/plain",), ("txt",), converse=True),
    "md": Format(("text/markdown", "text/x-markdown"), ("md", "markdown"), converse=True),
    "pptx": Format((f"{_OPENXML}.presentationml.presentation",), ("pptx",)),
    "eml": Format(("message/rfc822",), ("eml",)),
    "png": Format(("image/png",), ("png",), picture=True),
    "jpeg": Format(("image/jpeg", "image/jpg"), ("jpeg", "jpg"), picture=True),
    "gif": Format(("image/gif",), ("gif",), picture=True),
    "webp": Format(("image/webp",), ("webp",), picture=True),
    "tiff": Format(("image/tiff",), ("tiff", "tif"), picture=True),
    "bmp": Format(("image/bmp", "image/x-ms-bmp"), ("bmp",), picture=True),
}
CONVERSE = frozenset(name for name, kind in FORMATS.items() if kind.converse)
PICTURES = frozenset(name for name, kind in FORMATS.items() if kind.picture)
EXTENSIONS = {extension: name for name, kind in FORMATS.items() for extension in kind.extensions}

_BY_MEDIA_TYPE = {media_type: name for name, kind in FORMATS.items() for media_type in kind.media_types}
_BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_ZIP, _COMPOUND = b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_ZIP = ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))
_IN_COMPOUND = (("EncryptedPackage", None), ("WordDocument", "doc"), ("Workbook", "xls"))


def format_of(name: str = "", mime: str | None = None, data: bytes | None = None) -> str | None:
    """The format of a file, a key of `FORMATS`, or None where it has none of them.

    What its bytes tell beyond doubt counts before its extension, and that before its media type. Any of the three may
    be missing: a name without an extension, no media type (or one that says nothing, as application/octet-stream), no
    bytes.
    """
    said = _said(name, mime)
    return _shown(data, said) if data else said


def _said(name: str, mime: str | None) -> str | None:
    extension = PurePosixPath(name.replace("\\", "/")).suffix[1:].lower()
    if extension in EXTENSIONS:
        return EXTENSIONS[extension]
    return _BY_MEDIA_TYPE.get((mime or "").partition(";")[0].strip().lower())


def _shown(data: bytes, said: str | None) -> str | None:
    for beginning, name in _BEGINNINGS:
        if data.startswith(beginning):
            return name
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return "bmp"
    if data.startswith(_ZIP):
        directory = data[-_DIRECTORY:]
        return next((name for part, name in _IN_ZIP if part in directory), said)
    if data.startswith(_COMPOUND):
        return next((name or said for stream, name in _IN_COMPOUND if stream.encode("utf-16-le") in data), said)
    if said is None:
        head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return "html" if head.startswith((b"<!doctype html", b"<html")) else None
    return said
