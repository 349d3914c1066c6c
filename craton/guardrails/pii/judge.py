"""The judge of a sensitive information policy for texts from one source. Knows not how data is recognised."""

import asyncio
from collections.abc import Mapping, Sequence

from craton.guardrails.findings import Action, Entry, Finding, Judge, Source, Undecided, Window
from craton.guardrails.means import Means
from craton.guardrails.pii.detector import Detector
from craton.guardrails.pii.policy import Regex, applying
from craton.guardrails.pii.regexes import Encoded
from craton.guardrails.turns import turn

POLICY = "sensitiveInformationPolicy"
_DONE = {Action.NONE: "NONE", Action.ANONYMIZE: "ANONYMIZED", Action.BLOCK: "BLOCKED"}
_RANKS = {Action.NONE: 0, Action.ANONYMIZE: 1, Action.BLOCK: 2}


def judge(policy: Mapping[str, object] | None, source: Source, means: Means) -> Judge | None:
    """None where nothing of the policy is on for the source."""
    types, regexes = applying(policy or {}, source)
    return _DataJudge(types, regexes, means) if types or regexes else None


class _DataJudge:
    """Where the model of names is missing, its Undecided carries what was found without."""

    policy = POLICY

    def __init__(self, types: Mapping[str, Action], regexes: Sequence[Regex], means: Means) -> None:
        self._types = types
        self._regexes = regexes
        self._detector = Detector(types, means, {kind: _RANKS[action] for kind, action in types.items()})

    async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]:
        spans, undecided = await self._detector.find(windows)
        found: list[Finding] = []
        for window, its in zip(windows, spans, strict=True):
            found += [self._entity(window, span.type, span.start, span.end) for span in its]
            found += await self._matches(window)
        if undecided:
            raise Undecided(str(undecided), found) from undecided
        return found + self._missed(found) if full else found

    def _entity(self, window: Window, kind: str, start: int, end: int) -> Finding:
        action = self._types[kind]
        entry = {"type": kind, "match": window.text[start:end], "action": _DONE[action], "detected": True}
        return _finding("piiEntities", entry, action, window, start, end, kind)

    async def _matches(self, window: Window) -> list[Finding]:
        encoded = Encoded(window.text)
        found = []
        for regex in self._regexes:
            find = regex.expression.find
            if regex.expression.slow:
                spans = await asyncio.to_thread(find, encoded)
            else:
                async with turn():
                    spans = find(encoded)
            for start, end in spans:
                entry = {
                    "name": regex.name,
                    "match": window.text[start:end],
                    "regex": regex.expression.pattern,
                    "action": _DONE[regex.action],
                    "detected": True,
                }
                found.append(_finding("regexes", entry, regex.action, window, start, end, regex.name))
        return found

    def _missed(self, found: Sequence[Finding]) -> list[Finding]:
        """The types that were looked for in vain; the full answer has no such entries for regular expressions.

        https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html
        """
        seen = {finding.entry.get("type") for finding in found}
        return [
            Finding(
                POLICY, "piiEntities", {"type": kind, "match": "", "action": "NONE", "detected": False}, Action.NONE
            )
            for kind in self._types
            if kind not in seen
        ]


def _finding(group: str, entry: Entry, action: Action, window: Window, start: int, end: int, name: str) -> Finding:
    mask = f"{{{name}}}" if action is Action.ANONYMIZE else ""
    return Finding(POLICY, group, entry, action, window.offset + start, window.offset + end, mask)
