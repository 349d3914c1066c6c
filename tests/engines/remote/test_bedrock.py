"""A second Craton plays Amazon Bedrock; what it does not do, a provider that answers as told."""

import asyncio
import base64
import time
from itertools import pairwise
from typing import Any

import botocore.session
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.engines.base import ModelSpec
from craton.engines.remote.bedrock import ConverseEvents
from craton.engines.remote.calls.failures import Interrupted
from craton.engines.supervisor import Engines
from craton.errors import (
    AccessDeniedException,
    ApiError,
    ModelErrorException,
    ModelNotReadyException,
    ResourceNotFoundException,
    ServiceUnavailableException,
    ThrottlingException,
    ValidationException,
)
from craton.wire import events as wire
from tests import scripted
from tests.engines.remote.conftest import Make
from tests.engines.remote.faulty import CUT, Faulty, Steps, reply, stream
from tests.engines.turns import answer, assert_grammar, collect, turn
from tests.serving import Server

EVENTS = "application/vnd.amazon.eventstream"
WHOLE: list[dict[str, Any]] = [
    {"messageStart": {"role": "assistant", "p": "abc"}},
    {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Grüße 🙂"}, "p": "ab"}},
    {"contentBlockStop": {"contentBlockIndex": 0, "p": ""}},
    {"messageStop": {"stopReason": "end_turn", "p": "a"}},
    {
        "metadata": {
            "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
            "metrics": {"latencyMs": 9},
            "p": "abcd",
        }
    },
]
STREAM = botocore.session.Session().get_service_model("bedrock-runtime").shape_for("ConverseStreamOutput")


def frames(events: list[dict[str, Any]]) -> list[bytes]:
    return [wire.event(name, msgspec.json.encode(body)) for event in events for name, body in event.items()]


def exception(name: str, words: str) -> bytes:
    return wire.exception(name, b'{"message": "%s"}' % words.encode())


def played(*parts: bytes) -> Steps:
    return stream(*parts, kind=EVENTS)


@pytest.fixture
def bedrock(engine: Make, second: Server, aws: None) -> Any:
    """A model of the second Craton, signed for with the environment's credentials."""

    async def make(model: str = scripted.MODEL, **options: Any) -> Any:
        return await engine("bedrock", second.endpoint, **{"model": model, "secret": None, **options})

    return make


async def test_a_second_craton_answers(bedrock: Any) -> None:
    model = await bedrock()
    text, reason, usage = await answer(model, turn("Hi there", inferenceConfig={"maxTokens": 50}))
    assert (text, reason) == (scripted.ANSWER, "end_turn")
    assert usage == {"inputTokens": 2, "outputTokens": 7, "totalTokens": 9}


async def test_the_events_are_those_of_the_other_side(bedrock: Any) -> None:
    events = await collect((await bedrock()).converse(turn("Hi")))
    assert_grammar(events)
    assert events[0] == {"messageStart": {"role": "assistant"}}
    assert set(events[-1]["metadata"]) == {"usage"}


async def test_tokens_are_counted_there(bedrock: Any) -> None:
    asked = turn("How are you", system=[{"text": "Be brief."}], inferenceConfig={"maxTokens": 5})
    assert await (await bedrock()).count_tokens(asked) == 5


async def test_embeddings_come_from_there(bedrock: Any) -> None:
    embeddings = await (await bedrock("amazon.titan-embed-text-v2:0")).embed(["one two", "three"])
    assert (len(embeddings.vectors), len(embeddings.vectors[0]), embeddings.input_tokens) == (2, 256, 3)
    assert embeddings.vectors[0] != embeddings.vectors[1]


async def test_embeddings_of_unknown_bodies_are_refused(bedrock: Any) -> None:
    with pytest.raises(ValidationException, match="cannot be had through this server"):
        await (await bedrock("someone.embed-v1")).embed(["a"])


async def test_its_models_are_listed(bedrock: Any) -> None:
    assert scripted.MODEL in [model.id for model in await (await bedrock()).models()]


async def test_its_refusals_are_told_in_its_words(bedrock: Any) -> None:
    with pytest.raises(ThrottlingException, match="The script is busy"):
        await answer(await bedrock(), turn("fail before"))
    with pytest.raises((ValidationException, ResourceNotFoundException), match="model"):
        await answer(await bedrock("nobody.has-this-v1:0"), turn("Hi"))


async def test_wrong_credentials_are_the_servers_not_the_callers(bedrock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(AccessDeniedException, match="refused this server's credentials"):
        await answer(await bedrock(), turn("Hi"))


async def test_without_credentials_nothing_is_asked(engine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(ModelNotReadyException, match="no AWS credentials"):
        await engine("bedrock", "http://127.0.0.1:1", secret=None, region="eu-central-1")
    with pytest.raises(ModelNotReadyException, match="names no AWS region"):
        await engine("bedrock", "http://127.0.0.1:1")


async def test_an_answer_that_breaks_off_there_breaks_off_here(bedrock: Any) -> None:
    events = []
    with pytest.raises(Interrupted, match="The script broke off") as broken:
        async for event in (await bedrock()).converse(turn("fail after")):
            events.append(event)
    assert len(events) == 4
    assert broken.value.usage == {"outputTokens": 3, "estimated": True}


async def test_a_caller_who_leaves_ends_the_answer_there(bedrock: Any, second: Server) -> None:
    logged = len(second.requests_logged())
    events = (await bedrock()).converse(turn("talk forever"))
    await anext(events)
    await events.aclose()
    async with asyncio.timeout(5):
        while len(second.requests_logged()) == logged:  # noqa: ASYNC110 - the other server writes a line at its end
            await asyncio.sleep(0.01)


async def test_a_slow_answer_comes_at_its_pace(bedrock: Any) -> None:
    started = time.monotonic()
    text, _, _ = await answer(await bedrock(idle_timeout=0.5), turn("talk for a second"))
    assert text == "tick " * 100
    assert time.monotonic() - started >= 1


async def test_a_silent_answer_is_given_up(bedrock: Any) -> None:
    with pytest.raises(ApiError, match=r"no token within 0.2 s"):
        await answer(await bedrock(first_token_timeout=0.2), turn("never answer"))


async def test_a_provider_that_is_killed_breaks_the_stream(
    engines: Engines, aws: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("killed") / "home"
    scripted.install(home)
    with Server(home) as server:
        options = {"provider": "acme", "model": scripted.MODEL, "base_url": server.endpoint, "retries": 0}
        model = await engines.remote(ModelSpec("acme.killed", "bedrock", {}, 8192, options))
        events = model.converse(turn("talk forever"))
        seen = [await anext(events) for _ in range(5)]
        server.kill()
        with pytest.raises(Interrupted) as broken:
            async for event in events:  # a list of them all would be lost with the error
                seen.append(event)
        assert broken.value.usage == {"outputTokens": len(seen) - 1, "estimated": True}
        with pytest.raises(ServiceUnavailableException, match="cannot be reached"):
            await answer(model, turn("Hi"))


async def test_an_api_key_is_a_bearer(engine: Make, key: str) -> None:
    async with Faulty([played(*frames(WHOLE))]) as provider:
        model = await engine("bedrock", provider.url, region="us-east-1", model="us.amazon.nova-lite-v1:0")
        assert (await answer(model, turn("Hi")))[0] == "Grüße 🙂"
    (request,) = provider.requests
    assert request.path == "/model/us.amazon.nova-lite-v1%3A0/converse-stream"
    assert request.headers["authorization"] == f"Bearer {key}"
    assert request.json["messages"] == [{"role": "user", "content": [{"text": "Hi"}]}]


async def test_blobs_cross_both_ways(engine: Make) -> None:
    reasoning = {"reasoningContent": {"redactedContent": base64.b64encode(b"\x00secret").decode()}}
    delta = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": reasoning}}
    async with Faulty([played(*frames([WHOLE[0], delta, *WHOLE[2:]]))]) as provider:
        model = await engine("bedrock", provider.url, region="us-east-1")
        picture = {"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}
        events = await collect(model.converse({"messages": [{"role": "user", "content": [picture]}]}))
    sent = provider.requests[0].json["messages"][0]["content"][0]["image"]["source"]["bytes"]
    assert base64.b64decode(sent) == b"\x89PNG"
    assert events[1]["contentBlockDelta"]["delta"] == {"reasoningContent": {"redactedContent": b"\x00secret"}}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("throttlingException", ThrottlingException),
        ("serviceUnavailableException", ServiceUnavailableException),
        ("validationException", ValidationException),
        ("internalServerException", ModelErrorException),
    ],
)
async def test_an_exception_before_the_answer_is_the_error_it_names(
    engine: Make, name: str, error: type[Exception]
) -> None:
    async with Faulty([played(exception(name, "not now"))]) as provider:
        with pytest.raises(error, match="not now"):
            await answer(await engine("bedrock", provider.url, region="us-east-1"), turn("Hi"))


async def test_damaged_frames_are_an_error(engine: Make) -> None:
    good = frames(WHOLE)
    damaged = good[1][:-1] + bytes([good[1][-1] ^ 1])
    async with Faulty([played(good[0], damaged)]) as provider:
        with pytest.raises(ApiError, match="cannot be understood"):
            await answer(await engine("bedrock", provider.url, region="us-east-1"), turn("Hi"))
    async with Faulty([[*played(*good[:2])[:-1], CUT]]) as provider:
        with pytest.raises(Interrupted, match="broke off"):
            await answer(await engine("bedrock", provider.url, region="us-east-1"), turn("Hi"))


async def test_refusals_are_mapped(engine: Make) -> None:
    async with Faulty([reply(400, {"message": "The provided model identifier is invalid."})]) as provider:
        with pytest.raises(ValidationException, match="model identifier is invalid"):
            await answer(await engine("bedrock", provider.url, region="us-east-1"), turn("Hi"))


BYTES = b"".join(frames(WHOLE))


@given(st.lists(st.integers(0, len(BYTES)), max_size=12))
def test_however_the_bytes_are_cut_the_events_are_the_same(cuts: list[int]) -> None:
    reader = ConverseEvents("acme", STREAM)
    places = [0, *sorted(cuts), len(BYTES)]
    events = [event for start, end in pairwise(places) for event in reader.read(BYTES[start:end])]
    assert [*events, *reader.end()] == [
        {kind: {name: value for name, value in body.items() if name not in ("p", "metrics")}}
        for event in WHOLE
        for kind, body in event.items()
    ]
