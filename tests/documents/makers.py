"""Makes small documents of every format, and hostile ones."""

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from html import escape

from PIL import Image, ImageDraw, ImageFont

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CELLS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_KINDS = {
    "word": "wordprocessingml.document",
    "xl": "spreadsheetml.sheet",
    "ppt": "presentationml.presentation",
}
_SECTOR = 512


def package(parts: dict[str, str | bytes], main: str) -> bytes:
    """An Office Open XML file with these parts."""
    kind = _KINDS[main.partition("/")[0]]
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{main}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", _relation("officeDocument", main))
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def word(body: str, before: str = "") -> bytes:
    """A Word file with this XML in its body."""
    return package(
        {"word/document.xml": f'{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'},
        "word/document.xml",
    )


def paragraph(xml: str) -> str:
    return f"<w:p><w:r><w:t>{xml}</w:t></w:r></w:p>"


def docx(paragraphs: Iterable[str], table: Sequence[Sequence[str]] = ()) -> bytes:
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(escape(cell))}</w:tc>" for cell in row) + "</w:tr>" for row in table
    )
    body = "".join(paragraph(escape(text)) for text in paragraphs)
    return word(body + (f"<w:tbl>{rows}</w:tbl>" if table else ""))


def xlsx(rows: Sequence[Sequence[str]], sheet: str = "Prices") -> bytes:
    cells = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for column, cell in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    return package(
        {
            "xl/workbook.xml": f'<workbook xmlns="{_CELLS}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_CELLS}"><sheetData>{cells}</sheetData></worksheet>',
        },
        "xl/workbook.xml",
    )


def pptx(slides: Sequence[Sequence[str]]) -> bytes:
    """A presentation: of each slide the title, then what stands below."""
    parts: dict[str, str | bytes] = {}
    for number, (title, *below) in enumerate(slides, 1):
        shapes = "".join(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{n}" name="{n}"/><p:cNvSpPr/><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:spPr/>'
            f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
            for n, (text, place) in enumerate(
                [(title, '<p:ph type="title"/>'), *((text, '<p:ph idx="1"/>') for text in below)], 2
            )
        )
        parts[f"ppt/slides/slide{number}.xml"] = (
            f'<p:sld xmlns:p="{_SLIDES}" xmlns:a="{_DRAWING}"><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>'
        )
    numbers = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in numbers)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/slide" Target="slides/slide{n}.xml"/>' for n in numbers
    )
    return package(
        {
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{_SLIDES}" xmlns:r="{_OFFICE}"><p:sldIdLst>{listed}'
            "</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            "</Relationships>",
            **parts,
        },
        "ppt/presentation.xml",
    )


def eml(body: str = "", html: str = "", attached: Sequence[str] = (), **headers: str) -> bytes:
    """A message with a body as text, as HTML or as both, and attachments of these names."""
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    if body:
        message.set_content(body)
    if html and body:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    for name in attached:
        message.add_attachment(b"PK", maintype="application", subtype="zip", filename=name)
    return message.as_bytes()


def picture(lines: Sequence[str], format: str = "PNG", pages: int = 1, mode: str = "RGB") -> bytes:
    """A picture of text, black on white, or on nothing where the mode has an alpha channel; all its pages are alike.

    The font has no umlauts, so their dots are drawn.
    """
    font = ImageFont.load_default(32)
    image = Image.new(mode, (900, 60 + 60 * len(lines)), (255, 255, 255, 0)[: len(mode)] if len(mode) > 1 else 255)
    draw = ImageDraw.Draw(image)
    black = (0, 0, 0, 255)[: len(mode)] if len(mode) > 1 else 0
    for number, line in enumerate(lines):
        top, plain = 40 + 60 * number, line.translate(str.maketrans("äöüÄÖÜ", "aouAOU"))
        draw.text((40, top), plain, fill=black, font=font)
        for column, letter in enumerate(line):
            if letter in "äöüÄÖÜ":
                middle = 40 + font.getlength(plain[:column]) + font.getlength(plain[column]) / 2
                height = top + (8 if letter.islower() else 0)
                draw.ellipse((middle - 6, height, middle - 2, height + 4), black)
                draw.ellipse((middle + 2, height, middle + 6, height + 4), black)
    file = io.BytesIO()
    more = {"save_all": True, "append_images": [image.copy()] * (pages - 1)} if pages > 1 else {}
    image.save(file, format, **more, **({"resolution": 150} if format == "PDF" else {}))
    return file.getvalue()


def pdf(pages: Sequence[str], trailer: str = "") -> bytes:
    """A PDF of these pages, whose lines stand below each other."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, page in enumerate(pages):
        lines = " ".join(f"({line}) Tj 0 -16 Td" for line in page.split("\n"))
        stream = f"BT /F1 12 Tf 72 720 Td {lines} ET"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {5 + 2 * number} 0 R>>"
        )
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    file, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{len(file)}\n%%EOF"
    )
    return file + end.encode("latin-1")


def locked_pdf() -> bytes:
    """A PDF whose password nobody knows."""
    key = "00" * 32
    return pdf(["Secret"], f"/Encrypt<</Filter/Standard/V 1/R 2/O<{key}>/U<{key}>/P -44>>/ID[<00><00>]")


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file, as [MS-CFB] describes; its streams are padded to where small ones are kept apart."""
    sectors: list[bytes] = []
    chains: list[int] = []  # the sector that follows each one

    def place(data: bytes) -> int:
        first, count = len(sectors), -(-len(data) // _SECTOR)
        sectors.extend(data[n * _SECTOR : (n + 1) * _SECTOR].ljust(_SECTOR, b"\0") for n in range(count))
        chains.extend([*range(first + 1, first + count), 0xFFFFFFFE])
        return first

    def entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, right, child)
        return head + bytes(36) + struct.pack("<IQ", start, size)

    none = 0xFFFFFFFF
    folder = entry("Root Entry", 5, 1, none, 0xFFFFFFFE, 0)
    for number, (name, data) in enumerate(streams.items(), 1):
        padded = data.ljust(4096, b"\0")
        right = number + 1 if number < len(streams) else none
        folder += entry(name, 2, none, right, place(padded), len(padded))
    directory = place(folder.ljust(_SECTOR, b"\0"))
    table = len(sectors)
    chains.append(0xFFFFFFFD)
    sectors.append(b"".join(struct.pack("<I", next_) for next_ in chains).ljust(_SECTOR, b"\xff"))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return header + struct.pack("<I", table).ljust(436, b"\xff") + b"".join(sectors)


def doc(text: str) -> bytes:
    """A Word 97 file: a header that leads to a table of one piece, which is the text ([MS-DOC] 2.4)."""
    start = 0x800
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, (start * 2) | 0x40000000, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    head = bytearray(start)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", head, 0x0A, 0x0200)
    struct.pack_into("<H", head, 0x20, 0x0E)
    struct.pack_into("<H", head, 0x3E, 0x16)
    struct.pack_into("<I", head, 0x4C, len(text))
    struct.pack_into("<H", head, 0x98, 0x5D)
    struct.pack_into("<II", head, 0x1A2, 0, len(table))
    return compound({"1Table": table, "WordDocument": bytes(head) + text.encode("cp1252")})


def xls(rows: Sequence[Sequence[str]]) -> bytes:
    """An Excel 97 file ([MS-XLS] 2.1): a workbook of one sheet with labels."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))

    labels = b"".join(
        record(0x0204, struct.pack("<HHHHB", row, column, 0, len(cell), 0) + cell.encode("latin-1"))
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
    )
    name = b"Prices"
    bound = 8 + len(name)
    offset = len(begin(5)) + 4 + bound + 4
    sheet = record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name)
    return compound({"Workbook": begin(5) + sheet + record(0x000A, b"") + begin(0x10) + labels + record(0x000A, b"")})
