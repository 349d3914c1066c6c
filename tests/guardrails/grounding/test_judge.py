"""Contextual grounding as a guardrail judges: what is found, at which threshold, and what is not judged at all."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from craton.engines.base import ModelSpec
from craton.engines.use_multilingual import UseMultilingual, load
from craton.guardrails.findings import Action, Answered, Finding, Image, Source, Undecided
from craton.guardrails.grounding import exceeded, judge, lacking
from craton.guardrails.grounding.evidence import Features
from craton.guardrails.grounding.relevance import Speaking
from craton.guardrails.grounding.scoring import trained
from craton.guardrails.means import Entity
from craton.models.files.library import Library
from tests.conftest import pulled

EMBEDDING_MODEL = "google.use-multilingual-v3:0"
SOURCE = (
    "The library is open from Tuesday to Saturday. Books may be borrowed for four weeks. Films may not be borrowed by "
    "children under twelve. The director is Hanne Vik."
)
QUERY = "How long may I borrow a book?"
GERMAN = (
    "Die Bücherei ist von Dienstag bis Samstag geöffnet. Bücher können vier Wochen ausgeliehen werden. Für die "
    "Ausleihe von Filmen muss man mindestens zwölf Jahre alt sein. Die Leiterin heißt Hanne Vik."
)


class Fake:
    """Means with an embedding model, and a text model where `yes` tells how sure of a Yes it is."""

    def __init__(self, engine: UseMultilingual, yes: float | None = None) -> None:
        self._engine = engine
        self._yes = yes
        self.questions: list[str] = []

    async def vectors(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        return (await self._engine.embed(texts)).vectors

    @property
    def asks(self) -> bool:
        return self._yes is not None

    async def choose(self, question: str, choices: Sequence[str]) -> Mapping[str, float]:
        assert self._yes is not None
        self.questions.append(question)
        return dict(zip(choices, (self._yes, 1 - self._yes), strict=True))

    async def entities(self, texts: Sequence[str]) -> Sequence[Sequence[Entity]]:
        raise NotImplementedError

    async def attacks(self, texts: Sequence[str]) -> Sequence[float]:
        raise NotImplementedError

    async def indecency(self, images: Sequence[Image]) -> Sequence[float]:
        raise NotImplementedError

    async def write(self, instruction: str, schema: Mapping[str, object], task: str = "") -> object:
        raise NotImplementedError


@pytest.fixture(scope="module")
def engine(library: Library) -> UseMultilingual:
    pulled(library, EMBEDDING_MODEL)
    model = library.get(EMBEDDING_MODEL)
    assert model
    return asyncio.run(load(ModelSpec(model.id, "use_multilingual", library.paths(model), model.context_length)))


def policy(**more: Any) -> dict[str, object]:
    return {"filters": [{"type": kind, "threshold": 0.7} | more for kind in ("GROUNDING", "RELEVANCE")]}


async def judged(means: Fake, answered: Answered, body: Mapping[str, object] | None = None) -> Mapping[str, Finding]:
    found = judge(body or policy(), Source.OUTPUT, means)
    assert found
    return {str(finding.entry["type"]): finding for finding in await found.judge(answered)}


async def score(means: Fake, text: str, source: str = SOURCE) -> float:
    found = await judged(means, Answered(text, [source], QUERY))
    return float(str(found["GROUNDING"].entry["score"]))


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        (SOURCE, "You can borrow books for four weeks.", "You can borrow books for six weeks."),
        (SOURCE, "Hanne Vik is the director.", "Hanne Vik is not the director."),
        (SOURCE, "Children younger than 12 may not borrow films.", "Children younger than 12 may borrow films."),
        (SOURCE, "The library is open on Tuesday.", "The library has a café on the roof."),
        (GERMAN, "Bücher kann man vier Wochen ausleihen.", "Bücher kann man sechs Wochen ausleihen."),
        (GERMAN, "Die Leiterin ist Hanne Vik.", "Die Leiterin ist Petra Sommer."),
        (GERMAN, "Die Bücherei hat samstags geöffnet.", "Im Keller der Bücherei gibt es ein Theater."),
    ],
)
async def test_what_the_source_says_stands_above_what_it_does_not(
    engine: UseMultilingual, source: str, right: str, wrong: str
) -> None:
    means = Fake(engine)
    assert await score(means, right, source) > await score(means, wrong, source)


async def test_one_invented_statement_shows_among_true_ones(engine: UseMultilingual) -> None:
    true = "Books may be borrowed for four weeks. The director is Hanne Vik."
    good = await judged(Fake(engine), Answered(true, [SOURCE], QUERY))
    bad = await judged(Fake(engine), Answered(f"{true} Every visitor receives a free coffee mug.", [SOURCE], QUERY))
    assert good["GROUNDING"].action is Action.NONE
    assert good["GROUNDING"].entry["detected"] is False
    assert bad["GROUNDING"].action is Action.BLOCK
    assert bad["GROUNDING"].entry["action"] == "BLOCKED"


async def test_relevance_is_that_of_the_statement_that_speaks_most_to_the_question(engine: UseMultilingual) -> None:
    means = Fake(engine)
    aside = "The director is Hanne Vik."
    off = await judged(means, Answered(aside, [SOURCE], QUERY))
    on = await judged(means, Answered(f"{aside} Books may be borrowed for four weeks.", [SOURCE], QUERY))
    assert off["RELEVANCE"].entry["detected"] is True
    assert on["RELEVANCE"].entry["detected"] is False


async def test_action_none_only_tells(engine: UseMultilingual) -> None:
    found = await judged(Fake(engine), Answered("It costs 40 euros.", [SOURCE], QUERY), policy(action="NONE"))
    assert found["GROUNDING"].action is Action.NONE
    assert found["GROUNDING"].entry["action"] == "NONE"
    assert found["GROUNDING"].entry["detected"] is True


async def test_a_filter_without_its_measure_tells_nothing(engine: UseMultilingual) -> None:
    assert set(await judged(Fake(engine), Answered("It is open.", [SOURCE]))) == {"GROUNDING"}
    assert set(await judged(Fake(engine), Answered("It is open.", [" "], QUERY))) == {"RELEVANCE"}


async def test_an_answer_that_states_nothing_is_grounded(engine: UseMultilingual) -> None:
    assert await score(Fake(engine), "May I help you with anything else?") == 1.0


async def test_only_what_is_in_doubt_is_asked_of_a_text_model(engine: UseMultilingual) -> None:
    doubtful = "The library belongs to a director."
    alone = await score(Fake(engine), doubtful)
    sure, unsure = Fake(engine, yes=1.0), Fake(engine, yes=0.0)
    assert await score(unsure, doubtful) < alone < await score(sure, doubtful)
    assert doubtful in sure.questions[0]
    clear = Fake(engine, yes=1.0)
    assert await score(clear, "Penguins fly to the moon every 17 years.") < 0.3
    assert not clear.questions


async def test_texts_that_are_too_long_are_not_decided(engine: UseMultilingual) -> None:
    for answered in (
        Answered("a", ["b" * 60_000, "b" * 40_001], QUERY),
        Answered("a", [SOURCE], "c" * 1_001),
        Answered("a" * 5_001, [SOURCE], QUERY),
    ):
        assert "at most" in str(exceeded(answered))
        with pytest.raises(Undecided, match="at most"):
            await judged(Fake(engine), answered)
    assert exceeded(Answered("a" * 5_000, ["b" * 100_000], "c" * 1_000)) is None


def test_what_is_lacking_is_named() -> None:
    assert "does not contain the grounding source" in str(lacking(Answered("a", [], QUERY)))
    assert "does not contain the query" in str(lacking(Answered("a", [SOURCE])))
    assert lacking(Answered("a", [SOURCE], QUERY)) is None


def test_only_answers_are_judged_and_only_by_filters_that_are_on(engine: UseMultilingual) -> None:
    assert judge(policy(), Source.INPUT, Fake(engine)) is None
    assert judge(policy(enabled=False), Source.OUTPUT, Fake(engine)) is None


def test_there_is_a_weight_for_every_feature() -> None:
    assert tuple(trained().grounding.features) == tuple(Features.__dataclass_fields__)
    assert tuple(trained().relevance.features) == tuple(Speaking.__dataclass_fields__)
