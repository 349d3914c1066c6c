"""Timeouts, retries, breaks and cancellations, which are the same whatever API a provider speaks."""

import asyncio
import ssl
import time
from pathlib import Path

import pytest

from craton.engines.remote.calls import upstream
from craton.engines.remote.calls.failures import Interrupted
from craton.errors import (
    ModelErrorException,
    ModelNotReadyException,
    ModelTimeoutException,
    ServiceUnavailableException,
    ThrottlingException,
)
from tests.clients.tls import certificate
from tests.engines.remote.conftest import Make
from tests.engines.remote.faulty import CUT, HANG, Faulty, Step, chunk, completion, head, message, reply, stream, texts
from tests.engines.turns import answer, collect, counts, turn
from tests.serving import free_port

GOOD = stream(*completion(*texts("Hel", "lo.")))
BUSY = reply(429, {"error": {"message": "slow down"}}, Retry_After="0")
BROKEN = reply(500, {"error": {"message": "oops"}})
EVENTS = "text/event-stream"


def begun(*words: str) -> list[Step]:
    """An answer up to these words, and what was told before them."""
    return [head(200, EVENTS), *map(chunk, completion(*texts(*words))[: len(words) + 1])]


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries follow at once."""
    monkeypatch.setattr(upstream, "_FIRST_BACKOFF", 0.001)


@pytest.mark.parametrize(
    "fault",
    [
        BUSY,
        BROKEN,
        reply(503, {}),
        reply(529, {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}),
        reply(408, {}),
        [CUT],
        [head(200, EVENTS), CUT],
        [*begun(), CUT],
        stream(*completion(*texts())[:1]),
    ],
)
async def test_while_nothing_was_seen_another_attempt_is_made(engine: Make, fault: list[Step]) -> None:
    async with Faulty([fault, fault, GOOD]) as provider:
        model = await engine("openai", provider.url, retries=2)
        assert (await answer(model, turn("Hi")))[0] == "Hello."
    assert len(provider.requests) == 3
    assert len({request.body for request in provider.requests}) == 1
    assert (model.state().attempts, model.state().retries, model.state().failures) == (3, 2, 0)


@pytest.mark.parametrize("status", [400, 401, 404, 413, 422, 501])
async def test_what_would_be_refused_again_is_not_tried_again(engine: Make, status: int) -> None:
    async with Faulty([reply(status, {"error": {"message": "no"}}), GOOD]) as provider:
        with pytest.raises(Exception, match=str(status)):
            await answer(await engine("openai", provider.url, retries=2), turn("Hi"))
    assert len(provider.requests) == 1


async def test_money_that_is_spent_does_not_come_back(engine: Make) -> None:
    spent = reply(429, {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}})
    async with Faulty([spent, GOOD]) as provider:
        with pytest.raises(ThrottlingException, match="quota"):
            await answer(await engine("openai", provider.url, retries=2), turn("Hi"))
    assert len(provider.requests) == 1


async def test_attempts_are_bounded(engine: Make) -> None:
    async with Faulty([BROKEN]) as provider:
        with pytest.raises(ModelErrorException, match=r"failed \(status 500: 'oops'\)") as failed:
            await answer(await engine("openai", provider.url, retries=3), turn("Hi"))
    assert len(provider.requests) == 4
    assert failed.value.members == {"originalStatusCode": 500, "resourceName": "m"}


async def test_a_short_retry_after_is_waited_for(engine: Make) -> None:
    busy = reply(429, {}, Retry_After_Ms="200")
    async with Faulty([busy, GOOD]) as provider:
        started = time.monotonic()
        await answer(await engine("openai", provider.url, retries=1), turn("Hi"))
    assert 0.2 <= time.monotonic() - started < 2


async def test_a_long_retry_after_is_told_instead_of_waited_for(engine: Make) -> None:
    async with Faulty([reply(429, {}, Retry_After="60")]) as provider:
        with pytest.raises(ThrottlingException):
            await answer(await engine("openai", provider.url, retries=2), turn("Hi"))
    assert len(provider.requests) == 1


async def test_a_provider_that_is_not_there_cannot_be_reached(engine: Make) -> None:
    model = await engine("openai", f"http://127.0.0.1:{free_port()}", retries=1)
    with pytest.raises(ServiceUnavailableException, match="'acme' cannot be reached"):
        await answer(model, turn("Hi"))
    assert model.state().attempts == 2


async def test_something_that_is_no_http_is_an_error(engine: Make) -> None:
    async with Faulty([[b"SSH-2.0-OpenSSH_9.2\r\n\r\n", CUT]]) as provider:
        with pytest.raises(ModelErrorException, match="something that is not HTTP"):
            await answer(await engine("openai", provider.url), turn("Hi"))


@pytest.mark.parametrize("silence", [[HANG], [head(200, EVENTS), HANG], [*begun(), HANG]])
async def test_the_first_token_is_not_waited_for_forever(engine: Make, silence: list[Step]) -> None:
    async with Faulty([silence]) as provider:
        model = await engine("openai", provider.url, first_token_timeout=0.1, retries=2)
        with pytest.raises(ModelTimeoutException, match=r"no token within 0.1 s"):
            await answer(model, turn("Hi"))
        await provider.left()
    assert len(provider.requests) == 1


async def test_a_stream_that_falls_silent_is_given_up(engine: Make) -> None:
    async with Faulty([[*begun("Hel", "lo"), HANG]]) as provider:
        model = await engine("openai", provider.url, idle_timeout=0.1, retries=2)
        with pytest.raises(Interrupted, match=r"sent nothing more of its answer for 0.1 s"):
            await answer(model, turn("Hi"))
        await provider.left()


async def test_a_slow_stream_is_not_given_up(engine: Make) -> None:
    slow = [step for part in GOOD for step in (part, 0.06)]
    async with Faulty([slow]) as provider:
        model = await engine("openai", provider.url, idle_timeout=0.2, first_token_timeout=1.0)
        assert (await answer(model, turn("Hi")))[0] == "Hello."


@pytest.mark.parametrize("end", [CUT, chunk(b"data: {garbage\n\n")])
async def test_a_provider_that_dies_in_mid_stream_leaves_what_it_said(engine: Make, end: Step) -> None:
    async with Faulty([[*begun("Hel", "lo"), end, CUT]]) as provider:
        model = await engine("openai", provider.url, retries=2)
        events = []
        with pytest.raises(Interrupted) as broken:
            async for event in model.converse(turn("Hi")):
                events.append(event)
    assert [event["contentBlockDelta"]["delta"]["text"] for event in events[1:]] == ["Hel", "lo"]
    assert broken.value.code == "ModelErrorException"
    assert broken.value.usage == {"outputTokens": 2, "estimated": True}
    assert (len(provider.requests), model.state().failures) == (1, 1)


async def test_usage_told_before_the_end_is_known_after_a_break(engine: Make) -> None:
    async with Faulty([[head(200, EVENTS), *map(chunk, message("Hel", "lo")[:5]), CUT]]) as provider:
        model = await engine("anthropic", provider.url)
        with pytest.raises(Interrupted) as broken:
            await collect(model.converse(turn("Hi")))
    usage = broken.value.usage
    told = {"inputTokens": 7, "cacheReadInputTokens": 2, "cacheWriteInputTokens": 0}
    assert usage == {**told, "outputTokens": 2, "estimated": True}


async def test_usage_is_told_as_far_as_it_is_known(engine: Make) -> None:
    async with Faulty([[head(200, EVENTS), *map(chunk, message("Hel", "lo"))], GOOD]) as provider:
        told = await counts((await engine("anthropic", provider.url)).converse(turn("Hi")))
        assert told[0] == {"inputTokens": 7, "cacheReadInputTokens": 2, "cacheWriteInputTokens": 0}
        assert told[1:] == [{"outputTokens": count, "estimated": True} for count in (1, 2)]
        # These providers tell of the input with the end.
        told = await counts((await engine("openai", provider.url)).converse(turn("Hi")))
        assert {"outputTokens": 1, "estimated": True} in told and not any("inputTokens" in each for each in told)


async def test_closing_a_stream_closes_its_connection_at_once(engine: Make) -> None:
    async with Faulty([[*begun("Hel", "lo"), HANG]]) as provider:
        model = await engine("openai", provider.url)
        events = model.converse(turn("Hi"))
        await anext(events)
        started = time.monotonic()
        await events.aclose()
        await provider.left()
        assert time.monotonic() - started < 0.1
    assert (model.state().in_flight, model.state().failures) == (0, 0)


async def test_cancelling_a_request_closes_its_connection_at_once(engine: Make) -> None:
    async with Faulty([[HANG]]) as provider:
        model = await engine("openai", provider.url)
        asking = asyncio.create_task(answer(model, turn("Hi")))
        await provider.arrived()
        assert model.state().in_flight == 1
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        started = time.monotonic()
        await provider.left()
        assert time.monotonic() - started < 0.1
    assert (model.state().in_flight, model.state().failures) == (0, 0)


async def test_a_provider_that_keeps_failing_is_left_alone(engine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Faulty([*[BROKEN] * 5, GOOD]) as provider:
        model = await engine("openai", provider.url)
        for _ in range(5):
            with pytest.raises(ModelErrorException):
                await answer(model, turn("Hi"))
        started = time.monotonic()
        with pytest.raises(ServiceUnavailableException, match=r"failed 5 times in a row .* tried again in \d\.\d s"):
            await answer(model, turn("Hi"))
        assert time.monotonic() - started < 0.05
        assert len(provider.requests) == 5
        state = model.state()
        assert state.failures == 5 and state.open_until is not None and 0 < state.open_until - time.time() <= 5
        later = time.monotonic() + 6
        monkeypatch.setattr(model._upstream._breaker, "_clock", lambda: later)  # type: ignore[attr-defined]
        assert (await answer(model, turn("Hi")))[0] == "Hello."
        assert (model.state().failures, model.state().open_until) == (0, None)


async def test_streams_that_always_break_open_the_breaker_too(engine: Make) -> None:
    async with Faulty([[*begun("Hel"), CUT]]) as provider:
        model = await engine("openai", provider.url)
        for _ in range(5):
            with pytest.raises(Interrupted):
                await answer(model, turn("Hi"))
        with pytest.raises(ServiceUnavailableException, match="failed 5 times"):
            await answer(model, turn("Hi"))


async def test_refused_requests_do_not_open_the_breaker(engine: Make) -> None:
    async with Faulty([*[reply(400, {"message": "no"})] * 6, *[BUSY] * 6, GOOD]) as provider:
        model = await engine("openai", provider.url)
        for _ in range(12):
            with pytest.raises(Exception, match="status 4"):
                await answer(model, turn("Hi"))
        assert (await answer(model, turn("Hi")))[0] == "Hello."


async def test_too_many_requests_at_once_are_refused_at_once(engine: Make) -> None:
    async with Faulty([[HANG]]) as provider:
        model = await engine("openai", provider.url, max_requests=1)
        asking = asyncio.create_task(answer(model, turn("Hi")))
        await provider.arrived()
        with pytest.raises(ThrottlingException, match="already has 1 requests"):
            await answer(model, turn("Hi"))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def test_connections_are_used_again(engine: Make) -> None:
    endless = [*GOOD[:-1], 0.02, GOOD[-1]]
    async with Faulty([GOOD, endless]) as provider:
        model = await engine("openai", provider.url)
        for _ in range(5):
            await answer(model, turn("Hi"))
    assert (len(provider.requests), provider.connections) == (5, 1)


async def test_a_stream_ends_when_all_is_said_though_the_connection_stays(engine: Make) -> None:
    async with Faulty([[*GOOD[:-1], HANG]]) as provider:
        started = time.monotonic()
        assert (await answer(await engine("openai", provider.url), turn("Hi")))[0] == "Hello."
        assert time.monotonic() - started < 1


async def test_redirects_lead_nowhere(engine: Make) -> None:
    async with Faulty([GOOD]) as other, Faulty([reply(307, {}, Location=f"{other.url}/x")]) as provider:
        with pytest.raises(ModelErrorException, match="redirects are not followed"):
            await answer(await engine("openai", provider.url), turn("Hi"))
    assert not other.requests


async def test_proxies_of_the_environment_are_passed_by(engine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Faulty([GOOD]) as proxy, Faulty([GOOD]) as provider:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        await answer(await engine("openai", provider.url), turn("Hi"))
        assert not proxy.requests
        model = await engine("openai", "http://models.example", environment_proxy=True)
        assert (await answer(model, turn("Hi")))[0] == "Hello."
        assert proxy.requests[0].path.startswith("http://models.example")


async def test_an_address_of_a_clouds_metadata_is_refused(engine: Make) -> None:
    model = await engine("openai", "http://169.254.169.254/v1", no_link_local=True)
    with pytest.raises(ServiceUnavailableException, match="link-local"):
        await answer(model, turn("Hi"))


async def test_options_that_are_not_right_are_named(engine: Make, tmp_path: Path) -> None:
    with pytest.raises(ModelNotReadyException, match="unknown field `tiemout`"):
        await engine("openai", "http://127.0.0.1:1", tiemout=3)
    with pytest.raises(ModelNotReadyException, match="no http or https URL"):
        await engine("openai", "ftp://127.0.0.1:1")
    with pytest.raises(ModelNotReadyException, match=r"'env': NAME"):
        await engine("openai", "http://127.0.0.1:1", secret={})
    with pytest.raises(ModelNotReadyException, match=r"NOWHERE.* is empty or not set"):
        await answer(await engine("openai", "http://127.0.0.1:1", secret={"env": "NOWHERE"}), turn("Hi"))
    with pytest.raises(ModelNotReadyException, match="ca_file"):
        await engine("openai", "https://127.0.0.1:1", ca_file=str(tmp_path / "missing.pem"))


async def test_a_secret_of_several_lines_is_refused(engine: Make, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("key\r\nX-Injected: yes")
    with pytest.raises(ModelNotReadyException, match="more than one line") as refused:
        await answer(await engine("openai", "http://127.0.0.1:1", secret={"file": str(file)}), turn("Hi"))
    assert "Injected" not in str(refused.value)


async def test_certificates_are_verified(engine: Make, tmp_path: Path) -> None:
    file = certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    async with Faulty([GOOD], tls=context) as provider:
        with pytest.raises(ServiceUnavailableException, match="no certificate that this server trusts"):
            await answer(await engine("openai", provider.url), turn("Hi"))
        model = await engine("openai", provider.url, ca_file=str(file))
        assert (await answer(model, turn("Hi")))[0] == "Hello."
