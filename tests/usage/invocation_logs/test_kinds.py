"""Data of one kind taken out of the bodies of every API, and everything else left as it is."""

import json
from typing import Any

import pytest

from craton.usage.invocation_logs.kinds import without

DATA = "QUJD"


def taken(body: Any, *kinds: str, output: bool = False) -> Any:
    left = without(json.dumps(body).encode(), set(kinds), output=output)
    return json.loads(left) if left else None


@pytest.mark.parametrize(
    ("kind", "block", "left"),
    [
        (
            "image",
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": DATA}},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png"}},
        ),
        (
            "image",
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DATA}"}},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}},
        ),
        (
            "image",
            {"document": {"format": "pdf", "name": "a", "source": {"bytes": DATA}}},
            {"document": {"format": "pdf", "name": "a", "source": {}}},
        ),
        (
            "image",
            {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{DATA}"}},
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,"}},
        ),
        (
            "audio",
            {"type": "input_audio", "input_audio": {"data": DATA, "format": "wav"}},
            {"type": "input_audio", "input_audio": {"format": "wav"}},
        ),
        (
            "video",
            {"video": {"format": "mp4", "source": {"bytes": DATA}}},
            {"video": {"format": "mp4", "source": {}}},
        ),
    ],
)
def test_only_the_kind_asked_for_goes(kind: str, block: Any, left: Any) -> None:
    body = {"messages": [{"role": "user", "content": [{"text": DATA}, block]}]}
    assert taken(body, kind) == {"messages": [{"role": "user", "content": [{"text": DATA}, left]}]}
    assert taken(body, *({"image", "audio", "video", "embedding"} - {kind})) == body


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ({"embedding": [0.5], "inputTextTokenCount": 1}, {"inputTextTokenCount": 1}),
        ({"embeddings": {"float": [[0.5]]}, "id": "a"}, {"id": "a"}),
        ({"data": [{"embedding": [0.5], "index": 0}], "object": "list"}, {"data": [{"index": 0}], "object": "list"}),
    ],
)
def test_vectors_of_an_answer(body: Any, left: Any) -> None:
    assert taken(body, "embedding", output=True) == left
    assert taken(body, "text", output=True) == body  # no text is in it
    assert taken(body, "text", "embedding", output=True) is None


def test_a_request_may_say_embedding() -> None:
    body = {"input": "a", "embedding": ["named so"]}
    assert taken(body, "embedding") == body


def test_text() -> None:
    assert taken({"messages": []}, "text") is None
    assert taken({"messages": []}, "text", output=True) is None


def test_what_is_no_json_is_only_delivered_whole() -> None:
    assert without(b"{no json", set(), output=False) == b"{no json"
    assert without(b"{no json", {"image"}, output=False) == b""
