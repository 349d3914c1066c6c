"""What models cost, exactly."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton import config
from craton.errors import ResourceNotFoundException, ValidationException
from craton.store.documents import Documents
from craton.usage.prices import Price, Prices
from craton.usage.records import Counts


@pytest.fixture
async def documents(tmp_path: Path) -> AsyncIterator[Documents]:
    opened = Documents.open(tmp_path)
    yield opened
    await opened.close()


def price(**members: object) -> config.Price:
    return config.Price(**{name: Decimal(str(value)) for name, value in members.items()})  # type: ignore[arg-type]


def test_a_price_is_for_a_million_tokens() -> None:
    found = Price.of(price(input="3", output="15", cache_read="0.3", cache_write="3.75", search="2"))
    assert found.cost(Counts(1_000_000, 0)) == 3_000_000_000
    assert found.cost(Counts(1000, 100, 10_000, 2000)) == 3_000_000 + 1_500_000 + 3_000_000 + 7_500_000
    assert found.cost(Counts(searches=3)) == 6_000_000


def test_the_most_that_tokens_may_cost_is_as_if_the_dearer_cache_took_them() -> None:
    dear = Price.of(price(input=3, output=15, cache_write="3.75"))
    assert dear.most(1_000_000, 0, 0) == dear.cost(Counts(cache_write_tokens=1_000_000))
    plain = Price.of(price(input=3, output=15, cache_write=1))
    assert plain.most(1_000_000, 10, 0) == plain.cost(Counts(1_000_000, 10))


def test_a_cache_that_has_no_price_costs_what_input_does() -> None:
    found = Price.of(price(input="0.035"))
    assert found.cost(Counts(0, 0, 2, 1)) == 3 * 35


@given(
    st.decimals(0, 1000, places=6),
    st.decimals(0, 1000, places=6),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
)
def test_costs_are_exact_to_half_a_billionth(input: Decimal, output: Decimal, given: int, made: int) -> None:
    cost = Price.of(config.Price(input=input, output=output)).cost(Counts(given, made))
    exact = (input * given + output * made) * 1000
    assert abs(cost - exact) <= Decimal("0.5")


async def test_the_id_wins_then_the_longest_pattern(documents: Documents) -> None:
    configured = {
        "*": price(input=1),
        "acme.*": price(input=2),
        "acme.big-*": price(input=3),
        "acme.big-1": price(input=4),
    }
    prices = Prices(documents, configured)

    async def input_of(model: str) -> int:
        found = await prices.of(model)
        assert found
        return found.input // 10**9

    assert [await input_of(model) for model in ("acme.big-1", "acme.big-2", "acme.small", "other")] == [4, 3, 2, 1]
    await prices.put("acme.*", {"input": "7"})
    assert [await input_of(model) for model in ("acme.big-1", "other")] == [7, 1]
    await prices.delete("acme.*")
    assert await input_of("acme.big-1") == 4


async def test_what_has_no_price_has_none(documents: Documents) -> None:
    assert await Prices(documents, {"acme.*": price(input=1)}).of("other") is None


async def test_another_processs_price_is_seen_within_a_second(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Prices(documents, {}), Prices(documents, {})
    assert await here.of("m") is None
    await there.put("m", {"output": "1.5", "currency": "EUR"})
    monkeypatch.setattr("craton.usage.prices.FRESH", 0.0)
    here._until = 0.0
    found = await here.of("m")
    assert found and (found.output, found.currency) == (1_500_000_000, "EUR")


@pytest.mark.parametrize(
    "members", [{"input": "-1"}, {"input": "NaN"}, {"currency": "euro"}, {"input": "1e12"}, {"imput": "1"}]
)
async def test_a_price_that_makes_no_sense_is_refused(documents: Documents, members: dict[str, str]) -> None:
    prices = Prices(documents, {})
    with pytest.raises(ValidationException, match="The price of 'm' is not valid"):
        await prices.put("m", members)
    assert await prices.stored() == {}


async def test_only_what_an_operation_set_can_be_deleted(documents: Documents) -> None:
    prices = Prices(documents, {"m": price(input=1)})
    with pytest.raises(ResourceNotFoundException, match=r"craton\.toml"):
        await prices.delete("m")
