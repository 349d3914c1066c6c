"""The sensitive information policy of a version of a guardrail, as GetGuardrail answers it, and what of it applies to a
source.

Knows not how data is recognised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from craton.guardrails.findings import Action, Source
from craton.guardrails.pii.regexes import Expression


class _Sided(msgspec.Struct, frozen=True, rename="camel"):
    action: Action = Action.BLOCK
    input_action: Action | None = None
    output_action: Action | None = None
    input_enabled: bool = True
    output_enabled: bool = True

    def applying(self, source: Source) -> Action | None:
        """What is done about texts from there; None where it is off."""
        enabled, action = (
            (self.input_enabled, self.input_action)
            if source is Source.INPUT
            else (self.output_enabled, self.output_action)
        )
        return (action or self.action) if enabled else None


class _Entity(_Sided, frozen=True, kw_only=True):
    type: str


class _Regex(_Sided, frozen=True, kw_only=True):
    name: str
    pattern: str


class _Policy(msgspec.Struct, frozen=True, rename="camel"):
    pii_entities: tuple[_Entity, ...] = ()
    regexes: tuple[_Regex, ...] = ()


@dataclass(frozen=True, slots=True)
class Regex:
    """A custom expression that is on."""

    name: str
    expression: Expression
    action: Action


def applying(policy: Mapping[str, object], source: Source) -> tuple[Mapping[str, Action], Sequence[Regex]]:
    """The types with what is done about them, and the expressions, that are on for this source."""
    stored = msgspec.convert(policy, _Policy)
    types = {each.type: action for each in stored.pii_entities if (action := each.applying(source)) is not None}
    regexes = [
        Regex(each.name, Expression(each.pattern), action)
        for each in stored.regexes
        if (action := each.applying(source)) is not None
    ]
    return types, regexes
