"""Whatever the text: nothing is lost, the order stays, and no chunk is too long."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from craton.knowledge.chunking.splitting import Outline, split
from craton.knowledge.chunking.tokens import count

WORDS = st.sampled_from(
    [
        "Am",
        "3.",
        "Mai",
        "kam",
        "z. B.",
        "Dr.",
        "Müller.",
        "Wirklich?",
        "東京。",
        "“”(“",
        "x" * 40,
        "https://a.b/c",
        "\t",
    ]
)
LINES = st.sampled_from(["\n", "\n\n", " ", "\n# ", "\n- ", "\n| a | b |\n", "\n```\n", "\r\n", "  "])
TEXTS = st.one_of(
    st.lists(st.one_of(WORDS, LINES), max_size=80).map("".join),
    st.lists(st.one_of(WORDS, LINES), max_size=80).map(" ".join),
    st.text(max_size=300),
)


@settings(max_examples=150)
@given(TEXTS, st.integers(1, 60), st.integers(0, 99))
def test_every_sign_is_in_some_chunk_in_order_and_none_is_too_long(text: str, most: int, percent: int) -> None:
    spans = list(split(Outline.of(text), most, most * percent // 100))
    reached = 0
    for span in spans:
        assert not text[reached : span.start].strip()
        assert span.stop > reached
        assert 0 < count(text[span]) <= most
        reached = span.stop
    assert not text[reached:].strip()
    assert [span.start for span in spans] == sorted(span.start for span in spans)


@settings(max_examples=80)
@given(TEXTS, st.integers(2, 60), st.integers(1, 99))
def test_a_chunk_repeats_no_more_of_the_one_before_than_was_asked(text: str, most: int, percent: int) -> None:
    overlap = most * percent // 100
    spans = list(split(Outline.of(text), most, overlap))
    for before, after in itertools.pairwise(spans):
        assert count(text[after.start : before.stop]) <= overlap


def cut(text: str, most: int, overlap: int = 0) -> list[str]:
    return [text[span].strip() for span in split(Outline.of(text), most, overlap)]


def test_sentences_stay_whole() -> None:
    text = "Der Vertrag beginnt am 3. Mai. Er gilt z. B. für Dr. Maier. Danach endet er. " * 6
    for chunk in cut(text, 30):
        assert chunk.startswith(("Der Vertrag", "Er gilt", "Danach"))
        assert chunk.endswith(("Mai.", "Maier.", "er."))


def test_a_heading_goes_with_what_it_heads() -> None:
    part = "Ein Satz über diese Sache, der nicht ganz kurz ist. " * 3
    text = "".join(f"# Teil {number}\n\n{part}\n\n" for number in range(1, 9))
    for chunk in cut(text, 70):
        assert chunk.startswith("# Teil")
        assert not chunk.splitlines()[-1].startswith("#")


def test_a_table_that_fits_is_not_cut() -> None:
    table = "| Name | Alter |\n|---|---|\n" + "| Anna | 31 |\n" * 6
    text = "Ein Absatz steht hier am Anfang. " * 5 + "\n\n" + table + "\n\nDanach kommt noch etwas Text. " * 5
    (whole,) = [chunk for chunk in cut(text, 80) if "| Name" in chunk]
    assert whole.count("| Anna") == 6


def test_a_long_table_is_cut_between_rows() -> None:
    rows = "".join(f"| Zeile {number} | Wert {number} |\n" for number in range(60))
    for chunk in cut(rows, 50):
        assert all(line.startswith("| Zeile") and line.endswith("|") for line in chunk.splitlines())


def test_code_that_fits_is_not_cut_and_its_signs_are_no_headings() -> None:
    code = "```sh\n# install it\nmake\n\nmake install\n```"
    chunks = cut("Ein Satz davor. " * 8 + "\n\n" + code + "\n\n" + "Und danach. " * 8, 40)
    assert any(code in chunk for chunk in chunks)


@pytest.mark.parametrize("text", ["a" * 5000, "東京都に住む人々は" * 300, "0123456789" * 400])
def test_a_text_without_spaces_is_cut_all_the_same(text: str) -> None:
    chunks = cut(text, 100)
    assert "".join(chunks) == text
    assert all(count(chunk) <= 100 for chunk in chunks)


def test_an_overlap_begins_with_a_whole_sentence() -> None:
    text = " ".join(f"Satz Nummer {number} steht hier." for number in range(40))
    chunks = cut(text, 40, 12)
    assert all(chunk.startswith("Satz Nummer") for chunk in chunks)
    for before, after in itertools.pairwise(chunks):
        assert after.split(".")[0] in before


def test_the_headings_above_a_place_are_told_outermost_first() -> None:
    text = "# A\n\n## B\n\nb\n\n## C\n\nc\n\n# D\n\nd\n"
    outline = Outline.of(text)
    assert outline.above(text.index("b\n")) == "A > B"
    assert outline.above(text.index("c\n")) == "A > C"
    assert outline.above(text.index("d\n")) == "D"
    assert outline.above(0) == ""


@pytest.mark.parametrize(
    "part", [".", ". ", '."', "\n", " ", "#", "# ", "|", "- ", "`", "```\n", "a.", "\t\n", "。", ":"]
)
def test_a_part_that_repeats_without_end_is_cut_like_any_text(part: str) -> None:
    text = part * 100_000
    chunks = cut(text, 300)
    assert "".join("".join(chunk.split()) for chunk in chunks) == "".join(text.split())
