"""The handlers of the operations that invoke models, as they are and logged. Knows what their requests and answers
hold, and no model.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from typing import Any, cast

from craton.core.context import Context
from craton.core.operation import Handler
from craton.dialects.converse import Event
from craton.usage.invocation_logs.entry import Chunks, Collector, Entry, Folded, encode
from craton.usage.invocation_logs.logs import InvocationLogs

Json = dict[str, Any]
# Members of a Converse request that a record tells beside the body.
BESIDE = {"modelId", "requestMetadata"}


@dataclass(frozen=True, slots=True)
class Kind:
    """`stream` is the member of the answer that streams it, and what it is logged as."""

    name: str
    input: Callable[[Json], bytes]
    output: Callable[[Json], bytes] = encode
    stream: tuple[str, type[Folded] | type[Chunks]] | None = None


def _conversation(req: Json) -> bytes:
    return encode({name: value for name, value in req.items() if name not in BESIDE})


def _body(message: Json) -> bytes:
    return cast(bytes, message.get("body") or b"")


SERVICE = "bedrock-runtime"
KINDS: Mapping[str, Kind] = {
    "converse": Kind("Converse", _conversation),
    "converse_stream": Kind("ConverseStream", _conversation, stream=("stream", Folded)),
    "invoke_model": Kind("InvokeModel", _body, _body),
    "invoke_model_with_response_stream": Kind("InvokeModelWithResponseStream", _body, stream=("body", Chunks)),
}
# InvokeModel as the job of StartAsyncInvoke runs it.
ASYNC = Kind("StartAsyncInvoke", _body, _body)


def logged(handlers: Mapping[tuple[str, str], Handler], logs: InvocationLogs) -> dict[tuple[str, str], Handler]:
    """The handlers by service and operation, of which those that invoke models are logged."""
    return {
        (service, name): recorded(handler, KINDS[name], logs) if service == SERVICE and name in KINDS else handler
        for (service, name), handler in handlers.items()
    }


def recorded(handler: Handler, kind: Kind, logs: InvocationLogs) -> Handler:
    """One handler, logged."""

    async def handle(ctx: Context, req: Json) -> Json:
        entry = await logs.begin(ctx, kind.name, req["modelId"])
        if entry is None:
            return await handler(ctx, req)
        entry.input = kind.input(req)
        entry.metadata = req.get("requestMetadata") or {}
        with ExitStack() as ending:
            ending.enter_context(logs.recording(entry))
            answer = await handler(ctx, req)
            if kind.stream is None:
                entry.output = kind.output(answer)
                return answer
            member, collect = kind.stream
            return {**answer, member: _watched(ending.pop_all(), entry, answer[member], collect())}

    return handle


async def _watched(
    ending: ExitStack, entry: Entry, events: AsyncGenerator[Event, None], collected: Collector
) -> AsyncGenerator[Event, None]:
    """The events, and the entry ended when they have, or when nobody wants more of them."""
    with ending:
        try:
            async with aclosing(events):
                async for event in events:
                    collected.add(event)
                    yield event
        finally:
            entry.output = collected.body()
