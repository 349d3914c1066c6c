"""Whether hard prompts are told from easy ones, and what of a turn is looked at."""

import time
from typing import Any

import pytest

from craton.models.routes.difficulty import WEIGHTS, features, length, media, of
from tests.models.routes.prompts import EASY, HARD


def turn(text: str, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"text": text}]}], **more}


def test_every_hard_prompt_is_harder_than_every_easy_one() -> None:
    hardest_easy = max(EASY, key=lambda text: of(turn(text)))
    easiest_hard = min(HARD, key=lambda text: of(turn(text)))
    assert of(turn(hardest_easy)) < of(turn(easiest_hard)), (hardest_easy, easiest_hard)


def test_both_languages_are_judged_alike() -> None:
    """The lists begin with the English prompts."""
    for prompts in (EASY, HARD):
        half = len(prompts) // 2
        english, german = (
            sum(of(turn(text)) for text in part) / half for part in (prompts[:half], prompts[half : 2 * half])
        )
        assert abs(english - german) < 0.15


def test_half_is_about_where_they_part() -> None:
    right = sum(of(turn(text)) < 0.5 for text in EASY) + sum(of(turn(text)) >= 0.5 for text in HARD)
    assert right / len(EASY + HARD) >= 0.9


def test_all_that_is_weighed_lies_between_nothing_and_all() -> None:
    for text in [*EASY, *HARD, "", "1. \n" * 5000, "$a$ = 2 + 2 must why " * 2000]:
        found = features(turn(text))
        for name in WEIGHTS:
            assert 0 <= getattr(found, name) <= 1, (name, text[:50])
        assert 0 < of(turn(text)) < 1


@pytest.mark.parametrize(
    ("more", "harder"),
    [
        ({"toolConfig": {"tools": [{}] * 12}}, True),
        ({"system": [{"text": "word " * 4000}]}, True),
        ({"outputConfig": {"textFormat": {"type": "json_schema"}}}, True),
        ({"inferenceConfig": {"maxTokens": 5}}, False),
    ],
)
def test_what_stands_around_the_prompt_counts(more: dict[str, Any], harder: bool) -> None:
    plain = of(turn("What is on the list?"))
    assert (of(turn("What is on the list?", **more)) > plain) is harder


def test_the_task_is_the_last_that_the_user_said() -> None:
    """The result of a tool is no task: the one before it is still being worked on."""
    call = {"toolUse": {"toolUseId": "1", "name": "f", "input": {}}}
    result = {"toolResult": {"toolUseId": "1", "content": [{"text": "42"}]}}
    messages = [
        {"role": "user", "content": [{"text": HARD[1]}]},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
    assert of({"messages": messages}) >= of(turn(HARD[1]))
    after = [*messages, {"role": "assistant", "content": [{"text": "Done."}]}, *turn("Thank you!")["messages"]]
    assert of({"messages": after}) < 0.3


def test_the_task_may_stand_behind_a_long_text() -> None:
    text = "The minutes of the meeting follow. " * 400
    assert features(turn(text + HARD[1])).programming > features(turn(text)).programming


def test_images_and_text_are_found_wherever_they_stand() -> None:
    assert media(turn("Hello")) == set()
    assert media({"messages": [{"role": "user", "content": [{"image": {}}, {"video": {}}]}]}) == {"image", "video"}
    blocks = [
        {"text": "four"},
        {"guardContent": {"text": {"text": "five!"}}},
        {"toolResult": {"toolUseId": "1", "content": [{"text": "sixsix"}, {"json": {}}]}},
    ]
    assert length({"messages": [{"role": "user", "content": blocks}], "system": [{"text": "ab"}]}) == 17


@pytest.mark.parametrize("text", ["\n", "$a", "a-", "1.", "<a ", "a'a", "- \n", " ", "{ ;", "\\frac"])
def test_no_prompt_keeps_the_server_busy(text: str) -> None:
    prompt = turn(text * 100_000)
    started = time.process_time()
    of(prompt)
    assert time.process_time() - started < 0.5
