"""Documents of every format become text; those that are broken, locked or hostile fail alone, and say why."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from craton.dialects.media import DOCUMENTS
from craton.documents import worker
from craton.documents.parser import FORMATS, DocumentError, Limits, Parser
from tests.documents import makers

ROWS = [["Item", "Price"], ["Tea & milk", "3"]]
TABLE = "| Item | Price |\n| --- | --- |\n| Tea & milk | 3 |\n"


@pytest.fixture
def parser() -> Parser:
    return Parser()


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_every_format_of_converse_is_read() -> None:
    assert set(DOCUMENTS) == FORMATS


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
    with pytest.raises(DocumentError, match="The document 'Scan' holds no text; text in pictures"):
        await parser.parse(makers.pdf([""]), "pdf", "Scan")
    with pytest.raises(DocumentError, match="has the format 'exe'; the formats that are read are csv, doc"):
        await parser.parse(b"MZ", "exe", "Scan")


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
        bad = [makers.locked_pdf(), b"garbage", makers.pdf([""])]
        good = makers.pdf(["good"])
        results = await asyncio.gather(
            *(parser.parse(data, "pdf", "Mixed") for data in (*bad, good, *bad, good)), return_exceptions=True
        )
        assert [result for result in results if result == "good"] == ["good", "good"]
        assert sum(isinstance(result, DocumentError) for result in results) == 6


class TestConfinement:
    """What the worker has given up before it reads a byte."""

    @staticmethod
    def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        start = f"import runpy; w = runpy.run_path({worker.__file__!r}); w['confine'](1 << 30, 5)\n"
        return subprocess.run(
            [sys.executable, "-c", start + code, *arguments], capture_output=True, text=True, timeout=60, check=False
        )

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process give up the network")
    def test_the_network(self) -> None:
        if os.system("unshare --user --net true 2>/dev/null") != 0:
            pytest.skip("this system does not allow a process a network of its own")
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = str(server.getsockname()[1])
            done = self.run("import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)", port)
        assert "unreachable" in done.stderr

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory")
    def test_memory(self) -> None:
        assert "MemoryError" in self.run("bytearray(2 << 30)").stderr

    def test_files(self, tmp_path: Path) -> None:
        done = self.run(
            "import sys\nwith open(sys.argv[1], 'wb') as f: f.write(bytes(65 << 20))", str(tmp_path / "big")
        )
        assert done.returncode != 0
        assert (tmp_path / "big").stat().st_size <= 64 << 20
