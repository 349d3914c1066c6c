"""What a request may ask beside the conversation: the default is served, more is refused by name."""

from typing import Any

import pytest

from craton.core.context import Context
from craton.errors import ValidationException
from craton.runtime.request import MOST_STOPS, UNSERVED, apart, check, turn_of

HELLO = {"role": "user", "content": [{"text": "Hello"}]}


def test_the_conversation_is_passed_on_and_the_envelope_is_not() -> None:
    req = {
        "modelId": "m",
        "messages": [HELLO],
        "system": [{"text": "Be brief."}],
        "inferenceConfig": {"maxTokens": 5},
        "requestMetadata": {"team": "a"},
        "additionalModelResponseFieldPaths": ["/stop_sequence"],
    }
    turn = turn_of(req)
    asked = {name: req[name] for name in ("messages", "system", "inferenceConfig")}
    assert turn == asked | {"requestMetadata": {"team": "a"}}
    told = Context("1" * 12, "us-east-1", "root", "r1", metadata={"run": "7"})
    ctx, rest = apart(told, turn)
    assert (ctx.metadata, rest) == ({"run": "7", "team": "a"}, asked)
    assert apart(told, rest) == (told, asked)


@pytest.mark.parametrize(
    "default",
    [{"performanceConfig": {"latency": "standard"}}, {"performanceConfig": {}}, {"serviceTier": {"type": "flex"}}],
)
def test_what_every_request_gets_may_be_asked_for(default: dict[str, Any]) -> None:
    assert turn_of({"messages": [HELLO], **default}) == {"messages": [HELLO]}


@pytest.mark.parametrize("member", UNSERVED)
def test_what_nothing_here_does_is_refused_by_name(member: str) -> None:
    with pytest.raises(ValidationException, match=f"Leave out '{member}'"):
        turn_of({"messages": [HELLO], member: {"type": "priority"}})


@pytest.mark.parametrize(
    ("messages", "says"),
    [
        ([], "no message"),
        ([{"role": "assistant", "content": [{"text": "Hi"}]}], "must start with a user message"),
        ([{"role": "user", "content": []}], "is empty"),
    ],
)
def test_a_conversation_must_be_one(messages: list[Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        check(turn_of({"messages": messages}))


def test_there_is_an_end_to_what_may_stop_an_answer() -> None:
    stops = [f"stop {number}" for number in range(MOST_STOPS)]
    check({"messages": [HELLO], "inferenceConfig": {"stopSequences": stops}})
    with pytest.raises(ValidationException, match="more than 2500 stop sequences"):
        check({"messages": [HELLO], "inferenceConfig": {"stopSequences": [*stops, "one more"]}})
