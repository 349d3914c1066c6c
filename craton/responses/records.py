"""What is kept of a response, and how it is found again: by its id, and by those of its items. Knows no request.

The body of a kept response holds the response object as the API gives it, its own input items, whether its events are
to be fetched later, and how often a job began to make it.
"""

from collections.abc import Iterable

from craton.dialects.body import malformed
from craton.dialects.converse import Block, Event
from craton.store.documents import Document, Documents, Scope, Transaction

RESPONSE = "response"
# The Converse events of one that was made in the background as a stream, kept once it has ended.
STREAM = "response-stream"

UNFINISHED = ("queued", "in_progress")

Items = list[Block]


def names(response: Block, items: Iterable[Block]) -> dict[str, str]:
    """The ids under which the items of a response are found; those that clients gave are not unique, and not found."""
    own = response["id"].removeprefix("resp_")
    return {item["id"]: "" for item in [*items, *response["output"]] if f"_{own}" in item["id"]}


def create(t: Transaction, scope: Scope, response: Block, items: Items, *, streamed: bool = False) -> None:
    kept = {"response": response, "input": items, "streamed": streamed, "tries": 0}
    t.create(scope, RESPONSE, response["id"], kept, unique=names(response, items))


def replace(t: Transaction, scope: Scope, response: Block, **more: int) -> None:
    """Give a kept response its new state."""
    before = t.get(scope, RESPONSE, response["id"]).body
    kept = before | more | {"response": response}
    t.replace(scope, RESPONSE, response["id"], kept, unique=names(response, before["input"]))


def keep_stream(t: Transaction, scope: Scope, id: str, events: list[Event], first: int) -> None:
    t.create(scope, STREAM, id, {"events": events, "first": first}, parent=id)


def delete(t: Transaction, scope: Scope, id: str) -> None:
    t.delete(scope, RESPONSE, id)
    if t.find(scope, STREAM, id):
        t.delete(scope, STREAM, id)


async def conversation(documents: Documents, scope: Scope, last: str | None) -> Items:
    """All items up to the end of a kept response, from the first on. Raises ValidationException."""
    kept: list[Block] = []
    while last:
        document = await documents.find(scope, RESPONSE, last)
        if document is None:
            what = (
                "there is no response" if not kept else "the conversation cannot be continued, for there is no response"
            )
            raise malformed(f"#/previous_response_id: {what} {last!r}; it may have been deleted, or made without store")
        response = document.body["response"]
        if response["status"] in UNFINISHED:
            raise malformed(f"#/previous_response_id: the response {last!r} has not ended yet, wait until it has")
        kept.append(document.body)
        last = response["previous_response_id"]
    return [item for body in reversed(kept) for item in (*body["input"], *body["response"]["output"])]


async def dereferenced(documents: Documents, scope: Scope, items: Iterable[Block]) -> Items:
    """The items, with kept ones in the place of references to them. Raises ValidationException."""
    known: Items = []
    found: dict[str, Block] = {}
    for item in items:
        if item["type"] == "item_reference":
            if item["id"] not in found:  # one response may hold many of those that are named
                document = await documents.named(scope, RESPONSE, item["id"], "")
                found |= {each["id"]: each for each in (_items_of(document) if document else ())}
            if item["id"] not in found:
                raise malformed(f"#/input: there is no item {item['id']!r}, send the item itself")
            item = found[item["id"]]
        known.append(item)
    return known


def _items_of(document: Document) -> Items:
    return [*document.body["input"], *document.body["response"]["output"]]
