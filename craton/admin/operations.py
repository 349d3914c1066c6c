"""Craton's operation that tells which operations are served, and how."""

import asyncio
from collections.abc import Callable, Iterable

from craton.admin import SERVICE, Members
from craton.core.context import Context
from craton.core.operation import Graded, operation


class OperationsApi:
    def __init__(self, graded: Callable[[], Iterable[Graded]]) -> None:
        self._graded = graded
        self._told: list[Members] = []

    @operation(SERVICE)
    async def list_operations(self, ctx: Context, req: Members) -> Members:
        if not self._told:
            self._told = await asyncio.to_thread(lambda: [_served(row) for row in self._graded()])
        wanted = {member: req[member] for member in ("serviceName", "grade") if member in req}
        return {"operations": [row for row in self._told if wanted.items() <= row.items()]}


def _served(row: Graded) -> Members:
    return {
        "serviceName": row.service,
        "operationName": row.operation,
        "grade": row.grade,
        "refuses": list(row.refuses),
    }
