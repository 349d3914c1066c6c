"""One text of an answer as all the guardrails of its request let it out. Knows no event and no policy.

A stream in async mode does not wait for judges, but for those that find what is masked: nothing that is to be masked
leaves in any mode. The others judge beside it, and what they find ends it.
"""

import asyncio
from collections.abc import Sequence

from craton.guardrails.assessing.evidence import Evidence
from craton.guardrails.assessing.screening import Screening
from craton.guardrails.assessing.verdict import Verdict, decide
from craton.guardrails.findings import Source
from craton.runtime.guarding.applied import Applied, but_sensitive, of_sensitive
from craton.runtime.guarding.asked import Mode


class Screens:
    """`feed` and `end` give what may go out; each guardrail sees what those before it let through."""

    def __init__(self, applied: Sequence[Applied], *, sensitive: bool = False) -> None:
        """`sensitive` has only personal data looked for, and what is not found is not told of."""
        self._screens = [_Screen(each, sensitive) for each in applied]

    async def feed(self, piece: str) -> str:
        for screen in self._screens:
            piece = await screen.feed(piece)
        return piece

    async def end(self) -> str:
        rest = ""
        for screen in self._screens:
            rest = (await screen.feed(rest) if rest else "") + await screen.end()
        return rest

    @property
    def blocked(self) -> Applied | None:
        """The first guardrail that ends the answer."""
        return next((screen.applied for screen in self._screens if screen.blocked), None)

    def note(self) -> None:
        """Keep the verdicts, on what has been judged of the text."""
        for screen in self._screens:
            screen.note()

    def close(self) -> None:
        """Nothing is judged any more."""
        for screen in self._screens:
            screen.close()


class _Screen:
    """The text under one guardrail."""

    def __init__(self, applied: Applied, sensitive: bool) -> None:
        self.applied = applied
        self._sensitive = sensitive
        self._beside: _Beside | None = None
        if sensitive:
            self._waited = applied.screening(of_sensitive(applied.judges))
        elif applied.mode is Mode.ASYNC:
            self._waited = applied.screening(of_sensitive(applied.judges))
            self._beside = _Beside(applied.screening(but_sensitive(applied.judges)))
        else:
            self._waited = applied.screening(applied.judges)

    async def feed(self, piece: str) -> str:
        if self._beside:
            self._beside.feed(piece)
        return await self._waited.feed(piece)

    async def end(self) -> str:
        rest = await self._waited.end()
        if self._beside:
            await self._beside.end()
        return rest

    @property
    def blocked(self) -> bool:
        return self._waited.blocked or (self._beside is not None and self._beside.screening.blocked)

    def note(self) -> None:
        verdict = self._verdict
        if verdict.intervened or not self._sensitive:
            self.applied.outputs.append(verdict)

    def close(self) -> None:
        if self._beside:
            self._beside.close()

    @property
    def _verdict(self) -> Verdict:
        if self._beside is None:
            return self._waited.verdict
        evidence, beside = Evidence(), self._beside.screening.evidence
        evidence.join(self._waited.evidence)
        guarded, total = evidence.guarded, evidence.total
        evidence.join(beside)
        evidence.guarded, evidence.total = guarded, total  # it is one text
        evidence.latency = max(self._waited.evidence.latency, beside.latency)
        return decide(self.applied.guard, Source.OUTPUT, evidence, self.applied.terms, [self._waited.masked])


class _Beside:
    """A text that is judged while it goes out."""

    def __init__(self, screening: Screening) -> None:
        self.screening = screening
        self._pieces: asyncio.Queue[str | None] = asyncio.Queue()
        self._judging = asyncio.create_task(self._judge())

    def feed(self, piece: str) -> None:
        self._pieces.put_nowait(piece)

    async def end(self) -> None:
        self._pieces.put_nowait(None)
        await self._judging

    def close(self) -> None:
        self._judging.cancel()

    async def _judge(self) -> None:
        while (piece := await self._pieces.get()) is not None:
            await self.screening.feed(piece)
        await self.screening.end()
