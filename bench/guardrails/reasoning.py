"""How often a text model translates questions and answers rightly, and whether policies can be built from documents.

What is measured is the model that `--judge` names, with the prompts and forms of Craton: the solver makes no errors.
"""

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Literal, cast

import msgspec

from bench.guardrails.sets import DATA
from craton.guardrails.findings import Undecided
from craton.guardrails.means import Means
from craton.guardrails.reasoning.builds.build import MISSED, Build, Source, build
from craton.guardrails.reasoning.builds.fidelity import Document
from craton.guardrails.reasoning.builds.proposals import chunks, stated
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.judge import judged
from craton.guardrails.reasoning.solver import Solver
from craton.guardrails.reasoning.verdicts import Result, aggregated

# Three readings agree, or two of them.
THRESHOLDS = (0.8, 0.6)
_HEAD = "| {} | threshold | number | right | no verdict | wrong | share right |"
_RULE = "|---|---:|---:|---:|---:|---:|---:|"
# What was asked about, and at which threshold; how many were judged how.
Totals = dict[tuple[str, float], Counter[str]]
_NO_VERDICT = {Result.TRANSLATION_AMBIGUOUS, Result.NO_TRANSLATION, Result.TOO_COMPLEX}


class _Remembering:
    """Means whose text model writes the same again without being asked again."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._written: dict[str, object] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(self._means, name)

    async def write(self, instruction: str, schema: Mapping[str, object], task: str = "") -> object:
        if instruction not in self._written:
            self._written[instruction] = await self._means.write(instruction, schema, task)
        return self._written[instruction]


class Question(msgspec.Struct):
    query: str
    answer: str
    result: str


class Known(msgspec.Struct):
    """A policy, and what is asked about it."""

    name: str
    language: Literal["en", "de"]
    document: str
    types: list[dict[str, object]]
    variables: list[dict[str, object]]
    rules: list[str]
    question: list[Question]

    @property
    def definition(self) -> Mapping[str, object]:
        rules = [{"id": f"R{number:011}", "expression": each} for number, each in enumerate(self.rules)]
        return {"version": "1.0", "types": self.types, "variables": self.variables, "rules": rules}


class Text(msgspec.Struct):
    """A document; one that is `held_out` was written before builds were shaped, and nothing was fitted to it."""

    name: str
    language: Literal["en", "de"]
    text: str
    case: list[Question] = []
    held_out: bool = False


class _File(msgspec.Struct):
    policy: list[Known]
    document: list[Text]


async def rows(means: Means) -> AsyncIterator[str]:
    if not means.asks:
        yield "Not measured this time: name a text model by `--judge`."
        return
    known = msgspec.toml.decode((DATA / "reasoning.toml").read_bytes(), type=_File)
    remembering = cast("Means", _Remembering(means))
    async for row in _builds(known, remembering):
        yield row
    yield ""
    async for row in _questions(known.policy, remembering):
        yield row


async def _questions(policies: Sequence[Known], means: Means) -> AsyncIterator[str]:
    yield "Questions about policies that a person wrote:"
    yield ""
    yield _HEAD.format("questions")
    yield _RULE
    totals: Totals = {}
    for each in policies:
        for threshold in THRESHOLDS:
            told = await _asked(each.definition, each.question, means, threshold)
            totals.setdefault((each.language, threshold), Counter()).update(told)
    for row in _table(totals):
        yield row


def _table(totals: Totals) -> Iterator[str]:
    for (name, threshold), counts in totals.items():
        right, none, wrong = (counts[each] for each in ("right", "none", "wrong"))
        number = right + none + wrong
        yield f"| {name} | {threshold} | {number} | {right} | {none} | {wrong} | {right / number:.2f} |"


async def _asked(
    definition: Mapping[str, object], questions: Sequence[Question], means: Means, threshold: float
) -> Counter[str]:
    """How many questions were judged rightly, not at all, and wrongly."""
    policy, solver = Policy.of(definition), Solver()
    counts: Counter[str] = Counter()
    for question in questions:
        try:
            verdicts = await judged(policy, question.answer, question.query, means, solver, threshold)
            result = aggregated(verdicts)
        except Undecided:
            result = Result.NO_TRANSLATION
        counts["right" if result == question.result else "none" if result in _NO_VERDICT else "wrong"] += 1
    return counts


async def _builds(known: _File, means: Means) -> AsyncIterator[str]:
    texts = [*(Text(each.name, each.language, each.document, each.question) for each in known.policy), *known.document]
    yield "| document | language | held out | sentences | not formalised | variables | rules | conflicts | seconds |"
    yield "|---|---|---|---:|---:|---:|---:|---:|---:|"
    made: list[str] = []
    totals: Totals = {}
    for each in texts:
        began = time.perf_counter()
        source = Source({}, [Document(each.name, each.text)])
        try:
            built = await build("INGEST_CONTENT", source, means, Solver())
        except Undecided as error:
            yield f"| {each.name} | {each.language} | failed: {error} | | | | | | {time.perf_counter() - began:.0f} |"
            continue
        took = time.perf_counter() - began
        variables, rules = len(built.definition["variables"]), len(built.definition["rules"])
        conflicts = len(cast("Sequence[str]", built.quality["conflictingRules"]))
        sentences = sum(len(stated(chunk)) for chunk in chunks(each.text))
        counts = f"{sentences} | {_missed(built)} | {variables} | {rules} | {conflicts}"
        yield f"| {each.name} | {each.language} | {'yes' if each.held_out else 'no'} | {counts} | {took:.0f} |"
        made += [f"- {each.name}: `{rule['expression']}`" for rule in built.definition["rules"]]
        for threshold in THRESHOLDS:
            told = await _asked(cast("Mapping[str, object]", built.definition), each.case, means, threshold)
            name = f"{'held out' if each.held_out else 'others'}, {each.language}"
            totals.setdefault((name, threshold), Counter()).update(told)
    yield ""
    yield "Questions about the policies that were built:"
    yield ""
    yield _HEAD.format("documents")
    yield _RULE
    for row in _table(totals):
        yield row
    yield ""
    yield "The rules that were built:"
    yield ""
    for line in made:
        yield line


def _missed(built: Build) -> int:
    """Sentences of which the log of a build says that they became no rule."""
    entries = cast("Sequence[Mapping[str, Sequence[Mapping[str, Sequence[Mapping[str, str]]]]]]", built.log["entries"])
    told = (message["message"] for entry in entries for step in entry["buildSteps"] for message in step["messages"])
    return sum(each.startswith(MISSED) for each in told)
