"""What a text is cut into, and the seam between those who cut and those who keep the pieces. Knows no strategy."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

PAGE_BREAK = "\f"
# Pieces of one document. The service has no such limit; without one, a small document with a great overlap could fill
# any disk.
MOST = 50_000

Vectors = Callable[[Sequence[str]], Awaitable[Sequence[Sequence[float]]]]
"""The vectors of texts, in their order, each of length 1."""


class TooManyChunks(Exception):
    """A document would become more chunks than are kept of one. The message is a full sentence."""

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message
            or f"The document would become more than {MOST} chunks. Split it, or let the data source make larger "
            "chunks with less overlap."
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk of a text.

    `heading` are the headings above it that are not in it, outermost first: what it is about, where it does not say so
    itself. `page` counts from 1, where the text has pages. `parent` is the place in the list of the piece that is
    read instead of this one, and stands before it.
    """

    text: str
    page: int | None = None
    parent: int | None = None
    is_parent: bool = False
    heading: str = ""


class Chunking(Protocol):
    async def chunks(self, text: str, vectors: Vectors) -> list[Piece]:
        """The pieces in the order of the text. Pages are parted by `\\f`, and no piece is in two of them.

        Raises TooManyChunks.
        """
        ...


def pages(text: str) -> Iterator[tuple[int | None, str]]:
    """The pages of a text with their numbers; one without breaks is a page that has none."""
    if PAGE_BREAK not in text:
        yield None, text
        return
    yield from enumerate(text.split(PAGE_BREAK), start=1)


def gathered(pieces: Iterator[Piece]) -> list[Piece]:
    """Those that hold more than spaces. Raises TooManyChunks."""
    made: list[Piece] = []
    for piece in pieces:
        if len(made) == MOST:
            raise TooManyChunks
        made.append(piece)
    return made
