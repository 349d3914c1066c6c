"""What an answer may cite: documents and search results taken apart into numbered passages.

Pure. Knows neither how a model is asked to name them (`content`) nor how its answer does (`citations`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from craton.documents.parser import PAGE_BREAK

_SHORTEST = 24  # characters: what is shorter goes with what follows
_LONGEST = 800

# Where a passage ends: after a sentence, before a line that begins anew, or with a line where lines are records.
_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]{0,3}\s{1,20}|\n(?=[ \t]{0,20}\n|[-*#|>]|[0-9]{1,3}[.)] )\s{0,20}")
_LINE = re.compile(r"\n{1,20}")
_RECORDS = frozenset({"csv"})


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a source. `location` is Converse's CitationLocation; `source` only search results have."""

    title: str
    text: str
    location: Mapping[str, Mapping[str, int]]
    source: str | None = None

    def citation(self) -> dict[str, Any]:
        """Converse's Citation, and its delta, which has the same members."""
        head = {"title": self.title} | ({"source": self.source} if self.source is not None else {})
        return {**head, "sourceContent": [{"text": self.text}], "location": self.location}


def of_text(text: str, title: str, index: int, format: str) -> list[Passage]:
    """The passages of a document's text by characters, or by pages (from 1) where it is the text of a PDF.

    Ends are exclusive; `index` counts the documents of the request.
    """
    if format == "pdf":
        return [
            Passage(title, page[start:end], _at("documentPage", index, number, number + 1))
            for number, page in enumerate(text.split(PAGE_BREAK), 1)
            for start, end in _spans(page, _SENTENCE)
        ]
    ends = _LINE if format in _RECORDS else _SENTENCE
    return [
        Passage(title, text[start:end], _at("documentChar", index, start, end)) for start, end in _spans(text, ends)
    ]


def of_blocks(texts: list[str], title: str, index: int) -> list[Passage]:
    """A document that came in blocks is cited by block."""
    return [Passage(title, text, _at("documentChunk", index, at, at + 1)) for at, text in enumerate(texts)]


def of_search_result(texts: list[str], title: str, source: str, index: int) -> list[Passage]:
    """`index` counts the search results of the request."""
    return [
        Passage(title, text, {"searchResultLocation": {"searchResultIndex": index, "start": at, "end": at + 1}}, source)
        for at, text in enumerate(texts)
    ]


def _at(kind: str, index: int, start: int, end: int) -> dict[str, dict[str, int]]:
    return {kind: {"documentIndex": index, "start": start, "end": end}}


def _spans(text: str, ends: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Starts and ends of the passages of a text, of which nothing but blank ones is left out."""
    start = 0
    for end in (*(found.end() for found in ends.finditer(text)), len(text)):
        if end - start < _SHORTEST and end < len(text):
            continue
        for cut in range(start, end, _LONGEST):
            if text[cut : min(cut + _LONGEST, end)].strip():
                yield cut, min(cut + _LONGEST, end)
        start = end
