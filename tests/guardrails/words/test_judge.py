"""The word policy: custom phrases and the managed list, which block or are only told."""

from craton.guardrails.findings import Action, Source, Window
from craton.guardrails.words import judge


async def test_entries_offsets_and_actions() -> None:
    policy = judge(
        {
            "words": [{"text": "projekt falke"}, {"text": "foo", "inputAction": "NONE"}],
            "managedWordLists": [{"type": "PROFANITY"}],
        },
        Source.INPUT,
    )
    assert policy
    assert policy.policy == "wordPolicy"
    found = await policy.judge([Window("ß Projekt  Falke, foo, shit", offset=50)], full=True)
    assert [(f.group, dict(f.entry), f.action, f.start, f.end, f.mask) for f in found] == [
        ("customWords", {"match": "Projekt  Falke", "action": "BLOCKED", "detected": True}, Action.BLOCK, 52, 66, ""),
        ("customWords", {"match": "foo", "action": "NONE", "detected": True}, Action.NONE, 68, 71, ""),
        (
            "managedWordLists",
            {"match": "shit", "type": "PROFANITY", "action": "BLOCKED", "detected": True},
            Action.BLOCK,
            73,
            77,
            "",
        ),
    ]


async def test_each_source_has_its_own_action_and_switch() -> None:
    policy = {
        "words": [{"text": "foo", "outputAction": "NONE"}],
        "managedWordLists": [{"type": "PROFANITY", "outputEnabled": False}],
    }
    for source, actions in ((Source.INPUT, [Action.BLOCK, Action.BLOCK]), (Source.OUTPUT, [Action.NONE])):
        words = judge(policy, source)
        assert words
        assert [finding.action for finding in await words.judge([Window("foo shit")])] == actions


def test_nothing_enabled_is_no_judge() -> None:
    assert judge(None, Source.INPUT) is None
    assert judge({"words": [{"text": "foo", "inputEnabled": False}]}, Source.INPUT) is None
