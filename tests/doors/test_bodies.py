"""Bodies that nobody would send: each is answered or refused, none is the server's failure."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from craton.dialects.anthropic.messages import shapes as anthropic
from craton.dialects.openai.chat import shapes as openai
from craton.wire.message import Request
from tests import scripted
from tests.doors.calls import sign
from tests.doors.conftest import EMBEDDER, Send

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CHAT = tuple(openai.Request.__struct_fields__)
MESSAGES = tuple(anthropic.Request.__struct_fields__)
HELLO = [{"role": "user", "content": "Hello"}]
BODIES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "/v1/chat/completions": ({"model": scripted.MODEL, "messages": HELLO}, CHAT),
    "/v1/messages": ({"model": scripted.MODEL, "messages": HELLO, "max_tokens": 9}, MESSAGES),
    "/v1/messages/count_tokens": ({"model": scripted.MODEL, "messages": HELLO}, MESSAGES),
    "/v1/embeddings": ({"model": EMBEDDER, "input": "text"}, ("input", "model", "dimensions", "encoding_format")),
}


@pytest.mark.parametrize("path", BODIES)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_strange_body_is_answered_or_refused(send: Send, path: str, data: st.DataObject) -> None:
    base, members = BODIES[path]
    strange = data.draw(st.dictionaries(st.sampled_from(members), JSON, min_size=1, max_size=3))
    block = data.draw(st.sampled_from([None, "messages", "tools", "system"]))
    if block and block in members:  # one that looks right further in
        kinds = st.sampled_from(["text", "image", "tool_use", "tool_result", "function", "image_url", "document", "x"])
        inner = st.fixed_dictionaries({"type": kinds}, optional={"text": JSON, "source": JSON, "function": JSON})
        parts = data.draw(st.lists(inner, max_size=2))
        strange[block] = [{"role": "user", "content": parts}] if block == "messages" else parts
    body = json.dumps({**base, **strange})
    reply = send(sign(Request("POST", path, headers=(("content-type", "application/json"),), body=body.encode())))
    assert reply.status < 500, (body, reply.body)
    if reply.status != 200:
        assert reply.json["error"]["message"]
