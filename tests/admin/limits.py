"""A server whose only model has a price, and what tests of quotas and budgets do on it."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from tests import scripted
from tests.fronts import Account
from tests.serving import Server

HELLO: list[Any] = [{"role": "user", "content": [{"text": "Hello"}]}]
FOREVER: list[Any] = [{"role": "user", "content": [{"text": "talk forever"}]}]
# An answer of seven tokens costs 0.007 EUR; one of a hundred, which a request may ask for, 0.10 EUR.
PRICES = '[prices."craton.*"]\noutput = 1000\ncurrency = "EUR"\n'
PATIENCE = 30.0


@contextmanager
def priced(home: Path) -> Iterator[Server]:
    if not home.exists():
        scripted.install(home)
        (home / "craton.toml").write_text(PRICES)
    with Server(home) as running:
        yield running


@cache
def client(account: Account, service: str = "craton") -> Any:
    """Clients are slow to make, and may be used by many threads."""
    return account.client(service)


def converse(account: Account, most: int | None = 100, **more: Any) -> Any:
    config = {} if most is None else {"inferenceConfig": {"maxTokens": most}}
    return client(account, "bedrock-runtime").converse(modelId=scripted.MODEL, messages=HELLO, **config, **more)


def error_of(call: Callable[[], Any]) -> tuple[str, str, dict[str, str]]:
    """The code, the message and the headers of the error that a call ends with."""
    try:
        call()
    except ClientError as error:
        told = error.response
        return told["Error"]["Code"], told["Error"]["Message"], told["ResponseMetadata"]["HTTPHeaders"]
    raise AssertionError("nothing was refused")


def at_once(calls: int, call: Callable[[], Any]) -> list[str]:
    """How each of so many calls ended that were made at once: "OK", or the code of its error."""

    def one(_: int) -> str:
        try:
            call()
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "OK"

    with ThreadPoolExecutor(calls) as pool:
        return list(pool.map(one, range(calls)))


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)
