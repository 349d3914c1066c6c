"""Prompt templates: which variables they have, whether a variant is sound, and the turn that one makes.

Pure. A variable stands in a template as `{{name}}`. Knows no store and no model.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from craton.dialects.converse import Block, Turn
from craton.errors import ValidationException
from craton.store.records import Record

_VARIABLE = re.compile(r"\{\{((?:[0-9a-zA-Z][_-]?){1,100})\}\}")
_MEMBERS = {"TEXT": "text", "CHAT": "chat"}


def check(variants: Sequence[Record], default: str | None) -> None:
    """Raises ValidationException for variants that no turn could be made of."""
    names = [variant["name"] for variant in variants]
    if default is not None and default not in names:
        raise ValidationException(
            f"The defaultVariant {default!r} is none of the prompt's variants; name one of {names}."
            if names
            else f"The prompt has no variant, so {default!r} cannot be its defaultVariant."
        )
    for variant in variants:
        wanted = _MEMBERS[variant["templateType"]]
        if wanted not in variant["templateConfiguration"]:
            raise ValidationException(
                f"The variant {variant['name']!r} has the templateType {variant['templateType']!r}; "
                f"give its templateConfiguration as {wanted!r}."
            )
        declared = _declared(variant)
        for name in declared:
            if declared.count(name) > 1:
                raise ValidationException(f"The variant {variant['name']!r} declares the variable {name!r} twice.")
        if wanted == "chat" and not variant["templateConfiguration"]["chat"]["messages"]:
            raise ValidationException(f"The variant {variant['name']!r} has no message; give at least one.")


def model(variant: Record) -> str:
    """The model that a variant names. Raises ValidationException where it names none."""
    if found := variant.get("modelId"):
        return str(found)
    raise ValidationException(
        f"The prompt's variant {variant['name']!r} names no model; give it a modelId to run the prompt by itself."
    )


def turn(variant: Record, values: Mapping[str, str]) -> Turn:
    """The turn that a variant makes with these values of its variables. Raises ValidationException."""
    _check_values(variant, values)
    made: Record = {}
    if "text" in variant["templateConfiguration"]:
        text = variant["templateConfiguration"]["text"]
        made["messages"] = [{"role": "user", "content": [{"text": _filled(text["text"], values)}, *_cached(text)]}]
    else:
        chat = variant["templateConfiguration"]["chat"]
        made["messages"] = [
            {**message, "content": [_block(block, values) for block in message["content"]]}
            for message in chat["messages"]
        ]
        if system := chat.get("system"):
            made["system"] = [_block(block, values) for block in system]
        if tools := chat.get("toolConfiguration"):
            made["toolConfig"] = tools
    if inference := variant.get("inferenceConfiguration", {}).get("text"):
        made["inferenceConfig"] = inference
    if fields := variant.get("additionalModelRequestFields"):
        made["additionalModelRequestFields"] = fields
    return made


def _cached(text: Record) -> list[Block]:
    return [{"cachePoint": text["cachePoint"]}] if "cachePoint" in text else []


def _block(block: Block, values: Mapping[str, str]) -> Block:
    return {"text": _filled(block["text"], values)} if "text" in block else block


def _filled(template: str, values: Mapping[str, str]) -> str:
    """What a value holds is not looked through for variables again."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), template)


def _check_values(variant: Record, values: Mapping[str, str]) -> None:
    used = {name for text in _texts(variant) for name in _VARIABLE.findall(text)}
    declared = _declared(variant)
    for name in values:
        if name not in used and name not in declared:
            raise ValidationException(
                f"The prompt has no variable {name!r}; its variables are {sorted(used | set(declared))}."
            )
    if missing := sorted(set(declared) - set(values)):
        raise ValidationException(f"The prompt's variables {missing} have no value; give each one in promptVariables.")


def _declared(variant: Record) -> list[str]:
    (template,) = variant["templateConfiguration"].values()
    return [variable["name"] for variable in template.get("inputVariables", ()) if "name" in variable]


def _texts(variant: Record) -> Iterator[str]:
    ((kind, template),) = variant["templateConfiguration"].items()
    if kind == "text":
        yield template["text"]
        return
    for blocks in (template.get("system", ()), *(message["content"] for message in template["messages"])):
        yield from (block["text"] for block in blocks if "text" in block)
