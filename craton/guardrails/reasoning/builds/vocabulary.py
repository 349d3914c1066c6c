"""From statements of a document to variables and rules: atoms that mean the same become one variable.

What has the same words, or leaves nothing between its amounts, is one; so is what has all words of the other and is
near in meaning. Which logic joins variables is told by the statements; their names are the model's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from typing import cast

from craton.guardrails.amounts.quantities import Quantity, commensurable, converted, measured
from craton.guardrails.means import Means
from craton.guardrails.reasoning.builds.changes import Annotation
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language import atoms as schemas
from craton.guardrails.reasoning.language.amounts import unit
from craton.guardrails.reasoning.language.grammar import stems
from craton.guardrails.reasoning.language.names import words
from craton.guardrails.reasoning.language.spoken import SO
from craton.guardrails.reasoning.language.statements import Atom, Group, Role, Statement
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

# How near in meaning atoms must be to be one, where the words of one are among those of the other.
NEAR = 0.5
_TOLD, _SAYINGS, _AT_ONCE = 300, 3, 8
_NAME = {"type": "string", "pattern": "^[a-z][A-Za-z0-9]{1,39}$"}
_NAYS = frozenset(("not", "no", "non", "never", "without", "cannot"))
_NAMING = (
    "Give each remark of a set of rules the name of a variable, in English, that says what the remark is about.\n\n"
    "1 (true or false): the dog wears a muzzle\n2 (a number of kg): dogs that weigh more than ... kg\n"
    "3 (true or false): darf im Garten angeln\n4 (a number of dollars): a ticket costs ... dollars\n"
    '{"1":"wearsMuzzle","2":"dogWeight","3":"mayFishInGarden","4":"ticketPrice"}'
)


@dataclass(slots=True, eq=False)
class _Meaning:
    """A variable on its way, and what was said of it; `value` is that of a type that atoms stand for."""

    atoms: list[Atom] = field(default_factory=list)
    concluded: bool = False
    known: Variable | None = None
    value: str = ""
    name: str = ""

    @property
    def numeric(self) -> bool:
        if self.known:
            return self.known.sort.numeric
        return any(isinstance(each.value, Quantity) for each in self.atoms)

    @property
    def unit(self) -> str:
        """The unit that it counts in: the first that is named."""
        if self.known:
            return unit(self.known.name, self.atoms[0].text)
        units = (each.value.unit for each in self.atoms if isinstance(each.value, Quantity))
        return next((each for each in units if each), "")

    @property
    def sort(self) -> Sort:
        if self.known:
            return self.known.sort
        amounts = [converted(each.value, self.unit) for each in self.atoms if isinstance(each.value, Quantity)]
        if not amounts:
            return BOOL
        whole = all(each is not None and each.denominator == 1 for each in amounts)
        return INT if whole and measured(self.unit).whole else NUMBER

    @property
    def described(self) -> str:
        texts = list(dict.fromkeys(each.text for each in self.atoms))[:_SAYINGS]
        told = " / ".join(texts)
        if self.sort == BOOL:
            return cut(f"{SO}{told}", _TOLD)
        return cut(f"In {self.unit}: {told}" if self.unit else f"The number in: {told}", _TOLD)


class Vocabulary:
    """Variables that a policy has and statements speak of."""

    def __init__(self, policy: Policy, statements: Sequence[Statement], means: Means) -> None:
        self._policy, self._means = policy, means
        self.statements = _conditioned(statements)
        self._meanings = [*_known(policy)]
        self._of: dict[Atom, _Meaning] = {}

    @classmethod
    async def of(cls, policy: Policy, statements: Sequence[Statement], means: Means) -> "Vocabulary":
        """Of statements together: amounts come first, so that others may deny them. Raises Undecided."""
        vocabulary = cls(policy, statements, means)
        said = [
            (atom, concluded)
            for statement in vocabulary.statements
            for concluded, atoms in ((False, _tested(statement)), (True, statement.then))
            for atom in atoms
        ]
        for atom, concluded in sorted(said, key=lambda each: not isinstance(each[0].value, Quantity)):
            await vocabulary._add(atom, concluded)
        await vocabulary._named()
        return vocabulary

    async def _add(self, atom: Atom, concluded: bool) -> None:
        if atom in self._of:
            return
        meaning = await self._found(atom, concluded)
        if meaning is None:
            meaning = _Meaning(concluded=concluded)
            self._meanings.append(meaning)
        meaning.atoms.append(atom)
        self._of[atom] = meaning

    async def _found(self, atom: Atom, concluded: bool) -> _Meaning | None:
        fit = [each for each in self._meanings if _fits(each, atom)]
        for sure in (_same, _valued, _opposed, _none_of):
            if found := next((each for each in fit if sure(each, atom, concluded)), None):
                return found
        alike = [each for each in fit if _alike(each, atom, concluded)]
        if not alike:
            return None
        about, *vectors = await self._means.vectors([atom.text, *(each.atoms[0].text for each in alike)])
        near = [sum(a * b for a, b in zip(about, vector, strict=True)) for vector in vectors]
        best = max(range(len(alike)), key=near.__getitem__)
        return alike[best] if near[best] >= NEAR else None

    async def _named(self) -> None:
        """Names for the variables that are new, by the model."""
        new = [each for each in self._meanings if not each.known]
        for at in range(0, len(new), _AT_ONCE):
            some = {str(number): each for number, each in enumerate(new[at : at + _AT_ONCE], 1)}
            lines = (f"{number} ({_kind(each)}): {each.atoms[0].text}" for number, each in some.items())
            schema = schemas.record(**dict.fromkeys(some, _NAME))
            written = cast("dict[str, str]", await self._means.write("\n".join(lines), schema, _NAMING))
            for number, each in some.items():
                each.name = self._free(written[number])

    def _free(self, name: str) -> str:
        humps = [each for each in words(name) if each not in _NAYS] or [name]
        plain = "".join([humps[0], *(each.capitalize() for each in humps[1:])])
        taken = {*self._policy.names, *self._policy.types, *(each.name for each in self._meanings)}
        return next(each for each in free_names(plain) if each not in taken)

    def annotations(self) -> Iterator[Annotation]:
        """The variables that are new."""
        for each in self._meanings:
            if not each.known:
                yield {"addVariable": {"name": each.name, "type": each.sort.name, "description": each.described}}

    def rules(self) -> list[tuple[Statement, Term]]:
        """What statements say as rules, those without a condition with what other statements except from them."""
        found: list[tuple[Statement, Term]] = []
        before: Term | None = None
        for each in self.statements:
            test = both(self._group(group) for group in each.when if group.role != Role.ONLY)
            if each.rest and before is not None:
                test = negated(before)
            only = [negated(self._group(group)) for group in each.when if group.role == Role.ONLY]
            for atom in each.then:
                term = self._term(atom)
                found += [(each, implies(both([test, one] if test != TRUE else [one]), negated(term))) for one in only]
                found += [] if only else [(each, implies(test, term))]
            before = test if each.when else before
        return [(each, _excepted(term, [other for _, other in found])) for each, term in found]

    def _group(self, group: Group) -> Term:
        terms = [self._term(each) for each in group.atoms]
        joined = Apply("or", tuple(terms), BOOL) if group.either and len(terms) > 1 else both(terms)
        return negated(joined) if group.role == Role.UNLESS else joined

    def _term(self, atom: Atom) -> Term:
        meaning = self._of[atom]
        variable = meaning.known or Variable(meaning.name, meaning.sort)
        if isinstance(atom.value, Quantity):
            number = converted(atom.value, meaning.unit)
            assert number is not None
            constant = Constant(number, variable.sort if number.denominator == 1 else NUMBER)
            return Apply(atom.value.relation, (variable, constant), BOOL)
        if variable.sort.numeric:
            return Apply("=", (variable, Constant(Fraction(0), variable.sort)), BOOL)
        term = Apply("=", (variable, Constant(meaning.value, variable.sort)), BOOL) if meaning.value else variable
        return term if atom.value else negated(term)


def _known(policy: Policy) -> Iterator[_Meaning]:
    """The variables of a policy, those of types once for each value."""
    for name, variable in policy.variables.items():
        for value in variable.sort.values or ("",):
            told, described = " ".join(words(value or name)), policy.descriptions.get(name, "")
            atom = Atom(f"{told}: {described}", stems(told), True, of=stems(described))
            yield _Meaning([atom], known=variable, value=value, name=name)


def _conditioned(statements: Sequence[Statement]) -> list[Statement]:
    """Statements with their subjects as conditions, where these are some: what nothing else narrows, and what has words
    that the document has nowhere else. Others are what everything is about.
    """
    subjects = Counter(word for each in statements if each.subject for word in _words(each.subject))
    spoken = Counter(word for each in statements for word in stems(each.text))
    found = []
    for each in statements:
        narrow = each.subject and any(spoken[word] <= subjects[word] for word in _words(each.subject))
        needed = each.subject and ((not each.when and not each.rest) or (narrow and len(_words(each.subject)) > 1))
        if needed and each.subject:
            then = tuple(replace(atom, text=atom.text.removeprefix(each.given).strip()) for atom in each.then)
            found.append(replace(each, when=(each.subject, *each.when), then=then, given=""))
        else:
            found.append(each)
    return found


def _words(group: Group) -> frozenset[str]:
    return frozenset(word for atom in group.atoms for word in atom.about)


def _tested(statement: Statement) -> list[Atom]:
    return [atom for group in statement.when for atom in group.atoms]


def _fits(meaning: _Meaning, atom: Atom) -> bool:
    """Whether a variable can have the value of an atom."""
    if isinstance(atom.value, Quantity):
        return meaning.numeric and commensurable(meaning.unit, atom.value.unit)
    return bool(meaning.value) or not meaning.numeric or (atom.none and not meaning.known)


def _valued(meaning: _Meaning, atom: Atom, concluded: bool) -> bool:
    """Whether an atom names the value of a type."""
    return bool(meaning.value) and meaning.atoms[0].about <= atom.about


def _same(meaning: _Meaning, atom: Atom, concluded: bool) -> bool:
    """Whether an atom has the words of another, but for those of what it is said of."""
    if meaning.value or meaning.numeric != isinstance(atom.value, Quantity) or not atom.about:
        return False
    # The name of a number may tell its unit, which an amount tells by itself.
    named = meaning.known is not None and meaning.numeric
    return any(
        (each.mood == atom.mood or meaning.numeric or meaning.known is not None)
        and (named or (bool(each.about) and each.about <= atom.about | atom.of))
        and atom.about <= each.about | each.of
        for each in meaning.atoms
    )


def _opposed(meaning: _Meaning, atom: Atom, concluded: bool) -> bool:
    """Whether a condition holds just where another does not, as "within 30 days" and "after 30 days"."""
    value = atom.value
    if not isinstance(value, Quantity) or meaning.concluded or concluded:
        return False
    return any(isinstance(each.value, Quantity) and value.opposes(each.value) for each in meaning.atoms)


def _none_of(meaning: _Meaning, atom: Atom, concluded: bool) -> bool:
    """Whether an atom denies an amount: who pays no fee pays a fee of 0."""
    if not (atom.none and concluded and meaning.numeric and meaning.concluded):
        return False
    return any(
        each.about <= atom.about | atom.of or atom.about <= each.about | each.of for each in meaning.atoms if atom.about
    )


def _alike(meaning: _Meaning, atom: Atom, concluded: bool) -> bool:
    """Whether a variable and an atom are one, if they are near in meaning: all words of one are words of the other."""
    if meaning.value or meaning.numeric != isinstance(atom.value, Quantity) or not atom.about:
        return False
    if not meaning.known and meaning.concluded != concluded:
        return False
    return any(
        bool(each.about)
        and (meaning.numeric or each.mood == atom.mood or meaning.known is not None)
        and (each.about <= atom.about or atom.about <= each.about)
        for each in meaning.atoms
    )


def _kind(meaning: _Meaning) -> str:
    return "true or false" if meaning.sort == BOOL else f"a number of {meaning.unit}" if meaning.unit else "a number"


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


def free_names(name: str) -> Iterator[str]:
    """The name, and others for what would have the same."""
    yield name
    yield from (f"{name}{letter}" for letter in "BCDEFGHIJKLMNOPQRSTUVWXYZ")
    yield from (f"{name}{number}" for number in count(27))
