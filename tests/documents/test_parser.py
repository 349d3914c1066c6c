"""Documents of every format become text; those that are broken, locked or hostile fail alone, and say why."""

import asyncio
import contextlib
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from craton.dialects.media import DOCUMENTS
from craton.documents.formats import CONVERSE
from craton.documents.parser import Limits, Parser
from craton.documents.plain import DocumentError
from craton.documents.recognition import data_folder
from tests.documents import makers

ROWS = [["Item", "Price"], ["Tea & milk", "3"]]
TABLE = "| Item | Price |\n| --- | --- |\n| Tea & milk | 3 |\n"


@pytest.fixture
def parser() -> Parser:
    return Parser()


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_every_format_of_converse_is_read() -> None:
    assert set(DOCUMENTS) == CONVERSE


# Words of two lines that stand below each other, as those of a table do.
PAGES = [
    "The lighthouse of Skarholm was built in 1874 by Anna Lindqvist.\nIt is 41 metres high and painted white.",
    "The island is reached by ferry from Torsvik.\nThe crossing takes 50 minutes.",
]


@pytest.mark.parametrize(
    ("format", "data", "text"),
    [
        ("txt", b"Plain.\r\nText.", "Plain.\nText."),
        ("md", b"# Title", "# Title"),
        ("csv", b"a,b\n1,2", "a,b\n1,2"),
        ("docx", makers.docx(["First.", "Second."], ROWS), f"First.\n\nSecond.\n\n{TABLE}"),
        ("xlsx", makers.xlsx(ROWS), f"## Prices\n\n{TABLE}"),
        ("xls", makers.xls(ROWS), f"## Prices\n\n{TABLE}"),
        ("pdf", makers.pdf(["One.\nIts second line.", "Two."]), "One.\nIts second line.\fTwo."),
        ("pdf", makers.pdf(PAGES), "\f".join(PAGES)),
        ("pptx", makers.pptx([["Über R&D", "1 < *2*"], ["End"]]), "## Über R&D\n\n1 < *2*\n\n## End\n"),
        ("html", b"<title>A&amp;B</title><h1>Hi</h1><p>x_y <b>z</b><script>1</script>", "A&B\n\n# Hi\n\nx_y **z**\n"),
    ],
)
async def test_formats(parser: Parser, format: str, data: bytes, text: str) -> None:
    assert await parser.parse(data, format, "Report") == text


async def test_old_word_files(parser: Parser) -> None:
    text = await parser.parse(makers.doc("Dear R&D,\rthe größe counts.\r"), "doc", "Letter")
    assert text.split() == ["Dear", "R&D,", "the", "größe", "counts."]
    assert "\n" in text


@pytest.mark.parametrize("text", ["R&D <b> \"q\" 'a'", "a*b_c #1 [x](y) ~z~ 1. - + !", r"C:\temp\*", "ä€😀"])
async def test_no_character_of_an_office_file_is_lost(parser: Parser, text: str) -> None:
    assert (await parser.parse(makers.docx([text]), "docx", "Report")).strip() == text
    assert f"| {text} |" in await parser.parse(makers.xlsx([[text]]), "xlsx", "Report")


async def test_references_and_character_data(parser: Parser) -> None:
    file = makers.word(makers.paragraph("&#228;&#xe4; &#38; <![CDATA[a < b & c]]>"))
    assert (await parser.parse(file, "docx", "Report")).strip() == "ää & a < b & c"


@pytest.mark.parametrize(
    ("format", "data", "reason"),
    [
        ("pdf", b"%PDF-1.4 and nothing else", "the file is damaged"),
        ("pdf", makers.pdf(["x"])[:200], "the file is damaged"),
        ("pdf", makers.locked_pdf(), "it is protected by a password"),
        ("docx", b"PK\3\4 and nothing else", "the file is damaged"),
        ("docx", makers.docx(["text"])[:-40], "the file is damaged"),
        ("docx", makers.docx(["xxxxxxxx"]).replace(b"word", b"w\0rd"), "the file is damaged"),
        ("docx", makers.compound({"EncryptedPackage": b"x"}), "it is protected by a password, or has the older format"),
        ("xlsx", makers.docx(["text"]), "the file is damaged, or has another format"),
        ("xls", b"nothing", "the file is damaged"),
        ("doc", makers.xls(ROWS), "the file is damaged, or has another format"),
    ],
)
async def test_what_cannot_be_read_is_told(parser: Parser, format: str, data: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=f"The document 'Report' cannot be read as {format}: {reason}"):
        await parser.parse(data, format, "Report")


async def test_a_document_without_text_is_told(parser: Parser) -> None:
    with pytest.raises(DocumentError, match="The document 'Scan' holds no text"):
        await parser.parse(makers.pdf([""]), "pdf", "Scan")
    with pytest.raises(DocumentError, match="has the format 'exe'; the formats that are read are bmp, csv"):
        await parser.parse(b"MZ", "exe", "Scan")


class TestMail:
    async def test_headers_body_and_the_names_of_attachments(self, parser: Parser) -> None:
        message = makers.eml(
            "Hallo Ömer,\nGrüße",
            "<p>Hallo</p>",
            ["angebot für Sie.pdf"],
            Subject="Größe & Maß",
            From="Äx <a@example.org>",
            To="b@example.org",
            Date="Mon, 05 Jan 2026 10:00:00 +0100",
            Received="from elsewhere",
        )
        assert await parser.parse(message, "eml", "Mail") == (
            "Subject: Größe & Maß\nFrom: Äx <a@example.org>\nTo: b@example.org\n"
            "Date: Mon, 05 Jan 2026 10:00:00 +0100\n\nHallo Ömer,\nGrüße\n\n"
            "Attachment: angebot für Sie.pdf (application/zip)"
        )

    async def test_a_body_of_html(self, parser: Parser) -> None:
        message = makers.eml(html="<title>T</title><p>Hello <b>world</b></p><script>x</script>", Subject="Hi")
        assert await parser.parse(message, "eml", "Mail") == "Subject: Hi\n\nT\n\nHello **world**"

    async def test_a_message_that_is_attached(self, parser: Parser) -> None:
        head = b"Subject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        inner = b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner\r\n\r\ntext\r\n--b--\r\n"
        text = await parser.parse(head + b"--b\r\n\r\nSee below.\r\n" + inner, "eml", "Mail")
        assert text == "Subject: Fwd\n\nSee below.\n\nAttachment: Inner (message/rfc822)"


needs_data = pytest.mark.skipif(data_folder(None) is None, reason="Tesseract's data for German and English is missing")


class TestPictures:
    LINES = ("Schöne Äpfel und Überhöhung: 12,50 EUR", "The quick brown fox jumps.")

    @needs_data
    @pytest.mark.parametrize("format", ["png", "jpeg", "gif", "webp", "bmp", "tiff"])
    async def test_text_in_pictures(self, parser: Parser, format: str) -> None:
        text = await parser.parse(makers.picture(self.LINES, format.upper()), format, "Scan")
        assert text.split("\n\n") == list(self.LINES)

    @needs_data
    async def test_pages_of_a_picture(self, parser: Parser) -> None:
        assert await parser.parse(makers.picture(["Höhe"], "TIFF", 2), "tiff", "Scan") == "Höhe\fHöhe"

    @needs_data
    async def test_what_is_behind_a_picture_is_white(self, parser: Parser) -> None:
        assert await parser.parse(makers.picture(["Höhe"], mode="RGBA"), "png", "Scan") == "Höhe"

    @needs_data
    async def test_scanned_pages_keep_their_numbers(self, parser: Parser) -> None:
        assert await parser.parse(makers.picture(self.LINES, "PDF", 2), "pdf", "Scan") == "\f".join(
            ["\n\n".join(self.LINES)] * 2
        )
        assert await parser.parse(makers.pdf(["", "Two", "", "Four"]), "pdf", "Blank") == "\fTwo\f\fFour"

    @needs_data
    async def test_recognition_has_limits_of_its_own(self) -> None:
        brief = Parser(recognising=Limits(seconds=0.01))
        with pytest.raises(DocumentError, match=r"was not read within 0\.01 seconds"):
            await brief.parse(makers.picture(["x"]), "png", "Scan")
        assert await brief.parse(makers.docx(["text"]), "docx", "Text") == "text\n"

    async def test_without_its_data_pictures_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("craton.documents.parser.data_folder", lambda own: None)
        for kind, data in (("png", makers.picture(["x"])), ("pdf", makers.picture(["x"], "PDF"))):
            with pytest.raises(DocumentError, match=r"no text but in pictures.*apt-get install tesseract-ocr-deu"):
                await Parser().parse(data, kind, "Scan")
        assert await Parser().parse(makers.pdf(["", "Two"]), "pdf", "Half") == "\fTwo"


class TestHostileFiles:
    async def test_a_file_that_unpacks_to_too_much(self, parser: Parser) -> None:
        bomb = makers.package({"word/document.xml": b"a" * (300 << 20)}, "word/document.xml")
        assert len(bomb) < 1 << 20
        with pytest.raises(DocumentError, match="it unpacks to more than 256 MiB"):
            await parser.parse(bomb, "docx", "Bomb")

    async def test_a_file_that_lies_about_its_size(self, parser: Parser) -> None:
        honest = makers.package({"word/document.xml": b"<a>" + b"a" * (8 << 20)}, "word/document.xml")
        file = BytesIO(honest)
        with zipfile.ZipFile(file) as archive:
            info = archive.getinfo("word/document.xml")
        size = info.file_size.to_bytes(4, "little")
        assert honest.count(size) == 2
        with pytest.raises(DocumentError):
            await parser.parse(honest.replace(size, (9).to_bytes(4, "little")), "docx", "Bomb")

    async def test_entities_are_not_expanded(self, parser: Parser) -> None:
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
        system = '<!ENTITY file SYSTEM "file:///etc/passwd">'
        file = makers.word(makers.paragraph("text &e9; &file;"), f"<!DOCTYPE x [{entities}{system}]>")
        text = await parser.parse(file, "docx", "Bomb")
        assert text.startswith("text")
        assert "lol" not in text
        assert "root:" not in text

    async def test_memory_is_limited(self) -> None:
        with pytest.raises(DocumentError, match=r"memory|damaged"):
            await Parser(Limits(memory=600 << 20)).parse(
                makers.word(makers.paragraph("a" * 100) * 800_000), "docx", "Big"
            )

    async def test_processor_time_is_limited(self) -> None:
        slow = makers.word("<![CDATA[" * 400_000)
        with pytest.raises(DocumentError, match="takes more than 1 s of processor time"):
            await Parser(Limits(processor_seconds=1)).parse(slow, "docx", "Slow")

    @pytest.mark.parametrize("tag", ["<title>", "<title ", "<meta ", "<meta>", "</title"])
    async def test_a_page_of_beginnings_is_read_once(self, tag: str) -> None:
        parser = Parser(Limits(processor_seconds=5))
        with contextlib.suppress(DocumentError):
            assert await parser.parse(tag.encode() * 300_000 + b"<p>end</p>", "html", "Page")
        text = await parser.parse(b"<title>1 < 2</title><p>So it is.</p>", "html", "Page")
        assert text.split() == ["1", "<", "2", "So", "it", "is."]

    async def test_waiting_is_limited_and_nothing_stays_behind(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        with pytest.raises(DocumentError, match=r"was not read within 0.05 seconds"):
            await Parser(Limits(seconds=0.05)).parse(makers.word("<![CDATA[" * 400_000), "docx", "Slow")
        assert leftovers(tmp_path) == []

    async def test_text_is_limited(self) -> None:
        with pytest.raises(DocumentError, match="holds more than 1 MiB of text"):
            await Parser(Limits(text=1 << 20)).parse(makers.docx(["a" * 2_000_000]), "docx", "Long")

    async def test_a_caller_who_leaves_takes_the_process_along(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        parser = Parser(concurrency=1)
        task = asyncio.create_task(parser.parse(makers.word("<![CDATA[" * 400_000), "docx", "Slow"))
        for _ in range(1000):
            if leftovers(tmp_path):
                break
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert leftovers(tmp_path) == []
        assert await parser.parse(makers.pdf(["next"]), "pdf", "Next") == "next"

    async def test_others_are_read_meanwhile(self, parser: Parser) -> None:
        bad = [makers.locked_pdf(), b"garbage", makers.pdf(["x"])[:200]]
        good = makers.pdf(["good"])
        results = await asyncio.gather(
            *(parser.parse(data, "pdf", "Mixed") for data in (*bad, good, *bad, good)), return_exceptions=True
        )
        assert [result for result in results if result == "good"] == ["good", "good"]
        assert sum(isinstance(result, DocumentError) for result in results) == 6
