"""The encodings of documents that are text already."""

import codecs

import pytest

from craton.documents.plain import DocumentError, decode


@pytest.mark.parametrize(
    "data",
    [
        "größe".encode(),
        codecs.BOM_UTF8 + "größe".encode(),
        "größe".encode("utf-16"),
        codecs.BOM_UTF16_BE + "größe".encode("utf-16-be"),
        "größe".encode("utf-32"),
        "größe".encode("cp1252"),
    ],
)
def test_encodings(data: bytes) -> None:
    assert decode(data, "a") == "größe"


def test_lines_end_alike() -> None:
    assert decode(b"a\r\nb\rc\n", "a") == "a\nb\nc\n"


def test_html_declares_its_encoding() -> None:
    page = '<meta charset="koi8-r"><p>мир</p>'
    assert "мир" in decode(page.encode("koi8-r"), "a", html=True)
    assert "größe" in decode("<meta charset=nonsense>größe".encode(), "a", html=True)
    assert "größe" in decode(
        '<meta http-equiv=content-type content="text/html; charset=utf-8">größe'.encode(), "a", html=True
    )


@pytest.mark.parametrize(("data", "reason"), [(b"PK\0\0", "is no text"), (b" \n", "is empty"), (b"", "is empty")])
def test_what_is_no_text(data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=f"The document 'Notes' {reason}"):
        decode(data, "Notes")
