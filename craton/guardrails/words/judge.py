"""The judge of a word policy for texts from one source. Knows not how words are found."""

from collections.abc import Iterator, Mapping, Sequence

from craton.guardrails.findings import Action, Finding, Judge, Source, Window
from craton.guardrails.prepared import Prepared
from craton.guardrails.turns import turn
from craton.guardrails.words.folding import Folded
from craton.guardrails.words.phrases import Phrases
from craton.guardrails.words.policy import applying
from craton.guardrails.words.profanity import listed, profanity

POLICY = "wordPolicy"
_DONE = {Action.NONE: "NONE", Action.BLOCK: "BLOCKED"}


def judge(policy: Mapping[str, object] | None, source: Source) -> Judge | None:
    """None where nothing of the policy is on for the source."""
    words, managed = applying(policy or {}, source)
    return _WordJudge(words, managed) if words or managed is not None else None


class _WordJudge:
    """There is no evidence of words that were not found: `full` adds nothing."""

    policy = POLICY

    def __init__(self, words: Sequence[tuple[str, Action]], managed: Action | None) -> None:
        self._phrases = Prepared(lambda: _phrases([text for text, _ in words], managed))
        self._actions = [action for _, action in words]
        self._managed = managed

    async def judge(self, windows: Sequence[Window], *, full: bool = False) -> list[Finding]:
        found: list[Finding] = []
        phrases = await self._phrases.get()
        for window in windows:
            async with turn():
                found += self._found(window, phrases)
        return found

    def _found(self, window: Window, phrases: Phrases) -> Iterator[Finding]:
        text = Folded(window.text)
        for index, start, end in phrases.find(text):
            yield _finding("customWords", {}, self._actions[index], window, start, end)
        if self._managed is not None:
            for start, end in profanity(text):
                yield _finding("managedWordLists", {"type": "PROFANITY"}, self._managed, window, start, end)


def _phrases(words: Sequence[str], managed: Action | None) -> Phrases:
    if managed is not None:
        listed()
    return Phrases(words)


def _finding(group: str, kind: Mapping[str, str], action: Action, window: Window, start: int, end: int) -> Finding:
    entry = {"match": window.text[start:end], **kind, "action": _DONE[action], "detected": True}
    return Finding(POLICY, group, entry, action, window.offset + start, window.offset + end)
