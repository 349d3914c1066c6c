"""What follows from a policy for claims under premises: the verdicts, as the solver proves them.

Knows no language and no operation. The verdict on a claim depends on the rules that share variables with it, directly
or by way of others: a conflict among other rules is no matter here.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.logic.terms import BOOL, Apply, Constant, Model, Term, Variable, both, variables
from craton.guardrails.reasoning.solver import Answer, Session, Solver, TooComplex


class Result(StrEnum):
    """What a check finds, under the names of the test operations."""

    VALID = "VALID"
    INVALID = "INVALID"
    SATISFIABLE = "SATISFIABLE"
    IMPOSSIBLE = "IMPOSSIBLE"
    TRANSLATION_AMBIGUOUS = "TRANSLATION_AMBIGUOUS"
    TOO_COMPLEX = "TOO_COMPLEX"
    NO_TRANSLATION = "NO_TRANSLATION"


# From worst to best, as AWS sorts findings for the aggregate; what was not translated weighs least.
SEVERITY = (
    Result.TOO_COMPLEX,
    Result.TRANSLATION_AMBIGUOUS,
    Result.IMPOSSIBLE,
    Result.INVALID,
    Result.SATISFIABLE,
    Result.VALID,
    Result.NO_TRANSLATION,
)


class LogicWarning(StrEnum):
    ALWAYS_TRUE = "ALWAYS_TRUE"
    ALWAYS_FALSE = "ALWAYS_FALSE"


@dataclass(frozen=True, slots=True)
class Translation:
    """What a text says in logic, how sure that is (0 to 1), and which parts of it were not translated."""

    premises: tuple[Term, ...]
    claims: tuple[Term, ...]
    confidence: float = 1.0
    untranslated_premises: tuple[str, ...] = ()
    untranslated_claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A state of the world: values of the variables that matter, in the order of the policy."""

    model: Model
    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rules` prove the claims, or contradict them or the premises; none of them is one too many. `true` and `false`
    are states that the rules and the premises allow, in which the claims are so: where they are invalid, `false` is the
    counterexample.
    """

    result: Result
    translation: Translation | None = None
    rules: tuple[str, ...] = ()
    true: Scenario | None = None
    false: Scenario | None = None
    warning: LogicWarning | None = None
    options: tuple[Translation, ...] = ()
    differences: tuple[Scenario, ...] = ()


def aggregated(verdicts: Iterable[Verdict]) -> Result:
    """The worst of the results; that nothing was translated where there is none."""
    results = {verdict.result for verdict in verdicts}
    return next((result for result in SEVERITY if result in results), Result.NO_TRANSLATION)


def plausible(of: Iterable[Variable]) -> list[Term]:
    """What scenarios rather show: no number below zero."""
    return [Apply(">=", (each, Constant(Fraction(0), each.sort)), BOOL) for each in of if each.sort.numeric]


async def checked(policy: Policy, translations: Sequence[Translation], solver: Solver) -> list[Verdict]:
    """The verdict on each translation. Raises SolverMissing."""
    formulas = [rule.term for rule in policy.rules]
    proofs = [_Proof(policy, translation, formulas) for translation in translations]
    verdicts = []
    async with solver.session(formulas) as session:
        for proof, translation in zip(proofs, translations, strict=True):
            try:
                verdict, warning = await proof.verdict(session), await proof.warning(session)
                verdicts.append(replace(verdict, translation=translation, warning=warning))
            except TooComplex:
                verdicts.append(Verdict(Result.TOO_COMPLEX))
    return verdicts


class _Proof:
    """The questions about one translation, whose formulas it adds to those of the policy's rules.

    A number of a formula is its place from 1.
    """

    def __init__(self, policy: Policy, translation: Translation, formulas: list[Term]) -> None:
        names, rules = policy.about([*translation.premises, *translation.claims])
        held = frozenset(rule.id for rule in rules)
        self._rules = {number: rule.id for number, rule in enumerate(policy.rules, 1) if rule.id in held}
        self._of = policy.ordered(names)
        self._premises = _added(formulas, translation.premises)
        self._claim = _added(formulas, [both(translation.claims)])[0]
        self._preferred = _added(formulas, plausible(self._of))

    async def verdict(self, session: Session) -> Verdict:
        true = await self._ask(session, self._claim)
        false = await self._ask(session, -self._claim)
        if true.possible and false.possible:
            return Verdict(Result.SATISFIABLE, true=self._scenario(true), false=self._scenario(false))
        if true.possible:
            return Verdict(Result.VALID, rules=self._named(false), true=self._scenario(true))
        if false.possible:
            return Verdict(Result.INVALID, rules=self._named(true), false=self._scenario(false))
        conflict = await session.ask([*self._rules, *self._premises], spare=self._rules)
        return Verdict(Result.IMPOSSIBLE, rules=self._named(conflict))

    async def warning(self, session: Session) -> LogicWarning | None:
        """What is so of the premises and claims by themselves, whatever the rules."""
        if not (await session.ask([*self._premises, self._claim])).possible:
            return LogicWarning.ALWAYS_FALSE
        if not (await session.ask([*self._premises, -self._claim])).possible:
            return LogicWarning.ALWAYS_TRUE
        return None

    async def _ask(self, session: Session, claim: int) -> Answer:
        assumed = [*self._rules, *self._premises, claim]
        return await session.ask(assumed, spare=self._rules, prefer=self._preferred)

    def _named(self, answer: Answer) -> tuple[str, ...]:
        return tuple(rule for number, rule in self._rules.items() if number in answer.core)

    def _scenario(self, answer: Answer) -> Scenario:
        assert answer.model is not None
        return Scenario(answer.model, self._of)


def _added(formulas: list[Term], more: Sequence[Term]) -> range:
    formulas.extend(more)
    return range(len(formulas) - len(more) + 1, len(formulas) + 1)


def relevant(policy: Policy, premises: Iterable[Term], claims: Iterable[Term]) -> tuple[Term, ...]:
    """The premises that the claims may depend on."""
    names, _ = policy.about(claims)
    given = tuple(premises)
    # A premise ties what it speaks of to the claims, too.
    while more := [each for each in given if _named(each) & names and not _named(each) <= names]:
        names, _ = policy.about([*claims, *more])
        names |= frozenset().union(*map(_named, more))
    return tuple(each for each in given if not _named(each) or _named(each) & names)


def _named(term: Term) -> frozenset[str]:
    return frozenset(each.name for each in variables(term))


class Meanings:
    """Translations that are compared. Rules do not matter: two that mean the same under every policy are one."""

    def __init__(self, policy: Policy, translations: Sequence[Translation], session: Session) -> None:
        self._policy, self._session = policy, session
        self._places = {each: 3 * at + 1 for at, each in enumerate(translations)}

    async def apart(self, one: Translation, other: Translation) -> tuple[Scenario, ...]:
        """States in which one holds and the other does not: none where both say the same. Raises TooComplex."""
        first, second = self._places[one], self._places[other]
        of = self._policy.ordered({each.name for each in variables(*_terms(one), *_terms(other))})
        prefer = [first + 2, second + 2]
        states = []
        # All that they say, and then what they presuppose.
        for this, that in ((first, second), (first + 1, second + 1)):
            for assumed in ([this, -that], [-this, that]):
                answer = await self._session.ask(assumed, prefer=prefer)
                if answer.model is not None:
                    states.append(Scenario(answer.model, of))
        return tuple(states[:2])


@asynccontextmanager
async def meanings(policy: Policy, translations: Iterable[Translation], solver: Solver) -> AsyncIterator[Meanings]:
    """Raises SolverMissing."""
    each = list(dict.fromkeys(translations))
    formulas = [term for one in each for term in _compared(policy, one)]
    async with solver.session(formulas) as session:
        yield Meanings(policy, each, session)


def _compared(policy: Policy, translation: Translation) -> tuple[Term, Term, Term]:
    terms = _terms(translation)
    of = policy.ordered({each.name for each in variables(*terms)})
    return both(terms), both(translation.premises), both(plausible(of))


def _terms(translation: Translation) -> list[Term]:
    return [*translation.premises, *translation.claims]
