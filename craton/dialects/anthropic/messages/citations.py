"""Citations: Anthropic's locations <-> Converse's. Knows nothing else of either."""

import msgspec

from craton.dialects.anthropic.messages import shapes
from craton.dialects.body import given, inexpressible
from craton.dialects.converse import Block

# Anthropic type -> (Converse location, Anthropic's names for its index, start and end)
LOCATIONS = {
    "char_location": ("documentChar", ("document_index", "start_char_index", "end_char_index")),
    "page_location": ("documentPage", ("document_index", "start_page_number", "end_page_number")),
    "content_block_location": ("documentChunk", ("document_index", "start_block_index", "end_block_index")),
    "search_result_location": (
        "searchResultLocation",
        ("search_result_index", "start_block_index", "end_block_index"),
    ),
}


def read_citation(citation: shapes.Citation) -> Block:
    return read_cited(msgspec.to_builtins(citation))


def read_cited(cited: Block) -> Block:
    """A Converse citation from Anthropic's JSON. A location of the web keeps its URL alone."""
    title = cited.get("title") or cited.get("document_title")
    head = given(title=title, source=cited.get("source"))
    head["sourceContent"] = [{"text": cited["cited_text"]}]
    if cited["type"] not in LOCATIONS:
        return head | {"location": {"web": {"url": cited["url"]}}}
    location, (index, start, end) = LOCATIONS[cited["type"]]
    index_name = "searchResultIndex" if location == "searchResultLocation" else "documentIndex"
    return head | {"location": {location: {index_name: cited[index], "start": cited[start], "end": cited[end]}}}


def write_citation(citation: Block) -> Block:
    """Raises ValidationException for a location that Anthropic has no name for."""
    text = "".join(part["text"] for part in citation.get("sourceContent", []))
    ((place, at),) = citation["location"].items()
    for kind, (location, (index, start, end)) in LOCATIONS.items():
        if location == place:
            where = {index: at.get("documentIndex", at.get("searchResultIndex")), start: at["start"], end: at["end"]}
            if kind == "search_result_location":
                where |= {"source": citation.get("source", ""), "title": citation.get("title")}
            else:
                where["document_title"] = citation.get("title")
            return {"type": kind, "cited_text": text, **where}
    raise inexpressible("Anthropic Messages", {place: at}, "a citation's location")
