"""How a text model judges: a question whose answer can only be one of a few choices, and JSON by a schema.

Makes turns and reads their answers; who runs them is no matter here. Knows no policy and no engine but for what each
tells of how sure a model is.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase

import msgspec

from craton.dialects.converse import Answer, Block, Turn
from craton.guardrails.findings import Undecided

INSTRUCTION = "You judge texts. You answer the question with one of the choices that it names, and nothing else."
WRITING = "You answer with JSON in the form that is asked for, and nothing else."
# Tokens of what a model writes; more is a model that does not find its end.
MOST = 2048
# Tokens of an answer beside its choice, of which each byte may be one.
SHORT = 16
# How an engine is asked for the probabilities of tokens, and not to think aloud; one that is not named is not asked.
FIELDS: Mapping[str, Mapping[str, object]] = {
    "llamacpp": {"logprobs": True, "top_logprobs": 20, "thinking": {"type": "disabled"}},
    "openvino": {"logprobs": True, "thinking": {"type": "disabled"}},
    "scripted": {"logprobs": True, "top_logprobs": 20},
}
# Why an answer ended that a guardrail put its message in the place of.
_REFUSED = "guardrail_intervened"
# What may stand around an answer in a token: the quotes of JSON, and spaces as tokenizers write them.
AROUND = " \"'\n\t▁Ġ"


def question(text: str, choices: Sequence[str], engine: str) -> Turn:
    """A turn whose answer is one of the choices, for a model that the engine of this name serves."""
    labels = _labels(choices)
    named = "\n".join(choice if label == choice else f"{label}: {choice}" for label, choice in labels.items())
    asked = f"{text}\n\nAnswer with one of:\n{named}"
    most = SHORT + max(len(label.encode()) for label in labels)
    return _turn(INSTRUCTION, asked, {"type": "string", "enum": list(labels)}, engine, most)


def chosen(answer: Answer, choices: Sequence[str]) -> dict[str, float]:
    """The probability of each choice, as the folded answer tells. Where the engine tells none, what was chosen is
    certain.

    Raises Undecided where the answer is none of the choices.
    """
    labels = _labels(choices)
    label = _decoded(answer, "judging model")
    if not isinstance(label, str) or label not in labels:
        raise Undecided(f"The judging model answered {label!r}, which is none of {list(choices)!r}. Use another model.")
    likely = _odds(answer.get("logprobs", ()), labels)
    # A model that is made to choose may have wished to say something else altogether.
    total = sum(likely.values())
    if not likely[label]:
        return {choice: float(choice == labels[label]) for choice in choices}
    return {labels[each]: odds / total for each, odds in likely.items()}


def instruction(text: str, schema: Mapping[str, object], engine: str, task: str = "") -> Turn:
    """A turn whose answer is JSON that the schema accepts; `task` stands before the schema."""
    return _turn(f"{WRITING}\n\n{task}" if task else WRITING, text, schema, engine, MOST)


def written(answer: Answer) -> object:
    """The JSON of the folded answer. Raises Undecided where the answer was cut short, or a guardrail refused it."""
    return _decoded(answer, "model")


def _labels(choices: Sequence[str]) -> dict[str, str]:
    """What the model writes for each choice: the choice, or a letter where choices begin alike, so that the first
    letter tells which it is.
    """
    first = {choice[0].casefold() for choice in choices}
    if len(first) == len(choices):
        return {choice: choice for choice in choices}
    return dict(zip(ascii_uppercase, choices, strict=False))


def _turn(system: str, text: str, schema: Mapping[str, object], engine: str, most: int) -> Turn:
    form = {"type": "json_schema", "structure": {"jsonSchema": {"name": "answer", "schema": json.dumps(schema)}}}
    return {
        "system": [{"text": system}],
        "messages": [{"role": "user", "content": [{"text": text}]}],
        "inferenceConfig": {"maxTokens": most, "temperature": 0},
        "outputConfig": {"textFormat": form},
        "additionalModelRequestFields": FIELDS.get(engine, {}),
    }


def _decoded(answer: Answer, who: str) -> object:
    text = "".join(block.get("text", "") for block in answer["output"]["message"]["content"])
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        if answer.get("stopReason") == _REFUSED:
            raise Undecided("A guardrail of the account refused what the model was asked, or its answer.") from error
        raise Undecided(f"The {who} did not end its answer as JSON ({error}). Use another model.") from error


def _odds(logprobs: Sequence[Block], labels: Mapping[str, str]) -> dict[str, float]:
    """What the first token that holds a part of a label, and the alternatives to it, say of each label."""
    odds = dict.fromkeys(labels, 0.0)
    for entry in logprobs:
        if not entry["token"].strip(AROUND):
            continue
        # The token that was chosen is mostly among the alternatives too.
        likely = {each["token"]: math.exp(each["logprob"]) for each in [entry, *entry["top_logprobs"]]}
        for token, probability in likely.items():
            for label in _begun(token, labels):
                odds[label] += probability
        if len(likely) == 1:  # the engine tells no alternatives: the others share what is left
            for label in odds:
                odds[label] = odds[label] or (1 - sum(likely.values())) / max(len(odds) - 1, 1)
        break
    return odds


def _begun(token: str, labels: Mapping[str, str]) -> Iterator[str]:
    text = token.strip(AROUND).casefold()
    yield from (
        label for label in labels if text and (label.casefold().startswith(text) or text.startswith(label.casefold()))
    )
