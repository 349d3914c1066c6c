"""Sums over days and months: begun anew with each, and never less than what was used."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from craton.usage.limits.sums import Sum, day, month, next_month

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(MOMENTS)
def test_days_and_months_are_those_of_utc(moment: datetime) -> None:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight.replace(day=1)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    at = moment.timestamp()
    assert (day(at), month(at), next_month(at)) == (midnight.timestamp(), first.timestamp(), after.timestamp())


def test_a_new_period_begins_with_nothing_and_an_old_one_does_not_come_back() -> None:
    kept = Sum()
    kept.add(100.0, 5)
    assert kept.of(100.0) == 5
    assert kept.of(200.0) == 0
    kept.add(200.0, 1)
    kept.add(100.0, 7)  # it began in the period before
    assert kept.of(200.0) == 1
    assert kept.of(100.0) == 1  # the clock went back


# What happens here, and when the ledger takes it in, in any order.
@given(st.lists(st.tuples(st.sampled_from(["use", "write", "elsewhere", "mark", "read"]), st.integers(1, 9))))
def test_it_is_never_less_than_what_was_used_and_right_in_the_end(steps: list[tuple[str, int]]) -> None:
    kept, ledger, waiting, used = Sum(), 0, 0, 0
    mark = None
    for step, amount in steps:
        if step == "use":
            kept.add(1.0, amount)
            waiting += amount
            used += amount
        elif step == "write":
            ledger, waiting = ledger + waiting, 0
        elif step == "elsewhere":
            ledger += amount
        elif step == "mark":
            mark = kept.mark()
            ledger, waiting = ledger + waiting, 0  # the ledger writes all before it is read
        elif mark is not None:
            kept.read(1.0, ledger, mark)
            mark = None
        assert kept.of(1.0) >= used
    mark = kept.mark()
    kept.read(1.0, ledger + waiting, mark)
    assert kept.of(1.0) == ledger + waiting


def test_a_mark_of_the_period_before_takes_nothing_off() -> None:
    kept = Sum()
    kept.add(1.0, 5)
    mark = kept.mark()
    kept.add(2.0, 3)
    kept.read(1.0, 5, mark)  # asked for before midnight, answered after
    assert kept.of(2.0) == 3
    kept.read(2.0, 0, mark)
    assert kept.of(2.0) == 3
