"""Instants in the three formats of the protocols."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.wire import timestamps

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "written"),
    [
        ("iso8601", "2026-01-31T12:00:00Z"),
        ("unixtimestamp", 1769860800),
        ("rfc822", "Sat, 31 Jan 2026 12:00:00 GMT"),
    ],
)
def test_an_instant_in_each_format(clock: str, written: str | int) -> None:
    assert timestamps.write(clock, NOON) == written
    assert timestamps.read(clock, written) == NOON


def test_offsets_and_fractions_are_understood() -> None:
    assert timestamps.read("iso8601", "2026-01-31T13:00:00.25+01:00") == NOON + timedelta(milliseconds=250)
    assert timestamps.read("unixtimestamp", 1769860800.25) == NOON + timedelta(milliseconds=250)
    assert timestamps.write("iso8601", NOON + timedelta(milliseconds=250)) == "2026-01-31T12:00:00.250Z"
    assert timestamps.write("iso8601", NOON.astimezone(timezone(timedelta(hours=2)))) == "2026-01-31T12:00:00Z"


@pytest.mark.parametrize(
    ("clock", "value"),
    [
        ("iso8601", "2026-01-31"),
        ("iso8601", "2026-01-31T12:00:00"),
        ("iso8601", "2026-02-31T12:00:00Z"),
        ("iso8601", "0001-01-01T00:00:00+05:00"),
        ("iso8601", ""),
        ("unixtimestamp", 1e300),
        ("unixtimestamp", float("nan")),
        ("rfc822", "yesterday"),
    ],
)
def test_what_is_no_instant_is_a_value_error(clock: str, value: str | float) -> None:
    with pytest.raises(ValueError):
        timestamps.read(clock, value)


def test_an_instant_without_a_zone_is_not_written() -> None:
    with pytest.raises(TypeError, match="no time zone"):
        timestamps.write("iso8601", NOON.replace(tzinfo=None))


@given(st.sampled_from(sorted(timestamps.EXAMPLES)), st.text(max_size=30) | st.floats())
def test_nothing_else_is_raised(clock: str, value: str | float) -> None:
    with suppress(ValueError):
        timestamps.read(clock, value)
