"""The models of third-party providers that are in use: one engine each, made at its first use, none of them a process.

Knows no request and no memory budget, which is for models that run here. It is imported with the first such model, and
the HTTP client with it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from craton.engines import registry
from craton.engines.base import Engine, ModelSpec
from craton.engines.remote.calls.sessions import Sessions
from craton.engines.remote.state import Offered, State


class Remote(Engine, Protocol):
    """An engine of a third-party provider."""

    async def models(self) -> list[Offered]:
        """What the provider offers, whatever model this is. Raises ApiError."""
        ...

    def state(self) -> State: ...


@dataclass(frozen=True, slots=True)
class _Lent:
    spec: ModelSpec
    engine: Remote


class Remotes:
    """Lends an engine to all who ask at once. Connections are shared by the models of a provider."""

    def __init__(self) -> None:
        self._sessions = Sessions()
        self._lent: dict[str, _Lent] = {}
        self._making = asyncio.Lock()

    async def of(self, spec: ModelSpec) -> Remote:
        """The engine of this model. A changed spec takes over at once; who has the earlier engine ends with it.

        Raises ModelNotReadyException where the options are not right.
        """
        lent = self._lent.get(spec.id)
        if lent and lent.spec == spec:
            return lent.engine
        async with self._making:
            lent = self._lent.get(spec.id)
            if not lent or lent.spec != spec:
                lent = _Lent(spec, await registry.remote(spec.engine)(spec, self._sessions))
                self._lent[spec.id] = lent
        return lent.engine

    def states(self) -> Mapping[str, State]:
        """How each model's provider does, by the model's id."""
        return {model: lent.engine.state() for model, lent in self._lent.items()}

    async def close(self) -> None:
        """Close all connections, whatever goes over them."""
        self._lent.clear()
        await self._sessions.close()
