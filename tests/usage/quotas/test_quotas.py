"""No quota is ever exceeded, and nothing that was held stays held, whatever comes in whatever order."""

from typing import Any, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from craton.core.rates import Rate
from craton.errors import ApiError, ServiceQuotaExceededException, ThrottlingException
from craton.store.documents import Documents
from craton.usage.ledger import Ledger
from craton.usage.limits.subject import EVERY_ACCOUNT, Facts, Part, Subject
from craton.usage.quotas.quotas import Quotas
from craton.usage.quotas.records import Quota
from craton.usage.records import Asked, Counts, Hold
from tests.usage.limits.makers import ACCOUNT, OPERATOR, OTHER, Clock, asked, quota


def keeping(clock: Clock, *made: Quota) -> Quotas:
    quotas = Quotas(cast(Documents, None), cast(Ledger, None), clock=clock, wall=clock.wall)
    quotas.definitions.take(made)
    return quotas


def admit(quotas: Quotas, invocation: Asked) -> Hold:
    hold = quotas.admit(invocation, 0, "EUR")
    assert hold is not None
    return hold


def refusal(quotas: Quotas, invocation: Asked) -> ApiError:
    with pytest.raises(ApiError) as caught:
        quotas.admit(invocation, 0, "EUR")
    return caught.value


# What each kind of quota does


def test_requests_of_a_minute() -> None:
    clock = Clock()
    quotas = keeping(clock, quota(requests_per_minute=2))
    admit(quotas, asked()).settle(Counts(10, 5), 0)
    clock.now += 20
    admit(quotas, asked()).settle(Counts(10, 5), 0)
    error = refusal(quotas, asked())
    assert isinstance(error, ThrottlingException)
    assert error.message == (
        "Too many requests, please wait before trying again. The quota 'q' lets 2 requests through in a minute."
    )
    assert error.retry_after == pytest.approx(40)
    clock.now += 40
    admit(quotas, asked())


def test_requests_at_once() -> None:
    quotas = keeping(Clock(), quota(concurrent_requests=1))
    first = admit(quotas, asked())
    error = refusal(quotas, asked())
    assert isinstance(error, ThrottlingException) and error.retry_after == 1.0
    first.settle(Counts(), 0)
    first.settle(Counts(), 0)  # a second time changes nothing
    admit(quotas, asked())
    refusal(quotas, asked())


def test_tokens_are_reserved_with_all_of_the_output_and_settled_to_what_was_used() -> None:
    clock = Clock()
    quotas = keeping(clock, quota(tokens_per_minute=150))
    first = admit(quotas, asked(10, 90))
    error = refusal(quotas, asked(10, 90))
    assert error.message.startswith("Too many tokens, please wait before trying again. The quota 'q' has 150 tokens")
    assert "50 of them free" in error.message and "100 (10 of input and up to 90 of output)" in error.message
    first.settle(Counts(input_tokens=8, output_tokens=20, cache_read_tokens=500, cache_write_tokens=2), 0)
    second = admit(quotas, asked(10, 90))  # 30 are used: what was read from the cache does not count
    second.settle(Counts(10, 90), 0)
    error = refusal(quotas, asked(10, 90))
    assert isinstance(error, ThrottlingException) and error.retry_after == pytest.approx(60)
    clock.now += 60.1
    admit(quotas, asked(10, 90))


def test_the_wait_is_for_what_has_been_used_and_short_where_those_that_run_hold_the_rest() -> None:
    clock = Clock()
    quotas = keeping(clock, quota(tokens_per_minute=150))
    admit(quotas, asked(10, 90)).settle(Counts(10, 70), 0)
    clock.now += 20
    running = admit(quotas, asked(10, 60))
    assert refusal(quotas, asked(10, 60)).retry_after == 1.0, "80 are used and 70 held, which may be given back at once"
    assert refusal(quotas, asked(10, 90)).retry_after == pytest.approx(40), "those that are used have to go first"
    running.settle(Counts(), 0)
    admit(quotas, asked(10, 60))


def test_a_token_of_output_counts_five_times_for_models_that_burn_so() -> None:
    claude, other = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu.amazon.nova-lite-v1:0"
    for model, used in ((claude, 10 + 5 * 20), (other, 10 + 20)):
        quotas = keeping(Clock(), quota(tokens_per_minute=1000))
        invocation = asked(10, 90, model=model)
        admit(quotas, invocation).settle(Counts(10, 20), 0)
        probe = asked(0, 0, model=model)
        admit(quotas, probe)
        assert probe.ctx.rates["tokens"].remaining == 1000 - used


def test_a_quota_may_set_the_rate_itself() -> None:
    quotas = keeping(Clock(), quota(tokens_per_minute=1000, output_rate=2.5))
    admit(quotas, asked()).settle(Counts(10, 10), 0)
    probe = asked(0, 0)
    admit(quotas, probe)
    assert probe.ctx.rates["tokens"].remaining == 1000 - 35


def test_tokens_of_a_day_are_those_of_the_day_it_began_on() -> None:
    clock = Clock()
    quotas = keeping(clock, quota(tokens_per_day=200))
    admit(quotas, asked(10, 90)).settle(Counts(10, 90), 0)
    late = admit(quotas, asked(10, 90))
    error = refusal(quotas, asked(10, 90))
    assert error.message.startswith("Too many tokens per day, please wait before trying again.")
    late.settle(Counts(10, 90), 0)
    error = refusal(quotas, asked(10, 90))
    assert error.retry_after == pytest.approx(12 * 3600)
    clock.now += 12 * 3600 - 1
    assert refusal(quotas, asked(10, 90)).retry_after == pytest.approx(1)
    clock.now += 1
    over_night = admit(quotas, asked(10, 90))
    clock.now += 24 * 3600
    over_night.settle(Counts(10, 90), 0)
    probe = [admit(quotas, asked(10, 90)), admit(quotas, asked(10, 90))]
    assert len(probe) == 2, "what began yesterday is yesterday's"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"tokens_per_minute": 99}, "has 99 tokens for each minute"),
        ({"tokens_per_day": 99}, "has 99 tokens for each day"),
        ({"requests_per_minute": 0}, "lets 0 requests through"),
        ({"concurrent_requests": 0}, "lets 0 requests run"),
    ],
)
def test_what_can_never_fit_is_told_so(limits: dict[str, Any], words: str) -> None:
    error = refusal(keeping(Clock(), quota(**limits)), asked(10, 90))
    assert isinstance(error, ServiceQuotaExceededException)
    assert words in error.message and "never fits" in error.message
    assert error.retry_after is None


# Which quotas must be kept


def test_all_that_fit_must_let_it_through_and_none_takes_anything_where_one_refuses() -> None:
    wide, narrow = quota("wide", tokens_per_minute=1000), quota("narrow", requests_per_minute=1)
    quotas = keeping(Clock(), wide, narrow)
    admit(quotas, asked()).settle(Counts(), 0)
    for _ in range(20):
        refusal(quotas, asked())
    (counter,) = quotas.standings.uses(wide).values()
    assert (counter.held, counter.running, counter.minute(quotas.now())) == (0, 0, 0)


def test_the_longest_wait_is_told() -> None:
    clock = Clock()
    quotas = keeping(clock, quota("a", concurrent_requests=1), quota("b", requests_per_minute=1))
    admit(quotas, asked())
    assert refusal(quotas, asked()).retry_after == pytest.approx(60)


def test_each_is_counted_apart_where_that_is_asked_for() -> None:
    per_key = Subject(ACCOUNT, apart=(Part.KEY,))
    quotas = keeping(Clock(), quota(subject=per_key, requests_per_minute=1))
    admit(quotas, asked(key="AKIA1"))
    admit(quotas, asked(key="AKIA2"))
    refusal(quotas, asked(key="AKIA1"))


def test_what_nothing_is_about_passes_freely() -> None:
    quotas = keeping(Clock(), quota(requests_per_minute=0))
    assert quotas.admit(asked(account=OTHER), 0, "EUR") is None


def test_counting_goes_on_when_a_limit_is_changed_and_begins_anew_when_the_subject_is() -> None:
    quotas = keeping(Clock(), quota(requests_per_minute=5))
    running = admit(quotas, asked())
    quotas.definitions.take([quota(requests_per_minute=1)])
    refusal(quotas, asked())
    quotas.definitions.take([quota(subject=Subject(ACCOUNT, model="m-*"), requests_per_minute=1)])
    admit(quotas, asked())
    running.settle(Counts(1, 1), 0)
    refusal(quotas, asked())


# What callers are told


def test_the_rates_are_those_of_the_quota_that_has_least_left() -> None:
    clock = Clock()
    quotas = keeping(
        clock, quota("a", requests_per_minute=10, tokens_per_minute=150), quota("b", requests_per_minute=3)
    )
    invocation = asked(10, 90)
    hold = admit(quotas, invocation)
    assert invocation.ctx.rates == {"requests": Rate(3, 2, 60.0), "tokens": Rate(150, 50, 60.0)}
    hold.settle(Counts(5, 5), 0)
    clock.now += 10
    again = asked(10, 190)
    refusal(quotas, again)
    assert again.ctx.rates == {"requests": Rate(3, 2, 50.0), "tokens": Rate(150, 140, 50.0)}


def test_what_accounts_share_is_not_told_to_them() -> None:
    shared = quota(owner=OPERATOR, subject=Subject(EVERY_ACCOUNT), tokens_per_minute=150, requests_per_minute=5)
    quotas = keeping(Clock(), shared)
    one, other = asked(account=ACCOUNT), asked(account=OTHER)
    admit(quotas, one)
    error = refusal(quotas, other)
    assert one.ctx.rates == other.ctx.rates == {}
    assert "free" not in error.message


# In any order


class Anything(RuleBasedStateMachine):
    """Invocations of two accounts, two keys and two models come and end; the limits are small, so often met."""

    holds = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.all = [
            quota("tokens", tokens_per_minute=300),
            quota("requests", subject=Subject(ACCOUNT, apart=(Part.KEY,)), requests_per_minute=4),
            quota("at once", OPERATOR, Subject(EVERY_ACCOUNT, model="m-1"), concurrent_requests=3),
            quota("model", OPERATOR, Subject(EVERY_ACCOUNT, apart=(Part.ACCOUNT, Part.MODEL)), tokens_per_minute=500),
        ]
        self.quotas = keeping(self.clock, *self.all)
        self.begun: dict[tuple[str, tuple[str, ...]], list[float]] = {}
        self.running: dict[int, tuple[Asked, int]] = {}
        self.ended: list[tuple[float, Asked, int]] = []
        self.count = 0

    @rule(
        target=holds,
        account=st.sampled_from([ACCOUNT, OTHER]),
        key=st.sampled_from(["k1", "k2"]),
        model=st.sampled_from(["m-1", "m-2"]),
        input_tokens=st.integers(0, 100),
        output=st.integers(0, 250),
    )
    def begin(self, account: str, key: str, model: str, input_tokens: int, output: int) -> Any:
        invocation = asked(input_tokens, output, account=account, key=key, model=model)
        try:
            hold = self.quotas.admit(invocation, 0, "EUR")
        except ApiError as error:
            assert isinstance(error, ServiceQuotaExceededException) or (error.retry_after or 0) >= 1
            return multiple()
        self.count += 1
        self.running[self.count] = (invocation, input_tokens + output)
        if account == ACCOUNT:
            self.begun.setdefault(("requests", (key,)), []).append(self.clock.now)
        return (self.count, hold)

    @rule(held=consumes(holds), share=st.floats(0, 1))
    def end(self, held: tuple[int, Hold], share: float) -> None:
        number, hold = held
        invocation, _ = self.running.pop(number)
        counts = Counts(invocation.input_tokens, int(invocation.most_output * share))
        hold.settle(counts, 0)
        self.ended.append((self.clock.now, invocation, counts.input_tokens + counts.output_tokens))

    @rule(seconds=st.floats(0, 45))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @invariant()
    def no_quota_is_exceeded(self) -> None:
        now = self.clock.now
        for begun in self.begun.values():
            assert sum(at > now - 60 for at in begun) <= 4
        assert sum(each.model == "m-1" for each, _ in self.running.values()) <= 3
        for account, most, models in ((ACCOUNT, 300, ("m-1", "m-2")), (ACCOUNT, 500, ("m-1",)), (OTHER, 500, ("m-2",))):
            ended = [
                tokens
                for at, each, tokens in self.ended
                if at > now - 60 and each.ctx.account == account and each.model in models
            ]
            held = [
                tokens for each, tokens in self.running.values() if each.ctx.account == account and each.model in models
            ]
            assert sum(ended) + sum(held) <= most

    def teardown(self) -> None:
        held = sum(counter.held for _, _, counter in self.quotas.standings)
        running = sum(counter.running for _, _, counter in self.quotas.standings)
        # Those that still run hold in each quota that is about them, and nothing else does.
        about = [len(self.quotas.standings.about(Facts.of(each))) for each, _ in self.running.values()]
        assert running == sum(about)
        assert held == sum(n * tokens for n, (_, tokens) in zip(about, self.running.values(), strict=True))


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
