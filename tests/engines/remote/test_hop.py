"""Two Cratons, one the provider of the other: what a client of the first sees of the second, over boto3."""

import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from botocore.exceptions import ClientError, EventStreamError

from tests import scripted
from tests.serving import Server

MODEL = "acme.scripted"
DEAD = "dead.gone"


@pytest.fixture(scope="module")
def hop(second: Server, second_key: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Craton that has no model of its own, and a provider that does, behind each of its doors."""
    home = tmp_path_factory.mktemp("hop") / "home"
    home.mkdir()
    (home / "key").write_text(second_key)
    reached = f'secret_file = "{home / "key"}"\nmodels = [{{ model = "{scripted.MODEL}", id = "%s.scripted" }}]'
    (home / "craton.toml").write_text(
        f"""
        [providers.acme]
        kind = "openai"
        base_url = "{second.endpoint}/v1"
        {reached % "acme"}

        [providers.claude]
        kind = "anthropic"
        base_url = "{second.endpoint}"
        {reached % "claude"}

        [providers.cloud]
        kind = "bedrock"
        region = "us-east-1"
        base_url = "{second.endpoint}"
        {reached % "cloud"}

        [providers.dead]
        kind = "openai"
        base_url = "http://127.0.0.1:9/v1"
        retries = 0
        models = [{{ model = "gone", id = "{DEAD}" }}]
        """
    )
    with Server(home) as running:
        yield running


def say(text: str, model: str = MODEL) -> dict[str, object]:
    return {"modelId": model, "messages": [{"role": "user", "content": [{"text": text}]}]}


@pytest.mark.parametrize("provider", ["acme", "claude", "cloud"])
def test_an_answer_comes_through(hop: Server, provider: str) -> None:
    runtime = hop.client("bedrock-runtime")
    answer = runtime.converse(**say("Hi there", f"{provider}.scripted"))
    assert answer["output"]["message"]["content"] == [{"text": scripted.ANSWER}]
    assert (answer["usage"]["inputTokens"], answer["usage"]["outputTokens"]) == (2, 7)
    stream = runtime.converse_stream(**say("Hi there", f"{provider}.scripted"))["stream"]
    deltas = [event["contentBlockDelta"]["delta"]["text"] for event in stream if "contentBlockDelta" in event]
    assert "".join(deltas) == scripted.ANSWER and len(deltas) == 7


@pytest.mark.parametrize("provider", ["acme", "claude", "cloud"])
def test_a_provider_that_breaks_off_ends_the_stream_in_an_error(hop: Server, provider: str) -> None:
    runtime = hop.client("bedrock-runtime")
    seen = []
    stream = runtime.converse_stream(**say("fail after", f"{provider}.scripted"))["stream"]
    with closing(stream), pytest.raises(EventStreamError, match="modelStreamErrorException"):
        for event in stream:
            seen.append(next(iter(event)))
    assert seen == ["messageStart", *["contentBlockDelta"] * 3]
    with pytest.raises(ClientError, match="ModelErrorException"):
        runtime.converse(**say("fail after", f"{provider}.scripted"))


def test_a_busy_provider_throttles(hop: Server) -> None:
    with pytest.raises(ClientError, match=r"ThrottlingException.*The script is busy"):
        hop.client("bedrock-runtime").converse(**say("fail before"))


def test_a_provider_that_is_gone_is_unavailable_and_then_left_alone(hop: Server) -> None:
    runtime = hop.client("bedrock-runtime")
    for _ in range(5):
        with pytest.raises(ClientError, match=r"ServiceUnavailableException.*'dead' cannot be reached"):
            runtime.converse(**say("Hi", DEAD))
    started = time.monotonic()
    with pytest.raises(ClientError, match=r"ServiceUnavailableException.*failed 5 times in a row"):
        runtime.converse(**say("Hi", DEAD))
    assert time.monotonic() - started < 0.5


def test_no_secret_is_logged(hop: Server, second_key: str) -> None:
    hop.client("bedrock-runtime").converse(**say("Hi there"))
    (hop.home / "key").write_text(second_key + "x")
    with pytest.raises(ClientError, match=r"AccessDeniedException.*this server's credentials"):
        hop.client("bedrock-runtime").converse(**say("Hi there"))
    (hop.home / "key").write_text(second_key)
    hop.client("bedrock-runtime").converse(**say("Hi there"))
    assert second_key not in hop.log.read_text()
