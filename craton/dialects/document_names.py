"""Names of documents as Converse wants them: of few kinds of characters, and no name twice. Knows no other API.

Other APIs have titles and file names there, which may hold anything, be missing or the same.
Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count

from craton.dialects.converse import Block

UNNAMED = "document"
LONGEST = 200
_REFUSED = re.compile(r"[^0-9A-Za-z_()\[\]\- ]+")


def settle(messages: Iterable[Block]) -> None:
    """Give each document in these Converse messages a name that Converse takes: its own, where that will do."""
    taken: set[str] = set()
    numbers: defaultdict[str, Iterator[int]] = defaultdict(count)  # beside a name: those it has not been given yet
    for document in _documents(messages):
        plain = " ".join(_REFUSED.sub("-", document["name"]).split())[:LONGEST].strip() or UNNAMED
        names = (f"{plain} {number + 1}" if number else plain for number in numbers[plain])
        document["name"] = next(name for name in names if name not in taken)
        taken.add(document["name"])


def _documents(messages: Iterable[Block]) -> Iterator[Block]:
    for message in messages:
        for block in message["content"]:
            for part in (block, *block.get("toolResult", {}).get("content", ())):
                if "document" in part:
                    yield part["document"]
