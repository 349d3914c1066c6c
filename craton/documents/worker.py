"""The process that parses one document: limits itself, reads the file from stdin, answers on stdout, and ends.

    python worker.py FORMAT MEMORY_BYTES PROCESSOR_SECONDS

The answer is `text` or `error` on a line of its own, then the text or a sentence. Imports nothing of this package, for
it runs apart from it. Knows no caller.
"""

import ctypes
import io
import os
import re
import resource
import signal
import sys
import zipfile
import zlib
from collections.abc import Callable

from kreuzberg import ConcurrencyConfig, ContentFilterConfig, ExtractionConfig, KreuzbergError, PageConfig
from kreuzberg import extract_bytes_sync as extract

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_FILE_BYTES = 64 << 20
_OPEN_FILES = 64

_OPENXML = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": f"{_OPENXML}.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_OPENXML}.spreadsheetml.sheet",
    "html": "text/html",
}
_IN_LINES = {"pdf", "doc"}  # whose lines would run together as Markdown
_UNPACKED = 256 << 20

# Characters that others stand in for while the parser runs, which loses or escapes them: it drops references such as
# `&amp;` from Word files, and writes `R\&D` where a cell says `R&D`.
_MASKED = "&<>\"'\\`*_{}[]()#+-.!~"
_MASK = {ord(letter): chr(0xF0000 + ord(letter)) for letter in _MASKED}
_UNMASK = {ord(mask): chr(letter) for letter, mask in _MASK.items()}
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE = re.compile("&(?:#(?P<decimal>[0-9]{1,7})|#x(?P<hex>[0-9a-fA-F]{1,6})|(?P<name>amp|lt|gt|quot|apos));")
_TEXT = re.compile(r"(<(?:\w{1,20}:)?t(?: [^<>]*)?>)([^<]+)(?=</)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TEXT_PARTS = re.compile(r"word/[a-z]+[0-9]*\.xml|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml")

# None looks beyond the next tag, or a file of beginnings would be read anew from each.
_TITLE = re.compile(r"<title\b[^<>]*>((?:[^<]++|<(?!/?title\b))*+)</title\s*>", re.IGNORECASE)
_META = re.compile(r"<meta\b[^<>]*>", re.IGNORECASE)


class Unreadable(Exception):
    """What the caller is told, as a sentence."""


def confine(memory: int, seconds: int) -> None:
    """Give up what a parser does not need. Where the system does not allow a network of one's own, that one stays."""
    for limit, value in (
        *([(resource.RLIMIT_AS, memory)] if sys.platform == "linux" else []),  # others refuse to limit it
        (resource.RLIMIT_CPU, seconds + 1),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # Beyond the soft limit of processor time the system says so, at the hard one it kills.
        resource.setrlimit(limit, (max(least - 1, 1) if limit == resource.RLIMIT_CPU else least, least))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
            libc.unshare(_CLONE_NEWNET)


def text_of(data: bytes, format: str) -> str:
    """The document's text. Raises Unreadable."""
    markdown = format not in _IN_LINES
    config = ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        output_format="markdown" if markdown else "plain",
        pages=PageConfig(insert_page_markers=True, marker_format="\f") if format == "pdf" else None,
        concurrency=ConcurrencyConfig(max_threads=1),
        content_filter=ContentFilterConfig(
            include_headers=True, include_footers=True, strip_repeating_text=False, include_watermarks=True
        ),
    )
    ready = _PREPARED.get(format, bytes)(data)
    try:
        text = extract(ready, _MEDIA_TYPES[format], config).content
    except KreuzbergError as error:
        raise Unreadable(_reason(str(error))) from None
    return text.translate(_UNMASK).replace("\r\n", "\n").replace("\r", "\n")


def _reason(error: str) -> str:
    """A sentence for what the parser says, whose own words are for programmers."""
    if "password" in error.lower() or "encrypt" in error.lower():
        return "it is protected by a password. Send it without."
    if "limit" in error.lower() or "bomb" in error.lower() or "too large" in error.lower():
        return "it unpacks to more than a document may hold."
    return "the file is damaged, or has another format than it is said to have."


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
        raise Unreadable("the file is damaged, or has another format than it is said to have.") from None
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


_PREPARED: dict[str, Callable[[bytes], bytes]] = {"docx": _of_zip, "xlsx": _of_zip, "html": _of_html}


def main() -> None:
    kind, memory, seconds = sys.argv[1:]
    confine(int(memory), int(seconds))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    data = sys.stdin.buffer.read()
    try:
        answer = b"text\n" + text_of(data, kind).encode("utf-8", "replace")
    except Unreadable as error:
        answer = b"error\n" + str(error).encode()
    except MemoryError:
        answer = b"error\nit takes more memory to parse than a document may."
    answers.write(answer)
    answers.close()


if __name__ == "__main__":
    main()
