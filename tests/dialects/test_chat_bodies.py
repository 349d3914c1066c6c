"""The families that are nearly OpenAI's: Mistral chat, Jamba, Palmyra; and the completions of Cohere and AI21."""

from typing import Any

import pytest

from craton.dialects.ai21 import jamba, jurassic
from craton.dialects.cohere import text as cohere_text
from craton.dialects.deepseek import text as deepseek
from craton.dialects.meta import llama
from craton.dialects.mistral import chat as mistral_chat
from craton.dialects.stamps import Asked
from craton.dialects.writer import palmyra
from craton.errors import ValidationException

PNG = "iVBORw=="
HELLO = [{"role": "user", "content": [{"text": "Hi"}]}]
USER = {"role": "user", "content": "Hi"}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
CALL = {"id": "c1", "function": {"name": "weather", "arguments": "{}"}}


def test_mistral_chat_has_its_own_names() -> None:
    body = {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "image_url", "image_url": f"data:image/png;base64,{PNG}"}]},
            {"role": "assistant", "content": "", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "name": "weather", "content": "Rain"},
        ],
        "tools": [TOOL],
        "tool_choice": "any",
        "random_seed": 7,
    }
    turn = mistral_chat.read_request(body)
    assert turn["messages"][0]["content"] == [{"image": {"format": "png", "source": {"bytes": b"\x89PNG"}}}]
    assert turn["toolConfig"]["toolChoice"] == {"any": {}}
    assert turn["additionalModelRequestFields"] == {"seed": 7}
    assert [message["role"] for message in turn["messages"]] == ["user", "assistant", "user"]


def test_mistral_chat_tells_the_end_under_both_names() -> None:
    answer = {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
        "stopReason": "max_tokens",
        "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5},
    }
    (choice,) = mistral_chat.write_response(answer, Asked("1", "m", 0))["choices"]
    assert choice == {
        "index": 0,
        "message": {"role": "assistant", "content": "Hi"},
        "stop_reason": "length",
        "finish_reason": "length",
    }


def test_palmyra_takes_a_content_of_one_part() -> None:
    assert palmyra.read_request({"messages": [{"role": "user", "content": {"text": "Hi"}}]}) == {"messages": HELLO}


def test_deepseek_prompt_becomes_a_conversation() -> None:
    earlier = "<｜begin▁of▁sentence｜>Be brief.<｜User｜>a<｜Assistant｜>b<｜end▁of▁sentence｜>"
    prompt = f"{earlier}<｜User｜>c<｜Assistant｜><think>\n"
    turn = deepseek.read_request({"prompt": prompt})
    assert turn["system"] == [{"text": "Be brief."}]
    assert [message["content"][0]["text"] for message in turn["messages"]] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("prompt", "content"),
    [
        ("<|image|>What?", ["image", "text"]),
        ("What?", ["image", "text"]),
        ("Before <|image|> after", ["text", "image", "text"]),
    ],
)
def test_llama_image_stands_where_the_prompt_marks_it(prompt: str, content: list[str]) -> None:
    (message,) = llama.read_request({"prompt": prompt, "images": [PNG]})["messages"]
    assert [next(iter(block)) for block in message["content"]] == content
    with pytest.raises(ValidationException, match="#/images/0: the image is in no supported format"):
        llama.read_request({"prompt": prompt, "images": ["AAAA"]})


STOP = [{"messageStop": {"stopReason": "max_tokens"}}, {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 2}}}]
EVENTS: list[dict[str, Any]] = [
    *({"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": text}}} for text in ("Hel", "lo")),
    *STOP,
]


@pytest.mark.parametrize(
    ("body", "chunks"),
    [
        (
            {"prompt": "Hi", "stream": True},
            [
                {"text": "Hel", "is_finished": False},
                {"text": "lo", "is_finished": False},
                {"is_finished": True, "finish_reason": "MAX_TOKENS"},
            ],
        ),
        (
            {"prompt": "Hi"},
            [
                {
                    "id": "1",
                    "generations": [{"id": "1", "text": "Hello", "finish_reason": "MAX_TOKENS"}],
                    "prompt": "Hi",
                }
            ],
        ),
    ],
)
def test_cohere_text_streams_piece_by_piece_where_the_body_says_so(
    body: dict[str, Any], chunks: list[dict[str, Any]]
) -> None:
    writer = cohere_text.EventWriter(Asked("1", "m", 0, body=body))
    assert [chunk for event in EVENTS for chunk in writer.write(event)] == chunks


@pytest.mark.parametrize("dialect", [cohere_text, jurassic])
def test_completion_without_a_template_refuses_conversations(dialect: Any) -> None:
    turn = {"messages": HELLO, "system": [{"text": "Be brief."}]}
    with pytest.raises(ValidationException, match="A conversation of system and user has no form in"):
        dialect.write_request(turn)


@pytest.mark.parametrize(
    ("dialect", "body", "says"),
    [
        (mistral_chat, {"messages": [USER], "safe_prompt": True}, "#/safe_prompt"),
        (mistral_chat, {"messages": [USER], "n": 2}, "#/n"),
        (mistral_chat, {"messages": [{"role": "assistant", "content": "a", "prefix": True}]}, "#/messages/0/prefix"),
        (jamba, {"messages": [USER], "top_k": 3}, r"extraneous key \[top_k\]"),
        (jamba, {"messages": [USER], "n": 2}, "#/n"),
        (palmyra, {"messages": [USER], "min_tokens": 3}, "#/min_tokens"),
        (palmyra, {"messages": [USER], "stop": ["a", "b", "c", "d", "e"]}, "#/stop"),
        (cohere_text, {"prompt": "Hi", "return_likelihoods": "ALL"}, "#/return_likelihoods"),
        (cohere_text, {"prompt": "Hi", "num_generations": 2}, "#/num_generations"),
        (cohere_text, {"prompt": "Hi", "truncate": "END"}, "#/truncate"),
        (jurassic, {"prompt": "Hi", "countPenalty": {"scale": 0.3}}, "#/countPenalty: .*send 'frequencyPenalty'"),
        (jurassic, {"prompt": "Hi", "presencePenalty": {"scale": 1, "applyToEmojis": False}}, "applyToEmojis"),
        (deepseek, {"prompt": "Hi", "stop": ["|"] * 11}, "#/stop"),
    ],
)
def test_what_is_not_served_is_refused_by_name(dialect: Any, body: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationException, match=says):
        dialect.read_request(body)


@pytest.mark.parametrize("dialect", [jamba, mistral_chat, palmyra])
def test_what_the_api_cannot_say_is_refused(dialect: Any) -> None:
    turn = {"messages": HELLO, "additionalModelRequestFields": {"min_p": 0.1}}
    with pytest.raises(ValidationException, match=r"extraneous key \[min_p\]"):
        dialect.write_request(turn)
