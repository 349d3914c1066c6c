"""What a text model proposes for a policy: variables and rules from a text, and other rules or words after feedback.

A proposal is an annotation that describes its change outright; whether it is kept is decided elsewhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from craton.guardrails.means import Means
from craton.guardrails.reasoning.builds.changes import Annotation
from craton.guardrails.reasoning.definition import SORTS, Policy
from craton.guardrails.reasoning.language import atoms
from craton.guardrails.reasoning.language.translation import near, parted
from craton.guardrails.reasoning.logic.terms import Term, Variable, both, implies
from craton.guardrails.reasoning.logic.writing import cut, expression, sentence

CHUNK = 1500
MAX_NEW = 12
MAX_RULES = 6
MAX_VALUES = 12
# How long a description may be that a model writes.
_TOLD = 300
# A line of fewer words is a heading.
_FEW = 4
_TEXT = "Dogs that weigh more than 20 kg need a muzzle on trains. Puppies travel free of charge."
_VARIABLES = (
    '{"variables":[{"name":"weightKg","kind":"INT","description":"How many kg the dog weighs."},{"name":"isPuppy",'
    '"kind":"BOOL","description":"Whether the dog is a puppy."},{"name":"needsMuzzle","kind":"BOOL","description":'
    '"Whether the dog must wear a muzzle."},{"name":"price","kind":"NUMBER","description":"The price of the dog\'s '
    'ticket; 0 is free."}]}'
)
_SENTENCE = "Dogs that weigh more than 20 kg need a muzzle on trains."
_RULES = (
    '{"rules":[{"when":[{"variable":"weightKg","relation":">","value":20}],"then":[{"variable":"needsMuzzle","value":'
    "true}]}]}"
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


async def vocabulary(policy: Policy, text: str, means: Means) -> list[Annotation]:
    """Variables that a text speaks of and the policy does not have yet, with the types they need."""
    name = {"type": "string", "pattern": "^[a-z][A-Za-z0-9]{1,39}$"}
    value = {"type": "string", "pattern": "^[A-Z][A-Z0-9_]{0,39}$"}
    told = {"type": "string", "minLength": 1, "maxLength": _TOLD}
    plain = atoms.record(name=name, kind={"enum": ["BOOL", "INT", "NUMBER"]}, description=told)
    choice = atoms.record(
        name=name, kind={"const": "CHOICE"}, values=atoms.items(value, MAX_VALUES, 2), description=told
    )
    # Small models stop early. What no rule comes to use is taken out again.
    least = 0 if policy.variables else min(len(stated(text)) + 1, MAX_NEW)
    schema = atoms.record(variables=atoms.items({"anyOf": [plain, choice]}, MAX_NEW, least))
    known = atoms.described(policy, policy.variables.values()) or "none"
    written = await means.write(
        "Name the variables that the rules of a text need: each fact that a rule depends on, and each that follows "
        "from one. BOOL is true or false, INT a whole number, NUMBER a decimal, CHOICE one of several values. A "
        "description says what the variable means, its unit, and how people speak of it. Leave out what is known "
        "already.\n\n"
        f"An example. Text:\n{_TEXT}\n{_VARIABLES}\n\n"
        f"Known variables:\n{known}\n\nText:\n{text}",
        schema,
    )
    found = cast("Mapping[str, Sequence[Mapping[str, object]]]", written)["variables"]
    taken = {*policy.names, *policy.types}
    return [annotation for each in found for annotation in _defined(each, taken)]


def _defined(written: Mapping[str, object], taken: set[str]) -> Iterator[Annotation]:
    """A variable and, where it needs one, its type; none where its name is taken."""
    name, kind, description = str(written["name"]), str(written["kind"]), str(written["description"])
    if name in taken:
        return
    taken.add(name)
    if kind not in SORTS:
        kind = f"{name[0].upper()}{name[1:]}"
        kind = f"{kind}Type" if kind in taken else kind
        taken.add(kind)
        values = []
        for value in dict.fromkeys(cast("Sequence[str]", written["values"])):
            values.append({"value": f"{kind}_{value}" if value in taken else value, "description": ""})
            taken.add(values[-1]["value"])
        values = [{"value": each["value"], "description": each["value"]} for each in values]
        yield {"addType": {"name": kind, "description": description, "values": values}}
    yield {"addVariable": {"name": name, "type": kind, "description": description}}


def stated(text: str) -> list[str]:
    """The sentences of a text that may state rules: no headings, unless there is nothing else."""
    return [each for each in parted(text) if len(each.split()) >= _FEW] or [text]


async def rules(
    policy: Policy, text: str, sentence: str, means: Means, objections: Sequence[str] = ()
) -> list[Annotation]:
    """Rules that a sentence of a text states, over the policy's variables; `objections` are what was wrong with those
    that were proposed before.
    """
    if not policy.variables:
        return []
    told = await near(policy, text, means)
    wrong = "\n".join(f"- {each}" for each in objections)
    written = await means.write(
        'Write down the rules that one sentence of a text states, as "when" (all of these conditions hold) and "then" '
        '(all of these follow). State each rule for itself; where the sentence says "only if", also state what follows '
        "when the condition does not hold. Use no knowledge but the text.\n\n"
        f"An example. Sentence: {_SENTENCE}\n{_RULES}\n\n"
        f"Variables:\n{atoms.described(policy, told)}\n\nText:\n{text}\n\nSentence: {sentence}"
        + (f"\n\nThese were wrong. State the rules of the sentence without such mistakes:\n{wrong}" if wrong else ""),
        atoms.record(rules=atoms.items(_rule(told), MAX_RULES)),
    )
    found = cast("Mapping[str, Sequence[Mapping[str, object]]]", written)["rules"]
    return [{"addRule": {"expression": expression(_term(each, policy))}} for each in found]


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
