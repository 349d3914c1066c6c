"""Parses documents, each in a process of its own that can only compute: little memory, little time, no network.

What a hostile file breaks is that process, and the caller is told in a sentence. Plain text needs no process. Knows no
request, model or store.
"""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from craton.documents.plain import PLAIN, DocumentError, decode

FORMATS = frozenset({"pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"})
PAGE_BREAK = "\f"

# Run by its path: the worker must not depend on where this package is found, nor load any of it.
_WORKER = Path(__file__).with_name("worker.py")
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: bytes of memory, seconds of processor and of waiting, bytes of text."""

    memory: int = 2 << 30
    processor_seconds: int = 20
    seconds: float = 60.0
    text: int = 32 << 20


class Parser:
    """Parses as many documents at a time as are allowed; others wait their turn."""

    def __init__(self, limits: Limits | None = None, concurrency: int | None = None) -> None:
        self._limits = limits or Limits()
        self._turns = asyncio.Semaphore(concurrency or min(4, os.cpu_count() or 1))

    async def parse(self, data: bytes, format: str, name: str) -> str:
        """The text of a document: Markdown where there are headings and tables, pages of a PDF parted by `\\f`.

        `format` is one of Converse's DocumentFormat. Raises DocumentError, which calls the document by `name`.
        """
        if format not in FORMATS:
            raise DocumentError(
                f"The document {name!r} has the format {format!r}; the formats that are read are "
                f"{', '.join(sorted(FORMATS))}."
            )
        if format in PLAIN:
            return decode(data, name)
        async with self._turns:
            answer = await self._ask(data if format != "html" else decode(data, name, html=True).encode(), format, name)
        verdict, _, body = answer.partition(b"\n")
        text = body.decode()
        if verdict != b"text":
            raise DocumentError(f"The document {name!r} cannot be read as {format}: {text}")
        if not text.strip():
            raise DocumentError(
                f"The document {name!r} holds no text; text in pictures, as in scanned pages, is not recognised."
            )
        return text

    async def _ask(self, data: bytes, format: str, name: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="craton-document-", ignore_cleanup_errors=True) as folder:
            worker = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", str(_WORKER), format),
                *(str(self._limits.memory), str(self._limits.processor_seconds)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=folder,
                env={"PATH": os.defpath, "HOME": folder, "TMPDIR": folder, "LANG": "C.UTF-8"},
                start_new_session=True,
            )
            try:
                async with asyncio.timeout(self._limits.seconds):
                    answer = await self._exchange(worker, data, name)
                    status = await worker.wait()
            except TimeoutError:
                raise DocumentError(
                    f"The document {name!r} was not read within {self._limits.seconds:g} seconds; send less of it."
                ) from None
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(worker.pid, signal.SIGKILL)
                # asyncio does not see the end of a process whose output nobody reads.
                assert worker.stdout
                while await worker.stdout.read(_BLOCK):
                    pass
                await worker.wait()
        if status:
            raise DocumentError(f"The document {name!r} cannot be read: {self._reason(status)}")
        return answer

    async def _exchange(self, worker: asyncio.subprocess.Process, data: bytes, name: str) -> bytes:
        assert worker.stdin
        assert worker.stdout
        sending = asyncio.create_task(_send(worker.stdin, data))
        try:
            answer = bytearray()
            while block := await worker.stdout.read(_BLOCK):
                answer += block
                if len(answer) > self._limits.text:
                    raise DocumentError(
                        f"The document {name!r} holds more than {self._limits.text >> 20} MiB of text; send less of it."
                    )
            return bytes(answer)
        finally:
            sending.cancel()
            await asyncio.wait([sending])

    def _reason(self, status: int) -> str:
        if status == -signal.SIGXCPU:
            return f"parsing it takes more than {self._limits.processor_seconds} s of processor time; send less of it."
        if status in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGKILL):
            return f"it broke its parser, or takes more than {self._limits.memory >> 20} MiB of memory to parse."
        return "its parser ended without an answer; the file may be damaged."


async def _send(stdin: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(ConnectionError):  # a worker that ended has said, or will be found to say, why
        stdin.write(data)
        await stdin.drain()
    stdin.close()
