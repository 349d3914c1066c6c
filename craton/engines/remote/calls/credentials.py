"""What a request carries so that a provider takes it: a key in a header, and the headers an operator adds.

Knows no API beyond the header's name, and no AWS signature.
"""

from collections.abc import Mapping
from typing import Protocol

from craton.engines.remote.calls.secret import Reference, Secret
from craton.engines.remote.calls.settings import Settings


class Signer(Protocol):
    """Headers for a request that is sent now; `redact` takes what is secret in them out of a text."""

    async def sign(self, method: str, url: str, body: bytes) -> Mapping[str, str]:
        """Raises ModelNotReadyException where the credentials are missing."""
        ...

    def redact(self, text: str) -> str: ...


class Keyed:
    """The provider's key as the value of one header, after a prefix; no header where no secret is configured."""

    def __init__(self, settings: Settings, header: str, prefix: str = "") -> None:
        self._header = header
        self._prefix = prefix
        self._secret = Secret(settings.secret, settings.provider) if settings.secret else None

    async def sign(self, method: str, url: str, body: bytes) -> Mapping[str, str]:
        return {self._header: self._prefix + self._secret.value()} if self._secret else {}

    def redact(self, text: str) -> str:
        return self._secret.redact(text) if self._secret else text


class Added:
    """The operator's own headers, whose values may be secrets, over those of another signer."""

    def __init__(self, settings: Settings, inner: Signer) -> None:
        self._inner = inner
        self._values: dict[str, str | Secret] = {
            name: Secret(value, settings.provider) if isinstance(value, Reference) else value
            for name, value in settings.headers.items()
        }

    async def sign(self, method: str, url: str, body: bytes) -> Mapping[str, str]:
        added = {name: value.value() if isinstance(value, Secret) else value for name, value in self._values.items()}
        return {**await self._inner.sign(method, url, body), **added}

    def redact(self, text: str) -> str:
        for value in self._values.values():
            text = value.redact(text) if isinstance(value, Secret) else text
        return self._inner.redact(text)
