"""Documents that were made to break, outlast or fool whoever reads them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

from PIL import Image

from tests.documents import makers

DAMAGED = "the file is damaged, or has another format than it is said to have"
LOCKED = "it is protected by a password"
BEYOND = "broke its parser, or takes more than|takes more than .* processor time|more memory to parse"
NO_TEXT = "holds no text"

Make = Callable[[], bytes]


def office(main: str, parts: dict[str, str | bytes]) -> bytes:
    return makers.package(parts, main)


def lying(data: bytes, part: str, size: int) -> bytes:
    """A zip archive whose directory and header tell another size of a part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true = archive.getinfo(part).file_size.to_bytes(4, "little")
    assert data.count(true) >= 2
    return data.replace(true, size.to_bytes(4, "little"))


def nested_zip() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20 << 20))
    return office(
        "word/document.xml",
        {"word/document.xml": "<a/>"} | {f"word/embeddings/{n}.zip": inner.getvalue() for n in range(20)},
    )


def overlapping_zip() -> bytes:
    """One compressed part that many entries of the directory lead to, as in Fifield's bomb."""
    honest = office("word/document.xml", {"word/document.xml": b"a" * (30 << 20)})
    end = honest.rindex(b"PK\5\6")
    start = int.from_bytes(honest[end + 16 : end + 20], "little")
    entry = honest[honest.rindex(b"PK\1\2", 0, end) : end]
    count = 40
    directory = honest[start:end] + entry * count
    total = int.from_bytes(honest[end + 10 : end + 12], "little") + count
    tail = honest[end : end + 8] + struct.pack("<HHII", total, total, len(directory), start) + b"\0\0"
    return honest[:start] + directory + tail


def laughs(before: str = "") -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    return f"<!DOCTYPE x [{entities}{before}]>"


def external() -> str:
    return '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY net SYSTEM "http://127.0.0.1:1/">]>'


def deep(tag: str, count: int) -> str:
    return f"<{tag}>" * count + "text" + f"</{tag}>" * count


def pdf(*objects: str, trailer: str = "", startxref: str | None = None, root: str = "1 0 R") -> bytes:
    """A PDF of these objects, with a table that is right unless `startxref` says otherwise."""
    file, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root {root}{trailer}>>\n"
    return file + (end + f"startxref\n{startxref or len(file)}\n%%EOF").encode("latin-1")


CATALOG = "<</Type/Catalog/Pages 2 0 R>>"


def pdf_bomb() -> bytes:
    """A page whose contents unpack, twice, to gigabytes."""
    once = zlib.compress(bytes(100 << 20), 9)
    twice = zlib.compress(once, 9).decode("latin-1")
    return pdf(
        CATALOG,
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        f"<</Length {len(twice)}/Filter[/FlateDecode/FlateDecode]>>stream\n{twice}\nendstream",
    )


def compound_circle() -> bytes:
    """A workbook whose stream goes on where it began, for ever."""
    data = bytearray(makers.xls([["a"]]))
    (table,) = struct.unpack_from("<I", data, 76)  # the first sector of the table of chains
    struct.pack_into("<II", data, 512 * (table + 1), 1, 0)
    return bytes(data)


def png_of(width: int, height: int) -> bytes:
    """A picture of these dimensions, as its header says, of zeros that pack well."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(min(width // 8 + 1, 1000) * min(height, 1000)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def tiff_circle() -> bytes:
    """A picture whose second page is its first."""
    data = bytearray(makers.picture(["x"], "TIFF"))
    (directory,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, directory)
    struct.pack_into("<I", data, directory + 2 + 12 * count, directory)
    return bytes(data)


def tiff_of_pages(count: int) -> bytes:
    file = io.BytesIO()
    page = Image.new("1", (8, 8), 1)
    page.save(file, "TIFF", save_all=True, append_images=[page] * (count - 1))
    return file.getvalue()


def parts_in_parts(depth: int) -> bytes:
    lines = ["Subject: deep", "MIME-Version: 1.0"]
    for number in range(depth):
        lines += [f"Content-Type: multipart/mixed; boundary=b{number}", "", f"--b{number}"]
    return "\r\n".join([*lines, "Content-Type: text/plain", "", "text"]).encode()


def message_in_message(depth: int) -> bytes:
    return b"Subject: inner\r\nContent-Type: message/rfc822\r\n\r\n" * depth + b"Subject: last\r\n\r\ntext"


def traversing_mail() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Names"
    message.set_content("See attached.")
    message.add_attachment(b"x", maintype="a", subtype="b", filename="../../../etc/cron.d/evil")
    return message.as_bytes()


def traversing_docx() -> bytes:
    return office(
        "word/document.xml",
        {
            "word/document.xml": f'<w:document xmlns:w="{makers.WORD}"><w:body>{makers.paragraph("text")}</w:body>'
            "</w:document>",
            "../../../../tmp/craton-evil": "evil",
            "/etc/craton-evil": "evil",
        },
    )


SLIDES = "ppt/presentation.xml"
SHEET = "xl/workbook.xml"
WORD = "word/document.xml"

# Of each: its format, how it is made, and what is read of it or told of it.
DOCUMENTS: dict[str, tuple[str, Make, str]] = {
    # Archives that unpack to too much, or lie.
    "docx that unpacks to 300 MiB": (
        "docx",
        lambda: office(WORD, {WORD: bytes(300 << 20)}),
        "unpacks to more than 256",
    ),
    "xlsx that says it unpacks to 1 GiB": (
        "xlsx",
        lambda: lying(makers.xlsx([["a"]]), SHEET, 1 << 30),
        "unpacks to more",
    ),
    "pptx that says it unpacks to 1 GiB": (
        "pptx",
        lambda: lying(makers.pptx([["a"]]), SLIDES, 1 << 30),
        "unpacks to more",
    ),
    "docx of archives": ("docx", nested_zip, NO_TEXT),
    "docx whose parts overlap": ("docx", overlapping_zip, "unpacks to more than 256"),
    "docx that says it is small": ("docx", lambda: lying(office(WORD, {WORD: b"<a>" * (9 << 20)}), WORD, 9), DAMAGED),
    "pptx that says it is small": (
        "pptx",
        lambda: lying(office(SLIDES, {SLIDES: b"<a>" * (9 << 20)}), SLIDES, 9),
        DAMAGED,
    ),
    "docx of 12,000 parts": (
        "docx",
        lambda: office(WORD, {f"word/{n}.xml": "" for n in range(12_000)}),
        f"unpacks to more|{DAMAGED}",
    ),
    "docx with paths outside": ("docx", traversing_docx, "^text\n$"),
    "docx that is no archive": ("docx", lambda: b"PK\3\4" + b"\xff" * 5000, DAMAGED),
    # XML.
    "docx of billion laughs": ("docx", lambda: makers.word(makers.paragraph("x&e11;"), laughs()), "^x[^l]*$"),
    "xlsx of billion laughs": (
        "xlsx",
        lambda: office(SHEET, {SHEET: laughs() + "<workbook>&e11;</workbook>"}),
        DAMAGED,
    ),
    "pptx of billion laughs": (
        "pptx",
        lambda: office(SLIDES, {SLIDES: laughs() + "<p>&e11;</p>"}),
        f"{DAMAGED}|{NO_TEXT}",
    ),
    "docx with external entities": (
        "docx",
        lambda: makers.word(makers.paragraph("x&file;&net;y"), external()),
        "^x.*y\n$",
    ),
    "docx of deep nesting": ("docx", lambda: makers.word(deep("w:p", 100_000)), f"{NO_TEXT}|{BEYOND}"),
    "docx of deep tables": (
        "docx",
        lambda: makers.word("<w:tbl><w:tr><w:tc>" * 5000 + "</w:tc></w:tr></w:tbl>" * 5000),
        rf"^\|  \||{NO_TEXT}|{BEYOND}",
    ),
    # PDF.
    "pdf with a broken table": ("pdf", lambda: makers.pdf(["text"]).replace(b"0000000", b"9999999"), "^text$"),
    "pdf whose table is itself": (
        "pdf",
        lambda: pdf(CATALOG, "<</Type/Pages/Count 0/Kids[]>>", trailer="/Prev 9", startxref="9"),
        f"{DAMAGED}|{NO_TEXT}",
    ),
    "pdf whose tables go round": (
        "pdf",
        lambda: pdf(CATALOG, "<</Type/Pages/Count 0/Kids[]>>", trailer="/Prev 107"),
        f"{DAMAGED}|{NO_TEXT}",
    ),
    "pdf whose pages hold themselves": (
        "pdf",
        lambda: pdf(CATALOG, "<</Type/Pages/Count 1/Kids[2 0 R 2 0 R]>>"),
        f"{DAMAGED}|{NO_TEXT}",
    ),
    "pdf whose contents are themselves": (
        "pdf",
        lambda: pdf(
            CATALOG,
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]/Contents[3 0 R 4 0 R]>>",
            "[4 0 R]",
        ),
        NO_TEXT,
    ),
    "pdf of a million pages": (
        "pdf",
        lambda: pdf(CATALOG, "<</Type/Pages/Count 1000000/Kids[]>>"),
        f"{DAMAGED}|{NO_TEXT}",
    ),
    "pdf that unpacks to gigabytes": ("pdf", pdf_bomb, f"{NO_TEXT}|{DAMAGED}|{BEYOND}"),
    "pdf of a huge page": (
        "pdf",
        lambda: pdf(
            CATALOG,
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9999999 9999999]>>",
        ),
        f"{NO_TEXT}|{DAMAGED}|{BEYOND}",
    ),
    "pdf of deep arrays": ("pdf", lambda: pdf(CATALOG, "[" * 200_000 + "]" * 200_000), f"{DAMAGED}|{BEYOND}"),
    "pdf that is locked": ("pdf", makers.locked_pdf, LOCKED),
    "pdf that is cut off": ("pdf", lambda: makers.pdf(["text"])[:250], f"{DAMAGED}|{NO_TEXT}"),
    "pdf of zeros": ("pdf", lambda: b"%PDF-1.7\n" + bytes(1 << 20), DAMAGED),
    # The older and the encrypted files of Office.
    "docx that is locked": ("docx", lambda: makers.compound({"EncryptedPackage": b"x"}), LOCKED),
    "pptx that is locked": ("pptx", lambda: makers.compound({"EncryptedPackage": b"x"}), LOCKED),
    "doc that is cut off": ("doc", lambda: makers.doc("text")[:1500], DAMAGED),
    "xls whose sectors go round": ("xls", compound_circle, f"^## Prices|{DAMAGED}|{BEYOND}"),
    "doc of noise": ("doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 64, DAMAGED),
    # Pictures.
    "png of 100,000 by 100,000": ("png", lambda: png_of(100_000, 100_000), "more than 64 million pixels"),
    "png that is cut off": ("png", lambda: makers.picture(["x"])[:100], DAMAGED),
    "jpeg that is a png": ("jpeg", lambda: makers.picture(["x"]), DAMAGED),
    "gif of noise": ("gif", lambda: b"GIF89a" + b"\xff" * 1000, f"{DAMAGED}|million pixels"),
    "bmp of negative height": (
        "bmp",
        lambda: b"BM" + bytes(12) + struct.pack("<IiiHHIIiiII", 40, 2**31 - 1, -(2**31), 1, 24, 0, 0, 0, 0, 0, 0),
        f"{DAMAGED}|million pixels",
    ),
    "tiff whose pages go round": ("tiff", tiff_circle, f"{NO_TEXT}|{DAMAGED}|pages|^text"),
    "tiff of 400 pages": ("tiff", lambda: tiff_of_pages(400), "more than 300 pages"),
    # Text.
    "txt of nothing": ("txt", lambda: b"", "is empty"),
    "txt of zeros": ("txt", lambda: b"text\0" * 1000, "holds bytes of zero"),
    "txt of one line": ("txt", lambda: b"a" * (10 << 20), "^a{50}"),
    "txt that is an archive": ("txt", lambda: makers.docx(["x"]), "holds bytes of zero"),
    "csv of a million columns": ("csv", lambda: b"a," * 1_000_000 + b"\n", "^a,a,a"),
    "html of deep nesting": ("html", lambda: deep("div", 200_000).encode(), f"^text|{NO_TEXT}|{BEYOND}"),
    "html of open tables": ("html", lambda: b"<table><tr><td>" * 20_000 + b"text", rf"^\||{NO_TEXT}|{BEYOND}"),
    "html of one huge attribute": ("html", lambda: b'<p title="' + b"a" * (8 << 20) + b'">text', "^text\n$"),
    # Mail.
    "eml of parts in parts": ("eml", lambda: parts_in_parts(1500), "nested too deeply"),
    "eml of messages in messages": ("eml", lambda: message_in_message(1500), "nested too deeply"),
    "eml with paths as names": ("eml", traversing_mail, "^Subject: Names\n\nSee attached[.]\n\nAttachment: ../"),
    "eml of a huge header": (
        "eml",
        lambda: b"Subject: " + b"=?utf-8?q?a?= " * 8000 + b"\r\n\r\ntext",
        f"^Subject: aa|{BEYOND}",
    ),
    "eml of noise": ("eml", lambda: bytes(range(256)) * 1000, "has no headers"),
}
