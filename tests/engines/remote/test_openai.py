import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.engines.remote.calls.failures import Origin
from craton.engines.remote.openai import ChunkReader
from craton.errors import (
    AccessDeniedException,
    ApiError,
    ModelErrorException,
    ModelNotReadyException,
    ModelStreamErrorException,
    ResourceNotFoundException,
    ServiceUnavailableException,
    ThrottlingException,
    ValidationException,
)
from tests.engines.remote.conftest import KEY, Make
from tests.engines.remote.faulty import LAST, Faulty, chunk, completion, head, reply, said, stream, texts
from tests.engines.turns import answer, collect, turn

WEATHER = {
    "tools": [{"toolSpec": {"name": "weather", "inputSchema": {"json": {"type": "object", "properties": {}}}}}],
}


async def test_an_answer_is_streamed(engine: Make) -> None:
    async with Faulty([stream(*completion(*texts("Hel", "lo.")))]) as provider:
        model = await engine("openai", f"{provider.url}/v1")
        text, reason, usage = await answer(model, turn("Hi", inferenceConfig={"maxTokens": 9, "temperature": 0.5}))
    assert (text, reason) == ("Hello.", "end_turn")
    assert usage == {"inputTokens": 7, "outputTokens": 2, "totalTokens": 9}
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.json == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "max_tokens": 9,
        "temperature": 0.5,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_reasoning_and_tool_calls_come_as_converse_has_them(engine: Make) -> None:
    call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "weather", "arguments": ""}}
    deltas = [
        {"reasoning_content": "Let me look."},
        {"tool_calls": [call]},
        {"tool_calls": [{"index": 0, "function": {"arguments": '{"city": '}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": '"Bonn"}'}}]},
    ]
    async with Faulty([stream(*completion(*deltas, finish="tool_calls"))]) as provider:
        model = await engine("openai", provider.url)
        events = await collect(model.converse(turn("Weather?", toolConfig=WEATHER)))
    assert [next(iter(event)) for event in events] == [
        "messageStart",
        "contentBlockDelta",
        "contentBlockStop",
        "contentBlockStart",
        "contentBlockDelta",
        "contentBlockDelta",
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    assert events[-2] == {"messageStop": {"stopReason": "tool_use"}}


async def test_without_a_secret_no_key_is_sent(engine: Make) -> None:
    async with Faulty([stream(*completion(*texts("Hi")))]) as provider:
        await answer(await engine("openai", provider.url, secret=None), turn("Hi"))
    assert "authorization" not in provider.requests[0].headers


async def test_a_secret_in_a_file_is_read_again_when_it_changes(engine: Make, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("first\n")
    async with Faulty([stream(*completion(*texts("Hi")))]) as provider:
        model = await engine("openai", provider.url, secret={"file": str(file)})
        await answer(model, turn("Hi"))
        file.write_text("the second\n")
        await answer(model, turn("Hi"))
        file.unlink()
        with pytest.raises(ModelNotReadyException, match="cannot be read"):
            await answer(model, turn("Hi"))
    assert [request.headers["authorization"] for request in provider.requests] == ["Bearer first", "Bearer the second"]


async def test_headers_of_the_operator_may_be_secrets(engine: Make) -> None:
    async with Faulty([reply(400, {"error": {"message": f"bad key {KEY}"}})]) as provider:
        model = await engine("openai", provider.url, secret=None, headers={"api-key": {"env": "ACME_KEY"}, "x-a": "b"})
        with pytest.raises(ValidationException) as refused:
            await answer(model, turn("Hi"))
    assert provider.requests[0].headers["api-key"] == KEY
    assert provider.requests[0].headers["x-a"] == "b"
    assert "'bad key ***'" in str(refused.value)
    assert KEY not in repr(model.__dict__) + repr(vars(model))


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (400, {"error": {"message": "temperature is too high"}}, ValidationException, "temperature is too high"),
        (413, {"message": "too long"}, ValidationException, "too long"),
        (422, {"detail": [{"msg": "field required", "loc": ["x"]}]}, ValidationException, "field required"),
        (401, {"error": {"message": "Incorrect API key"}}, AccessDeniedException, "this server's credentials"),
        (403, {"error": {"message": "no"}}, AccessDeniedException, "this server's credentials"),
        (404, {"error": {"message": "model not found"}}, ResourceNotFoundException, "does not have the model 'm'"),
        (429, {"error": {"message": "slow down"}}, ThrottlingException, "slow down"),
        (500, {"error": "oops"}, ModelErrorException, "oops"),
        (302, {}, ModelErrorException, "redirects are not followed"),
    ],
)
async def test_a_refusal_says_what_the_provider_said(
    engine: Make, status: int, body: object, error: type[Exception], said: str
) -> None:
    async with Faulty([reply(status, body, Location="http://127.0.0.1:1/")]) as provider:
        with pytest.raises(error, match=said) as refused:
            await answer(await engine("openai", provider.url), turn("Hi"))
    assert "acme" in str(refused.value) and str(status) in str(refused.value)
    assert len(provider.requests) == 1


async def test_what_a_provider_says_of_the_key_goes_to_the_log_only(
    engine: Make, caplog: pytest.LogCaptureFixture
) -> None:
    async with Faulty([reply(401, {"error": {"message": f"Incorrect API key provided: {KEY}"}})]) as provider:
        with pytest.raises(AccessDeniedException) as refused:
            await answer(await engine("openai", provider.url), turn("Hi"))
    assert "Incorrect" not in str(refused.value)
    assert "Incorrect API key provided: ***" in caplog.text
    assert KEY not in caplog.text


async def test_a_server_that_refuses_stream_options_is_not_sent_them_again(engine: Make) -> None:
    refusal = reply(422, {"detail": [{"msg": "Extra inputs are not permitted: stream_options"}]})
    async with Faulty([refusal, stream(*completion(*texts("Hi")))]) as provider:
        model = await engine("openai", provider.url)
        await answer(model, turn("Hi"))
        await answer(model, turn("Hi"))
    assert ["stream_options" in request.json for request in provider.requests] == [True, False, False]


async def test_a_server_that_wants_max_completion_tokens_gets_them(engine: Make) -> None:
    words = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    async with Faulty([reply(400, {"error": {"message": words}}), stream(*completion(*texts("Hi")))]) as provider:
        model = await engine("openai", provider.url)
        await answer(model, turn("Hi", inferenceConfig={"maxTokens": 5}))
    assert provider.requests[1].json["max_completion_tokens"] == 5
    assert "max_tokens" not in provider.requests[1].json


async def test_the_last_usage_counts_wherever_it_stands(engine: Make) -> None:
    def usage(count: int) -> dict[str, int]:
        return {"prompt_tokens": 7, "completion_tokens": count, "total_tokens": 7 + count}

    early = said({"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": None}], "usage": usage(1)})
    stop = said({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage(2)})
    late = said({"choices": [], "usage": usage(3)})
    for parts, count in ([early, stop], 2), ([early, stop, late], 3), ([early, stop, late, said("[DONE]")], 3):
        async with Faulty([stream(*parts)]) as provider:
            model = await engine("openai", provider.url)
            assert (await answer(model, turn("Hi")))[2]["outputTokens"] == count
    only_early = said({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    async with Faulty([stream(early, only_early)]) as provider:
        assert (await answer(await engine("openai", provider.url), turn("Hi")))[2]["outputTokens"] == 1


async def test_untold_usage_is_counted_by_the_servers_own_tokenizer(engine: Make) -> None:
    tokenize = reply(200, {"count": 5, "tokens": [1, 2, 3, 4, 5], "max_model_len": 100})
    silent = stream(*completion(*texts("Hi", " there"), usage=None))
    async with Faulty([silent], {"/tokenize": tokenize}) as provider:
        events = await collect((await engine("openai", f"{provider.url}/v1")).converse(turn("Hi")))
    assert events[-1] == {"metadata": {"usage": {"inputTokens": 5, "outputTokens": 5, "totalTokens": 10}}}
    assert provider.requests[-1].json["prompt"] == "Hi there"


async def test_usage_that_nobody_tells_is_not_made_up(engine: Make) -> None:
    missing = reply(404, {"error": {"message": "not found"}})
    silent = stream(*completion(*texts("Hi"), usage=None))
    async with Faulty([silent], {"/tokenize": missing, "/apply-template": missing}) as provider:
        model = await engine("openai", f"{provider.url}/v1")
        with pytest.raises(ModelStreamErrorException, match="told no usage"):
            await answer(model, turn("Hi"))


async def test_tokens_are_counted_where_the_server_can(engine: Make) -> None:
    async with Faulty([], {"/tokenize": reply(200, {"count": 5, "tokens": []})}) as vllm:
        assert await (await engine("openai", f"{vllm.url}/v1")).count_tokens(turn("Hi")) == 5
    assert vllm.requests[0].json["messages"] == [{"role": "user", "content": "Hi"}]
    rendered = {"/apply-template": reply(200, {"prompt": "<user>Hi"}), "/tokenize": reply(200, {"tokens": [1, 2, 3]})}
    async with Faulty([], rendered) as llama:
        assert await (await engine("openai", f"{llama.url}/v1")).count_tokens(turn("Hi")) == 3
    assert llama.requests[-1].json == {"content": "<user>Hi", "add_special": True, "parse_special": True}
    async with Faulty([reply(404, {"error": "no"})]) as other:
        model = await engine("openai", f"{other.url}/v1")
        with pytest.raises(ValidationException, match="cannot be counted"):
            await model.count_tokens(turn("Hi"))


async def test_texts_are_embedded_in_batches(engine: Make) -> None:
    def vectors(*numbers: float) -> object:
        data = [{"index": at, "embedding": [number]} for at, number in enumerate(numbers)]
        return {"data": data[::-1], "usage": {"prompt_tokens": 4, "total_tokens": 4}}

    async with Faulty([reply(200, vectors(1.0, 2.0)), reply(200, vectors(3.0))]) as provider:
        model = await engine("openai", provider.url, batch=2, embedding=True)
        embeddings = await model.embed(["a", "b", "c"])
    assert (embeddings.vectors, embeddings.input_tokens) == ([[1.0], [2.0], [3.0]], 8)
    assert [request.json["input"] for request in provider.requests] == [["a", "b"], ["c"]]


async def test_too_few_vectors_are_an_error(engine: Make) -> None:
    body = {"data": [{"index": 0, "embedding": [1.0]}], "usage": {"prompt_tokens": 1}}
    async with Faulty([reply(200, body)]) as provider:
        model = await engine("openai", provider.url)
        with pytest.raises(ModelErrorException, match="2 texts with 1 vectors"):
            await model.embed(["a", "b"])


async def test_the_models_of_a_server_are_listed(engine: Make) -> None:
    models = {"object": "list", "data": [{"id": "m", "object": "model", "max_model_len": 4096}, {"id": "n"}]}
    async with Faulty([reply(200, models)]) as provider:
        found = await (await engine("openai", f"{provider.url}/v1")).models()
    assert [(model.id, model.context_length) for model in found] == [("m", 4096), ("n", None)]
    assert (provider.requests[0].method, provider.requests[0].path) == ("GET", "/v1/models")


@pytest.mark.parametrize(
    "payload",
    [
        "{",
        "[" * 100_000,
        '"text"',
        "[]",
        '{"choices": [{"delta": {}, "finish_reason": "eos"}]}',
        '{"choices": [{"delta": {"content":',
    ],
)
async def test_a_stream_that_makes_no_sense_is_an_error(engine: Make, payload: str) -> None:
    async with Faulty([stream(said(payload))]) as provider:
        with pytest.raises(ModelStreamErrorException, match="'acme' sent a stream that cannot be understood"):
            await answer(await engine("openai", provider.url), turn("Hi"))


async def test_an_error_in_the_stream_has_its_own_words(engine: Make) -> None:
    async with Faulty([stream(said({"error": {"message": "out of memory", "code": 503}}))]) as provider:
        with pytest.raises(ServiceUnavailableException, match="out of memory"):
            await answer(await engine("openai", provider.url), turn("Hi"))
    async with Faulty([stream(b'error: {"message": "it broke"}\n\n')]) as provider:
        with pytest.raises(ModelStreamErrorException, match="it broke"):
            await answer(await engine("openai", provider.url), turn("Hi"))


async def test_no_error_in_a_stream_tells_the_key(engine: Make) -> None:
    error = said({"error": {"message": f"no quota for {KEY}"}})
    for events in [error], [*completion(*texts("Hi"))[:2], error]:
        async with Faulty([stream(*events)]) as provider:
            with pytest.raises(ApiError, match=r"no quota for \*\*\*"):
                await answer(await engine("openai", provider.url), turn("Hi"))


async def test_a_page_instead_of_a_stream_is_an_error(engine: Make) -> None:
    async with Faulty([reply(200, b"<html>Log in</html>", "text/html")]) as provider:
        with pytest.raises(ModelErrorException, match="'text/html' where 'text/event-stream' was expected"):
            await answer(await engine("openai", provider.url), turn("Hi"))


async def test_a_line_without_end_is_cut_off(engine: Make) -> None:
    flood = [head(200, "text/event-stream"), chunk(b"data: "), *[chunk(b"x" * (1 << 20))] * 20, LAST]
    async with Faulty([flood]) as provider:
        with pytest.raises(ModelStreamErrorException, match="cannot be understood"):
            await answer(await engine("openai", provider.url), turn("Hi"))


BYTES = b"".join(completion(*texts("Grüße ", "🙂 ", "line\nbreak"), {"reasoning_content": "…"}))


@given(st.lists(st.integers(0, len(BYTES)), max_size=12), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_however_the_bytes_are_cut_the_events_are_the_same(cuts: list[int], line_end: bytes) -> None:
    whole = ChunkReader(Origin("acme", "m"))
    expected = [*whole.read(BYTES), *whole.end()]
    data = BYTES.replace(b"\n", line_end)
    places = [0, *sorted(cuts), len(data)]
    reader = ChunkReader(Origin("acme", "m"))
    events = [event for start, end in pairwise(places) for event in reader.read(data[start:end])]
    assert [*events, *reader.end()] == expected
    assert json.dumps(expected, ensure_ascii=False).count("🙂") == 1
