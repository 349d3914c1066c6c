"""What is masked is replaced and what is not stays, up to where the text is settled."""

import pytest

from craton.guardrails.assessing.masking import Masking
from craton.guardrails.findings import Action, Finding

TEXT = "0123456789"


def found(start: int, end: int, mask: str) -> Finding:
    return Finding("p", "g", {}, Action.ANONYMIZE, start, end, mask)


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        ([], TEXT),
        ([(2, 4, "A")], "01A456789"),
        ([(0, 10, "A")], "A"),
        ([(2, 4, "A"), (4, 6, "B")], "01AB6789"),
        ([(2, 5, "A"), (4, 6, "B")], "01A6789"),
        ([(2, 4, "A"), (3, 6, "B")], "01B6789"),
        ([(4, 6, "B"), (2, 5, "A"), (5, 9, "C")], "01C9"),
        ([(2, 6, "A"), (2, 6, "B")], "01A6789"),
    ],
)
def test_overlapping_spans_are_one_stretch_under_the_longest_mask(spans: list[tuple[int, int, str]], left: str) -> None:
    masking = Masking()
    masking.feed(TEXT)
    masking.mask(found(*span) for span in spans)
    assert masking.give(len(TEXT)) == left


def test_a_stretch_that_goes_on_is_kept_until_it_ends() -> None:
    masking = Masking()
    masking.feed(TEXT[:6])
    masking.mask([found(3, 8, "A")])
    assert masking.give(5) == "012"
    masking.feed(TEXT[6:])
    masking.mask([found(7, 9, "B")])
    assert masking.give(8) == ""
    assert masking.give(10) == "A9"


def test_what_has_gone_out_is_not_masked_any_more() -> None:
    masking = Masking()
    masking.feed(TEXT)
    assert masking.give(5) == "01234"
    masking.mask([found(1, 4, "A"), found(3, 7, "B")])
    assert masking.give(10) == "B789"
