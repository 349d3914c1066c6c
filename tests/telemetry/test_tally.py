"""What requests and invocations add up to."""

from dataclasses import replace

import pytest

from craton.core.call import Call
from craton.core.trace import (
    ADMISSION,
    CANCELLED,
    GUARDRAIL,
    GUARDRAIL_ID,
    GUARDRAIL_INTERVENED,
    GUARDRAIL_LATENCY,
    GUARDRAIL_SOURCE,
    GUARDRAIL_UNITS,
    GUARDRAIL_VERSION,
    Span,
    end,
)
from craton.errors import ThrottlingException
from craton.telemetry.tally import LATENCIES, MOST, OTHER, Spread, Tally, cumulative
from craton.usage.records import OK, Counts, Used

ACCOUNT = "123456789012"
USED = Used(
    id="1",
    request_id="r",
    at=0.0,
    account=ACCOUNT,
    region="us-east-1",
    principal="",
    key_id="",
    operation="bedrock-runtime.Converse",
    model="a-model",
    profile=None,
    tier="default",
    status=OK,
    counts=Counts(10, 5, 3, 2),
    latency=1500,
    first_token=200,
    cost=7,
    currency="EUR",
    energy=0.5,
    tags={},
    metadata={},
)


def test_an_invocation_that_succeeded() -> None:
    tally = Tally()
    tally.used(USED)
    tally.used(USED)
    model = tally.models["a-model", ""]
    assert (model.invocations, model.input_tokens, model.output_tokens) == (2, 20, 10)
    assert (model.cache_read_tokens, model.cache_write_tokens, model.quota_tokens) == (6, 4, 34)
    assert (model.latency.sum, model.first_token.sum) == (3.0, 0.4)
    assert (model.costs, model.energy) == ({"EUR": 14}, 1.0)


@pytest.mark.parametrize(
    ("status", "figure"),
    [
        ("ThrottlingException", "throttles"),
        ("ValidationException", "client_errors"),
        ("ModelErrorException", "client_errors"),
        ("InternalServerException", "server_errors"),
        ("ServiceUnavailableException", "server_errors"),
        ("LOST", "server_errors"),
        (CANCELLED, "cancelled"),
    ],
)
def test_one_that_did_not_is_counted_as_aws_does(status: str, figure: str) -> None:
    tally = Tally()
    tally.used(replace(USED, status=status))
    model = tally.models["a-model", ""]
    assert getattr(model, figure) == 1
    assert model.invocations == model.quota_tokens == 0
    assert model.output_tokens == 5
    others = {"throttles", "client_errors", "server_errors", "cancelled"} - {figure}
    assert not any(getattr(model, other) for other in others)


def test_what_was_not_admitted_is_counted_once() -> None:
    tally = Tally()
    call = Call("r", name="bedrock-runtime.Converse", account=ACCOUNT, status=429)
    call.trace.begin("door")
    with pytest.raises(ThrottlingException), call.trace.begin(ADMISSION, {"gen_ai.request.model": "a-model"}):
        raise ThrottlingException("Wait.")
    tally.watch(call)
    assert tally.models["a-model", ""].throttles == 1
    assert tally.requests["bedrock-runtime.Converse", 429] == 1


def test_what_guardrails_judged_is_counted_by_version_and_source() -> None:
    tally = Tally()
    call = Call("r", name="bedrock-runtime.Converse", account=ACCOUNT, status=200)
    call.trace.begin("door")
    of = {GUARDRAIL_ID: "g", GUARDRAIL_VERSION: "2", GUARDRAIL_SOURCE: "INPUT"}
    told = {GUARDRAIL_UNITS: 3, GUARDRAIL_LATENCY: 20}
    end(call.trace.begin(GUARDRAIL, {**of, **told, GUARDRAIL_INTERVENED: True}))
    end(call.trace.begin(GUARDRAIL, {**of, **told, GUARDRAIL_INTERVENED: False}))
    end(call.trace.begin(GUARDRAIL, {**of, GUARDRAIL_SOURCE: "OUTPUT"}), "ThrottlingException")
    tally.watch(call)
    judged = tally.guardrails["g", "2", "INPUT", ""]
    assert (judged.invocations, judged.intervened, judged.text_units) == (2, 1, 6)
    assert judged.latency.sum == pytest.approx(0.04)
    failed = tally.guardrails["g", "2", "OUTPUT", ""]
    assert (failed.invocations, failed.throttles) == (0, 1)


def test_accounts_apart_only_where_that_is_wanted() -> None:
    together, apart = Tally(), Tally(accounts=True)
    for tally in (together, apart):
        tally.used(USED)
        tally.used(replace(USED, account="111122223333"))
    assert set(together.models) == {("a-model", "")}
    assert set(apart.models) == {("a-model", ACCOUNT), ("a-model", "111122223333")}


def test_labels_are_bounded() -> None:
    tally = Tally()
    call = Call("r", name="bedrock-runtime.Converse", account=ACCOUNT, status=200)
    for number in range(MOST + 50):
        tally.used(replace(USED, model=f"model-{number}"))
        of = {GUARDRAIL_ID: f"g{number}", GUARDRAIL_VERSION: "1", GUARDRAIL_SOURCE: "INPUT"}
        call.trace.spans = [Span(GUARDRAIL, "", "", 0, attributes={**of})]
        tally.watch(call)
    assert len(tally.models) == len(tally.guardrails) == MOST + 1
    assert tally.guardrails[OTHER, OTHER, "INPUT", ""].invocations == 50
    assert tally.models[OTHER, ""].invocations == 50


def test_a_spread_has_each_value_below_its_bound() -> None:
    spread = Spread()
    for value in (0.0005, 0.001, 0.3, 1000.0):
        spread.add(value)
    sums = dict(zip([*LATENCIES, None], cumulative(spread.classes), strict=True))
    assert (sums[0.001], sums[0.25], sums[0.5], sums[300.0], sums[None]) == (2, 2, 3, 3, 4)
