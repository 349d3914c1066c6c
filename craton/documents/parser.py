"""Parses documents, each in a process of its own that can only compute: little memory, little time, no network.

What a hostile file breaks is that process, and the caller is told in a sentence. Plain text needs no process. Text in
pictures, and on pages of a PDF that have no other, is recognised in a second one, which may take longer. Knows no
request, model or store.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from craton.confined.process import Confinement, confined
from craton.documents.formats import FORMATS, PICTURES
from craton.documents.plain import PLAIN, DocumentError, decode
from craton.documents.recognition import MISSING, data_folder

PAGE_BREAK = "\f"

_WORKER = Path(__file__).with_name("worker.py")
_FILE_BYTES = 64 << 20
_PICTURE = b"/Image"  # every PDF that holds pictures says so, in the clear
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: bytes of memory, seconds of processor and of waiting, bytes of text."""

    memory: int = 2 << 30
    processor_seconds: int = 20
    seconds: float = 60.0
    text: int = 32 << 20


RECOGNISING = Limits(processor_seconds=600, seconds=1200.0)
"""A page takes about 2 seconds."""


class Parser:
    """Parses as many documents at a time as are allowed, and recognises half as many; others wait their turn.

    `data` is the folder where Tesseract's data is looked for first.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        concurrency: int | None = None,
        *,
        recognising: Limits = RECOGNISING,
        data: Path | None = None,
    ) -> None:
        most = concurrency or min(4, os.cpu_count() or 1)
        self._limits, self._recognising, self._data = limits or Limits(), recognising, data
        self._turns = asyncio.Semaphore(most)
        self._recognitions = asyncio.Semaphore(max(1, most // 2))

    async def parse(self, data: bytes, format: str, name: str) -> str:
        """The text of a document: Markdown where there are headings and tables, pages of a PDF parted by `\\f`.

        `format` is one of FORMATS. Raises DocumentError, which calls the document by `name`.
        """
        if format not in FORMATS:
            raise DocumentError(
                f"The document {name!r} has the format {format!r}; the formats that are read are "
                f"{', '.join(sorted(FORMATS))}."
            )
        if format in PLAIN:
            return await asyncio.to_thread(decode, data, name)
        if format in PICTURES:
            text = await self._recognised(data, format, name)
        else:
            if format == "html":
                data = (await asyncio.to_thread(decode, data, name, html=True)).encode()
            text = await self._text(data, format, name)
            if format == "pdf":
                text = await self._with_scanned_pages(data, text, name)
        if not text.strip():
            raise DocumentError(f"The document {name!r} holds no text.")
        return text

    async def _text(self, data: bytes, format: str, name: str) -> str:
        async with self._turns:
            return await _Reading(name, format, self._limits).text(data)

    async def _with_scanned_pages(self, data: bytes, text: str, name: str) -> str:
        """The text of a PDF together with that of its pages that seem to be pictures."""
        pages = text.split(PAGE_BREAK)
        empty = [number for number, page in enumerate(pages, 1) if not page.strip()]
        some = len(empty) < len(pages)
        if not empty or (some and (_PICTURE not in data or data_folder(self._data) is None)):
            return text
        return await self._recognised(data, "pdf", name, empty)

    async def _recognised(self, data: bytes, format: str, name: str, pages: Sequence[int] = ()) -> str:
        folder = data_folder(self._data)
        if folder is None:
            raise DocumentError(f"The document {name!r} holds no text but in pictures. {MISSING}")
        numbers = ",".join(map(str, pages))
        async with self._recognitions:
            return await _Reading(name, format, self._recognising).text(data, str(folder.resolve()), numbers)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One document in one process. What goes wrong is told as a DocumentError."""

    name: str
    format: str
    limits: Limits

    async def text(self, data: bytes, *arguments: str) -> str:
        answer = await self._ask(data, *arguments)
        verdict, _, body = answer.partition(b"\n")
        if verdict != b"text":
            raise DocumentError(f"The document {self.name!r} cannot be read as {self.format}: {body.decode()}")
        return body.decode()

    async def _ask(self, data: bytes, *arguments: str) -> bytes:
        limits = self.limits
        confinement = Confinement(limits.memory, limits.processor_seconds, _FILE_BYTES)
        async with confined(_WORKER, self.format, *arguments, confinement=confinement) as worker:
            try:
                async with asyncio.timeout(limits.seconds):
                    answer = await self._exchange(worker, data)
                    status = await worker.wait()
            except TimeoutError:
                raise DocumentError(
                    f"The document {self.name!r} was not read within {limits.seconds:g} seconds; send less of it."
                ) from None
        if status:
            raise DocumentError(f"The document {self.name!r} cannot be read: {self._reason(status)}")
        return answer

    async def _exchange(self, worker: asyncio.subprocess.Process, data: bytes) -> bytes:
        assert worker.stdin
        assert worker.stdout
        sending = asyncio.create_task(_send(worker.stdin, data))
        try:
            answer = bytearray()
            while block := await worker.stdout.read(_BLOCK):
                answer += block
                if len(answer) > self.limits.text:
                    raise DocumentError(
                        f"The document {self.name!r} holds more than {self.limits.text >> 20} MiB of text; send less "
                        "of it."
                    )
            return bytes(answer)
        finally:
            sending.cancel()
            await asyncio.wait([sending])

    def _reason(self, status: int) -> str:
        if status == -signal.SIGXCPU:
            return f"parsing it takes more than {self.limits.processor_seconds} s of processor time; send less of it."
        if status in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL):
            return f"it broke its parser, or takes more than {self.limits.memory >> 20} MiB of memory to parse."
        return "its parser ended without an answer; the file may be damaged."


async def _send(stdin: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(ConnectionError):  # a worker that ended has said, or will be found to say, why
        stdin.write(data)
        await stdin.drain()
    stdin.close()
