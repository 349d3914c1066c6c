"""Documents taken apart into passages that can be cited."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from craton.runtime.content.passages import of_blocks, of_search_result, of_text

PIECES = st.sampled_from(["a", ".", " ", "\n", "-", "?", '"', "Word ", "x" * 300])


def texts(text: str, format: str = "txt") -> list[str]:
    return [passage.text for passage in of_text(text, "T", 0, format)]


def test_sentences() -> None:
    assert texts('Mr. Fox said "It is a very fine day." Then he left 3.5 minutes later! Did he really leave?') == [
        'Mr. Fox said "It is a very fine day." ',
        "Then he left 3.5 minutes later! ",
        "Did he really leave?",
    ]


def test_what_is_short_goes_with_what_follows() -> None:
    assert texts("Yes. No. It was quite a long day for all of us. End.") == [
        "Yes. No. It was quite a long day for all of us. ",
        "End.",
    ]


def test_lists_paragraphs_and_records() -> None:
    assert texts(
        "# A heading of some length\n\nA paragraph that wraps\nover two lines\n- an item that is long enough\n"
    ) == [
        "# A heading of some length\n\n",
        "A paragraph that wraps\nover two lines\n",
        "- an item that is long enough\n",
    ]
    assert texts("name,address,telephone\nAda Lovelace,London,12345\n", "csv") == [
        "name,address,telephone\nAda Lovelace,London,12345\n"
    ]


def test_a_pdf_is_cited_by_page() -> None:
    found = of_text("The first page says this. And that is all of it.\fThe second page.", "T", 3, "pdf")
    assert [(p.text, p.location["documentPage"]) for p in found] == [
        ("The first page says this. ", {"documentIndex": 3, "start": 1, "end": 2}),
        ("And that is all of it.", {"documentIndex": 3, "start": 1, "end": 2}),
        ("The second page.", {"documentIndex": 3, "start": 2, "end": 3}),
    ]


def test_blocks_and_search_results() -> None:
    assert of_blocks(["a", "b"], "T", 1)[1].citation() == {
        "title": "T",
        "sourceContent": [{"text": "b"}],
        "location": {"documentChunk": {"documentIndex": 1, "start": 1, "end": 2}},
    }
    assert of_search_result(["a"], "T", "https://example.com", 2)[0].citation() == {
        "title": "T",
        "source": "https://example.com",
        "sourceContent": [{"text": "a"}],
        "location": {"searchResultLocation": {"searchResultIndex": 2, "start": 0, "end": 1}},
    }


@given(
    text=st.lists(PIECES, max_size=200).map("".join),
    csv=st.booleans(),
)
def test_passages_are_slices_that_leave_out_only_blanks(text: str, csv: bool) -> None:
    found = of_text(text, "T", 0, "csv" if csv else "txt")
    spans = [(p.location["documentChar"]["start"], p.location["documentChar"]["end"]) for p in found]
    assert [p.text for p in found] == [text[start:end] for start, end in spans]
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    left = list(text)
    for start, end in spans:
        left[start:end] = [""] * (end - start)
    assert not "".join(left).strip()
    assert all(len(p.text) <= 800 for p in found)
