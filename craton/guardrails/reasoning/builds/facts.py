"""A sentence of a document taken apart into facts: on which conditions what follows. A text model writes them in a form
that small models fill in well, and what the sentence does not say is refused.

Knows no variables of a policy but by name. What the facts mean as rules is told in `vocabulary`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import cast

from craton.guardrails.grounding import cues
from craton.guardrails.means import Means
from craton.guardrails.reasoning.language import atoms
from craton.guardrails.reasoning.language.quantities import Quantity, nothing, quantities

MAX_FACTS = 6
# The share of the words of a fact that its sentence must have, and how much of each is compared: words are inflected.
_SAID, _STEM = 0.5, 5
# Characters of what a fact says; a small model may not find its end.
_MOST = 200
_NAME = {"type": "string", "pattern": "^[a-z][A-Za-z0-9]{1,59}$"}
_NAMED = re.compile(r"^[a-z][A-Za-z0-9]{1,59}$")
_WORD = re.compile(r"[^\W\d_]+")
HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_COMPARED = re.compile(r"(?:For|With)?(?:MoreThan|LessThan|AtLeast|AtMost|Within|Under|Over)(?=[A-Z0-9]|$)")
_NAYS = frozenset(("not", "no", "non", "never", "without", "nicht", "kein", "keine", "ohne", "nie"))
_UN = re.compile(r"^un(?!der|ited)(?=\w{2,}(?:ed|able|ible|aid|ken)$)")
_ZERO = "0"
_ALTERNATIVE, _TOGETHER = re.compile(r"\b(?:or|oder)\b", re.IGNORECASE), re.compile(r"\b(?:and|und)\b", re.IGNORECASE)
_DEMANDED = re.compile(r"\b(?:must|needs? to|has to|have to|shall|muss|müssen|sind zu|ist zu)\b", re.IGNORECASE)
# What is allowed within a time is true or false, and the time is its condition.
_ALLOWED = re.compile(r"\b(?:may|can|cannot|allowed|darf|dürfen|kann|können|erlaubt)\b", re.IGNORECASE)
_DEADLINE = re.compile(r"(?:within|innerhalb|binnen|after|nach)\b", re.IGNORECASE)
# Words that a condition begins with.
_CONDITIONAL = re.compile(
    r"\b(?:if|when|whenever|unless|who|whoever|that|which|only|without|wenn|falls|sofern|sobald|solange|wer|während|ohne|"
    r"nur)\b|,\s(?:der|die|das)\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"\b(?:otherwise|in (?:all )?other cases|everyone else|anyone else|sonst|ansonsten|andernfalls|"
    r"in (?:allen )?anderen fällen|alle anderen)\b",
    re.IGNORECASE,
)
TASK = (
    'Take a sentence of a policy apart into facts. The part is "if" for a condition and "then" for what follows. '
    '"says" repeats the fact in a few words of the sentence, in its language, "variable" is an English name for what '
    'it is about, "is" is true, false or an amount of the sentence. Use a known variable only where it means the '
    "same.\n\n"
    "Sentence: Dogs that weigh more than 20 kg must wear a muzzle.\n"
    '{"facts":[{"part":"if","says":"the dog weighs more than 20 kg","variable":"dogWeight","is":"more than 20 kg"},'
    '{"part":"then","says":"the dog must wear a muzzle","variable":"mustWearMuzzle","is":"true"}]}\n\n'
    "Sentence: A ticket costs 4 dollars.\n"
    '{"facts":[{"part":"then","says":"a ticket costs 4 dollars","variable":"ticketPrice","is":"4 dollars"}]}\n\n'
    "Sentence: Puppies are not allowed in the dining car.\n"
    '{"facts":[{"part":"if","says":"the dog is a puppy","variable":"isPuppy","is":"true"},{"part":"then","says":"the '
    'dog is not allowed in the dining car","variable":"allowedInDiningCar","is":"false"}]}\n\n'
    "Sentence: Wer jünger als 70 Jahre ist und einen Garten hat, darf höchstens 6 Hühner halten.\n"
    '{"facts":[{"part":"if","says":"jünger als 70 Jahre","variable":"age","is":"jünger als 70 Jahre"},{"part":"if",'
    '"says":"hat einen Garten","variable":"hasGarden","is":"true"},{"part":"then","says":"darf höchstens 6 Hühner '
    'halten","variable":"numberOfChickens","is":"höchstens 6 Hühner"}]}\n\n'
    "Sentence: Ohne Genehmigung ist das Angeln verboten.\n"
    '{"facts":[{"part":"if","says":"ohne Genehmigung","variable":"hasPermit","is":"false"},{"part":"then","says":"das '
    'Angeln ist verboten","variable":"fishingAllowed","is":"false"}]}\n\n'
    "Sentence: Während der Brutzeit ist kein Angeln erlaubt.\n"
    '{"facts":[{"part":"if","says":"während der Brutzeit","variable":"isBreedingSeason","is":"true"},{"part":"then",'
    '"says":"kein Angeln erlaubt","variable":"fishingAllowed","is":"false"}]}\n\n'
    "Sentence: Visitors may swap a badge within 3 hours of entry if it has a photo.\n"
    '{"facts":[{"part":"if","says":"within 3 hours of entry","variable":"hoursSinceEntry","is":"within 3 hours"},'
    '{"part":"if","says":"the badge has a photo","variable":"hasPhoto","is":"true"},{"part":"then","says":"visitors '
    'may swap a badge","variable":"maySwapBadge","is":"true"}]}\n\n'
    "Sentence: Wood may be stored in the yard only if it is covered.\n"
    '{"facts":[{"part":"if","says":"the wood is not covered","variable":"isCovered","is":"false"},{"part":"then","says'
    '":"the wood may not be stored in the yard","variable":"mayBeStored","is":"false"}]}'
)


@dataclass(frozen=True, slots=True)
class Fact:
    """`value` is whether it is so, what amount it is, or a value of a type that the policy has."""

    says: str
    name: str
    value: bool | Quantity | str

    @property
    def words(self) -> frozenset[str]:
        return stems(self.says)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence: `then` holds where all of `when` does, or `one` of it; where it is the `rest`, in no case that the
    sentence before it spoke of.
    """

    text: str
    when: tuple[Fact, ...]
    then: tuple[Fact, ...]
    one: bool = False
    rest: bool = False

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (*self.when, *self.then)


class NotUnderstood(ValueError):
    """A sentence that the model did not take apart rightly. The message says why."""


async def statement(
    sentence: str, known: Sequence[str], values: Collection[str], means: Means, objection: str = ""
) -> Statement:
    """`known` are the names of variables that there are, `values` those of types. Raises NotUnderstood, Undecided."""
    amounts = _amounts(sentence)
    fact = atoms.record(
        part={"enum": ["if", "then"]},
        says={"type": "string", "maxLength": _MOST},
        variable=_NAME,
        **{"is": {"enum": [*amounts, *values, "true", "false"]}},
    )
    hint = f"\n{objection}" if objection else ""
    written = await means.write(
        f"Known variables: {', '.join(known) or 'none'}{hint}\n\nSentence: {sentence}",
        atoms.record(facts=atoms.items(fact, MAX_FACTS, 1)),
        TASK,
    )
    facts = cast("Mapping[str, Sequence[Mapping[str, str]]]", written)["facts"]
    return _checked(sentence, amounts, facts, values)


def _amounts(sentence: str) -> dict[str, Quantity]:
    """What a fact may be, by its words: amounts of the sentence, also denied, and none."""
    found = quantities(sentence)
    amounts = {each.text: each for each in found}
    amounts |= {each.denied.text: each.denied for each in found if each.relation == ">"}
    if nothing(sentence):
        amounts[_ZERO] = Quantity(_ZERO, "=", Fraction(0), "")
    return amounts


def _checked(
    sentence: str, amounts: Mapping[str, Quantity], written: Sequence[Mapping[str, str]], values: Collection[str]
) -> Statement:
    """The statement that facts make which the sentence supports."""
    facts = _supported(sentence, amounts, written, values)
    when = [fact for part, fact in facts if part == "if"]
    then = [fact for part, fact in facts if part == "then"]
    if when and not then:
        then = [when.pop()]
    if not when and any(isinstance(each.value, bool) for each in then):
        # What is compared beside what is so or not is when it is so: "cannot be returned after more than 30 days".
        when = [each for each in then if _ranges(each)]
        then = [each for each in then if each not in when]
    if when and not _CONDITIONAL.search(sentence) and all(_allows(each) for each in when) and all(map(_ranges, then)):
        when, then = then, when  # "cannot be returned after more than 30 days", told the other way round
    if not then:
        raise NotUnderstood("No fact was told in words of the sentence.")
    for each in quantities(sentence):
        if not any(isinstance(fact.value, Quantity) and fact.value.number == each.number for fact in [*when, *then]):
            _placed(each, sentence, when, then)
    if not when and _CONDITIONAL.search(sentence) and not _OTHERWISE.search(sentence):
        raise NotUnderstood("Its condition was left out.")
    if _ALLOWED.search(sentence) and any(_deadline(each) for each in then):
        raise NotUnderstood("What is allowed was left out: it follows, and the amount is its condition.")
    said = _without(sentence, amounts)
    either = len(when) > 1 and bool(_ALTERNATIVE.search(said))
    if either and _TOGETHER.search(said):
        raise NotUnderstood('It joins conditions by "and" and by "or"; write a sentence for each case.')
    return Statement(sentence, tuple(when), tuple(then), either, bool(_OTHERWISE.search(sentence)))


def _supported(
    sentence: str, amounts: Mapping[str, Quantity], written: Sequence[Mapping[str, str]], values: Collection[str]
) -> list[tuple[str, Fact]]:
    """What the sentence says, each once. What follows is looked at first: small models double it as a condition."""
    found: dict[Fact, str] = {}
    taken: set[Fraction] = set()
    of_sentence = stems(sentence)
    for each in sorted(written, key=lambda one: one["part"] == "if"):
        value = amounts.get(each["is"]) or (each["is"] if each["is"] in values else each["is"] == "true")
        said = stems(each["says"])
        if not said or len(said & of_sentence) < _SAID * len(said):
            continue
        numbers = {one.number for one in quantities(each["says"])}
        if isinstance(value, Quantity) and value.text != _ZERO:
            if value.number in taken or (numbers and value.number not in numbers):
                continue
            taken.add(value.number)
        fact = _affirmed(Fact(" ".join(each["says"].split()), _name(each["variable"]), value))
        if not any((one.name, one.value) == (fact.name, fact.value) for one in found):
            found[fact] = each["part"]
    return [(part, fact) for fact, part in found.items()]


def _placed(amount: Quantity, sentence: str, when: list[Fact], then: list[Fact]) -> None:
    """Put an amount where the facts that hold it without naming it stand: it is what a condition compares, what is
    demanded, or a condition of what is allowed. Raises NotUnderstood where no fact holds it.
    """
    for facts in (when, then):
        for at, fact in enumerate(facts):
            if amount.number not in {each.number for each in quantities(fact.says)} or not isinstance(fact.value, bool):
                continue
            counted = replace(fact, name=f"{fact.name}{amount.unit.capitalize()}"[:60], value=amount)
            if not _NAMED.fullmatch(counted.name):
                counted = replace(counted, name=f"{fact.name}Amount"[:60])
            if facts is when or _DEMANDED.search(sentence):
                facts[at] = counted
            else:
                when.append(counted)
            return
    raise NotUnderstood(f'The amount "{amount.text}" was left out.')


def _ranges(fact: Fact) -> bool:
    return isinstance(fact.value, Quantity) and fact.value.relation != "="


def _allows(fact: Fact) -> bool:
    return isinstance(fact.value, bool) and bool(_ALLOWED.search(fact.says))


def _deadline(fact: Fact) -> bool:
    return isinstance(fact.value, Quantity) and bool(_DEADLINE.match(fact.value.text))


def _without(sentence: str, amounts: Mapping[str, Quantity]) -> str:
    for each in amounts:
        sentence = sentence.replace(each, "")
    return sentence


def _name(text: str) -> str:
    """A name without figures, and what they are compared by: it is to stand for other amounts too."""
    humps = HUMP.findall(_COMPARED.sub("", text)) or HUMP.findall(text)
    name = "".join([humps[0].lower(), *humps[1:]])[:60] if humps else text
    return name if _NAMED.fullmatch(name) else f"the{name[:1].upper()}{name[1:]}"


def _affirmed(fact: Fact) -> Fact:
    """A fact whose name denies nothing: `notAllowed` is true where `allowed` is false, as `unused` is of `used`."""
    if not isinstance(fact.value, bool):
        return fact
    humps = [each.lower() for each in HUMP.findall(fact.name)]
    turned = [_UN.sub("", "can" if each == "cannot" else each) for each in humps if each not in _NAYS]
    if turned == humps or not turned:
        return fact
    name = "".join([turned[0], *(each.capitalize() for each in turned[1:])])
    denied = cues.NEGATIONS & {each.casefold() for each in _WORD.findall(fact.says)}
    # A small model says of `cannotEnter` that it is false, and means that one cannot.
    return replace(fact, name=name, value=False if denied else not fact.value)


def stems(text: str) -> frozenset[str]:
    """The words that say what a text is about, by their beginnings."""
    words = (each.casefold() for each in _WORD.findall(text))
    return frozenset(each[:_STEM] for each in words if each not in cues.EMPTY and each not in cues.NEGATIONS)
