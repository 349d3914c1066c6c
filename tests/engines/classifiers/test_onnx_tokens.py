"""The token classifier: how a long text is cut, how labels become spans, and what the real model sees."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from craton.engines.base import Mark, ModelSpec
from craton.engines.classifiers.onnx_tokens import MOST_TOKENS, Labels, OnnxTokens, load, windows
from craton.engines.classifiers.wordpiece import Tokens
from craton.errors import ModelNotReadyException
from craton.models.files.library import Library
from tests.conftest import pulled

REAL = "national-design-studio.rampart-v1:0"
WIDTH, OVERLAP = 100, 30


def tokens(*words: int) -> Tokens:
    """Words of so many tokens of three characters each, with a space between two."""
    made = Tokens()
    place = 0
    for number, count in enumerate(words):
        for _ in range(count):
            made.ids.append(7)
            made.starts.append(place)
            place += 3
            made.ends.append(place)
            made.words.append(number)
        place += 1
    return made


@given(st.lists(st.integers(1, 12), max_size=120))
def test_windows_label_every_token_once_and_cut_no_word(words: list[int]) -> None:
    text = tokens(*words)
    cut = list(windows(text, WIDTH, OVERLAP))
    assert [token for window in cut for token in range(window.own, window.rest)] == list(range(len(text.ids)))
    for window in cut:
        assert window.start <= window.own <= window.rest <= window.end
        assert text.ends[window.end - 1] - text.starts[window.start] <= WIDTH
        for edge in (window.start, window.end, window.own, window.rest):
            assert edge in (0, len(text.ids)) or text.words[edge] != text.words[edge - 1]


@given(st.lists(st.integers(1, 2), min_size=40, max_size=80))
def test_what_a_window_labels_stands_away_from_its_cuts(words: list[int]) -> None:
    text = tokens(*words)
    for before, after in pairwise(windows(text, WIDTH, OVERLAP)):
        assert text.starts[after.own] - text.starts[after.start] >= OVERLAP // 4
        assert text.ends[before.end - 1] - text.ends[before.rest - 1] >= OVERLAP // 4


def test_words_longer_than_a_window_are_read_all_the_same() -> None:
    text = tokens(60, 1, MOST_TOKENS + 90)
    cut = list(windows(text, WIDTH, OVERLAP))
    assert [token for window in cut for token in range(window.own, window.rest)] == list(range(len(text.ids)))
    assert all(window.end - window.start <= MOST_TOKENS for window in windows(tokens(1000), 9999, OVERLAP))


KINDS = ["O", "B-NAME", "I-NAME", "B-CITY", "I-CITY"]


@pytest.fixture(scope="module")
def labels(tmp_path_factory: pytest.TempPathFactory) -> Labels:
    config = tmp_path_factory.mktemp("labels") / "config.json"
    config.write_bytes(msgspec.json.encode({"id2label": {str(number): kind for number, kind in enumerate(KINDS)}}))
    return Labels(config)


@pytest.mark.parametrize(
    ("words", "said", "spans"),
    [
        ((1, 1, 1), ("B-NAME", "I-NAME", "O"), [("NAME", 0, 7)]),
        ((1, 1, 1), ("B-NAME", "B-NAME", "O"), [("NAME", 0, 3), ("NAME", 4, 7)]),
        ((1, 1, 1), ("B-NAME", "O", "I-NAME"), [("NAME", 0, 3), ("NAME", 8, 11)]),
        ((1, 1, 1), ("O", "B-NAME", "B-CITY"), [("NAME", 4, 7), ("CITY", 8, 11)]),
        # Of a word of three tokens two are a name: all of it is, and its own tokens do not begin another.
        ((3, 1), ("B-NAME", "B-NAME", "O", "O"), [("NAME", 0, 9)]),
        ((3, 1), ("O", "O", "B-NAME", "O"), []),
        ((), (), []),
    ],
)
def test_spans_are_whole_words(
    labels: Labels, words: tuple[int, ...], said: tuple[str, ...], spans: list[tuple[str, int, int]]
) -> None:
    odds = np.full((len(said), len(KINDS)), 0.025, np.float32)
    for token, kind in enumerate(said):
        odds[token, KINDS.index(kind)] = 0.9
    marks = list(labels.marks(tokens(*words), odds))
    assert [(mark.label, mark.start, mark.end) for mark in marks] == spans
    assert all(0.5 < mark.score < 1 for mark in marks)


async def test_a_model_that_cannot_be_read_is_not_ready(tmp_path: Path) -> None:
    for name in ("model", "vocabulary", "config"):
        (tmp_path / name).write_bytes(b"")
    files = {name: tmp_path / name for name in ("model", "vocabulary", "config")}
    with pytest.raises(ModelNotReadyException, match="pull the model again"):
        await load(ModelSpec("broken", "onnx_tokens", files, 512))


@pytest.fixture
async def engine(library: Library) -> OnnxTokens:
    model = library.get(pulled(library, REAL))
    assert model
    return await load(ModelSpec(model.id, "onnx_tokens", library.paths(model), model.context_length))


def shown(text: str, marks: Sequence[Mark]) -> list[tuple[str, str]]:
    return [(mark.label, text[mark.start : mark.end]) for mark in marks]


GERMAN = (
    "Ich heiße Jürgen Müller-Lüdenscheidt, wohne in der Bahnhofstraße 12a, 89073 Köln und grüße 😀 Frau "
    "Zoe\u0308 Gru\u0308nwald herzlich."
)
ENGLISH = "My name is Anna Schmidt and I live at 12 Baker Street, London."
FILLER = "Die Lieferung kommt am Dienstag in der Regel pünktlich an, sofern alle Unterlagen vollständig sind. "
SEEN_GERMAN = [
    ("GIVEN_NAME", "Jürgen"),
    ("SURNAME", "Müller-Lüdenscheidt"),
    ("STREET_NAME", "Bahnhofstraße"),
    ("BUILDING_NUMBER", "12a"),
    ("ZIP_CODE", "89073"),
    ("CITY", "Köln"),
    ("GIVEN_NAME", "Zoe\u0308"),
    ("SURNAME", "Gru\u0308nwald"),
]
SEEN_ENGLISH = [
    ("GIVEN_NAME", "Anna"),
    ("SURNAME", "Schmidt"),
    ("BUILDING_NUMBER", "12"),
    ("STREET_NAME", "Baker Street"),
    ("CITY", "London"),
]


@pytest.mark.model
async def test_real_model_sees_names_and_addresses(engine: OnnxTokens) -> None:
    german, nothing, english = await engine.classify([GERMAN, "", ENGLISH])
    assert shown(GERMAN, german) == SEEN_GERMAN
    assert shown(ENGLISH, english) == SEEN_ENGLISH
    assert nothing == []
    assert all(mark.score > 0.9 for mark in [*german, *english])
    # What a text holds does not depend on the texts beside it.
    assert (await engine.classify([ENGLISH]))[0] == english


@pytest.mark.model
@pytest.mark.parametrize("before", range(1, 6))
async def test_real_model_sees_them_wherever_a_long_text_is_cut(engine: OnnxTokens, before: int) -> None:
    text = FILLER * before + GERMAN + " " + FILLER * 3
    (marks,) = await engine.classify([text])
    assert shown(text, marks) == SEEN_GERMAN
