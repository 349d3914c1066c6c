"""Errors of models and stores as the operations of knowledge bases have them. Knows no operation."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import TypeVar

from craton.errors import (
    ApiError,
    BadGatewayException,
    DependencyFailedException,
    ModelErrorException,
    ModelNotReadyException,
    ModelStreamErrorException,
    ModelTimeoutException,
    ServiceUnavailableException,
    ThrottlingException,
)

_AS: Mapping[type[ApiError], type[ApiError]] = {
    ModelErrorException: DependencyFailedException,
    ModelStreamErrorException: DependencyFailedException,
    ModelTimeoutException: DependencyFailedException,
    ModelNotReadyException: ThrottlingException,
    ServiceUnavailableException: BadGatewayException,
}

Each = TypeVar("Each")


@contextmanager
def modelled() -> Iterator[None]:
    """What goes wrong inside, as an error that bedrock-agent-runtime's models know."""
    try:
        yield
    except ApiError as error:
        if (known := _AS.get(type(error))) is None:
            raise
        raise known(error.message, retry_after=error.retry_after) from error


async def modelled_stream(events: AsyncGenerator[Each, None]) -> AsyncGenerator[Each, None]:
    async with aclosing(events):
        with modelled():
            async for event in events:
                yield event
