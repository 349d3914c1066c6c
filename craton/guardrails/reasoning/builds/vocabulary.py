"""From statements of a document to variables and rules: facts that mean the same become one variable.

Which facts mean the same is decided by their names, their units and the meaning of their words. Knows no text model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from craton.guardrails.grounding import cues
from craton.guardrails.means import Means
from craton.guardrails.reasoning.builds.changes import Annotation
from craton.guardrails.reasoning.builds.facts import HUMP, Fact, Statement, stems
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language.quantities import (
    MONEY,
    Quantity,
    commensurable,
    converted,
    kind,
    nothing,
    opposed,
    quantities,
)
from craton.guardrails.reasoning.logic.terms import (
    BOOL,
    INT,
    NUMBER,
    TRUE,
    Apply,
    Constant,
    Sort,
    Term,
    Variable,
    both,
    conclusion,
    condition,
    implies,
    negated,
    variables,
)
from craton.guardrails.reasoning.logic.writing import cut

# How near in meaning facts must be to be one variable: amounts of one unit, and others whose names say no more.
ALIKE_AMOUNTS, ALIKE = 0.45, 0.55
_TOLD, _SAYINGS = 300, 3
# Words of names that say nothing of what they are about.
_EMPTY = re.compile(
    r"is|are|has|have|may|can|must|should|be|do|does|will|needs?|allowed|possible|required|permitted|eligible|ist|hat|"
    r"darf|kann|muss|erlaubt"
)


@dataclass(slots=True)
class _Meaning:
    """A variable on its way, and what was said of it."""

    name: str
    facts: list[Fact] = field(default_factory=list)
    concluded: bool = False
    known: Variable | None = None

    @property
    def numeric(self) -> bool:
        if self.known:
            return self.known.sort.numeric
        return any(isinstance(each.value, Quantity) for each in self.facts)

    @property
    def unit(self) -> str:
        """The unit that it counts in: the first that is named."""
        if self.known:
            return ""
        units = (each.value.unit for each in self.facts if isinstance(each.value, Quantity))
        return next((each for each in units if each), "")

    @property
    def sort(self) -> Sort:
        if self.known:
            return self.known.sort
        amounts = [each.value for each in self.facts if isinstance(each.value, Quantity)]
        if not amounts:
            return BOOL
        whole = all(converted(each, self.unit).denominator == 1 for each in amounts)
        return INT if whole and self.unit not in MONEY else NUMBER

    @property
    def described(self) -> str:
        said: dict[str, list[str]] = {}
        for each in self.facts:
            how = "" if isinstance(each.value, Quantity) else "True where" if each.value else "False where"
            # An amount in a description would be taken for what a variable is.
            says = each.says.replace(each.value.text, "...") if isinstance(each.value, Quantity) else each.says
            if says not in said.setdefault(how, []) and len(said[how]) < _SAYINGS:
                said[how].append(says)
        told = "; ".join(f"{how} {' / '.join(texts)}".strip() for how, texts in said.items())
        return cut(f"In {self.unit}: {told}" if self.unit else told, _TOLD)


class Vocabulary:
    """Variables that a policy has and statements speak of. `facts` are told one statement after another."""

    def __init__(self, policy: Policy, means: Means) -> None:
        self._policy, self._means = policy, means
        self._meanings = [_Meaning(name, known=each) for name, each in policy.variables.items()]
        self._of: dict[Fact, _Meaning] = {}

    @classmethod
    async def of(cls, policy: Policy, statements: Sequence[Statement], means: Means) -> "Vocabulary":
        """Of statements together: those with amounts come first, so that others may deny these. Raises Undecided."""
        vocabulary = cls(policy, means)
        for each in sorted(statements, key=lambda one: not any(isinstance(f.value, Quantity) for f in one.facts)):
            await vocabulary.add(each)
        return vocabulary

    @property
    def names(self) -> list[str]:
        return [each.name for each in self._meanings]

    async def add(self, statement: Statement) -> None:
        """Raises Undecided."""
        for concluded, facts in ((False, statement.when), (True, statement.then)):
            for fact in facts:
                meaning = await self._found(fact, concluded)
                if meaning is None:
                    meaning = _Meaning(self._free(fact.name), concluded=concluded)
                    self._meanings.append(meaning)
                meaning.facts.append(fact)
                self._of[fact] = meaning

    async def _found(self, fact: Fact, concluded: bool) -> _Meaning | None:
        fit = [each for each in self._meanings if _fits(each, fact)]
        named = next((each for each in fit if _named(each, fact)), None)
        if named and (named.known or not _adds(named, fact, concluded)):
            return named
        same = (each for each in fit if not concluded and _same_amount(each, fact))
        if sure := next(same, None) or self._none_of(fact):
            return sure
        near = [each for each in fit if not each.known and (each is named or _near(each, fact, concluded))]
        if not near:
            return None
        about, *vectors = await self._means.vectors([_plain(fact), *(_plain(each.facts[0]) for each in near)])
        likeness = [sum(a * b for a, b in zip(about, vector, strict=True)) for vector in vectors]
        best = max(range(len(near)), key=lambda at: likeness[at])
        if near[best] is named and named.concluded != concluded:
            return None
        return near[best] if likeness[best] >= (ALIKE_AMOUNTS if near[best].unit else ALIKE) else None

    def _none_of(self, fact: Fact) -> _Meaning | None:
        """The amount that a fact denies: who pays no fee pays a fee of 0."""
        if fact.value is not False or not nothing(fact.says):
            return None
        said = _about(fact.name) or fact.words
        amounts = (each for each in self._meanings if each.numeric and each.concluded and not each.known)
        return next((each for each in amounts if said & _about(each.name)), None)

    def _free(self, name: str) -> str:
        taken = {*self._policy.names, *self._policy.types, *(each.name for each in self._meanings)}
        return next(each for each in free_names(name) if each not in taken)

    def annotations(self) -> Iterator[Annotation]:
        """The variables that are new."""
        for each in self._meanings:
            if not each.known:
                yield {"addVariable": {"name": each.name, "type": each.sort.name, "description": each.described}}

    def rules(self, statements: Sequence[Statement]) -> list[tuple[Statement, Term]]:
        """What statements say as rules, those without a condition with what other statements except from them."""
        found: list[tuple[Statement, Term]] = []
        before: Term | None = None
        for each in statements:
            when = [self._term(fact) for fact in each.when]
            test = Apply("or", tuple(when), BOOL) if each.one else both(when)
            if each.rest and before is not None:
                test = negated(before)
            found += [(each, implies(test, self._term(fact))) for fact in each.then]
            before = test if when else before
        return [(each, _excepted(term, [other for _, other in found])) for each, term in found]

    def _term(self, fact: Fact) -> Term:
        meaning = self._of[fact]
        variable = Variable(meaning.name, meaning.sort)
        match fact.value:
            case bool() as true if variable.sort == BOOL:
                return variable if true else negated(variable)
            case bool():
                return Apply("=", (variable, Constant(Fraction(0), variable.sort)), BOOL)
            case str() as value:
                return Apply("=", (variable, Constant(value, variable.sort)), BOOL)
            case Quantity() as amount:
                number = converted(amount, meaning.unit)
                sort = variable.sort if number.denominator == 1 else NUMBER
                return Apply(amount.relation, (variable, Constant(number, sort)), BOOL)


def _excepted(rule: Term, others: Sequence[Term]) -> Term:
    """A rule that holds always, but for the cases in which others say something else of the same variable."""
    if condition(rule) != TRUE:
        return rule
    of = {*variables(rule)}
    exceptions = [
        condition(each)
        for each in others
        if condition(each) != TRUE and {*variables(conclusion(each))} == of and conclusion(each) != rule
    ]
    return implies(both(negated(each) for each in exceptions), rule)


def _fits(meaning: _Meaning, fact: Fact) -> bool:
    """Whether a variable can have the value of a fact."""
    if isinstance(fact.value, Quantity):
        return meaning.numeric and commensurable(meaning.unit, fact.value.unit)
    if isinstance(fact.value, str):
        return meaning.known is not None and fact.value in meaning.known.sort.values
    return meaning.sort == BOOL


def _near(meaning: _Meaning, fact: Fact, concluded: bool) -> bool:
    """Whether a variable and a fact may be one, if their meanings are near enough."""
    if meaning.concluded != concluded:
        return False
    one, other = _about(meaning.name), _about(fact.name)
    if not isinstance(fact.value, Quantity):
        return one <= other or other <= one
    return kind(fact.value.unit) in ("time", "months") or bool(one & other)


def _named(meaning: _Meaning, fact: Fact) -> bool:
    """Whether a variable has the name of a fact, or one about the same where it is said to be so or not."""
    if meaning.name == fact.name:
        return True
    about = _about(fact.name)
    return isinstance(fact.value, bool) and not meaning.known and bool(about) and about == _about(meaning.name)


def _adds(meaning: _Meaning, fact: Fact, concluded: bool) -> bool:
    """Whether a fact that is so, as the variable of its name was said to be, tells of something else as well: members
    with unpaid fees are not all members.
    """
    alike = [each for each in meaning.facts if each.value is fact.value is True]
    told = {word for each in meaning.facts for word in each.words} | _about(meaning.name)
    if concluded or not fact.words - told:
        return False
    return meaning.concluded or bool(alike and not any(each.words <= fact.words for each in alike))


def _same_amount(meaning: _Meaning, fact: Fact) -> bool:
    """Whether a condition holds just where another does not, as "within 30 days" and "after 30 days"."""
    value = fact.value
    if not isinstance(value, Quantity) or meaning.concluded:
        return False
    return any(opposed(each.value, value) for each in meaning.facts if isinstance(each.value, Quantity))


def _about(name: str) -> frozenset[str]:
    """What a name is about: its words without those that any name has."""
    return stems(" ".join(each for each in HUMP.findall(name) if not _EMPTY.fullmatch(each.lower())))


def _plain(fact: Fact) -> str:
    """What a fact is about, whatever it says of it: neither amounts nor denials."""
    text = fact.says
    for each in quantities(text):
        text = text.replace(each.text, " ")
    words = (each for each in text.split() if each.casefold().strip(".,;:") not in cues.NEGATIONS)
    return f"{' '.join(words)} ({' '.join(HUMP.findall(fact.name)).lower()})"


def free_names(name: str) -> Iterator[str]:
    """The name, and others for what would have the same."""
    yield name
    yield from (f"{name}{letter}" for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZ")
    yield from (f"{name}{number}" for number in count(27))
