"""A build workflow: from a definition and what is asked for, a new definition, with what was done and what it is worth.

Knows no job and no storage. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_StartAutomatedReasoningPolicyBuildWorkflow.html
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from craton.guardrails.means import Means
from craton.guardrails.reasoning.builds import fidelity, proposals, quality
from craton.guardrails.reasoning.builds.changes import Annotation, Change, changed, direct
from craton.guardrails.reasoning.builds.fidelity import Document
from craton.guardrails.reasoning.builds.scenarios import PolicyScenario, TestCase, scenarios, test_cases
from craton.guardrails.reasoning.builds.vocabulary import Vocabulary
from craton.guardrails.reasoning.definition import Definition, Policy, PolicyError, complete
from craton.guardrails.reasoning.language.clauses import Sentence
from craton.guardrails.reasoning.language.statements import NotUnderstood, Statement
from craton.guardrails.reasoning.logic.terms import TRUE, Term, conclusion, condition, variables
from craton.guardrails.reasoning.logic.writing import cut, expression, sentence
from craton.guardrails.reasoning.solver import Solver, TooComplex

# https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-automated-reasoning-checks.html
MAX_CHARACTERS = 50_000
_BARE = "It holds whatever the input is: what denies it is IMPOSSIBLE. Write it as if-then unless it is a boundary."
MISSED = "Not formalised:"
_WORD = re.compile(r"[^\W\d_]+")
_DEMAND = "It demands what other sentences make a condition; say what follows where it is not so."
_EXCEPTED = "Other sentences say otherwise for some cases: these are read as exceptions."


@dataclass(frozen=True, slots=True)
class Source:
    """What a workflow is given: a definition, and documents, annotations or feedback, as its type wants."""

    definition: Mapping[str, object]
    documents: Sequence[Document] = ()
    annotations: Sequence[Annotation] = ()
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Build:
    """The assets of a workflow, in their shapes; None where its type makes none."""

    definition: Definition
    log: Mapping[str, object]
    quality: Mapping[str, object]
    scenarios: Sequence[PolicyScenario] | None = None
    test_cases: Sequence[TestCase] | None = None
    fidelity: Mapping[str, object] | None = None


@dataclass(slots=True)
class _Step:
    """One step of the log: planning where `change` is None."""

    change: Change | None = None
    messages: list[tuple[str, str]] = field(default_factory=list)

    def written(self) -> dict[str, object]:
        step: dict[str, object] = {
            "context": {"mutation": self.change.mutation} if self.change else {"planning": {}},
            "messages": [{"message": text, "messageType": kind} for text, kind in self.messages],
        }
        if self.change and self.change.prior:
            step["priorElement"] = self.change.prior
        return step


async def build(kind: str, source: Source, means: Means, solver: Solver) -> Build:
    """`kind` is an AutomatedReasoningPolicyBuildWorkflowType.

    Raises PolicyError where the source does not fit, Undecided where a model is missing, SolverMissing and TooComplex.
    """
    work = _Work(complete(source.definition), means, solver)
    Policy.of(source.definition)
    match kind:
        case "INGEST_CONTENT" | "ITERATIVELY_REFINE_POLICY":
            _documents(kind, source)
            for document in source.documents:
                for chunk in proposals.chunks(document.text):
                    await work.annotated({"ingestContent": {"content": chunk}})
            if source.feedback:
                await work.annotated({"updateFromRulesFeedback": {"feedback": source.feedback}})
        case "REFINE_POLICY":
            for annotation in source.annotations:
                await work.annotated(annotation)
        case "RESOLVE_POLICY_AMBIGUITIES":
            await work.described()
        case "GENERATE_FIDELITY_REPORT":
            _documents(kind, source)
        case "IMPORT_POLICY" | "GENERATE_POLICY_SCENARIOS":
            pass
        case _:
            raise PolicyError(f"There is no build workflow of the type {kind!r}.")
    return await work.built(kind, source.documents)


def _documents(kind: str, source: Source) -> None:
    if not source.documents:
        raise PolicyError(f"A workflow of the type {kind} needs a document; give one in workflowContent.")
    length = sum(len(each.text) for each in source.documents)
    if length > MAX_CHARACTERS:
        raise PolicyError(
            f"The documents have {length} characters; send at most {MAX_CHARACTERS}, a section at a time."
        )


class _Work:
    """A definition on its way, and the log of what happened to it."""

    def __init__(self, definition: Definition, means: Means, solver: Solver) -> None:
        self._definition, self._means, self._solver = definition, means, solver
        self._entries: list[dict[str, object]] = []

    @property
    def _policy(self) -> Policy:
        return Policy.of(cast("Mapping[str, object]", self._definition))

    async def annotated(self, annotation: Annotation) -> None:
        """Do what an annotation asks, and log it."""
        steps = await self._direct(annotation) if direct(annotation) else await self._proposed(annotation)
        applied = any(step.change for step in steps)
        self._entries.append(
            {
                "annotation": annotation,
                "status": "APPLIED" if applied else "FAILED",
                "buildSteps": [step.written() for step in steps],
            }
        )

    async def described(self) -> None:
        for annotation in await proposals.descriptions(self._policy, self._means):
            await self.annotated(annotation)

    async def built(self, kind: str, documents: Sequence[Document]) -> Build:
        policy = self._policy
        judged = await quality.report(policy, self._solver)
        whole = kind in ("INGEST_CONTENT", "GENERATE_POLICY_SCENARIOS", "ITERATIVELY_REFINE_POLICY")
        faithful = kind == "GENERATE_FIDELITY_REPORT" or (kind == "INGEST_CONTENT" and self._means.asks)
        return Build(
            self._definition,
            {"entries": self._entries},
            judged,
            await scenarios(policy, self._solver) if whole else None,
            await test_cases(policy, self._solver) if whole else None,
            await fidelity.report(policy, documents, self._means) if faithful else None,
        )

    async def _direct(self, annotation: Annotation) -> list[_Step]:
        """A person's own change is made; what is doubtful about a rule is told."""
        try:
            change = changed(self._definition, annotation)
        except PolicyError as error:
            return [_Step(messages=[(str(error), "ERROR")])]
        doubts = await self._doubts(change)
        self._definition = change.definition
        return [_Step(change, [(text, "WARNING" if kind == "ERROR" else kind) for text, kind in doubts])]

    async def _proposed(self, annotation: Annotation) -> list[_Step]:
        ((kind, given),) = annotation.items()
        told = cast("Mapping[str, object]", given)
        match kind:
            case "ingestContent":
                return await self._ingested(str(told["content"]))
            case "addRuleFromNaturalLanguage":
                return await self._ingested(str(told["naturalLanguage"]))
            case "updateFromRulesFeedback":
                return await self._corrected(told, "")
            case "updateFromScenarioFeedback":
                return await self._refused(told)
        return [_Step(messages=[(f"An annotation {kind!r} is not known.", "ERROR")])]

    async def _ingested(self, text: str) -> list[_Step]:
        """What sentences state, taken apart one by one; then their variables, and their rules over these."""
        steps: list[_Step] = []
        statements: list[Statement] = []
        known = {each.casefold() for each in _WORD.findall(text)}
        for said in proposals.stated(text):
            sentence = Sentence(said)
            try:
                statements.append(sentence.rule(await proposals.front(sentence, self._means), known))
            except NotUnderstood as error:
                steps.append(_Step(messages=[(f"{MISSED} {cut(said, 500)!r}. {error}", "WARNING")]))
        vocabulary = await Vocabulary.of(self._policy, statements, self._means)
        for each in vocabulary.annotations():
            steps += await self._kept(each)
        rules = vocabulary.rules()
        tested = {each.name for _, rule in rules for each in variables(condition(rule))}
        for statement, rule in rules:
            steps += await self._stated(statement, rule, tested)
        return await self._tidied(steps)

    async def _stated(self, statement: Statement, rule: Term, tested: Collection[str]) -> list[_Step]:
        """`tested` are the names of variables that conditions are about."""
        if statement.demands and any(each.name in tested for each in variables(conclusion(rule))):
            return [_Step(messages=[(f"{MISSED} {statement.text!r}. {_DEMAND}", "WARNING")])]
        (step,) = await self._kept({"addRule": {"expression": expression(rule)}}, f"{MISSED} {statement.text!r}.")
        if step.change:
            step.messages.append((f"From the sentence: {statement.text}", "INFO"))
        if step.change and statement.given:
            step.messages.append((f"Taken as given of all that it speaks of: {statement.given!r}.", "INFO"))
        if step.change and condition(rule) != TRUE and not statement.when and not statement.rest:
            step.messages.append((_EXCEPTED, "WARNING"))
        return [step]

    async def _tidied(self, steps: list[_Step]) -> list[_Step]:
        """New variables that no rule came to use are taken out again: they would only confuse."""
        used = frozenset(name for names, _ in self._policy.parts for name in names)
        new = [step.change.mutation for step in steps if step.change]
        named = [cast("Mapping[str, Mapping[str, str]]", each["addVariable"]) for each in new if "addVariable" in each]
        for name in [each["variable"]["name"] for each in named]:
            if name not in used:
                steps += await self._direct({"deleteVariable": {"name": name}})
                steps[-1].messages.append((f"No rule uses {name!r}.", "INFO"))
        return steps or [_Step(messages=[("The text states no rule that was understood.", "WARNING")])]

    async def _corrected(self, told: Mapping[str, object], about: str) -> list[_Step]:
        ids = cast("Sequence[str]", told.get("ruleIds", ()))
        found = await proposals.corrections(self._policy, str(told.get("feedback", "")), ids, about, self._means)
        steps = [step for each in found for step in await self._kept(each)]
        return steps or [_Step(messages=[("No change of the rules was proposed.", "WARNING")])]

    async def _refused(self, told: Mapping[str, object]) -> list[_Step]:
        """A scenario that a person says should not be possible, and whether it still is."""
        try:
            state = self._policy.read(str(told["scenarioExpression"]))
        except PolicyError as error:
            return [_Step(messages=[(str(error), "ERROR")])]
        steps = await self._corrected(told, f"Scenario: {sentence(state)}")
        _, rules = self._policy.about([state])
        async with self._solver.session([*(rule.term for rule in rules), state]) as session:
            possible = (await session.ask(range(1, len(rules) + 2))).possible
        text = "The scenario is still possible." if possible else "The scenario is no longer possible."
        steps[-1].messages.append((text, "WARNING" if possible else "INFO"))
        return steps

    async def _kept(self, annotation: Annotation, missed: str = "") -> list[_Step]:
        """A model's proposal is kept only where nothing speaks against it; `missed` says what is else not told."""
        left = f"{missed} Left out: {cut(str(annotation), 500)}.".strip()
        try:
            change = changed(self._definition, annotation)
            doubts = await self._doubts(change)
        except (PolicyError, TooComplex) as error:
            return [_Step(messages=[(f"{left} {error}", "WARNING")])]
        for reason, kind in doubts:
            if reason != _BARE:
                return [_Step(messages=[(f"{left} {reason}", "INFO" if kind == "INFO" else "WARNING")])]
        self._definition = change.definition
        return [_Step(change, doubts)]

    async def _doubts(self, change: Change) -> list[tuple[str, str]]:
        """What is to be said of a rule that was added or changed, among the others."""
        ((kind, mutation),) = change.mutation.items()
        if kind not in ("addRule", "updateRule"):
            return []
        name = cast("Mapping[str, Mapping[str, str]]", mutation)["rule"]["id"]
        whole = Policy.of(cast("Mapping[str, object]", change.definition))
        term = next(rule.term for rule in whole.rules if rule.id == name)
        rest = {**change.definition, "rules": [each for each in change.definition["rules"] if each["id"] != name]}
        found = await quality.objection(Policy.of(rest), term, self._solver)
        bare = [(_BARE, "WARNING")] if condition(term) == TRUE else []
        return [*([found] if found else []), *bare]
