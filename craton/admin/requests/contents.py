"""What was asked and answered in a request, where its account logs that and the caller may read the log."""

from datetime import UTC, datetime, timedelta

from craton.admin import Members
from craton.core.context import Context
from craton.errors import AccessDeniedException
from craton.store.records import Scope
from craton.telemetry.requests import Packed
from craton.usage.invocation_logs.finding import Finding, Sought
from craton.usage.invocation_logs.handlers import ASYNC, KINDS, SERVICE

# Of AWS these alone, even where they are refused before a model is asked; of other APIs all that asks one.
_LOGGED = frozenset(f"{SERVICE}.{kind.name}" for kind in (*KINDS.values(), ASYNC))
_AWS = "bedrock"
# Until when a record that is not there may be on its way.
_ON_ITS_WAY = timedelta(seconds=15)


class Contents:
    def __init__(self, finding: Finding) -> None:
        self._finding = finding

    async def of(self, ctx: Context, request: Packed) -> Members:
        """A RequestContent."""
        operation = request.operation
        if not request.models and operation not in _LOGGED:
            return _none("NO_MODEL", "Only what is said to models is logged, and this request asked none.")
        if operation not in _LOGGED and operation.startswith(_AWS):
            return _none("NOT_LOGGED", f"Invocation logs hold nothing of {operation.rpartition('.')[2]}, as on AWS.")
        scope = Scope(ctx.account, request.region)
        settings = await self._finding.settings(scope)
        if settings is None:
            return _none(
                "LOGGING_OFF",
                f"Nothing is logged in {request.region}. PutModelInvocationLoggingConfiguration of bedrock turns it on "
                "for what is asked from then on.",
            )
        began = datetime.fromtimestamp(request.at / 10**9, UTC)
        ended = began + timedelta(milliseconds=request.ms)
        on_its_way = request.outcome == "RUNNING" or datetime.now(UTC) - ended < _ON_ITS_WAY
        try:
            found = await self._finding.find(
                settings, Sought(request.request_id, scope, began, ended), lambda action, arn: ctx.require(action, arn)
            )
        except AccessDeniedException as error:
            return _none("DENIED", error.message)
        if found is None and on_its_way:
            return _none("NOT_YET", "Records are written some seconds after their request has ended. Ask again.")
        if found is None:
            return _none(
                "NOT_LOGGED",
                "The invocation log has no record of it: it was made before logging was turned on, or its operation "
                "is not logged.",
            )
        return {
            "status": "LOGGED",
            "modelId": found.model or None,
            "input": found.input or None,
            "output": found.output or None,
            "message": found.missing or None,
        }


def _none(status: str, message: str) -> Members:
    return {"status": status, "message": message}
