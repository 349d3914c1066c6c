"""How the format of a file is told from its name, its media type and its bytes."""

import pytest

from craton.documents.formats import CONVERSE, EXTENSIONS, FORMATS, PICTURES, format_of
from tests.documents import makers


@pytest.mark.parametrize(
    ("name", "mime", "data", "format"),
    [
        ("report.PDF", None, None, "pdf"),
        ("a/b.c/page.htm", None, None, "html"),
        ("photo.JPG", "application/octet-stream", None, "jpeg"),
        ("page.php", "text/html; charset=utf-8", None, "html"),
        ("notes.md", "text/plain", b"# Notes", "md"),
        ("letter.docx", None, b"%PDF-1.7", "pdf"),
        ("scan.pdf", None, b"\x89PNG\r\n\x1a\n", "png"),
        ("table.docx", None, makers.xlsx([["a"]]), "xlsx"),
        ("", None, makers.pptx([["a"]]), "pptx"),
        ("", None, makers.docx(["a"]), "docx"),
        ("letter.docx", None, makers.doc("text"), "doc"),
        ("table.xlsx", None, makers.compound({"EncryptedPackage": b"x"}), "xlsx"),
        ("", None, makers.xls([["a"]]), "xls"),
        ("", None, makers.picture(["x"], "BMP"), "bmp"),
        ("", None, makers.picture(["x"], "TIFF"), "tiff"),
        ("", None, makers.picture(["x"], "WEBP"), "webp"),
        ("", None, b"\xef\xbb\xbf <!DOCTYPE html><p>x", "html"),
        ("BMW.txt", None, b"BMW builds cars.", "txt"),
        ("README", None, b"text", None),
        ("program.exe", "application/x-msdownload", b"MZ", None),
        ("archive", "application/zip", b"PK\3\4", None),
        ("report.pdf", None, b"", "pdf"),
    ],
)
def test_formats(name: str, mime: str | None, data: bytes | None, format: str | None) -> None:
    assert format_of(name, mime, data) == format


def test_one_table() -> None:
    assert set(FORMATS) >= CONVERSE | PICTURES
    assert set(EXTENSIONS.values()) == set(FORMATS)
    assert all(format_of(mime=kind.media_type) == name for name, kind in FORMATS.items())
