"""Which operations are acts, that the audit trail tells of, and what it is told of them. Knows no trail's form."""

from collections.abc import Mapping
from functools import cache

from craton.audit import events
from craton.audit.events import Act
from craton.core.call import Call
from craton.core.context import Context
from craton.doors.redaction import redacted
from craton.wire.spec import Operation

# Services that use what accounts have, and so are told of by invocation logs and the ledger instead.
DATA_PLANE = frozenset(
    {"bedrock-runtime", "bedrock-agent-runtime", "bedrock-data-automation-runtime", "bedrock-agentcore"}
)
# Operations that only read, whether or not their models say so: ListTagsForResource's do not.
_READING = ("Get", "List")


@cache
def read_only(operation: Operation) -> bool:
    return operation.readonly or operation.name.startswith(_READING)


@cache
def is_act(operation: Operation) -> bool:
    """Whether the operation changes what an account has."""
    return not read_only(operation) and operation.service.name not in DATA_PLANE


def act(operation: Operation, call: Call, ctx: Context, arguments: Mapping[str, object]) -> Act:
    return Act(
        service=operation.service.signing_name,
        name=operation.name,
        account=ctx.account,
        region=ctx.region,
        identity=events.caller(ctx.principal, ctx.account, ctx.key_id),
        request_id=call.request_id,
        parameters=redacted(operation.input, arguments),
        source_ip=call.source_ip,
        user_agent=call.user_agent,
    )
