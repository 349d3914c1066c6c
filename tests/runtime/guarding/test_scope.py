"""Which parts of a turn are judged, by the table of the documentation and beyond it."""

from typing import Any

import pytest

from craton.runtime.guarding.scope import READ_FROM, Reach, images_of, judged, spots_of, with_texts, without_tags

EVERYTHING = Reach(system=True, messages=True)


def marked(text: str, *qualifiers: str) -> dict[str, Any]:
    return {"guardContent": {"text": {"text": text, **({"qualifiers": [*qualifiers]} if qualifiers else {})}}}


def turn(*content: Any, system: Any = ()) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [*content]}], "system": [*system]}


def texts(given: dict[str, Any], reach: Reach | None = None, suffix: str = "") -> list[str]:
    spots = spots_of(given, suffix)
    return [spots[place].text for place in judged(spots, reach or Reach())]


def test_all_messages_are_judged_and_no_system_prompt() -> None:
    given = turn({"text": "one"}, {"text": "two"}, system=[{"text": "rules"}])
    given["messages"].append({"role": "assistant", "content": [{"text": "three"}]})
    assert texts(given) == ["one", "two", "three"]


def test_where_something_is_marked_that_alone_is_judged() -> None:
    assert texts(turn({"text": "one"}, marked("two"), system=[{"text": "rules"}])) == ["two"]


def test_a_marked_system_prompt_is_judged_beside_all_messages() -> None:
    assert texts(turn({"text": "one"}, system=[marked("rules")])) == ["one", "rules"]


@pytest.mark.parametrize(
    ("qualifiers", "is_judged"),
    [
        ((), True),
        (("grounding_source",), False),
        (("query",), False),
        (("query", "guard_content"), True),
    ],
)
def test_what_is_for_comparison_only_is_not_judged(qualifiers: tuple[str, ...], is_judged: bool) -> None:
    assert bool(texts(turn({"text": "one"}, marked("two", *qualifiers)))) is is_judged


def test_tools_are_judged_where_everything_is() -> None:
    result = {"toolUseId": "t", "content": [{"text": "found"}, {"json": {"name": "Ann", "age": 7}}]}
    call = {"toolUseId": "t", "name": "look", "input": {"city": "Ulm"}}
    given = turn({"text": "one"}, {"toolUse": call}, {"toolResult": result}, marked("two"), system=[{"text": "rules"}])
    assert texts(given) == ["two"]
    every = ["one", "city", "Ulm", "found", "name", "Ann", "age", "7", "two", "rules"]
    assert texts(given, EVERYTHING) == every


def test_documents_and_search_results_are_judged_by_their_text() -> None:
    read = {"name": "report", "format": "pdf", "source": {"text": "inside", READ_FROM: {"bytes": b"%PDF"}}}
    blocks = {"name": "notes", "source": {"content": [{"text": "first"}, {"text": "second"}]}}
    search = {"source": "http://a", "title": "Title", "content": [{"text": "hit"}]}
    given = turn({"document": read}, {"document": blocks}, {"searchResult": search})
    assert texts(given) == ["inside", "first", "second", "hit", "Title"]


def test_an_unchanged_document_stays_what_it_was() -> None:
    read = {"name": "report", "format": "pdf", "source": {"text": "inside", READ_FROM: {"bytes": b"%PDF"}}}
    (block,) = with_texts(turn({"document": read}), "", ["report", "inside"])["messages"][0]["content"]
    assert block == {"document": {"name": "report", "format": "pdf", "source": {"bytes": b"%PDF"}}}
    (block,) = with_texts(turn({"document": read}), "", ["report", "{NAME}"])["messages"][0]["content"]
    assert block == {"document": {"name": "report", "format": "txt", "source": {"text": "{NAME}"}}}


def test_texts_go_back_where_they_stood() -> None:
    given = turn({"text": "one"}, marked("two", "query"), {"image": {"format": "png"}}, system=[{"text": "rules"}])
    changed = with_texts(given, "", [spot.text.upper() for spot in spots_of(given, "")])
    assert changed["messages"][0]["content"] == [
        {"text": "ONE"},
        marked("TWO", "query"),
        {"image": {"format": "png"}},
    ]
    assert changed["system"] == [{"text": "RULES"}]


def test_tags_mark_parts_of_a_text() -> None:
    tag = "amazon-bedrock-guardrails-guardContent_xyz"
    given = turn({"text": f"Rules: be kind. <{tag}>Who?</{tag}>"})
    assert texts(given, suffix="xyz") == ["Who?"]
    assert without_tags(given, "xyz")["messages"][0]["content"] == [{"text": "Rules: be kind. Who?"}]
    changed = with_texts(given, "xyz", ["Rules: be kind. ", "{NAME}"])
    assert changed["messages"][0]["content"] == [{"text": "Rules: be kind. {NAME}"}]


def test_pictures_follow_the_texts() -> None:
    def image(data: bytes) -> dict[str, Any]:
        return {"image": {"format": "png", "source": {"bytes": data}}}

    def seen(given: dict[str, Any], reach: Reach | None = None) -> list[bytes]:
        return [image.data for image in images_of(given, spots_of(given, ""), reach or Reach())]

    given = turn(image(b"plain"), {"guardContent": image(b"marked")})
    assert seen(turn(image(b"plain"), {"text": "one"})) == [b"plain"]
    assert seen(
        {**given, "messages": [{"role": "user", "content": [*given["messages"][0]["content"], marked("x")]}]}
    ) == [b"marked"]
    assert seen(given, EVERYTHING) == [b"plain", b"marked"]
