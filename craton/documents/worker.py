"""The work of the process that parses one document: reads the file and answers.

The answer is `text` or `error` on a line of its own, then the text or a sentence. Imports nothing of this package, for
it runs apart from it. Knows no caller.
"""

import email.parser
import email.policy
import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from itertools import zip_longest
from typing import BinaryIO

from kreuzberg import (
    ConcurrencyConfig,
    ContentFilterConfig,
    ExtractionConfig,
    KreuzbergError,
    OcrConfig,
    PageConfig,
    TesseractConfig,
)
from kreuzberg import extract_bytes_sync as extract
from PIL import Image, ImageOps

_OPENXML = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": f"{_OPENXML}.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OPENXML}.spreadsheetml.sheet",
    "pptx": f"{_OPENXML}.presentationml.presentation",
    "html": "text/html",
}
_PAGE = "\ue000\f\ue001"  # before each page; the parser would strip a form feed from empty first and last ones
_IN_LINES = {"pdf", "doc"}  # whose lines would run together as Markdown
_UNPACKED = 256 << 20
_PICTURES = {"png", "jpeg", "gif", "webp", "tiff", "bmp"}
_PIXELS = 64_000_000  # what an A3 page has at 600 dots per inch, and a little more
_PICTURE_PAGES = 300
_HEADERS = ("Subject", "From", "To", "Cc", "Date")
_DAMAGED = "the file is damaged, or has another format than it is said to have."

# Characters that others stand in for while the parser runs, which loses or escapes them: it drops references such as
# `&amp;` from Word files, and writes `R\&D` where a cell says `R&D`.
_MASKED = "&<>\"'\\`*_{}[]()#+-.!~"
_MASK = {ord(letter): chr(0xF0000 + ord(letter)) for letter in _MASKED}
_UNMASK = {ord(mask): chr(letter) for letter, mask in _MASK.items()}
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = re.compile("&(?:#(?P<decimal>[0-9]{1,7})|#x(?P<hex>[0-9a-fA-F]{1,6})|(?P<name>amp|lt|gt|quot|apos));")
_TEXT = re.compile(r"(<(?:\w{1,20}:)?t(?: [^<>]*)?>)([^<]+)(?=</)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TEXT_PARTS = re.compile(
    r"word/[a-z]+[0-9]*\.xml|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml|ppt/(?:slides|notesSlides)/[^/]+\.xml"
)

# None looks beyond the next tag, or a file of beginnings would be read anew from each.
_TITLE = re.compile(r"<title\b[^<>]*>((?:[^<]++|<(?!/?title\b))*+)</title\s*>", re.IGNORECASE)
_META = re.compile(r"<meta\b[^<>]*>", re.IGNORECASE)

_LANGUAGES = "deu+eng"
_RECOGNISING = OcrConfig(
    backend="tesseract",
    language=_LANGUAGES,
    # It takes lines of a few words for rows of a table.
    tesseract_config=TesseractConfig(language=_LANGUAGES, enable_table_detection=False, use_cache=False),
)


class Unreadable(Exception):
    """What the caller is told, as a sentence."""


def text_of(data: bytes, format: str, tessdata: str = "", pages: str = "") -> str:
    """The document's text; with `tessdata`, that of pictures, or of these pages of a PDF. Raises Unreadable."""
    if tessdata:
        os.environ["TESSDATA_PREFIX"] = tessdata
    if format == "eml":
        return _of_mail(data)
    if format in _PICTURES:
        return "\f".join(
            _extracted(picture, "image/png", "plain", recognise=True) for picture in _pictures(data, format)
        )
    markdown = format not in _IN_LINES
    ready = _PREPARED.get(format, bytes)(data)
    numbers = [int(number) for number in pages.split(",") if number]
    text = _extracted(ready, _MEDIA_TYPES[format], "markdown" if markdown else "plain", bool(tessdata), numbers)
    return text.translate(_UNMASK).replace("\r\n", "\n").replace("\r", "\n")


def _extracted(data: bytes, media_type: str, output: str, recognise: bool, pages: list[int] | None = None) -> str:
    paged = media_type == _MEDIA_TYPES["pdf"]
    config = ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        output_format=output,
        ocr=_RECOGNISING if recognise else None,
        force_ocr_pages=pages or None,
        pages=PageConfig(extract_pages=True, insert_page_markers=True, marker_format=_PAGE) if paged else None,
        concurrency=ConcurrencyConfig(max_threads=1),
        content_filter=ContentFilterConfig(
            include_headers=True, include_footers=True, strip_repeating_text=False, include_watermarks=True
        ),
    )
    try:
        result = extract(data, media_type, config)
    except KreuzbergError as error:
        raise Unreadable(_reason(str(error))) from None
    if not paged:
        return result.content
    # The text of a page alone lacks what was recognised in pictures. The whole repeats behind its last page all that
    # looked like tables.
    pages_alone = [page["content"] for page in result.pages or ()]
    whole = result.content.removeprefix(_PAGE).split(_PAGE)
    return "\f".join(alone or there for alone, there in zip_longest(pages_alone, whole, fillvalue=""))


def _reason(error: str) -> str:
    """A sentence for what the parser says, whose own words are for programmers."""
    if "password" in error.lower() or "encrypt" in error.lower():
        return "it is protected by a password. Send it without."
    if "limit" in error.lower() or "bomb" in error.lower() or "too large" in error.lower():
        return "it unpacks to more than a document may hold."
    return _DAMAGED


def _of_zip(data: bytes) -> bytes:
    """A file of Microsoft Office with its text masked, where parsing it would lose or escape characters."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # OLE: what encrypted Office files are wrapped in, and the older formats
        raise Unreadable("it is protected by a password, or has the older format doc or xls.")
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as masked:
            if sum(part.file_size for part in source.infolist()) > _UNPACKED:
                raise Unreadable(f"it unpacks to more than {_UNPACKED >> 20} MiB.")
            for part in source.infolist():
                content = source.read(part)
                masked.writestr(part.filename, _masked(content) if _TEXT_PARTS.fullmatch(part.filename) else content)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise Unreadable(_DAMAGED) from None
    return target.getvalue()


def _masked(part: bytes) -> bytes:
    try:
        text = part.decode("utf-8")
    except UnicodeDecodeError:
        return part
    text = _CDATA.sub(lambda found: found[1].translate(_MASK), text)
    text = _REFERENCE.sub(_letter, text)
    return _TEXT.sub(lambda found: found[1] + found[2].translate(_MASK), text).encode("utf-8", "replace")


def _letter(reference: re.Match[str]) -> str:
    if name := reference["name"]:
        return _NAMED[name].translate(_MASK)
    code = int(reference["decimal"] or "0") or int(reference["hex"] or "0", 16)
    return chr(code).translate(_MASK) if 0x20 <= code < 0x110000 else " "


def _of_html(data: bytes) -> bytes:
    """HTML whose title is a paragraph: the parser would write front matter of it."""
    text = _META.sub("", data.decode())
    return _TITLE.sub(lambda found: f"<p>{found[1]}</p>", text, count=1).encode()


def _pictures(data: bytes, format: str) -> Iterator[bytes]:
    """The pages of a picture, upright and on white, each as a PNG. Only TIFF has several; of moving ones, the first."""
    Image.MAX_IMAGE_PIXELS = None  # what is too large is told in words of ours
    try:
        with Image.open(io.BytesIO(data), formats=[format.upper()]) as picture:
            count = getattr(picture, "n_frames", 1) if format == "tiff" else 1
            if count > _PICTURE_PAGES:
                raise Unreadable(f"it has more than {_PICTURE_PAGES} pages.")
            for number in range(count):
                picture.seek(number)
                if picture.width * picture.height > _PIXELS:
                    raise Unreadable(f"its picture has more than {_PIXELS // 1_000_000} million pixels.")
                yield _drawn(picture)
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, struct.error, OverflowError):
        raise Unreadable(_DAMAGED) from None


def _drawn(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        colours = upright.convert("RGBA")
        upright = Image.new("RGBA", colours.size, "white")
        upright.alpha_composite(colours)
    target = io.BytesIO()
    upright.convert("RGB").save(target, "PNG", compress_level=1)
    return target.getvalue()


def _of_mail(data: bytes) -> str:
    """Its headers, its body, and the names of what is attached to it."""
    try:
        message = email.parser.BytesParser(policy=email.policy.default).parsebytes(data)
        assert isinstance(message, EmailMessage)
        headers = [f"{name}: {value}" for name in _HEADERS if (value := str(message.get(name, "")).strip())]
        attached = [f"Attachment: {_name(part)}" for part in message.iter_attachments()]
        body = _body(message)
    except RecursionError:
        raise Unreadable("its parts are nested too deeply.") from None
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError):
        raise Unreadable(_DAMAGED) from None
    if not headers:
        raise Unreadable("it has no headers, as a message has.")
    return "\n\n".join(part for part in ("\n".join(headers), body.strip(), "\n".join(attached)) if part)


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    return text_of(text.encode("utf-8", "replace"), "html") if part.get_content_subtype() == "html" else text


def _name(part: EmailMessage) -> str:
    inner = part.get_content() if part.get_content_type() == "message/rfc822" else None
    subject = str(inner.get("Subject", "")) if isinstance(inner, EmailMessage) else ""
    return f"{part.get_filename() or subject or 'without a name'} ({part.get_content_type()})"


_PREPARED: dict[str, Callable[[bytes], bytes]] = {"docx": _of_zip, "xlsx": _of_zip, "pptx": _of_zip, "html": _of_html}


def work(questions: BinaryIO, answers: BinaryIO, *arguments: str) -> None:
    """The arguments are those of `text_of` after the data."""
    try:
        answer = b"text\n" + text_of(questions.read(), *arguments).encode("utf-8", "replace")
    except Unreadable as error:
        answer = b"error\n" + str(error).encode()
    except MemoryError:
        answer = b"error\nit takes more memory to parse than a document may."
    answers.write(answer)
