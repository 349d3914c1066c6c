"""Quotas and budgets as the SDKs of OpenAI and Anthropic see them: in headers, and as their own errors."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import scripted
from tests.clients.conftest import Program, addresses, made_key
from tests.command import craton
from tests.serving import Server

pytestmark = pytest.mark.clients

PRICES = '[prices."craton.*"]\noutput = 1000\ncurrency = "EUR"\n'


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Of each key: four requests and 800 tokens a minute, one at once; and not enough money for 950 tokens."""
    home: Path = tmp_path_factory.mktemp("limited") / "home"
    scripted.install(home)
    (home / "craton.toml").write_text(PRICES)
    own = ("--per", "key", "--home", str(home))
    for words in (
        ("quotas", "set", "few", "--requests-per-minute", "4", "--tokens-per-minute", "800"),
        ("quotas", "set", "one", "--concurrent-requests", "1"),
        ("budgets", "set", "small", "0.90", "EUR"),
    ):
        done = craton(*words, *own)
        assert done.returncode == 0, done.stderr
    with Server(home) as running:
        yield running


def statuses(server: Server, operation: str) -> list[int]:
    """Of all requests of an operation, in the order they ended."""
    return [line["status"] for line in server.requests_logged() if line["operation"] == operation]


def test_openai(python: Program, limited: Server) -> None:
    told = python("openai_limits.py", scripted.MODEL, **addresses(limited, made_key(limited)))
    whole, streamed, refused = told["whole"], told["streamed"], told["refused"]
    assert (whole["x-ratelimit-limit-requests"], whole["x-ratelimit-remaining-requests"]) == ("4", "3")
    assert whole["x-ratelimit-limit-tokens"] == "800"
    assert 770 <= int(whole["x-ratelimit-remaining-tokens"]) <= 780, "20 of output and some of input are reserved"
    assert whole["x-ratelimit-reset-requests"] == "1m0s"
    assert streamed["x-ratelimit-remaining-requests"] == "2"

    # Too large to ever fit, and too dear: neither is worth another try.
    large, dear = told["large"], told["dear"]
    assert (large["name"], large["status"], large["type"]) == ("RateLimitError", 429, "tokens")
    assert (dear["name"], dear["status"], dear["type"]) == ("RateLimitError", 429, "insufficient_quota")
    assert {each["headers"]["x-should-retry"] for each in (large, dear)} == {"false"}
    assert not {"retry-after", "retry-after-ms"} & {*large["headers"], *dear["headers"]}

    # One at once: the client waits as long as it is told, and asks again until it is let in.
    assert told["waited"] == 200
    asked = statuses(limited, "openai.chat.completions")
    assert asked[:4] == [200, 200, 429, 429], "large and dear are asked once"
    assert asked.count(200) == 4 and 1 <= asked[4:].count(429) - 1 <= 3

    assert (refused["status"], refused["type"]) == (429, "requests")
    seconds, milliseconds = int(refused["headers"]["retry-after"]), int(refused["headers"]["retry-after-ms"])
    assert 30_000 < (seconds - 1) * 1000 < milliseconds <= seconds * 1000 <= 60_000
    assert refused["headers"]["x-ratelimit-remaining-requests"] == "0"


def test_anthropic(python: Program, limited: Server) -> None:
    told = python("anthropic_limits.py", scripted.MODEL, **addresses(limited, made_key(limited)))
    whole, streamed, refused = told["whole"], told["streamed"], told["refused"]
    assert (whole["anthropic-ratelimit-requests-limit"], whole["anthropic-ratelimit-requests-remaining"]) == ("4", "3")
    assert whole["anthropic-ratelimit-tokens-limit"] == "800"
    assert 770 <= int(whole["anthropic-ratelimit-tokens-remaining"]) <= 780
    reset = datetime.fromisoformat(whole["anthropic-ratelimit-requests-reset"])
    assert timedelta(0) < reset - datetime.now(UTC) <= timedelta(seconds=61)
    assert streamed["anthropic-ratelimit-requests-remaining"] == "2"
    large, dear = told["large"], told["dear"]
    assert (large["name"], large["status"], large["type"]) == ("RateLimitError", 429, "rate_limit_error")
    assert (dear["status"], dear["type"]) == (402, "billing_error")
    assert {each["headers"]["x-should-retry"] for each in (large, dear)} == {"false"}
    assert told["waited"] == 200
    assert statuses(limited, "anthropic.messages")[:4] == [200, 200, 429, 402]
    assert (refused["status"], refused["type"]) == (429, "rate_limit_error")
    assert 1 <= int(refused["headers"]["retry-after"]) <= 60
