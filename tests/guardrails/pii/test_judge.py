"""The sensitive information policy: what is done about what is found."""

import pytest

from craton.guardrails.findings import Action, Source, Undecided, Window
from craton.guardrails.pii import judge
from tests.guardrails.pii.finding import Seen

EMAIL = {"type": "EMAIL", "action": "ANONYMIZE"}
CODE = {"name": "Booking code", "pattern": r"B\d{4}", "action": "BLOCK"}


def pii(*entities: dict[str, object], regexes: tuple[dict[str, object], ...] = ()) -> dict[str, object]:
    return {"piiEntities": list(entities), "regexes": list(regexes)}


async def test_entries_actions_offsets_and_masks() -> None:
    policy = judge(
        pii(EMAIL, {"type": "PIN", "action": "BLOCK"}, regexes=({**CODE, "action": "ANONYMIZE"},)), Source.INPUT, Seen()
    )
    assert policy
    assert policy.policy == "sensitiveInformationPolicy"
    found = await policy.judge([Window("ä: a@b.de, PIN: 1234, B4711", offset=100)])
    assert [(f.group, f.action, f.start, f.end, f.mask) for f in found] == [
        ("piiEntities", Action.ANONYMIZE, 103, 109, "{EMAIL}"),
        ("piiEntities", Action.BLOCK, 116, 120, ""),
        ("regexes", Action.ANONYMIZE, 122, 127, "{Booking code}"),
    ]
    regex = {"name": "Booking code", "match": "B4711", "regex": r"B\d{4}", "action": "ANONYMIZED", "detected": True}
    assert [dict(f.entry) for f in found] == [
        {"type": "EMAIL", "match": "a@b.de", "action": "ANONYMIZED", "detected": True},
        {"type": "PIN", "match": "1234", "action": "BLOCKED", "detected": True},
        regex,
    ]


async def test_action_none_is_told_and_nothing_done() -> None:
    policy = judge(pii({"type": "EMAIL", "action": "NONE"}), Source.INPUT, Seen())
    assert policy
    [finding] = await policy.judge([Window("a@b.de")])
    assert (finding.action, finding.entry["action"], finding.entry["detected"]) == (Action.NONE, "NONE", True)


async def test_what_is_to_be_blocked_is_not_taken_for_what_is_only_told() -> None:
    card = {"type": "CREDIT_DEBIT_CARD_NUMBER", "action": "BLOCK"}
    for action in ("NONE", "ANONYMIZE"):
        policy = judge(pii(card, {"type": "US_BANK_ACCOUNT_NUMBER", "action": action}), Source.INPUT, Seen())
        assert policy
        [finding] = await policy.judge([Window("account number 4111111111111111")])
        assert finding.action is Action.BLOCK


async def test_a_name_that_begins_as_a_user_name_is_masked_whole() -> None:
    kinds = ({"type": kind, "action": "ANONYMIZE"} for kind in ("NAME", "USERNAME"))
    policy = judge(pii(*kinds), Source.INPUT, Seen(("GIVEN_NAME", "Anna", 0.6), ("SURNAME", "Schmidt", 0.6)))
    assert policy
    found = await policy.judge([Window("username: Anna Schmidt")])
    assert {(10, 14, "{USERNAME}"), (10, 22, "{NAME}")} == {(f.start, f.end, f.mask) for f in found}


async def test_each_source_has_its_own_action_and_switch() -> None:
    entity = {**EMAIL, "inputAction": "BLOCK", "outputAction": "NONE", "outputEnabled": True, "inputEnabled": True}
    for source, action in ((Source.INPUT, Action.BLOCK), (Source.OUTPUT, Action.NONE)):
        policy = judge(pii(entity, regexes=({**CODE, f"{source.lower()}Enabled": False},)), source, Seen())
        assert policy
        [finding] = await policy.judge([Window("a@b.de B4711")])
        assert finding.action is action


def test_nothing_enabled_is_no_judge() -> None:
    assert judge(None, Source.INPUT, Seen()) is None
    assert judge({}, Source.INPUT, Seen()) is None
    assert judge(pii({**EMAIL, "inputEnabled": False}), Source.INPUT, Seen()) is None
    assert judge(pii({**EMAIL, "inputEnabled": False}), Source.OUTPUT, Seen())


async def test_the_full_answer_names_what_was_looked_for_in_vain() -> None:
    policy = judge(pii(EMAIL, {"type": "PIN", "action": "BLOCK"}, regexes=(CODE,)), Source.INPUT, Seen())
    assert policy
    [email, pin] = await policy.judge([Window("a@b.de")], full=True)
    assert email.entry["detected"] is True
    assert dict(pin.entry) == {"type": "PIN", "match": "", "action": "NONE", "detected": False}
    assert pin.action is Action.NONE


async def test_without_the_model_of_names_the_rest_is_found_and_told() -> None:
    class Missing(Seen):
        async def entities(self, texts: object) -> list[list[object]]:  # type: ignore[override]
            raise Undecided("The model is not installed.")

    policy = judge(pii(EMAIL, {"type": "NAME", "action": "ANONYMIZE"}), Source.INPUT, Missing())
    assert policy
    with pytest.raises(Undecided, match="not installed") as raised:
        await policy.judge([Window("Herr Müller, a@b.de")])
    assert [finding.entry["match"] for finding in raised.value.found] == ["Müller", "a@b.de"]
