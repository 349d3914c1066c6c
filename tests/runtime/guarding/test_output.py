"""Events of an answer as guardrails let them out, with judges that need no model."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Any

import pytest

from craton.core.trace import Trace
from craton.dialects.converse import Event, fold
from craton.guardrails.assessing.verdict import Terms
from craton.guardrails.findings import Action, Answered, Finding, Judge, Source, WholeJudge, Window
from craton.guardrails.guard import Guard, Judges
from craton.runtime.guarding.applied import SENSITIVE, Applied
from craton.runtime.guarding.asked import Mode
from craton.runtime.guarding.output import Output

INDEX = {"contentBlockIndex": 0}


class Word:
    """Finds a word; the policy says whether it is masked or blocked."""

    def __init__(self, policy: str, word: str, action: Action) -> None:
        self.policy = policy
        self._word = word
        self._action = action

    async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]:
        found: list[Finding] = []
        for window in windows:
            at = -1
            while (at := window.text.find(self._word, at + 1)) >= 0:
                entry = {"match": self._word, "action": "BLOCKED", "type": "NAME"}
                start = window.offset + at
                end = start + len(self._word)
                found.append(Finding(self.policy, "found", entry, self._action, start, end, "{NAME}"))
        return found


class Lie:
    """Blocks an answer that does not say what its source says."""

    policy = "contextualGroundingPolicy"

    async def judge(self, answered: Answered, *, full: bool = False) -> list[Finding]:
        entry = {"type": "GROUNDING", "threshold": 0.5, "score": 0.0, "action": "BLOCKED"}
        lies = answered.text not in answered.sources
        return [Finding(self.policy, "filters", entry, Action.BLOCK)] if lies else []


NAME = Word(SENSITIVE, "Eve Smith", Action.ANONYMIZE)
FRUIT = Word("wordPolicy", "durian", Action.BLOCK)


def applied(
    *judges: Judge, whole: Sequence[WholeJudge] = (), mode: Mode = Mode.SYNC, sources: Sequence[str] = ()
) -> Applied:
    made: dict[Source, Judges] = {Source.OUTPUT: Judges(judges or (NAME, FRUIT), (), whole)}
    guard: Any = Guard.__new__(Guard)
    told = {"id": "g1", "version": "1", "arn": "arn:aws:bedrock:us-east-1:1:guardrail/g1", "name": "g", "body": {}}
    for name, value in {**told, "blocked_input": "In.", "blocked_output": "Out.", "_judges": made}.items():
        object.__setattr__(guard, name, value)
    return Applied(guard, Terms(), None, Trace(), mode=mode, sources=sources)  # type: ignore[arg-type]


def delta(delta: dict[str, Any], index: int = 0, **more: Any) -> Event:
    return {"contentBlockDelta": {"contentBlockIndex": index, "delta": delta, **more}}


def block(*deltas: dict[str, Any], index: int = 0, start: Any = None) -> list[Event]:
    begin: list[Event] = [{"contentBlockStart": {"contentBlockIndex": index, "start": start}}] if start else []
    end: Event = {"contentBlockStop": {"contentBlockIndex": index}}
    return [*begin, *(delta(each, index) for each in deltas), end]


def answer(*blocks: list[Event], reason: str = "end_turn") -> list[Event]:
    return [
        {"messageStart": {"role": "assistant"}},
        *(event for each in blocks for event in each),
        {"messageStop": {"stopReason": reason}},
        {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3}}},
    ]


def text(words: str, index: int = 0) -> list[Event]:
    return block(*({"text": character} for character in words), index=index)


def call(given: str, index: int = 1) -> list[Event]:
    parts = [{"toolUse": {"input": given[:5]}}, {"toolUse": {"input": given[5:]}}]
    return block(*parts, index=index, start={"toolUse": {"toolUseId": "t1", "name": "mail"}})


async def let_out(events: Iterable[Event], *guardrails: Applied, whole: bool = False) -> list[Event]:
    async def made() -> AsyncGenerator[Event, None]:
        for event in events:
            yield event

    output = Output(guardrails, lambda: {"inputTokens": 7, "outputTokens": 3, "estimated": True})
    async with aclosing(output.judged(made(), whole=whole)) as judged:
        return [event async for event in judged]


async def content(events: Iterable[Event], *guardrails: Applied) -> list[Any]:
    folded = fold(await let_out(events, *(guardrails or (applied(),))))
    found: list[Any] = folded["output"]["message"]["content"]
    return found


async def test_texts_are_masked_whatever_their_pieces() -> None:
    assert await content(answer(text("I saw Eve Smith."))) == [{"text": "I saw {NAME}."}]


async def test_a_blocked_answer_ends_in_the_text_that_has_begun() -> None:
    story = "The sea is calm. " * 60
    events = await let_out(answer(text(f"{story}A durian!"), text("More.", 1)), applied())
    kinds = [next(iter(event)) for event in events]
    assert kinds[0] == "messageStart" and kinds[-3:] == ["contentBlockStop", "messageStop", "metadata"]
    (said,) = fold(events)["output"]["message"]["content"]
    assert said["text"].startswith("The sea is calm.") and said["text"].endswith("Out.")
    assert events[-2]["messageStop"]["stopReason"] == "guardrail_intervened"
    assert events[-1]["metadata"]["usage"] == {"inputTokens": 7, "outputTokens": 3, "totalTokens": 10}


async def test_a_plain_answer_that_is_blocked_is_the_message_alone() -> None:
    events = await let_out(answer(text("Nice. "), call('{"to": "a durian"}')), applied(), whole=True)
    assert fold(events)["output"]["message"]["content"] == [{"text": "Out."}]


async def test_what_tools_are_called_with_is_masked() -> None:
    (_, made) = await content(answer(text("So."), call('{"to": ["Eve Smith", 3]}'), reason="tool_use"))
    assert made["toolUse"] == {"toolUseId": "t1", "name": "mail", "input": {"to": ["{NAME}", 3]}}


async def test_a_call_that_is_blocked_never_begins() -> None:
    events = await let_out(answer(text("So. "), call('{"to": "a durian"}'), reason="tool_use"), applied())
    assert not any("contentBlockStart" in event for event in events)
    assert fold(events)["output"]["message"]["content"] == [{"text": "So. "}, {"text": "Out."}]


async def test_a_call_that_is_no_json_is_judged_as_it_is() -> None:
    (_, made) = await content(answer(text("So."), call('{"to": "Eve Smith'), reason="max_tokens"))
    assert made["toolUse"]["input"] == '{"to": "{NAME}'


@pytest.mark.parametrize("given", ['{"to": "Eve Smith", "to": "Ann"}', '{"to": {"of": "Eve Smith"}, "to": "Ann"}'])
async def test_a_member_that_another_of_its_name_hides_does_not_go_out(given: str) -> None:
    events = await let_out(answer(text("So."), call(given), reason="tool_use"), applied())
    assert "Eve" not in str(events)
    assert fold(events)["output"]["message"]["content"][1]["toolUse"]["input"] == {"to": "Ann"}


async def test_an_untouched_call_says_the_same() -> None:
    given = answer(text("So."), call('{ "to":   "Ann" }'), reason="tool_use")
    start, delta = (event for event in await let_out(given, applied()) if "toolUse" in str(event))
    assert start == next(event for event in given if "toolUse" in str(event))
    assert delta["contentBlockDelta"]["delta"] == {"toolUse": {"input": '{"to":"Ann"}'}}


async def test_of_reasoning_personal_data_alone_is_judged() -> None:
    thought = [{"reasoningContent": {"text": "A durian for Eve Smith?"}}, {"reasoningContent": {"signature": "s1"}}]
    (reasoning, said) = await content(answer(block(*thought), text("No.", 1)))
    assert reasoning == {"reasoningContent": {"reasoningText": {"text": "A durian for {NAME}?"}}}
    assert said == {"text": "No."}
    (reasoning, _) = await content(answer(block({"reasoningContent": {"text": "A durian?"}}, thought[1]), text("", 1)))
    assert reasoning["reasoningContent"]["reasoningText"] == {"text": "A durian?", "signature": "s1"}


async def test_citations_repeat_nothing_that_is_masked() -> None:
    cited = {"citation": {"title": "By Eve Smith", "sourceContent": [{"text": "Eve Smith"}], "location": {"web": {}}}}
    (said,) = await content(answer(block({"text": "She said so."}, cited)))
    (citation,) = said["citationsContent"]["citations"]
    assert citation == {"title": "By {NAME}", "sourceContent": [{"text": "{NAME}"}], "location": {"web": {}}}


async def test_likelihoods_are_told_of_words_that_went_out() -> None:
    def told(words: str) -> list[Event]:
        return answer(
            [delta({"text": words}, logprobs=[{"token": words, "logprob": -1.0}]), {"contentBlockStop": INDEX}]
        )

    assert fold(await let_out(told("Hello."), applied()))["logprobs"] == [{"token": "Hello.", "logprob": -1.0}]
    assert "logprobs" not in fold(await let_out(told("Eve Smith"), applied()))


@pytest.mark.parametrize(("said", "shown"), [("True.", "True."), ("False.", "Out.")])
async def test_what_needs_all_of_an_answer_holds_it_back(said: str, shown: str) -> None:
    guardrail = applied(whole=[Lie()], sources=["True."])
    events = await let_out(answer(text(said)), guardrail)
    assert fold(events)["output"]["message"]["content"] == [{"text": shown}]
    assert len([event for event in events if "contentBlockDelta" in event]) == 1


async def test_in_async_mode_masks_hold_and_the_rest_is_judged_beside() -> None:
    guardrail = applied(mode=Mode.ASYNC)
    assert await content(answer(text("Eve Smith is here.")), guardrail) == [{"text": "{NAME} is here."}]
    (verdict,) = guardrail.outputs
    assert verdict.coverage["textCharacters"] == {"guarded": 18, "total": 18}
    events = await let_out(answer(text("A durian.")), applied(mode=Mode.ASYNC))
    assert events[-2]["messageStop"]["stopReason"] == "guardrail_intervened"


async def test_each_guardrail_sees_what_the_one_before_let_through() -> None:
    first, second = applied(NAME), applied(Word("wordPolicy", "Eve", Action.BLOCK))
    assert await content(answer(text("Eve Smith.")), first, second) == [{"text": "{NAME}."}]
    assert [verdict.intervened for verdict in (*first.outputs, *second.outputs)] == [True, False]


async def test_each_block_has_an_assessment_of_its_own() -> None:
    guardrail = applied()
    await let_out(answer(text("Eve Smith"), text("Nothing", 1)), guardrail)
    assert [verdict.intervened for verdict in guardrail.outputs] == [True, False]
