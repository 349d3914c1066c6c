"""Rate limits in the headers of each API."""

import time
from datetime import UTC, datetime

import pytest

from craton.core.rates import Rate
from craton.doors.anthropic import rates as anthropic
from craton.doors.anthropic.errors import AnthropicManner
from craton.doors.openai import rates as openai
from craton.doors.openai.errors import OpenAiManner
from craton.errors import BudgetExceeded, ServiceQuotaExceededException, ThrottlingException
from craton.wire.writer import write_error

RATES = {"requests": Rate(100, 99, 0.85), "tokens": Rate(5000, 0, 360.0)}


def test_openai_tells_how_long_it_takes() -> None:
    assert openai.headers(RATES) == [
        ("x-ratelimit-limit-requests", "100"),
        ("x-ratelimit-remaining-requests", "99"),
        ("x-ratelimit-reset-requests", "850ms"),
        ("x-ratelimit-limit-tokens", "5000"),
        ("x-ratelimit-remaining-tokens", "0"),
        ("x-ratelimit-reset-tokens", "6m0s"),
    ]
    assert openai.headers({}) == []


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.0, "0ms"), (0.9996, "1s"), (1.0, "1s"), (17.25, "17.25s"), (59.9999, "1m0s"), (60.0, "1m0s"), (61.5, "1m1.5s")],
)
def test_durations_are_written_as_the_api_writes_them(seconds: float, told: str) -> None:
    assert openai.duration(seconds) == told


def test_anthropic_tells_when_it_will_be() -> None:
    told = dict(anthropic.headers(RATES))
    assert told["anthropic-ratelimit-requests-limit"] == "100"
    assert told["anthropic-ratelimit-tokens-remaining"] == "0"
    reset = datetime.strptime(told["anthropic-ratelimit-tokens-reset"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert 350 < reset.timestamp() - time.time() <= 360


def test_when_to_come_back_is_told_by_every_api() -> None:
    error = ThrottlingException("Wait.", retry_after=12.2)
    assert ("Retry-After", "13") in write_error(None, error, "1").headers
    assert OpenAiManner().headers({}, error) == [("retry-after-ms", "12200")]
    assert "Retry-After" not in dict(write_error(None, ThrottlingException("Wait."), "1").headers)
    assert OpenAiManner().headers({}, ThrottlingException("Wait.")) == []


def test_money_is_told_apart_from_quotas_where_the_api_does() -> None:
    spent, large = BudgetExceeded("Spent."), ServiceQuotaExceededException("Large.")
    assert [OpenAiManner().error(each, "1")[1]["error"]["type"] for each in (spent, large)] == [
        "insufficient_quota",
        "tokens",
    ]
    assert [
        (status, body["error"]["type"])
        for status, body in (AnthropicManner().error(each, "1") for each in (spent, large))
    ] == [
        (402, "billing_error"),
        (429, "rate_limit_error"),
    ]
    assert dict(write_error(None, spent, "1").headers)["x-amzn-ErrorType"].startswith("ServiceQuotaExceededException:")
