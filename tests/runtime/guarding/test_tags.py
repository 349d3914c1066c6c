"""Tags of native bodies: what they hold is known, and they are gone."""

import pytest

from craton.errors import ValidationException
from craton.runtime.guarding.tags import Piece, pieces

GUARD = "amazon-bedrock-guardrails-guardContent_xyz"
SOURCE = "amazon-bedrock-guardrails-groundingSource_xyz"


def test_a_text_is_cut_at_its_tags() -> None:
    text = f"Rules. <{GUARD}>Who?</{GUARD}> And <{SOURCE}>a fact</{SOURCE}>"
    assert pieces(text, "xyz") == [
        Piece("Rules. "),
        Piece("Who?", frozenset({"guard_content"})),
        Piece(" And "),
        Piece("a fact", frozenset({"grounding_source"})),
    ]


def test_what_stands_in_two_tags_is_both() -> None:
    (piece,) = pieces(f"<{GUARD}><{SOURCE}>a fact</{SOURCE}></{GUARD}>", "xyz")
    assert piece == Piece("a fact", frozenset({"guard_content", "grounding_source"}))


def test_tags_of_another_suffix_are_text() -> None:
    """Who writes into a prompt cannot know the suffix of this request, so nothing can be slipped out of judgement."""
    text = "<amazon-bedrock-guardrails-guardContent_abc>mine</amazon-bedrock-guardrails-guardContent_abc>"
    assert pieces(text, "xyz") == [Piece(text)]
    assert pieces(f"<{GUARD}>mine</{GUARD}>", "") == [Piece(f"<{GUARD}>mine</{GUARD}>")]


@pytest.mark.parametrize("text", [f"<{GUARD}>open", f"closed</{GUARD}>", f"<{GUARD}><{SOURCE}>x</{GUARD}></{SOURCE}>"])
def test_tags_that_do_not_pair_are_refused(text: str) -> None:
    with pytest.raises(ValidationException):
        pieces(text, "xyz")
