"""A turn's content readied for the model that takes it: objects fetched, documents made text, the rest refused.

What a model reads itself it gets untouched; a model of text gets documents as text, numbered where the answer is to
cite them. Knows no engine, and of documents no more than that a parser makes text of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from craton.core.context import Context
from craton.dialects.converse import Block, Turn
from craton.documents.parser import PAGE_BREAK
from craton.documents.plain import DocumentError
from craton.errors import AccessDeniedException, ApiError, ServiceUnavailableException, ValidationException
from craton.models.catalogue import Model
from craton.models.routes.routing import LONGEST_TOKEN
from craton.runtime.content import images, passages
from craton.runtime.content.passages import Passage
from craton.runtime.spans import PARSING
from craton.store.blobs import BlobError, Blobs, ForbiddenBlob, UnreachableBlob

# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html and API_runtime_DocumentBlock.html
MOST_DOCUMENTS = 5
MOST_READ = 100  # documents, where the request came in the words of an API that knows no such limit
MOST_IMAGES = 20
DOCUMENT_BYTES = 4_718_592  # 4.5 MB
IMAGE_BYTES = 3_932_160  # 3.75 MB
IMAGE_PIXELS = 8000
MEDIA_BYTES = 25 << 20
_NAME = re.compile(r"(?:[0-9A-Za-z_()\[\]-]| (?! ))+")

# Blocks that need readying; a turn without one, as most are, is passed on as it is.
_READIED = frozenset(
    {"image", "document", "video", "audio", "searchResult", "toolResult", "guardContent", "citationsContent"}
)
_MODALITIES = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO"}

# Worded by what small models follow: "write the number" alone has them answer with nothing but a number.
INSTRUCTION = (
    "Answer in full sentences. After each sentence that rests on a numbered passage, write the number of that passage "
    "in square brackets, as in: The sky is blue [7].\n\n"
)


class Parser(Protocol):
    async def parse(self, data: bytes, format: str, name: str) -> str: ...


@dataclass(slots=True)
class Content:
    """A turn as a model takes it, and the passages that its answer may cite by number, from 1."""

    turn: Turn
    passages: Sequence[Passage] = ()


def check(messages: Sequence[Mapping[str, Any]]) -> None:
    """The rules of Converse about what messages may carry, whatever the model. Raises ValidationException."""
    names: list[str] = []
    pictures = 0
    for message in messages:
        content = message["content"]
        documents = 0
        for block in content:
            if "document" in block:
                documents += 1
                names.append(block["document"]["name"])
            elif "image" in block:
                pictures += 1
            elif "toolResult" in block:
                names += [part["document"]["name"] for part in block["toolResult"]["content"] if "document" in part]
                pictures += sum("image" in part for part in block["toolResult"]["content"])
        if documents and not any("text" in block for block in content):
            raise ValidationException("A text block must be included when using documents.")
    if names:
        _check_names(names)
    if pictures > MOST_IMAGES:
        raise ValidationException(
            f"You can't include more than {MOST_IMAGES} images in a request. "
            "Reduce the number of images and retry your request."
        )


async def ready(turn: Turn, model: Model, ctx: Context, blobs: Blobs, parser: Parser) -> Content:
    """The turn for this model. Raises ValidationException for what the model cannot be given, AccessDeniedException
    for another account's objects, and ServiceUnavailableException where a bucket cannot be reached.
    """
    for message in turn["messages"]:
        for block in message["content"]:
            for kind in block:
                if kind in _READIED:
                    return await _Readying(model, ctx, blobs, parser).turn(turn)
    return Content(turn)


async def fetched(value: Block, ctx: Context, blobs: Blobs, limit: int = MEDIA_BYTES) -> Block:
    """A document or medium with the bytes of the object that its source names. Raises as `ready` does."""
    place = value["source"].get("s3Location")
    if place is None:
        return value
    uri, owner = place["uri"], place.get("bucketOwner")
    try:
        data = await blobs.read(uri, account=ctx.account, owner=owner, limit=limit)
    except BlobError as error:
        raise api_error(error) from error
    if not data:
        raise ValidationException(f"The object {uri!r} is empty; name one that holds something.")
    return {**value, "source": {"bytes": data}}


async def text_of(document: Block, ctx: Context, parser: Parser) -> str:
    """The text of a document that is no list of blocks. Raises ValidationException."""
    source = document["source"]
    if "text" in source:
        return str(source["text"])
    if len(source["bytes"]) > DOCUMENT_BYTES:
        raise ValidationException(
            "The maximum document size is 4.5 MB. Reduce the size of your document and retry your request."
        )
    kind = document.get("format", "txt")
    try:
        with ctx.trace.begin(PARSING, {"craton.document.format": kind}):
            return await parser.parse(source["bytes"], kind, document["name"])
    except DocumentError as error:
        raise ValidationException(str(error)) from None


@dataclass(slots=True)
class _Readying:
    """One turn on its way to one model."""

    model: Model
    ctx: Context
    blobs: Blobs
    parser: Parser
    documents: int = 0
    searches: int = 0
    characters: int = 0
    passages: list[Passage] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)  # of passages, by where they stand

    async def turn(self, turn: Turn) -> Content:
        messages = [{**message, "content": await self._blocks(message["content"])} for message in turn["messages"]]
        return Content({**turn, "messages": messages}, self.passages)

    async def _blocks(self, blocks: Sequence[Block], *, tool: bool = False) -> list[Block]:
        """The blocks of a message or of a tool's result; what numbers mean is told behind the last numbered one."""
        ready: list[Block] = []
        numbered = 0
        for block in blocks:
            before = len(self.passages)
            ready.append(await self._block(block, tool))
            if len(self.passages) > before and "toolResult" not in block:  # within one it is told already
                numbered = len(ready)
        if numbered:
            ready.insert(numbered, {"text": INSTRUCTION})
        return ready

    async def _block(self, block: Block, tool: bool) -> Block:
        ((kind, value),) = block.items()
        match kind:
            case "image" | "video" | "audio":
                return {kind: await self._medium(kind, value)}
            case "guardContent" if "image" in value:
                self._refuse_unseen("image")
                return block
            case "document":
                return await self._document(value, tool)
            case "searchResult" if not self._reads_documents:
                return {"text": self._search_result(value)}
            case "citationsContent" if not self._reads_documents:
                return {"text": self._cited(value)}
            case "toolResult":
                return {kind: {**value, "content": await self._blocks(value["content"], tool=True)}}
        return block

    @property
    def _reads_documents(self) -> bool:
        return "DOCUMENT" in self.model.input

    def _refuse_unseen(self, kind: str) -> None:
        if _MODALITIES[kind] not in self.model.input:
            raise ValidationException(
                f"This model doesn't support the {kind} content block that you provided. "
                "Update the content block and try again."
            )

    async def _medium(self, kind: str, value: Block) -> Block:
        self._refuse_unseen(kind)
        value = await fetched(value, self.ctx, self.blobs)
        if kind == "image" and self.model.files:  # a provider judges by limits of its own
            _check_image(value["format"], value["source"]["bytes"])
        return value

    async def _document(self, document: Block, tool: bool) -> Block:
        index, self.documents = self.documents, self.documents + 1
        limit = MEDIA_BYTES if self._reads_documents else DOCUMENT_BYTES
        document = await fetched(document, self.ctx, self.blobs, limit)
        if self._reads_documents:
            return {"document": document}
        if self.documents > MOST_READ:
            raise ValidationException(
                f"You can't include more than {MOST_READ} documents in a request. "
                "Reduce the number of documents and retry your request."
            )
        cites = document.get("citations", {}).get("enabled", False)
        if cites and tool:
            raise ValidationException("Citations are not supported in tool result documents.")
        name, source = document["name"], document["source"]
        blocks = [part["text"] for part in source["content"]] if "content" in source else None
        text = await text_of(document, self.ctx, self.parser) if blocks is None else "\n\n".join(blocks)
        self._count(text)
        cited: list[Passage] = []
        if cites and blocks is not None:
            cited = passages.of_blocks(blocks, name, index)
        elif cites:
            kind = document.get("format", "txt") if "bytes" in source else "txt"
            cited = passages.of_text(text, name, index, kind)
        context = f"<context>{document['context']}</context>\n" if document.get("context") else ""
        body = self._numbered(cited) if cites else text.replace(PAGE_BREAK, "\n\n").strip()
        return {"text": f'\n<document name="{name}">\n{context}{body}\n</document>\n\n'}

    def _search_result(self, result: Block) -> str:
        index, self.searches = self.searches, self.searches + 1
        texts = [part["text"] for part in result["content"]]
        self._count("".join(texts))
        title, source = result["title"], result["source"]
        cites = result.get("citations", {}).get("enabled", False)
        found = passages.of_search_result(texts, title, source, index) if cites else []
        body = self._numbered(found) if cites else "\n\n".join(texts)
        return f"\n<search_result>\n<title>{title}</title>\n<source>{source}</source>\n{body}\n</search_result>\n\n"

    def _count(self, text: str) -> None:
        """Refuse what cannot fit before any more is done with it."""
        self.characters += len(text)
        if 0 < self.model.context_length * LONGEST_TOKEN < self.characters:  # 0: only its provider knows
            raise ValidationException(
                f"Input is too long for requested model: the documents have {self.characters} characters, and "
                f"{self.model.id!r} takes {self.model.context_length} tokens. Send fewer documents, or less of them."
            )

    def _numbered(self, found: list[Passage]) -> str:
        first = len(self.passages) + 1
        self.passages += found
        for number, passage in enumerate(found, first):
            self.numbers.setdefault(_place(passage.location), number)
        return "\n".join(f"[{number}] {passage.text.strip()}" for number, passage in enumerate(found, first))

    def _cited(self, block: Block) -> str:
        """An earlier answer as the model wrote it, with its marks where the passages are still there."""
        text = "".join(part["text"] for part in block.get("content", ()))
        places = [_place(citation.get("location")) for citation in block.get("citations", ())]
        numbers = {self.numbers[place] for place in places if place in self.numbers}
        marks = "".join(f"[{number}]" for number in sorted(numbers))
        return f"{text} {marks}" if marks else text


def _place(location: Mapping[str, Any] | None) -> bytes:
    """Where a passage stands, as a key."""
    return bytes(msgspec.json.encode(location, order="sorted"))


def _check_names(names: Sequence[str]) -> None:
    if len(names) > MOST_DOCUMENTS:
        raise ValidationException(
            f"You can't include more than {MOST_DOCUMENTS} documents in a request. "
            "Reduce the number of documents and retry your request."
        )
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValidationException(
                "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, "
                "parentheses, and square brackets. The name can't contain more than one consecutive whitespace "
                "character. Check that the file name conforms to these restrictions and retry your request."
            )
    if len(set(names)) < len(names):
        raise ValidationException(
            "Messages can't contain duplicate document names. Rename the document and retry your request."
        )


def _check_image(format: str, data: bytes) -> None:
    if len(data) > IMAGE_BYTES:
        raise ValidationException(
            "The maximum image size is 3.75 MB. Reduce the size of your image and retry your request."
        )
    if not images.is_format(data, format):
        raise ValidationException(
            "The model returned the following errors: The provided image does not match the specified image format."
        )
    if max(images.size(data, format) or (0, 0)) > IMAGE_PIXELS:
        raise ValidationException(
            f"The model returned the following errors: Image exceeds max pixels allowed. Send one of at most "
            f"{IMAGE_PIXELS} by {IMAGE_PIXELS} pixels."
        )


def api_error(error: BlobError) -> ApiError:
    """What the caller is told where an object in S3 cannot be read or written."""
    if isinstance(error, ForbiddenBlob):
        return AccessDeniedException(str(error))
    return (ServiceUnavailableException if isinstance(error, UnreachableBlob) else ValidationException)(str(error))
