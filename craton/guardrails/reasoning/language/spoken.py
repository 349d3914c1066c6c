"""Statements in everyday words that can only mean one variable each, read without a model: "I am 14 years old".

A clause is read whole or not at all: its grammar tells what it denies, its words and units which variable it is about.
Knows no model and no solver.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from craton.guardrails.amounts.quantities import Quantity, commensurable, converted
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language.amounts import unit
from craton.guardrails.reasoning.language.clauses import Sentence
from craton.guardrails.reasoning.language.grammar import mood, stems
from craton.guardrails.reasoning.language.names import words
from craton.guardrails.reasoning.language.statements import Atom, Mood, NotUnderstood
from craton.guardrails.reasoning.logic.terms import BOOL, NUMBER, Apply, Constant, Term, Variable, both, negated

# How the description of what is so or not begins, where it is made from a document; and what parts it.
SO = "True where "
_PARTS = re.compile(r"\s/\s|;\s")


@dataclass(frozen=True, slots=True)
class _Known:
    """A variable with all words that are told of it, and the ways to say it: what each is about, and whether it allows.
    These are its name and the parts of its description.
    """

    variable: Variable
    all: frozenset[str]
    sayings: Sequence[tuple[frozenset[str], bool]]
    unit: str

    @classmethod
    def of(cls, variable: Variable, described: str) -> "_Known":
        parts = [" ".join(words(variable.name)), *_PARTS.split(described.removeprefix(SO))]
        sayings = [(about, mood(each) == Mood.PERMISSION) for each in parts if (about := stems(each))]
        return cls(variable, stems(" ".join(parts)), sayings, unit(variable.name, described))

    def term(self, atom: Atom) -> Term | None:
        """What an atom says of the variable; None where it says something else."""
        if not atom.about or not atom.about <= self.all:
            return None
        if isinstance(atom.value, Quantity):
            return self._amount(atom.value) if self.variable.sort.numeric else None
        if self.variable.sort.numeric and atom.none:
            return Apply("=", (self.variable, Constant(Fraction(0), self.variable.sort)), BOOL)
        allows, told = atom.mood == Mood.PERMISSION, atom.about | atom.of
        said = any(about <= told and allowed == allows for about, allowed in self.sayings)
        if self.variable.sort != BOOL or not said:
            return None
        return self.variable if atom.value else negated(self.variable)

    def _amount(self, amount: Quantity) -> Term | None:
        number = converted(amount, self.unit)
        if number is None or not commensurable(amount.unit, self.unit) or len(amount.readings) > 1:
            return None
        constant = Constant(number, self.variable.sort if number.denominator == 1 else NUMBER)
        return Apply(amount.relation, (self.variable, constant), BOOL)


class Listener:
    """Reads clauses over the words of a policy's variables."""

    def __init__(self, policy: Policy) -> None:
        told = policy.descriptions
        self._known = [_Known.of(each, told.get(name, "")) for name, each in policy.variables.items()]

    def clause(self, text: str) -> Term | None:
        """What a clause states; None where it has conditions, or may mean another variable or none."""
        sentence = Sentence(text)
        fronts = sentence.fronts()
        if len(fronts) != 1 or sentence.unsure:
            return None
        try:
            statement = sentence.statement(fronts[0], ())
        except NotUnderstood:
            return None
        terms = [self._term(atom) for atom in statement.then]
        plain = not statement.when and not statement.rest and None not in terms
        return both(term for term in terms if term) if plain else None

    def _term(self, atom: Atom) -> Term | None:
        found = {term for each in self._known if atom.of <= each.all and (term := each.term(atom))}
        return found.pop() if len(found) == 1 else None
