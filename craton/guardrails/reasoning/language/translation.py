"""Language into logic: what a question and its answer say, over the variables of a policy.

What names variables plainly is read as it stands; the rest is written by the text model, several times in other words,
and how far these agree in meaning, which the solver decides, is how sure the translation is. Knows no rule's verdict.
"""

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import cast

from craton.guardrails.amounts.quantities import counted
from craton.guardrails.means import Means
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language import amounts, atoms
from craton.guardrails.reasoning.language.plain import Reader
from craton.guardrails.reasoning.logic.terms import Term, Variable, both, implies, variables
from craton.guardrails.reasoning.solver import Solver, TooComplex
from craton.guardrails.reasoning.verdicts import Meanings, Result, Translation, Verdict, meanings, relevant

DEFAULT_THRESHOLD = 0.8
SAMPLES = 3
MAX_SENTENCES = 60
MAX_CLAIMS = 18
# How many variables a model is told of; of more, those nearest in meaning to the text.
MAX_VARIABLES = 40

_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_LABEL = re.compile(
    r"\s*(?:(?P<asks>user|human|question|query|nutzer|frage)|assistant|answer|antwort)\s*:\s*", re.IGNORECASE
)


# Words of a question that states nothing, such as "Can I take parental leave?"; and what is a sign that it does.
_ASKING = 9
_STATED = re.compile(r"\d|,|\b(?:if|when|since|because|with|without|wenn|falls|da|weil|mit|ohne)\b", re.IGNORECASE)


class Part(StrEnum):
    """Where a sentence stands: what is asked is premise, what is answered may be a claim."""

    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    part: Part

    @property
    def asks(self) -> bool:
        return self.text.rstrip().endswith("?")

    @property
    def states(self) -> bool:
        """Whether it says something that must be translated: a short question mostly only asks."""
        return not self.asks or len(self.text.split()) > _ASKING or bool(_STATED.search(self.text))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of the sentences: by number, what each says; and which of it is claimed."""

    premises: Mapping[int, Sequence[Term]]
    claims: Mapping[int, Sequence[Term]]


def sentences(text: str, query: str = "") -> list[Sentence]:
    """The sentences of a question and of its answer; lines of one text may name who speaks ("User:", "Answer:")."""
    found = [Sentence(each, Part.QUESTION) for each in parted(query)]
    part = Part.ANSWER
    for each in parted(text):
        if label := _LABEL.match(each):
            part = Part.QUESTION if label["asks"] else Part.ANSWER
            each = each[label.end() :]
        if each.strip():
            found.append(Sentence(each.strip(), part))
    return found


def parted(text: str) -> list[str]:
    """The sentences of a text."""
    return [each.strip() for each in _ENDS.split(text) if each.strip()]


async def translated(
    policy: Policy, text: str, query: str, means: Means, solver: Solver, threshold: float = DEFAULT_THRESHOLD
) -> tuple[list[Translation], list[Verdict]]:
    """The translations that are sure enough, one for each claim, and verdicts on what could not be translated.

    Raises Undecided where a model is needed and there is none, and SolverMissing.
    """
    given = sentences(text, query)
    if len(given) > MAX_SENTENCES:
        return [], [Verdict(Result.TOO_COMPLEX)]
    plain = _plain(policy, given)
    open_ = [number for number, each in enumerate(given) if number not in plain and each.states]
    if policy.variables and open_:
        told = await near(policy, " ".join(each.text for each in given), means)
        conditional = any(_CONDITIONAL.search(given[number].text) for number in open_)
        wordings = (_wording(policy, given, open_, told, conditional, number) for number in range(SAMPLES))
        schema = _schema(open_, told, conditional)
        written = await asyncio.gather(*(means.write(wording, schema, _TASK) for wording in wordings))
        readings = [_reading(policy, given, plain, each) for each in written]
    else:
        readings = [_divided(policy, given, plain)]
    units = [_units(policy, given, each) for each in readings]
    if max(map(len, units)) > MAX_CLAIMS:
        return [], [Verdict(Result.TOO_COMPLEX)]
    if len(units) == 1:
        return units[0], _untranslated(units[0], units[0])
    try:
        async with meanings(policy, (each for reading in units for each in reading), solver) as compared:
            groups = await _grouped(units, compared)
            if len(groups) > MAX_CLAIMS:
                return [], [Verdict(Result.TOO_COMPLEX)]
            sure = [each for each in groups if each.confidence >= threshold]
            return sure, [*await _doubts(groups, threshold, compared), *_untranslated(sure, groups)]
    except TooComplex:
        return [], [Verdict(Result.TOO_COMPLEX)]


def _plain(policy: Policy, given: Sequence[Sentence]) -> dict[int, Term]:
    reader = Reader(policy)
    read = ((number, reader.sentence(each.text)) for number, each in enumerate(given))
    return {number: term for number, term in read if term is not None}


def _divided(policy: Policy, given: Sequence[Sentence], said: Mapping[int, Term]) -> Reading:
    """Premises and claims of sentences that were read plainly.

    An answer claims what follows from something by a rule; what it says of other matters sets the scene, unless the
    question did, or nothing else would be claimed.
    """
    premises = {number: [term] for number, term in said.items() if given[number].part == Part.QUESTION}
    fixed = {each for terms in premises.values() for each in variables(*terms)}
    answer = {number: [term] for number, term in said.items() if number not in premises}
    scene = {
        number: terms
        for number, terms in answer.items()
        if not any(each.name in policy.concluded or each in fixed for each in variables(*terms))
    }
    claims = {number: terms for number, terms in answer.items() if number not in scene}
    return Reading(premises | scene, claims) if claims else Reading(premises, answer)


async def near(policy: Policy, text: str, means: Means) -> list[Variable]:
    """The variables that a model is told of: all, or those nearest in meaning to a text. Raises Undecided."""
    of = list(policy.variables.values())
    if len(of) <= MAX_VARIABLES:
        return of
    described = [f"{each.name}: {policy.descriptions.get(each.name, '')}" for each in of]
    about, *vectors = await means.vectors([text, *described])
    nearness = [sum(a * b for a, b in zip(about, vector, strict=True)) for vector in vectors]
    nearest = set(sorted(range(len(of)), key=lambda number: -nearness[number])[:MAX_VARIABLES])
    return [each for number, each in enumerate(of) if number in nearest]


def _schema(open_: Sequence[int], told: Iterable[Variable], conditional: bool) -> atoms.Schema:
    condition = atoms.conditions(told)
    when = {"when": atoms.items(condition, _CONDITIONS)} if conditional else {}
    statement = atoms.record(
        sentence={"enum": [number + 1 for number in open_]},
        role={"enum": ["premise", "claim"]},
        **when,
        then=atoms.items(condition, _CONDITIONS, 1),
    )
    # One for each sentence, and one more for what is both granted and claimed: small models do not find an end.
    return atoms.record(statements=atoms.items(statement, len(open_) + 1))


_CONDITIONS = 4
# What may make a statement a conditional one; small models find conditions everywhere when they may.
_CONDITIONAL = re.compile(
    r"\b(?:if|when|whenever|unless|after|once|until|within|only|provided|whoever|wenn|falls|sofern|sobald|nach|ab|bis|nur|"
    r"wer|bei|solange)\b",
    re.IGNORECASE,
)
_TASK = (
    "Sentences of a question and of its answer are translated into conditions on variables. What the question states, "
    'or the answer takes for granted, has the role "premise"; what the answer asserts has the role "claim". Convert '
    "units as the descriptions of variables say. Leave out what says nothing about these variables; never guess a "
    "value.\n\n"
    "Two examples with other variables:\n"
    "1. [question] I am 17 and a citizen, may I vote?\n2. [answer] No, you may not.\n"
    '{"statements":[{"sentence":1,"role":"premise","then":[{"variable":"age","relation":"=","value":17},'
    '{"variable":"isCitizen","value":true}]},{"sentence":2,"role":"claim","then":[{"variable":"mayVote","value":false}]}'
    "]}\n"
    "1. [question] Ich habe keinen Führerschein.\n2. [answer] Ja, Sie dürfen den Wagen mieten.\n"
    '{"statements":[{"sentence":1,"role":"premise","then":[{"variable":"hasLicence","value":false}]},{"sentence":2,'
    '"role":"claim","then":[{"variable":"mayRent","value":true}]}]}'
)
_WHEN = ' For "if A then B", put A in "when" and B in "then"; else leave "when" empty.'
_OPENINGS = (
    "Translate the sentences into conditions on the variables.",
    "Say which values of the variables the sentences state.",
    "For each sentence, write down what it says about the variables.",
)


def _wording(
    policy: Policy,
    given: Sequence[Sentence],
    open_: Sequence[int],
    told: Sequence[Variable],
    conditional: bool,
    number: int,
) -> str:
    """The same task in other words and another order: readings of one wording would agree for no reason. What they
    share stands first, so that engines read it once.
    """
    turned = len(told) * number // SAMPLES
    order = [*told[turned:], *told[:turned]]
    wanted = _units_of(policy, told)
    lines = "\n".join(f"{at + 1}. [{each.part}] {_line(each.text, wanted)}" for at, each in enumerate(given))
    asked = ", ".join(str(each + 1) for each in open_)
    return (
        f"Sentences:\n{lines}\n\nVariables:\n{atoms.described(policy, order)}\n\n"
        f"{_OPENINGS[number]} Translate only these sentences: {asked}.{_WHEN if conditional else ''}"
    )


def _units_of(policy: Policy, of: Iterable[Variable]) -> list[str]:
    """What variables count in."""
    return counted(" ".join(f"{each.name} {policy.descriptions.get(each.name, '')}" for each in of))


def _said(condition: Mapping[str, object], numbers: frozenset[Fraction]) -> bool:
    """Whether the number of a condition, if it has one, stands in its sentence; "over 12" is also "at least 13"."""
    value = condition["value"]
    if isinstance(value, bool | str):
        return True
    near = 0 if condition["relation"] in ("=", "!=") else 1
    return any(abs(Fraction(str(value)) - number) <= near for number in numbers)


def _copied(policy: Policy, sentence: str, written: Sequence[Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """Conditions with the amount of their sentence where it can only be that: small models write the one of a rule."""
    for each in written:
        name = str(each["variable"])
        numeric = policy.variables[name].sort.numeric
        unit = amounts.unit(name, policy.descriptions.get(name, ""))
        amount = amounts.only(sentence, unit) if numeric else None
        yield {**each, "relation": amount[0], "value": amount[1]} if amount else each


def _line(text: str, wanted: list[str]) -> str:
    converted = amounts.told(text, wanted)
    return f"{text} ({converted})" if converted else text


def _reading(policy: Policy, given: Sequence[Sentence], plain: Mapping[int, Term], written: object) -> Reading:
    start = _divided(policy, given, plain)
    premises, claims = dict(start.premises), dict(start.claims)
    answered = cast("Mapping[str, Sequence[Mapping[str, object]]]", written)
    wanted = _units_of(policy, policy.variables.values())
    for each in answered["statements"]:
        number = int(cast("int", each["sentence"])) - 1
        said = amounts.stated(given[number].text, wanted)
        then, when = (
            atoms.read([one for one in _copied(policy, given[number].text, conditions) if _said(one, said)], policy)
            for conditions in (
                cast("Sequence[Mapping[str, object]]", each["then"]),
                cast("Sequence[Mapping[str, object]]", each.get("when", ())),
            )
        )
        if not then:
            continue
        terms = [implies(both(when), both(then))] if when else then
        claimed = each["role"] == "claim" and given[number].part == Part.ANSWER
        held = claims if claimed else premises
        held[number] = [*held.get(number, ()), *terms]
    claimed_of = {each.name for terms in claims.values() for each in variables(*terms)}
    for number in [number for number in premises if given[number].part == Part.QUESTION and number not in plain]:
        # What is asked, and follows from rules, is not stated. A premise less makes no verdict wrong.
        asked = claimed_of if given[number].asks else claimed_of & policy.concluded
        premises[number] = [term for term in premises[number] if not {each.name for each in variables(term)} <= asked]
    if not claims:  # an answer that only takes things for granted claims them
        answers = {number: terms for number, terms in premises.items() if given[number].part == Part.ANSWER}
        return Reading({number: terms for number, terms in premises.items() if number not in answers}, answers)
    return Reading(premises, claims)


def _units(policy: Policy, given: Sequence[Sentence], reading: Reading) -> list[Translation]:
    """A translation for each claim, with the premises that matter to it."""
    premises = [term for terms in reading.premises.values() for term in terms]
    missed = [
        (each.part, each.text)
        for number, each in enumerate(given)
        if not each.asks and number not in reading.premises and number not in reading.claims
    ]
    claims = dict.fromkeys(term for terms in reading.claims.values() for term in terms)
    return [
        Translation(
            tuple(dict.fromkeys(relevant(policy, premises, [claim]))),
            (claim,),
            untranslated_premises=tuple(text for part, text in missed if part == Part.QUESTION),
            untranslated_claims=tuple(text for part, text in missed if part == Part.ANSWER),
        )
        for claim in claims
    ]


async def _grouped(readings: Sequence[Sequence[Translation]], compared: Meanings) -> list[Translation]:
    """Translations that differ in meaning, each as sure as there are readings that have it."""
    groups: list[tuple[Translation, set[int]]] = []
    for number, units in enumerate(readings):
        for unit in units:
            for one, held in groups:
                if unit == one or not await compared.apart(one, unit):
                    held.add(number)
                    break
            else:
                groups.append((unit, {number}))
    return [replace(one, confidence=len(held) / len(readings)) for one, held in groups]


async def _doubts(groups: Sequence[Translation], threshold: float, compared: Meanings) -> list[Verdict]:
    """One verdict on all that the readings do not agree about: the two likeliest meanings, and where they part. What a
    few readings make of a claim that enough others agree about is no doubt.
    """
    settled = {each.claims for each in groups if each.confidence >= threshold}
    rest = (each for each in groups if each.confidence < threshold and each.claims not in settled)
    doubtful = sorted(rest, key=lambda each: -each.confidence)
    if not doubtful:
        return []
    options = tuple(doubtful[:2])
    # As they were compared, before it was known how sure they are.
    apart = await compared.apart(*(replace(each, confidence=1.0) for each in options)) if len(options) == 2 else ()
    return [Verdict(Result.TRANSLATION_AMBIGUOUS, options=options, differences=apart)]


def _untranslated(sure: Sequence[Translation], groups: Sequence[Translation]) -> list[Verdict]:
    missed = any(each.untranslated_premises or each.untranslated_claims for each in sure)
    return [Verdict(Result.NO_TRANSLATION)] if missed or not groups else []
