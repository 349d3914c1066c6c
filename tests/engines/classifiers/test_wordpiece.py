"""What an uncased BERT reads of a text, and where in the text each of its tokens stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.engines.classifiers.wordpiece import WordPiece

MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PIECES = [
    *MARKS,
    *("zoe", "gru", "##n", "##wald", "ulm", ",", ".", "[", "]", "sep", "東", "a", "##b", "x", "=", "stra", "##ße"),
]


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wordpiece") / "vocab.txt"
    path.write_text("\n".join(PIECES) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def tokenizer(vocabulary: Path) -> WordPiece:
    return WordPiece(vocabulary)


def read(tokenizer: WordPiece, text: str) -> list[tuple[str, str]]:
    """Each token, and what stands at its place in the text."""
    tokens = tokenizer.read(text)
    places = zip(tokens.starts, tokens.ends, strict=True)
    return [(PIECES[piece], text[start:end]) for piece, (start, end) in zip(tokens.ids, places, strict=True)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Zoë", [("zoe", "Zoë")]),
        ("Zoe\u0308 Ulm", [("zoe", "Zoe\u0308"), ("ulm", "Ulm")]),
        ("GRÜNWALD", [("gru", "GRÜ"), ("##n", "N"), ("##wald", "WALD")]),
        ("Straße", [("stra", "Stra"), ("##ße", "ße")]),
        ("ulm,Ulm.", [("ulm", "ulm"), (",", ","), ("ulm", "Ulm"), (".", ".")]),
        ("👨‍👩‍👧 ulm 😀", [("[UNK]", "👨‍👩‍👧"), ("ulm", "ulm"), ("[UNK]", "😀")]),
        ("x東ulm", [("x", "x"), ("東", "東"), ("ulm", "ulm")]),
        ("a\u00adb\u200b", [("a", "a\u00ad"), ("##b", "b\u200b")]),
        ("\tulm\r\nulm\u00a0\x00", [("ulm", "ulm"), ("ulm", "ulm")]),
        ("a≠x", [("a", "a"), ("=", "≠"), ("x", "x")]),
        ("[SEP]", [("[", "["), ("sep", "SEP"), ("]", "]")]),
        ("a" * 101, [("[UNK]", "a" * 101)]),
        ("ulmen", [("[UNK]", "ulmen")]),
        (" \n\u0301", []),
    ],
)
def test_reads_words_in_place(tokenizer: WordPiece, text: str, tokens: list[tuple[str, str]]) -> None:
    assert read(tokenizer, text) == tokens


@given(st.text(max_size=60))
def test_tokens_stand_in_order_inside_the_text(tokenizer: WordPiece, text: str) -> None:
    tokens = tokenizer.read(text)
    assert len(tokens.ids) == len(tokens.starts) == len(tokens.ends) == len(tokens.words)
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        assert 0 <= start < end <= len(text)
    assert tokens.starts == sorted(tokens.starts)
    assert tokens.words == sorted(tokens.words)


@given(st.text(max_size=20), st.text(max_size=20))
def test_what_stands_before_a_word_does_not_change_it(tokenizer: WordPiece, before: str, after: str) -> None:
    alone, behind = tokenizer.read(after), tokenizer.read(f"{before} {after}")
    count, shift = len(alone.ids), len(before) + 1
    assert behind.ids[len(behind.ids) - count :] == alone.ids
    assert behind.starts[len(behind.starts) - count :] == [start + shift for start in alone.starts]
