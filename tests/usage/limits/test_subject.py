"""Whom a limit is about."""

import pytest

from craton.usage.limits.subject import EVERY_ACCOUNT, Facts, Part, Subject
from tests.usage.limits.makers import ACCOUNT, OTHER, asked

CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
PROFILE = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/abc"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/analyst/monday"
FACTS = Facts.of(asked(model=CLAUDE, profile=PROFILE, principal=SESSION, tags={"team": "blue", "stage": "test"}))


@pytest.mark.parametrize(
    "subject",
    [
        Subject(ACCOUNT),
        Subject(EVERY_ACCOUNT),
        Subject(ACCOUNT, key="AKIA1"),
        Subject(ACCOUNT, key="AKIA2", replaced=frozenset({"AKIA0", "AKIA1"})),
        Subject(ACCOUNT, model=CLAUDE),
        Subject(ACCOUNT, model="*.anthropic.*"),
        Subject(ACCOUNT, profile=PROFILE),
        Subject(ACCOUNT, profile="*:application-inference-profile/*"),
        Subject(ACCOUNT, principal=SESSION),
        Subject(ACCOUNT, principal=f"arn:aws:iam::{ACCOUNT}:role/analyst"),
        Subject(ACCOUNT, principal="*:role/*"),
        Subject(ACCOUNT, tags={"team": "blue"}),
        Subject(ACCOUNT, key="AKIA1", model="*claude*", tags={"team": "blue", "stage": "test"}),
    ],
)
def test_it_fits(subject: Subject) -> None:
    assert subject.fits(FACTS)


@pytest.mark.parametrize(
    "subject",
    [
        Subject(OTHER),
        Subject(ACCOUNT, key="AKIA2"),
        Subject(ACCOUNT, key="AKIA"),
        Subject(ACCOUNT, model="anthropic.*"),
        Subject(ACCOUNT, model=CLAUDE.upper()),
        Subject(ACCOUNT, profile="*:inference-profile/*"),
        Subject(ACCOUNT, principal=f"arn:aws:iam::{ACCOUNT}:role/other"),
        Subject(ACCOUNT, principal=f"arn:aws:iam::{OTHER}:role/analyst"),
        Subject(ACCOUNT, principal=f"arn:aws:iam::{ACCOUNT}:user/analyst"),
        Subject(ACCOUNT, tags={"team": "red"}),
        Subject(ACCOUNT, tags={"owner": "blue"}),
        Subject(ACCOUNT, key="AKIA2", model="*claude*"),
    ],
)
def test_it_does_not_fit(subject: Subject) -> None:
    assert not subject.fits(FACTS)


def test_a_model_named_itself_fits_no_profile() -> None:
    assert not Subject(ACCOUNT, profile="?*").fits(Facts.of(asked()))


def test_what_is_counted_apart_has_a_place_for_each() -> None:
    subject = Subject(EVERY_ACCOUNT, apart=(Part.ACCOUNT, Part.KEY, Part.MODEL, Part.PROFILE, Part.PRINCIPAL))
    assert subject.place(FACTS) == (ACCOUNT, "AKIA1", CLAUDE, PROFILE, SESSION)
    assert Subject(ACCOUNT).place(FACTS) == ()
    assert Subject(EVERY_ACCOUNT).shared() and not subject.shared() and not Subject(ACCOUNT).shared()


def test_it_goes_on_with_what_was_counted_before_its_key_was_rotated() -> None:
    before = Subject(ACCOUNT, key="AKIA1", model="m-*", apart=(Part.KEY,))
    after = Subject(ACCOUNT, key="AKIA2", model="m-*", apart=(Part.KEY,), replaced=frozenset({"AKIA1"}))
    assert after.continues(before) and after.continues(after)
    assert before.place(FACTS) == after.place(FACTS), "it is counted where the old key was"
    assert not before.continues(after)
    assert not after.continues(Subject(ACCOUNT, key="AKIA1", model="m-1", apart=(Part.KEY,)))
    assert not after.continues(Subject(ACCOUNT, key="AKIA9", model="m-*", apart=(Part.KEY,)))
    assert not after.continues(Subject(ACCOUNT, model="m-*", apart=(Part.KEY,)))
    assert not after.continues(None)
