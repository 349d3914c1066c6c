"""What every kind of data source can be asked: which documents it holds, and what is in them.

A listing goes on where it stood: `Acquiring.state()` is plain JSON that says how far it is, as of the document that was
yielded last; whoever keeps it together with that document, and lists again from it after a crash, gets the rest. A
state may be large (a crawl's knows every address it has met), so keep it every few documents or seconds: what came
after the state that was kept is yielded once more, the same.

Knows no bucket and no page, and not what becomes of a document.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

FILE_BYTES = 50 << 20  # https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-ds.html
METADATA_BYTES = 10 << 10

Known = Mapping[str, Mapping[str, Any]]
"""By identifier, the `Found.memo` that was kept with each document of the last listing."""


class SourceFailure(Exception):
    """A source that cannot be listed, or a document of it that cannot be had. The message is a full sentence."""


@dataclass(frozen=True, slots=True)
class Content:
    """A document as it was fetched."""

    data: bytes
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A document of a data source.

    `identifier` tells it from all others of the source, `version` changes if and only if its content does, and
    `metadata_version` if its metadata does (None: it has none). `location` is the RetrievalResultLocation that
    retrieval answers; the identifier of an object or a page is its address.

    `ignored` is a sentence that says why it is not to be read, `failed` one that says why it cannot be had now: what
    was had of it before stays. `content` is there where listing had to fetch it, as for pages; None means that
    `Acquiring.read` has it. `memo` is plain JSON: kept with the document and given to the next listing, it spares
    fetching what did not change.
    """

    identifier: str
    uri: str
    location: Mapping[str, Any]
    version: str
    size: int
    metadata_version: str | None = None
    ignored: str | None = None
    failed: str | None = None
    content: Content | None = None
    memo: Mapping[str, Any] | None = None


class Acquiring(Protocol):
    """One data source, opened: list it first, then read what is new."""

    def listing(
        self, *, known: Known | None = None, state: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[Found, None]:
        """The documents, in an order that is the same each time. Raises SourceFailure.

        Where it raises, the source as a whole is in doubt: nothing may be deleted for not having been found, and of
        pages, nothing ingested.
        """
        ...

    def state(self) -> Mapping[str, Any]:
        """How far the listing is, to go on from."""
        ...

    async def read(self, found: Found) -> Content:
        """The document's bytes, FILE_BYTES at most. Raises SourceFailure."""
        ...

    async def metadata(self, found: Found) -> bytes | None:
        """Its metadata file, JSON of METADATA_BYTES at most, where it has one. Raises SourceFailure."""
        ...

    async def close(self) -> None: ...
