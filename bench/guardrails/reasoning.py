"""How often a text model translates questions and answers rightly, and whether policies can be built from documents.

What is measured is the model that `--judge` names, with the prompts and forms of Craton: the solver makes no errors.
"""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Literal, cast

import msgspec

from bench.guardrails.sets import DATA
from craton.guardrails.findings import Undecided
from craton.guardrails.means import Means
from craton.guardrails.reasoning.builds.build import Source, build
from craton.guardrails.reasoning.builds.fidelity import Document
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.judge import judged
from craton.guardrails.reasoning.solver import Solver
from craton.guardrails.reasoning.verdicts import Result, aggregated

# Three readings agree, or two of them.
THRESHOLDS = (0.8, 0.6)
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
    name: str
    language: Literal["en", "de"]
    text: str


class _File(msgspec.Struct):
    policy: list[Known]
    document: list[Text]


async def rows(means: Means) -> AsyncIterator[str]:
    if not means.asks:
        yield "Not measured this time: name a text model by `--judge`."
        return
    known = msgspec.toml.decode((DATA / "reasoning.toml").read_bytes(), type=_File)
    async for row in _questions(known.policy, cast("Means", _Remembering(means))):
        yield row
    yield ""
    texts = [*(Text(each.name, each.language, each.document) for each in known.policy), *known.document]
    async for row in _builds(texts, means):
        yield row


async def _questions(policies: Sequence[Known], means: Means) -> AsyncIterator[str]:
    yield "| questions | threshold | number | right | no verdict | wrong |"
    yield "|---|---:|---:|---:|---:|---:|"
    solver = Solver()
    for threshold in THRESHOLDS:
        totals: dict[str, list[int]] = {}
        for each in policies:
            policy = Policy.of(each.definition)
            for question in each.question:
                try:
                    verdicts = await judged(policy, question.answer, question.query, means, solver, threshold)
                    result = aggregated(verdicts)
                except Undecided:
                    result = Result.NO_TRANSLATION
                total = totals.setdefault(each.language, [0, 0, 0])
                total[0 if result == question.result else 1 if result in _NO_VERDICT else 2] += 1
        for language, counts in totals.items():
            yield f"| {language} | {threshold} | {sum(counts)} | {' | '.join(map(str, counts))} |"


async def _builds(texts: Sequence[Text], means: Means) -> AsyncIterator[str]:
    yield "| document | language | build | variables | rules | conflicts | accuracy | seconds |"
    yield "|---|---|---|---:|---:|---:|---:|---:|"
    made: list[str] = []
    for each in texts:
        began = time.perf_counter()
        source = Source({}, [Document("document", each.name, each.text)])
        try:
            built = await build("INGEST_CONTENT", source, means, Solver())
        except Undecided as error:
            yield f"| {each.name} | {each.language} | failed: {error} | | | | | {time.perf_counter() - began:.0f} |"
            continue
        variables, rules = len(built.definition["variables"]), len(built.definition["rules"])
        conflicts = len(cast("Sequence[str]", built.quality["conflictingRules"]))
        took = time.perf_counter() - began
        told = "completed" if rules else "no rules"
        faithful = (built.fidelity or {}).get("accuracyScore", "")
        counts = f"{variables} | {rules} | {conflicts} | {faithful}"
        yield f"| {each.name} | {each.language} | {told} | {counts} | {took:.0f} |"
        made += [f"- {each.name}: `{rule['expression']}`" for rule in built.definition["rules"]]
    yield ""
    yield "Whether rules say what their document says is for a reader to judge; accuracy is what the same model thinks."
    yield ""
    for line in made:
        yield line
