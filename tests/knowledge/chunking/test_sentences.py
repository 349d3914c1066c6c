"""Where sentences end, and where a full stop does not end one."""

import itertools

import pytest

from craton.knowledge.chunking.sentences import sentences


def cut(text: str) -> list[str]:
    places = [0, *sentences(text, 0, len(text)), len(text)]
    return [text[begin:end].strip() for begin, end in itertools.pairwise(places)]


@pytest.mark.parametrize(
    "text",
    [
        "Am 3. Mai kam er.",
        "Das gilt z. B. für Hunde.",
        "Das gilt z.B. Hunden.",
        "Dr. Müller und Prof. Maier sind da.",
        "Siehe Abs. 2 und Nr. 5 der Satzung.",
        "Im 19. Jahrhundert war das so.",
        "Er sagte: Das geht.",
        "J. R. Müller schrieb es.",
        "See Fig. 3 and e.g. Smith et al. there.",
        "It costs 3.5 million in the U.S. Market.",
        "Version 2.1 is here.",
        "Und so weiter ... und so fort.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er ging. Sie blieb!", ["Er ging.", "Sie blieb!"]),
        ("Wirklich? Ja.", ["Wirklich?", "Ja."]),
        ("„Geh!“ Er ging.", ["„Geh!“", "Er ging."]),
        ("Das war 2024. Danach kam nichts.", ["Das war 2024.", "Danach kam nichts."]),
        ("He left. (She stayed.) They met.", ["He left.", "(She stayed.)", "They met."]),
        ("東京に行く。大阪に帰る。", ["東京に行く。", "大阪に帰る。"]),
    ],
)
def test_sentences_are_parted(text: str, expected: list[str]) -> None:
    assert cut(text) == expected
