"""The word policy of a version of a guardrail, as GetGuardrail answers it, and what of it applies to a source.

Knows not how words are found.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from craton.guardrails.findings import Action, Source


class _Sided(msgspec.Struct, frozen=True, rename="camel"):
    input_action: Action = Action.BLOCK
    output_action: Action = Action.BLOCK
    input_enabled: bool = True
    output_enabled: bool = True

    def applying(self, source: Source) -> Action | None:
        """What is done about texts from there; None where it is off."""
        if source is Source.INPUT:
            return self.input_action if self.input_enabled else None
        return self.output_action if self.output_enabled else None


class _Word(_Sided, frozen=True, kw_only=True):
    text: str


class _Managed(_Sided, frozen=True, kw_only=True):
    type: Literal["PROFANITY"]


class _Policy(msgspec.Struct, frozen=True, rename="camel"):
    words: tuple[_Word, ...] = ()
    managed_word_lists: tuple[_Managed, ...] = ()


def applying(policy: Mapping[str, object], source: Source) -> tuple[Sequence[tuple[str, Action]], Action | None]:
    """The phrases that are on for this source with what is done about them, and what is done about profanity, if on."""
    stored = msgspec.convert(policy, _Policy)
    words = [(word.text, action) for word in stored.words if (action := word.applying(source)) is not None]
    managed = [action for each in stored.managed_word_lists if (action := each.applying(source)) is not None]
    return words, managed[0] if managed else None
