"""Exports of a selection: as they are made, a piece of text at a time, or as objects in a bucket. Knows no column."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing

from craton.store.blobs import Blobs
from craton.usage.ledger import Ledger
from craton.usage.prices import Prices
from craton.usage.reports import formats, tables
from craton.usage.reports.lines import lines
from craton.usage.reports.rows import oldest
from craton.usage.reports.selection import Selection
from craton.usage.reports.tables import Thing

# Bytes of an object, about; one that is larger is continued in the next.
PART = 32 << 20
# Lines that are written at a time.
PIECE = 500

Pieces = AsyncGenerator[bytes, None]
Format = Callable[[Ledger, Prices, Selection], Pieces]


def _some(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (things[at : at + PIECE] for at in range(0, len(things), PIECE))


async def _written(columns: tables.Columns[Thing], things: Sequence[Thing]) -> bytes:
    """In a thread: it takes milliseconds, in which others are served."""
    return await asyncio.to_thread(lambda: tables.body(columns, things).encode())


def _format(
    columns: tables.Columns[Thing], read: Callable[[Ledger, Prices, Selection], AsyncGenerator[list[Thing], None]]
) -> Format:
    async def made(ledger: Ledger, prices: Prices, selection: Selection) -> Pieces:
        yield tables.header(columns).encode()
        async with aclosing(read(ledger, prices, selection)) as pages:
            async for page in pages:
                for some in _some(page):
                    yield await _written(columns, some)

    return made


FORMATS: Mapping[str, Format] = {
    "CSV": _format(formats.PLAIN, lambda ledger, prices, selection: oldest(ledger, selection)),
    "CUR": _format(formats.CUR, lines),
    "FOCUS": _format(formats.FOCUS, lines),
}


async def to_bucket(blobs: Blobs, folder: str, pieces: Pieces, *, account: str) -> list[str]:
    """Write an export as the objects `00001.csv`, ... below an s3 address, each with the header; their addresses.

    Raises BlobError.
    """
    written: list[str] = []
    header, part = b"", b""

    async def write(data: bytes) -> None:
        uri = f"{folder.rstrip('/')}/{len(written) + 1:05}.csv"
        await blobs.write(uri, data, account=account)
        written.append(uri)

    async with aclosing(pieces):
        async for piece in pieces:
            if not header:
                header = part = piece
                continue
            part += piece
            if len(part) >= PART:
                await write(part)
                part = header
    if part != header or not written:
        await write(part)
    return written
