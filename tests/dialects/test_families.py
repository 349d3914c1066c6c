"""Every family: requests as users send them, answers and streams with the keys that the service's recordings have."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.dialects.anthropic import messages as anthropic
from craton.dialects.converse import Stamp, fold
from craton.dialects.families import EMBEDDING_FAMILIES, FAMILIES, RERANK_FAMILIES
from craton.dialects.stamps import Asked
from craton.errors import ValidationException
from craton.models import aws_models

from .recordings import Recording, recordings, tree

STAMP = Asked("01ABC", "some-model", 1700000000, input_tokens=3)
HELLO = [{"role": "user", "content": [{"text": "Hi"}]}]
ALL = {"maxTokens": 10, "temperature": 0.8, "topP": 1.0, "stopSequences": ["|"]}
LLAMA = "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"


@pytest.mark.parametrize(
    ("family", "body", "turn"),
    [
        (
            "nova",
            {
                "schemaVersion": "messages-v1",
                "messages": HELLO,
                "system": [{"text": "Be brief."}],
                "inferenceConfig": {"maxTokens": 10, "temperature": 0.8, "topP": 1, "topK": 20, "stopSequences": ["|"]},
            },
            {
                "messages": HELLO,
                "system": [{"text": "Be brief."}],
                "inferenceConfig": ALL,
                "additionalModelRequestFields": {"top_k": 20},
            },
        ),
        (
            "nova",
            {
                "messages": HELLO,
                "inferenceConfig": {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}},
            },
            {
                "messages": HELLO,
                "outputConfig": {"effort": "low"},
                "additionalModelRequestFields": {"thinking": {"type": "enabled"}},
            },
        ),
        (
            "nova",
            {"messages": HELLO, "inferenceConfig": {"max_new_tokens": 10}},
            {"messages": HELLO, "inferenceConfig": {"maxTokens": 10}},
        ),
        (
            "nova",
            {
                "messages": [
                    {"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": "iVBORw=="}}}]}
                ]
            },
            {
                "messages": [
                    {"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}]}
                ]
            },
        ),
        (
            "titan_text",
            {
                "inputText": "User: Hi\nBot:",
                "textGenerationConfig": {"maxTokenCount": 10, "temperature": 0.8, "topP": 1, "stopSequences": ["|"]},
            },
            {"messages": HELLO, "inferenceConfig": ALL},
        ),
        ("titan_text", {"inputText": "Hi"}, {"messages": HELLO}),
        (
            "llama",
            {"prompt": LLAMA, "max_gen_len": 10, "temperature": 0.8, "top_p": 1},
            {"messages": HELLO, "inferenceConfig": {"maxTokens": 10, "temperature": 0.8, "topP": 1.0}},
        ),
        (
            "mistral",
            {
                "prompt": "<s>[INST] Hi [/INST]",
                "max_tokens": 10,
                "temperature": 0.8,
                "top_p": 1,
                "top_k": 5,
                "stop": ["|"],
            },
            {"messages": HELLO, "inferenceConfig": ALL, "additionalModelRequestFields": {"top_k": 5}},
        ),
        (
            "anthropic_text",
            {
                "prompt": "\n\nHuman: Hi\n\nAssistant:",
                "max_tokens_to_sample": 10,
                "temperature": 0.8,
                "top_p": 1,
                "stop_sequences": ["|", "\n\nHuman:"],
            },
            {"messages": HELLO, "inferenceConfig": ALL},
        ),
        (
            "gpt_oss",
            {"messages": [{"role": "user", "content": "Hi"}], "max_completion_tokens": 10},
            {"messages": HELLO, "inferenceConfig": {"maxTokens": 10}},
        ),
    ],
)
def test_request_becomes_a_turn(family: str, body: dict[str, Any], turn: dict[str, Any]) -> None:
    assert FAMILIES[family].bodies.read_request(body) == turn


BODIES: dict[str, dict[str, Any]] = {
    "anthropic": {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 5,
        "messages": [{"role": "user", "content": "Hi"}],
    },
    "anthropic_text": {"prompt": "Hi", "max_tokens_to_sample": 5},
    "cohere": {
        "message": "Hi",
        "chat_history": [{"role": "USER", "message": "a"}, {"role": "CHATBOT", "message": "b"}],
        "documents": [{"title": "T", "snippet": "s"}],
        "tools": [{"name": "t", "description": "d", "parameter_definitions": {"p": {"type": "str"}}}],
        "tool_results": [{"call": {"name": "t", "parameters": {"p": "x"}}, "outputs": [{"text": "y"}]}],
    },
    "cohere_text": {"prompt": "Hi", "p": 0.5, "k": 3, "stop_sequences": ["|"]},
    "deepseek": {"prompt": "Hi", "stop": ["|"]},
    "jamba": {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5},
    "jurassic": {"prompt": "Hi", "maxTokens": 5, "presencePenalty": {"scale": 0.5}},
    "mistral_chat": {"messages": [{"role": "user", "content": "Hi"}], "tool_choice": "any", "tools": []},
    "palmyra": {"messages": [{"role": "user", "content": {"text": "Hi"}}], "min_tokens": 0},
    "cohere_embed": {"texts": ["Hi"], "input_type": "search_query", "truncate": "END", "embedding_types": ["int8"]},
    "cohere_embed_v4": {
        "inputs": [{"content": [{"type": "text", "text": "Hi"}]}],
        "input_type": "clustering",
        "output_dimension": 512,
    },
    "nova_embed": {
        "schemaVersion": "nova-multimodal-embed-v1",
        "taskType": "SINGLE_EMBEDDING",
        "singleEmbeddingParams": {
            "embeddingPurpose": "GENERIC_INDEX",
            "embeddingDimension": 1024,
            "text": {"truncationMode": "END", "value": "Hi"},
        },
    },
    "titan_embed_image": {"inputText": "Hi", "embeddingConfig": {"outputEmbeddingLength": 256}},
    "rerank": {"query": "Hi", "documents": ["a", {"text": "b"}], "top_n": 1, "api_version": 2},
    "gpt_oss": {"messages": [{"role": "user", "content": "Hi"}]},
    "llama": {"prompt": "Hi"},
    "mistral": {"prompt": "Hi"},
    "nova": {"messages": [{"role": "user", "content": [{"text": "Hi"}]}], "inferenceConfig": {"maxTokens": 5}},
    "openai_chat": {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]},
    "titan_text": {"inputText": "Hi", "textGenerationConfig": {"maxTokenCount": 5}},
    "titan_embed": {"inputText": "Hi", "dimensions": 512, "normalize": True, "embeddingTypes": ["float"]},
    "titan_embed_v1": {"inputText": "Hi"},
}
EVERY = {**{name: family.bodies for name, family in FAMILIES.items()}, **EMBEDDING_FAMILIES, **RERANK_FAMILIES}


def test_there_is_a_body_for_every_family() -> None:
    assert BODIES.keys() == EVERY.keys()


def test_model_of_text_or_vectors_has_a_family() -> None:
    unserved = {model.family for model in aws_models.known().values() if model.family not in EVERY}
    # These make pictures or films, or read them.
    assert unserved == {"luma", "nova_media", "stability", "titan_image", "twelvelabs"}


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("ai21.j2-ultra-v1", "jurassic"),
        ("ai21.jamba-1-5-large-v1:0", "jamba"),
        ("amazon.titan-embed-image-v1", "titan_embed_image"),
        ("amazon.nova-2-multimodal-embeddings-v1:0", "nova_embed"),
        ("amazon.rerank-v1:0", "rerank"),
        ("cohere.command-light-text-v14", "cohere_text"),
        ("cohere.command-r-plus-v1:0", "cohere"),
        ("cohere.embed-english-v3", "cohere_embed"),
        ("cohere.embed-v4:0", "cohere_embed_v4"),
        ("deepseek.r1-v1:0", "deepseek"),
        ("deepseek.v3-v1:0", "openai_chat"),
        ("mistral.mistral-large-2407-v1:0", "mistral_chat"),
        ("mistral.mixtral-8x7b-instruct-v0:1", "mistral"),
        ("qwen.qwen3-32b-v1:0", "openai_chat"),
        ("writer.palmyra-x4-v1:0", "palmyra"),
    ],
)
def test_model_has_its_family(model: str, family: str) -> None:
    assert aws_models.family(model) == family


@pytest.mark.parametrize("family", BODIES)
def test_extraneous_key_is_refused_by_name(family: str) -> None:
    with pytest.raises(
        ValidationException, match=r"extraneous key \[shoe_size\] is not permitted.*reformat your input"
    ):
        EVERY[family].read_request({**BODIES[family], "shoe_size": 46})


@pytest.mark.parametrize(
    ("family", "body", "told"),
    [
        ("llama", {}, r"required key \[prompt\] not found"),
        ("llama", {"prompt": "Hi", "max_gen_len": 1.5}, "#/max_gen_len: Expected `int"),
        (
            "titan_text",
            {"inputText": "Hi", "textGenerationConfig": {"maxTokens": 5}},
            r"\[maxTokens\].*'maxTokenCount'",
        ),
        (
            "nova",
            {"messages": [{"role": "user", "content": [{"text": "a", "image": None, "video": None}, {}]}]},
            "exactly one key",
        ),
        ("nova", {"messages": HELLO, "inferenceConfig": {"maxTokens": 1, "max_new_tokens": 1}}, "send one of them"),
        ("nova", {"messages": HELLO, "schemaVersion": "messages-v2"}, "#/schemaVersion"),
        ("mistral", {"prompt": "Hi", "stop": "|"}, "#/stop: Expected `array"),
        ("mistral", {"prompt": "Hi", "stop": [""]}, "#/stop/0: Expected `str` of length >= 1"),
        ("llama", {"prompt": "Hi", "max_gen_len": 0}, "#/max_gen_len: Expected `int` >= 1"),
        ("anthropic", {"max_tokens": 5, "messages": []}, "#/messages: Expected `array` of length >= 1"),
        (
            "nova",
            {"messages": [{"role": "user", "content": []}]},
            "#/messages/0/content: Expected `array` of length >= 1",
        ),
        ("gpt_oss", {"messages": [{"role": "assistant"}]}, "#/messages/0/content: .*content or tool_calls"),
        ("openai_chat", {"messages": [{"role": "user", "content": "Hi"}], "temperature": 3}, "#/temperature: .* <= 2"),
    ],
)
def test_malformed_request_is_refused(family: str, body: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationException, match=told):
        FAMILIES[family].bodies.read_request(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a JSON value with every key or index in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in items for place in ((value, key), *places(item))]


@pytest.mark.parametrize("family", BODIES)
@given(data=st.data())
def test_mutated_body_is_read_or_refused(family: str, data: st.DataObject) -> None:
    body = json.loads(json.dumps(BODIES[family]))
    container, key = data.draw(st.sampled_from(range(len(places(body)))).map(lambda i: places(body)[i]))
    container[key] = data.draw(JSON)
    try:
        EVERY[family].read_request(body)
    except ValidationException as refused:
        assert refused.message.startswith("Malformed input request: #")


@pytest.mark.parametrize("family", BODIES)
@given(body=st.dictionaries(st.text(max_size=5), JSON, max_size=3))
def test_any_object_is_read_or_refused(family: str, body: Any) -> None:
    with pytest.raises(ValidationException):
        EVERY[family].read_request(body)


TOOLS = [
    {"toolUse": {"toolUseId": "t1", "name": "weather", "input": {"city": "Ulm"}}},
    {"toolUse": {"toolUseId": "t2", "name": "weather", "input": {"city": "Bonn"}}},
]


def answer(*content: dict[str, Any], stop: str) -> dict[str, Any]:
    usage = {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}
    return {
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": stop,
        "usage": usage,
        "metrics": {"latencyMs": 7},
    }


def events(*content: dict[str, Any], stop: str) -> list[dict[str, Any]]:
    stream: list[dict[str, Any]] = [{"messageStart": {"role": "assistant"}}]
    for index, block in enumerate(content):
        delta: dict[str, Any] = block
        if "toolUse" in block:
            start = {name: block["toolUse"][name] for name in ("toolUseId", "name")}
            stream.append({"contentBlockStart": {"start": {"toolUse": start}, "contentBlockIndex": index}})
            delta = {"toolUse": {"input": json.dumps(block["toolUse"]["input"])}}
        stream.append({"contentBlockDelta": {"delta": delta, "contentBlockIndex": index}})
        stream.append({"contentBlockStop": {"contentBlockIndex": index}})
    ended = answer(*content, stop=stop)
    metadata = {"usage": ended["usage"], "metrics": ended["metrics"]}
    return [*stream, {"messageStop": {"stopReason": stop}}, {"metadata": metadata}]


def has_tools(recorded: Any) -> bool:
    return "toolUse" in str(recorded) or "tool_use" in str(recorded)


def test_recorded_requests_are_read(shared_data: Path) -> None:
    read = [
        FAMILIES[recording.family].bodies.read_request(recording.request)
        for operation in ("InvokeModel", "InvokeModelWithResponseStream")
        for recording in recordings(shared_data, operation)
    ]
    assert len(read) > 60
    assert all(turn["messages"] for turn in read)


def test_answers_have_the_keys_and_types_of_the_recorded(shared_data: Path) -> None:
    seen = set()
    for recording in recordings(shared_data, "InvokeModel"):
        content = [{"text": "Hi"}, *(TOOLS if has_tools(recording.answer) else [])]
        stamp = replace(STAMP, body=recording.request)
        written = FAMILIES[recording.family].bodies.write_response(answer(*content, stop="max_tokens"), stamp)
        ours, theirs = tree(written), tree(recording.answer)
        for each in (ours, theirs):
            # Whether a stop sequence was met, and which counts of a cache the usage lists, differs between recordings.
            each.pop("stop_sequence", None)
            each.pop("stop", None)
            each.pop("usage", None)
            # Which tokens a text was cut into, and how likely each was, is not told here.
            for text in (each.get("prompt"), *(each.get("completions") or [])):
                if isinstance(text, dict):
                    text.get("data", text).pop("tokens", None)
                    text.pop("finishReason", None)
        assert ours == theirs, recording.id
        seen.add(recording.family)
    assert seen == {
        "anthropic",
        "anthropic_text",
        "cohere",
        "cohere_text",
        "jurassic",
        "llama",
        "mistral",
        "nova",
        "titan_text",
    }


def test_usage_has_the_names_of_the_recorded(shared_data: Path) -> None:
    for recording in recordings(shared_data, "InvokeModel"):
        if usage := recording.answer.get("usage"):
            full = answer({"text": "Hi"}, stop="end_turn")
            full["usage"] |= {"cacheReadInputTokens": 0, "cacheWriteInputTokens": 0}
            written = FAMILIES[recording.family].bodies.write_response(full, STAMP)["usage"]
            assert usage.keys() <= written.keys(), recording.id


def test_recorded_messages_answers_are_read_and_written_alike(shared_data: Path) -> None:
    for recording in recordings(shared_data, "InvokeModel"):
        if recording.family == "anthropic":
            theirs = recording.answer
            written = anthropic.write_response(anthropic.read_response(theirs), Stamp("", theirs["model"], 0))
            # Older recordings have ids of another form.
            assert written | {"id": theirs["id"]} == theirs, recording.id


def streams(shared_data: Path) -> list[Recording]:
    found = list(recordings(shared_data, "InvokeModelWithResponseStream"))
    # A request that a guardrail stopped has no stream of the model's.
    return [recording for recording in found if "Input blocked" not in str(recording.answer)]


def test_recorded_messages_streams_are_read_and_written_alike(shared_data: Path) -> None:
    for recording in streams(shared_data):
        if recording.family == "anthropic":
            message = recording.answer[0]["message"]
            counted = message["usage"]["input_tokens"]
            stamp = Stamp(message["id"].removeprefix("msg_bdrk_"), message["model"], 0, input_tokens=counted)
            reader, writer = anthropic.EventReader(), anthropic.EventWriter(stamp)
            read = [event for chunk in recording.answer for event in reader.read(chunk)]
            written = [chunk for event in read for chunk in writer.write(event)]
            theirs = [
                {k: v for k, v in chunk.items() if not k.startswith("amazon-bedrock-")} for chunk in recording.answer
            ]
            # How many tokens the first chunk reports as already made is chance.
            message["usage"]["output_tokens"] = 0
            assert written == theirs, recording.id
            assert fold(read)["stopReason"] == theirs[-2]["delta"]["stop_reason"]


def shapes(chunks: list[dict[str, Any]]) -> set[str]:
    """The kinds of chunks there are; older recordings lack the counts of a cache."""
    text = "\n".join(json.dumps(tree(chunk), sort_keys=True) for chunk in chunks)
    return set(re.sub(r'"cache(Read|Write)InputTokenCount": "number", ', "", text).splitlines())


def test_streams_have_the_chunks_of_the_recorded(shared_data: Path) -> None:
    seen = set()
    for recording in streams(shared_data):
        family = FAMILIES[recording.family]
        writer = family.chunks.EventWriter(STAMP)
        content = [{"text": "Hi"}, *(TOOLS if has_tools(recording.answer) else [])]
        stream = events(*content, stop="tool_use" if has_tools(recording.answer) else "max_tokens")
        ours = [chunk for event in stream for chunk in writer.write(event)]
        theirs = recording.answer
        if recording.family == "titan_text":
            # Chunks differ in which counts they know; the last one knows all, if no guardrail rewrote it.
            assert {*theirs[-1]} - {*ours[-1]} <= {key for key in theirs[-1] if key.startswith("amazon-bedrock-")}
        else:
            assert shapes(theirs) == shapes(ours), recording.id
        metrics = family.metrics({"inputTokens": 3, "outputTokens": 2}, 10, 5)
        if (recorded := theirs[-1].get("amazon-bedrock-invocationMetrics")) is not None:
            told = list(metrics["amazon-bedrock-invocationMetrics"])
            assert told[: len(recorded)] == list(recorded), recording.id
        seen.add(recording.family)
    assert seen == {"anthropic", "nova", "titan_text"}


@pytest.mark.parametrize(
    ("family", "chunks"),
    [
        (
            "llama",
            [
                {"generation": "Hi", "prompt_token_count": 3, "generation_token_count": None, "stop_reason": None},
                {"generation": " you", "prompt_token_count": None, "generation_token_count": None, "stop_reason": None},
                {"generation": "", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": "length"},
            ],
        ),
        (
            "mistral",
            [
                {"outputs": [{"text": "Hi", "stop_reason": None}]},
                {"outputs": [{"text": " you", "stop_reason": None}]},
                {"outputs": [{"text": "", "stop_reason": "length"}]},
            ],
        ),
        (
            "anthropic_text",
            [
                {"type": "completion", "completion": "Hi", "stop_reason": None, "stop": None},
                {"type": "completion", "completion": " you", "stop_reason": None, "stop": None},
                {"type": "completion", "completion": "", "stop_reason": "max_tokens", "stop": None},
            ],
        ),
        (
            "titan_text",
            [
                {
                    "outputText": "Hi",
                    "index": 0,
                    "totalOutputTextTokenCount": None,
                    "completionReason": None,
                    "inputTextTokenCount": 3,
                },
                {
                    "outputText": " you",
                    "index": 0,
                    "totalOutputTextTokenCount": None,
                    "completionReason": None,
                    "inputTextTokenCount": None,
                },
                {
                    "outputText": "",
                    "index": 0,
                    "totalOutputTextTokenCount": 2,
                    "completionReason": "LENGTH",
                    "inputTextTokenCount": 3,
                },
            ],
        ),
    ],
)
def test_completions_stream_piece_by_piece(family: str, chunks: list[dict[str, Any]]) -> None:
    writer = FAMILIES[family].chunks.EventWriter(STAMP)
    stream = events({"text": "Hi"}, {"text": " you"}, stop="max_tokens")
    written = [chunk for event in stream for chunk in writer.write(event)]
    assert written == chunks
    assert [list(chunk) for chunk in written] == [list(chunk) for chunk in chunks]


@pytest.mark.parametrize(
    ("family", "stop", "told"),
    [
        ("titan_text", "end_turn", "FINISH"),
        ("titan_text", "stop_sequence", "STOP_CRITERIA_MET"),
        ("llama", "stop_sequence", "stop"),
        ("mistral", "end_turn", "stop"),
        ("anthropic_text", "end_turn", "stop_sequence"),
        ("anthropic", "content_filtered", "refusal"),
        ("nova", "content_filtered", "content_filtered"),
        ("gpt_oss", "guardrail_intervened", "content_filter"),
    ],
)
def test_stop_reason_is_told_in_the_family_s_words(family: str, stop: str, told: str) -> None:
    assert f"'{told}'" in str(FAMILIES[family].bodies.write_response(answer({"text": "Hi"}, stop=stop), STAMP))


def test_gpt_oss_puts_reasoning_in_tags_plain_and_streamed() -> None:
    thought = {"reasoningContent": {"reasoningText": {"text": "Hm, well"}}}
    body = FAMILIES["gpt_oss"].bodies.write_response(answer(thought, {"text": "Hi"}, stop="end_turn"), STAMP)
    assert body["choices"][0]["message"]["content"] == "<reasoning>Hm, well</reasoning>Hi"

    def delta(index: int, delta: dict[str, Any]) -> dict[str, Any]:
        return {"contentBlockDelta": {"delta": delta, "contentBlockIndex": index}}

    stream = [
        {"messageStart": {"role": "assistant"}},
        delta(0, {"reasoningContent": {"text": "Hm, "}}),
        delta(0, {"reasoningContent": {"text": "well"}}),
        {"contentBlockStop": {"contentBlockIndex": 0}},
        delta(1, {"text": "Hi"}),
        {"contentBlockStop": {"contentBlockIndex": 1}},
    ]
    writer = FAMILIES["gpt_oss"].chunks.EventWriter(STAMP)
    chunks = [chunk for event in stream for chunk in writer.write(event)]
    told = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert told == "<reasoning>Hm, well</reasoning>Hi"
