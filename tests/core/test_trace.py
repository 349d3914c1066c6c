"""A request's trace: it goes on where the caller's ended, and nowhere that a header only pretends."""

import asyncio

import pytest

from craton.core.trace import CANCELLED, Trace, end
from craton.errors import ThrottlingException

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def test_it_goes_on_with_the_callers_trace() -> None:
    trace = Trace.of(f"00-{TRACE}-{PARENT}-01")
    assert (trace.id, trace.parent, trace.sampled) == (TRACE, PARENT, True)
    assert trace.begin("door").parent == PARENT
    assert Trace.of(f"00-{TRACE}-{PARENT}-00").sampled is False


def test_a_later_version_may_say_more() -> None:
    assert Trace.of(f"01-{TRACE}-{PARENT}-01-more").id == TRACE


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        f"00-{TRACE}-{PARENT}",
        f"00-{TRACE}-{PARENT}-01-more",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{TRACE}-{PARENT}-01\nx: y",
        "00-" + "a" * 100_000,
    ],
)
def test_a_header_that_is_none_begins_a_new_trace(header: str | None) -> None:
    trace = Trace.of(header, new="1" * 32)
    assert (trace.id, trace.parent, trace.sampled) == ("1" * 32, "", None)


def test_spans_stand_under_the_first() -> None:
    trace = Trace()
    door = trace.begin("door")
    with trace.begin("engine", {"model": "m"}) as engine:
        inner = trace.begin("step", parent=engine)
    end(door)
    assert [span.name for span in trace.spans] == ["door", "engine", "step"]
    assert (engine.parent, inner.parent) == (door.id, engine.id)
    assert engine.attributes == {"model": "m"}
    assert door.started <= engine.started <= engine.ended <= door.ended


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ThrottlingException("Wait."), "ThrottlingException"),
        (asyncio.CancelledError(), CANCELLED),
        (GeneratorExit(), CANCELLED),
        (KeyError("what a client wrote"), "KeyError"),
    ],
)
def test_what_failed_is_told_by_its_code(error: BaseException, code: str) -> None:
    trace = Trace()
    with pytest.raises(type(error)), trace.begin("engine"):
        raise error
    assert trace.spans[0].error == code
    assert trace.spans[0].ended


def test_a_trace_keeps_no_more_than_its_share() -> None:
    trace = Trace()
    for _ in range(1000):
        end(trace.begin("step"))
    assert len(trace.spans) == 256


def test_what_is_asked_elsewhere_is_told_of_the_span() -> None:
    trace = Trace.of(f"00-{TRACE}-{PARENT}-00")
    span = trace.begin("engine")
    assert trace.parent_of(span) == f"00-{TRACE}-{span.id}-00"
    assert Trace.of(Trace().parent_of(span)).sampled is True
