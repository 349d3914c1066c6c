"""What a text model proposes for a policy: other rules after feedback, and clearer words; and a document in pieces.

A proposal is an annotation that describes its change outright; whether it is kept is decided elsewhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from craton.guardrails.means import Means
from craton.guardrails.reasoning.builds.changes import Annotation
from craton.guardrails.reasoning.definition import Policy
from craton.guardrails.reasoning.language import atoms
from craton.guardrails.reasoning.language.clauses import Sentence
from craton.guardrails.reasoning.language.translation import near, parted
from craton.guardrails.reasoning.logic.terms import Term, Variable, both, implies
from craton.guardrails.reasoning.logic.writing import cut, expression, sentence

CHUNK = 1500
MAX_NEW = 12
MAX_RULES = 6
# How long a description may be that a model writes.
_TOLD = 300
# How sentences end; a line without such an end is a heading, unless it has many words.
_CLOSING, _MANY = ".!?;:", 8
# A line of so many characters may go on in the next, which an item of a list does not.
_WRAPPED = 50
_ITEM = re.compile(r"[-*•–]|\d+[.)]|[a-z]\)")
_VERB = (
    "Name the main verb of a sentence: the one that says what is so, and not one of a part that only describes.\n\n"
    'Sentence: Dogs that weigh more than 20 kg wear a muzzle.\n{"verb":"wear"}\n\n'
    'Sentence: Visitors without a badge get no parking space.\n{"verb":"get"}\n\n'
    "Sentence: Wer einen Garten hat und jünger als 70 Jahre ist, bekommt sechs Hühner.\n"
    '{"verb":"bekommt"}\n\n'
    'Sentence: Parcels that were damaged on their way cost nothing.\n{"verb":"cost"}\n\n'
    'Sentence: Mieter mit Hund zahlen 30 Euro.\n{"verb":"zahlen"}\n\n'
    'Sentence: Pupils who bring a lunch that is cold earn a free drink.\n{"verb":"earn"}'
)
_LINES = re.compile(r"\n\s*\n+|\f")
_SENTENCES = re.compile(r"(?<=[.!?;])\s+")


def chunks(text: str) -> list[str]:
    """A text in pieces that a model reads at once, parted where paragraphs or sentences end."""
    found = [""]
    for paragraph in filter(None, (each.strip() for each in _LINES.split(text))):
        for piece in _short(paragraph):
            joined = f"{found[-1]}\n{piece}".strip()
            if len(joined) <= CHUNK:
                found[-1] = joined
            else:
                found.append(piece)
    return [each for each in found if each]


def _short(paragraph: str) -> Iterator[str]:
    for each in _SENTENCES.split(paragraph) if len(paragraph) > CHUNK else [paragraph]:
        yield from (each[at : at + CHUNK] for at in range(0, len(each), CHUNK))


def stated(text: str) -> list[str]:
    """The sentences of a text that may state rules: no headings, unless there is nothing else."""
    found = [part for each in parted(_unwrapped(text)) for part in each.split("; ")]
    return [each for each in found if each[-1] in _CLOSING or len(each.split()) >= _MANY] or found or [text]


def _unwrapped(text: str) -> str:
    """A text whose sentences are on one line each, or go on in the next only where a line is broken for its length."""
    lines = [""]
    for line in filter(None, (" ".join(each.split()) for each in text.split("\n"))):
        before = lines[-1]
        on = before and before[-1] not in _CLOSING and (line[0].islower() or len(before) >= _WRAPPED)
        if on and not _ITEM.match(line):
            lines[-1] = f"{before} {line}"
        else:
            lines.append(line)
    return "\n".join(lines[1:])


async def front(sentence: Sentence, means: Means) -> str:
    """What a sentence begins with: who or what it is about, or a condition. Where grammar does not tell its end, the
    model says which word is the verb. Raises Undecided.
    """
    fronts = sentence.fronts()
    if len(fronts) < 2:
        return "".join(fronts)
    verbs = {sentence.after(each): each for each in fronts}
    schema = atoms.record(verb={"enum": list(verbs)})
    written = await means.write(f"Sentence: {sentence.text}", schema, _VERB)
    return verbs[cast("Mapping[str, str]", written)["verb"]]


async def corrections(policy: Policy, feedback: str, ids: Sequence[str], about: str, means: Means) -> list[Annotation]:
    """How rules should change after what a person says of them; `about` is what was looked at, in words."""
    held = [rule for rule in policy.rules if rule.id in ids or not ids]
    told = await near(policy, f"{feedback} {about}", means)
    if not told:
        return []
    lines = "\n".join(f"- {rule.id}: {sentence(rule.term)}" for rule in held) or "none"
    new = atoms.record(action={"const": "add"}, rule=_rule(told))
    branches: list[atoms.Schema] = [new]
    if held:
        named = {"enum": [rule.id for rule in held]}
        branches += [
            atoms.record(action={"const": "replace"}, id=named, rule=_rule(told)),
            atoms.record(action={"const": "delete"}, id=named),
        ]
    written = await means.write(
        "A person says what is wrong with rules. Say how the rules must change so that they agree with this: replace a "
        "rule, delete it, or add one. Change as little as you can.\n\n"
        f"Variables:\n{atoms.described(policy, told)}\n\nRules:\n{lines}\n\n{about}\n\nThe person says: {feedback}",
        atoms.record(changes=atoms.items({"anyOf": branches}, MAX_RULES)),
    )
    found = cast("Mapping[str, Sequence[Mapping[str, object]]]", written)["changes"]
    return [_correction(each, policy) for each in found]


def _correction(written: Mapping[str, object], policy: Policy) -> Annotation:
    if written["action"] == "delete":
        return {"deleteRule": {"ruleId": written["id"]}}
    said = expression(_term(cast("Mapping[str, object]", written["rule"]), policy))
    if written["action"] == "add":
        return {"addRule": {"expression": said}}
    return {"updateRule": {"ruleId": written["id"], "expression": said}}


async def descriptions(policy: Policy, means: Means) -> list[Annotation]:
    """Clearer words for variables that might be confused with one another, or say too little."""
    if not policy.variables:
        return []
    told = {"type": "string", "minLength": 1, "maxLength": _TOLD}
    annotations: list[Annotation] = []
    every = list(policy.variables.values())
    for at in range(0, len(every), MAX_NEW):
        some = every[at : at + MAX_NEW]
        written = await means.write(
            "Improve the descriptions of variables, so that nobody confuses one with another: say what each means, its "
            "unit, and the words that people use for it. Leave out variables whose description is clear.\n\n"
            f"Variables:\n{atoms.described(policy, some)}",
            atoms.record(
                variables=atoms.items(
                    atoms.record(name={"enum": [each.name for each in some]}, description=told), len(some)
                )
            ),
        )
        for each in cast("Mapping[str, Sequence[Mapping[str, str]]]", written)["variables"]:
            if each["description"] != policy.descriptions.get(each["name"]):
                change = {"name": each["name"], "description": cut(each["description"], 1024)}
                annotations.append({"updateVariable": change})
    return annotations


def _rule(told: Sequence[Variable]) -> atoms.Schema:
    condition = atoms.conditions(told)
    return atoms.record(when=atoms.items(condition, atoms.MAX_ATOMS), then=atoms.items(condition, atoms.MAX_ATOMS, 1))


def _term(written: Mapping[str, object], policy: Policy) -> Term:
    return implies(both(atoms.read(written["when"], policy)), both(atoms.read(written["then"], policy)))
