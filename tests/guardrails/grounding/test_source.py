"""Of a long source, the sentences that may support a statement are found without comparing it with all of them."""

from craton.guardrails.grounding.source import WHOLE, Sentences
from craton.guardrails.grounding.words import read

COUNT = 4 * WHOLE
PLACE = 777
NORTH, EAST = (1.0, 0.0), (0.0, 1.0)


def source(text: str, *, alike: bool) -> Sentences:
    """Sentences of nothing in particular, and in their midst a text, whose vector is the statement's or another."""
    texts = [text if place == PLACE else f"Line {place} is about the weather." for place in range(COUNT)]
    vectors = [NORTH if alike and place == PLACE else EAST for place in range(COUNT)]
    return Sentences([read(each) for each in texts], vectors)


def test_a_short_source_is_compared_as_a_whole() -> None:
    sentences = Sentences([read("One."), read("Two.")], [NORTH, EAST])
    assert list(sentences.candidates(read("Three."), NORTH)) == [0, 1]


def test_by_its_vector() -> None:
    found = source("The ferry sails at noon.", alike=True).candidates(read("Das Schiff fährt mittags."), NORTH)
    assert PLACE in found
    assert len(found) < COUNT / 2


def test_by_a_rare_word() -> None:
    found = source("The ferry sails at noon.", alike=False).candidates(read("A ferry is painted green."), NORTH)
    assert PLACE in found
    assert len(found) < COUNT / 2
