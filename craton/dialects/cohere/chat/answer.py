"""Converse answers <-> chat answers, with their citations. Knows no stream."""

import re
from itertools import pairwise

from craton.dialects.body import Json, given
from craton.dialects.cohere.chat.reader import call_id
from craton.dialects.converse import Answer, Block
from craton.dialects.metrics import read_metrics
from craton.dialects.stamps import Asked

FINISH_REASONS = {
    "max_tokens": "MAX_TOKENS",
    "model_context_window_exceeded": "ERROR_LIMIT",
    "stop_sequence": "STOP_SEQUENCE",
    "content_filtered": "ERROR_TOXIC",
    "guardrail_intervened": "ERROR_TOXIC",
}
READ_FINISH_REASONS = {
    "COMPLETE": "end_turn",
    "MAX_TOKENS": "max_tokens",
    "STOP_SEQUENCE": "stop_sequence",
    "ERROR_LIMIT": "model_context_window_exceeded",
    "ERROR_TOXIC": "content_filtered",
}


def write_response(answer: Answer, stamp: Asked) -> Block:
    text, citations, calls = "", [], []
    for block in answer["output"]["message"]["content"]:
        match block:
            case {"text": told}:
                text += told
            case {"citationsContent": cited}:
                told = "".join(part["text"] for part in cited["content"])
                citations += given_citations(cited["citations"], len(text), told)
                text += told
            case {"toolUse": tool}:
                calls.append({"name": tool["name"], "parameters": tool["input"]})
            case _:
                # Reasoning has no place in these bodies.
                pass
    return whole(stamp, text, citations, calls, answer["stopReason"])


def whole(stamp: Asked, text: str, citations: list[Block], calls: list[Block], stop_reason: str) -> Block:
    """The answer's body, which repeats the conversation and the documents that were cited."""
    body: Block = {"response_id": stamp.id, "text": text, "generation_id": stamp.id}
    if citations:
        cited = {name for citation in citations for name in citation["document_ids"]}
        given_documents = stamp.body.get("documents") or []
        documents = [{"id": _id(index), **document} for index, document in enumerate(given_documents)]
        body |= {"citations": citations, "documents": [each for each in documents if each["id"] in cited]}
    asked = stamp.body.get("message")
    history = [*(stamp.body.get("chat_history") or ()), *([{"role": "USER", "message": asked}] if asked else [])]
    if results := stamp.body.get("tool_results"):
        history.append({"role": "TOOL", "tool_results": results})
    said: Block = {"role": "CHATBOT", "message": text} | given(tool_calls=calls or None)
    body |= {"chat_history": [*history, said], "finish_reason": finish_reason(stop_reason)}
    return body | given(tool_calls=calls or None)


def finish_reason(stop_reason: str) -> str:
    return FINISH_REASONS.get(stop_reason, "COMPLETE")


def given_citations(citations: list[Block], start: int, text: str) -> list[Block]:
    """Cohere's citation of a text that begins at `start` (characters of the answer), by its Converse citations."""
    ids = [_id(place) for citation in citations if (place := _place(citation)) is not None]
    span = {"start": start, "end": start + len(text), "text": text}
    return [span | {"document_ids": list(dict.fromkeys(ids))}] if ids else []


def _id(index: int) -> str:
    return f"doc_{index}"


def _place(citation: Block) -> int | None:
    for at in citation["location"].values():
        place: int | None = at.get("documentIndex", at.get("searchResultIndex"))
        return place
    return None


def read_response(body: Json) -> Answer:
    content = _read_cited(body["text"], body.get("citations") or [])
    for number, call in enumerate(body.get("tool_calls") or ()):
        tool = {"toolUseId": call_id(number), "name": call["name"], "input": call["parameters"]}
        content.append({"toolUse": tool})
    message = {"role": "assistant", "content": content or [{"text": ""}]}
    answer: Answer = {"output": {"message": message}, "stopReason": stop_reason_of(body)}
    return answer | given(usage=read_metrics(body))


def stop_reason_of(body: Json) -> str:
    reason = READ_FINISH_REASONS[body["finish_reason"]]
    return "tool_use" if reason == "end_turn" and body.get("tool_calls") else reason


def _read_cited(text: str, citations: list[Block]) -> list[Block]:
    """The text as blocks, cut where citations begin and end."""
    cuts = sorted({0, len(text), *(place for each in citations for place in (each["start"], each["end"]))})
    blocks: list[Block] = []
    for start, end in pairwise(cuts):
        part: Block = {"text": text[start:end]}
        over = [
            read_citation(document)
            for each in citations
            if each["start"] <= start < each["end"]
            for document in each["document_ids"]
        ]
        blocks.append({"citationsContent": {"content": [part], "citations": over}} if over else part)
    return blocks


def read_citation(document: str) -> Block:
    """A citation of the whole of a document, which is told by its id."""
    digits = re.search(r"\d+$", document)
    place = {"searchResultIndex": int(digits[0]) if digits else 0, "start": 0, "end": 1}
    return {"title": document, "source": document, "location": {"searchResultLocation": place}}
