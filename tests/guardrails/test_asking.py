"""How a text model judges: what it is asked, and what its answer and the probabilities of its tokens come to."""

import json
import math
from typing import Any

import pytest

from craton.dialects.converse import Answer
from craton.engines.grammar import Grammar
from craton.guardrails.asking import chosen, instruction, question, written
from craton.guardrails.findings import Undecided


def answer(text: str, *logprobs: dict[str, Any]) -> Answer:
    return {"output": {"message": {"role": "assistant", "content": [{"text": text}]}}, "logprobs": list(logprobs)}


def token(text: str, probability: float, **others: float) -> dict[str, Any]:
    alternatives = [{"token": name, "logprob": math.log(odds)} for name, odds in others.items()]
    return {"token": text, "logprob": math.log(probability), "top_logprobs": alternatives}


def schema(turn: Any) -> Any:
    return json.loads(turn["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"])


def test_the_answer_can_only_be_one_of_the_choices() -> None:
    turn = question("Is it warm?", ["yes", "no"], "llamacpp")
    assert schema(turn) == {"type": "string", "enum": ["yes", "no"]}
    grammar = Grammar()
    assert "yes" in grammar.text(grammar.add_schema(schema(turn)))
    assert turn["additionalModelRequestFields"]["top_logprobs"] == 20


def test_an_engine_that_tells_no_alternatives_is_not_asked_for_them() -> None:
    assert "top_logprobs" not in question("Is it warm?", ["yes", "no"], "openvino")["additionalModelRequestFields"]
    assert question("Is it warm?", ["yes", "no"], "a provider's")["additionalModelRequestFields"] == {}


def test_probabilities_are_those_of_the_token_that_decides() -> None:
    told = chosen(
        answer('"yes"', token('"', 0.9), token("yes", 0.6, No=0.3, maybe=0.1), token('"', 1.0)), ["yes", "no"]
    )
    assert told == pytest.approx({"yes": 2 / 3, "no": 1 / 3})


def test_a_token_that_holds_the_quote_and_a_beginning_counts() -> None:
    told = chosen(answer('"yes"', token('"y', 0.5, **{'"n': 0.5}), token('es"', 1.0)), ["yes", "no"])
    assert told == pytest.approx({"yes": 0.5, "no": 0.5})


def test_without_alternatives_the_others_share_the_rest() -> None:
    told = chosen(answer('"low"', token('"low', 0.8)), ["low", "middle", "high"])
    assert told == pytest.approx({"low": 0.8, "middle": 0.1, "high": 0.1})


def test_an_engine_that_tells_no_probabilities_is_certain() -> None:
    assert chosen(answer('"no"'), ["yes", "no"]) == {"yes": 0.0, "no": 1.0}


def test_choices_that_begin_alike_are_told_by_letters() -> None:
    choices = ["supported by the source", "said by nobody"]
    turn = question("Which?", choices, "scripted")
    assert schema(turn)["enum"] == ["A", "B"]
    assert "A: supported by the source" in turn["messages"][0]["content"][0]["text"]
    assert chosen(answer('"B"', token("B", 0.75, A=0.25)), choices) == pytest.approx(
        {"supported by the source": 0.25, "said by nobody": 0.75}
    )


@pytest.mark.parametrize("text", ['"perhaps"', "yes", '"ye', "7"])
def test_an_answer_that_is_none_of_the_choices_decides_nothing(text: str) -> None:
    with pytest.raises(Undecided, match="judging model"):
        chosen(answer(text), ["yes", "no"])


def test_what_is_written_comes_back_as_json() -> None:
    wanted = {"type": "object", "properties": {"age": {"type": "integer"}}, "required": ["age"]}
    assert schema(instruction("How old?", wanted, "llamacpp")) == wanted
    assert written(answer('{"age": 7}')) == {"age": 7}


def test_what_many_instructions_share_stands_first() -> None:
    turn = instruction("How old?", {"type": "object"}, "llamacpp", "Tell ages.")
    assert turn["system"][0]["text"].endswith("Tell ages.")
    assert "Tell ages." not in turn["messages"][0]["content"][0]["text"]


def test_what_was_cut_short_decides_nothing() -> None:
    with pytest.raises(Undecided, match="did not end its answer"):
        written(answer('{"age": '))


def test_what_a_guardrail_refused_is_told_as_such() -> None:
    refused: Answer = {**answer("I cannot talk about this."), "stopReason": "guardrail_intervened"}
    with pytest.raises(Undecided, match="A guardrail of the account refused"):
        written(refused)
