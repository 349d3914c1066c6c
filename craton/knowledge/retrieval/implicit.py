"""A filter that a text model writes: what a query says of the attributes that the request declares.

Knows no index. The model can only write conditions on these attributes, with values of their types.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from craton.core.context import Context
from craton.dialects.body import Json
from craton.errors import DependencyFailedException, ValidationException
from craton.iam.authorization.actions import INVOKE
from craton.knowledge.records import HIDDEN
from craton.knowledge.retrieval import filters
from craton.knowledge.retrieval.writing import written
from craton.runtime.inference import Inference
from craton.store.vectors.filters import Filter

INSTRUCTION = """\
Documents have these attributes:
{attributes}

A person asks: {query}

Write the conditions on attributes that the question itself states, with its own values, as {{"match": "all" or "any", \
"conditions": [{{"key": ..., "operator": ..., "value": ...}}]}}. Where the question says nothing of an attribute, \
write no condition on it; where it says nothing of any, write no conditions at all."""

MOST_CONDITIONS = 5
MOST_VALUES = 10
MOST_CHARACTERS = 100

_JOINED = {"all": "andAll", "any": "orAll"}
_COMPARED = ["equals", "notEquals"]
_OF_STRINGS = [*_COMPARED, "startsWith", "stringContains"]
_OF_NUMBERS = [*_COMPARED, "greaterThan", "greaterThanOrEquals", "lessThan", "lessThanOrEquals"]
_OF_LISTS = ["listContains", "stringContains"]

_STRING: Json = {"type": "string", "maxLength": MOST_CHARACTERS}
_NUMBER: Json = {"type": "number"}
# By the type of an attribute: its operators, and the schema of the values that they compare with.
_FORMS: Mapping[str, Sequence[tuple[Sequence[str], Json]]] = {
    "STRING": ((_OF_STRINGS, _STRING), (["in", "notIn"], _STRING)),
    "NUMBER": ((_OF_NUMBERS, _NUMBER), (["in", "notIn"], _NUMBER)),
    "BOOLEAN": ((_COMPARED, {"type": "boolean"}),),
    "STRING_LIST": ((_OF_LISTS, _STRING),),
}


async def implied(inference: Inference, ctx: Context, query: str, asked: Json) -> Filter | None:
    """`asked` is an ImplicitFilterConfiguration; None where the query states no condition.

    Raises DependencyFailedException where the model writes no such filter: a search without it would find what was to
    be left out.
    """
    attributes = asked["metadataAttributes"]
    _check(attributes)
    resolved = await inference.resolve(ctx, asked["modelArn"], INVOKE)
    described = "\n".join(f"- {each['key']} ({each['type']}): {each['description']}" for each in attributes)
    text = INSTRUCTION.format(attributes=described, query=query)
    answer = await written(inference, ctx, resolved, text, _schema(attributes))
    try:
        return _filter(answer, {each["key"]: each["type"] for each in attributes})
    except (KeyError, TypeError, ValueError, ValidationException) as error:
        raise DependencyFailedException(
            f"The model {resolved.model.id!r} wrote no filter that can be used ({error}). Send the request again, with "
            "another model, or without 'implicitFilterConfiguration'."
        ) from error


def _check(attributes: Sequence[Json]) -> None:
    for number, attribute in enumerate(attributes):
        if attribute["key"].startswith(HIDDEN):
            raise ValidationException(
                f"The metadata attribute {attribute['key']!r} is invalid: keys that begin with {HIDDEN!r} are reserved."
            )
        if attribute["key"] in (other["key"] for other in attributes[:number]):
            raise ValidationException(
                f"The metadata attribute {attribute['key']!r} is declared twice. Declare it once."
            )


def _schema(attributes: Sequence[Json]) -> Json:
    conditions = [
        _condition(attribute["key"], operators, value if operators[0] != "in" else _several(value))
        for attribute in attributes
        for operators, value in _FORMS[attribute["type"]]
    ]
    return _object(
        match={"type": "string", "enum": list(_JOINED)},
        conditions={"type": "array", "items": {"anyOf": conditions}, "maxItems": MOST_CONDITIONS},
    )


def _condition(key: str, operators: Sequence[str], value: Json) -> Json:
    return _object(
        key={"type": "string", "enum": [key]}, operator={"type": "string", "enum": list(operators)}, value=value
    )


def _several(value: Json) -> Json:
    return {"type": "array", "items": value, "minItems": 1, "maxItems": MOST_VALUES}


def _object(**properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _filter(answer: Any, types: Mapping[str, str]) -> Filter | None:
    """What a model wrote, believed only as far as the schema goes: not every engine keeps it."""
    conditions = answer["conditions"]
    for condition in conditions:
        key, operator = condition["key"], condition["operator"]
        if operator not in {each for operators, _ in _FORMS[types[key]] for each in operators}:
            raise ValueError(f"{operator!r} is no operator for {key!r}")
    tests = [{each["operator"]: {"key": each["key"], "value": each["value"]}} for each in conditions]
    if not tests:
        return None
    return filters.read({_JOINED[answer["match"]]: tests} if len(tests) > 1 else tests[0])
