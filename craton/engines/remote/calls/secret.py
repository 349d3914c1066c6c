"""Secrets of providers: where they stand is configuration, what they are is read when a request needs it.

A value is never logged, never in a repr and never in an error. Knows no API.
"""

import os
from pathlib import Path

import msgspec

from craton.errors import ModelNotReadyException


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An environment variable's name or a file's path."""

    env: str | None = None
    file: str | None = None

    def __post_init__(self) -> None:
        if (self.env is None) == (self.file is None):
            raise ValueError("a secret is given as {'env': NAME} or as {'file': PATH}")

    def __str__(self) -> str:
        return f"the environment variable {self.env!r}" if self.env is not None else f"the file {self.file!r}"


class Secret:
    """The value behind a reference; a file is read again once it has changed."""

    def __init__(self, reference: Reference, provider: str) -> None:
        self._reference = reference
        self._provider = provider
        self._seen: tuple[int, int, int] | None = None
        self._value = ""

    def value(self) -> str:
        """Raises ModelNotReadyException where there is none."""
        value = self._of_environment() if self._reference.file is None else self._of_file(Path(self._reference.file))
        if not value:
            raise self._failure("is empty or not set")
        if not value.isprintable() or not value.isascii():
            raise self._failure("holds more than one line of plain characters")
        return value

    def redact(self, text: str) -> str:
        """`text` without the value as last read."""
        return text.replace(self._value, "***") if self._value else text

    def __repr__(self) -> str:
        return f"Secret({self._reference})"

    def _of_environment(self) -> str:
        self._value = os.environ.get(self._reference.env or "", "").strip()
        return self._value

    def _of_file(self, path: Path) -> str:
        try:
            status = path.stat()
            seen = (status.st_mtime_ns, status.st_size, status.st_ino)
            if seen != self._seen:
                self._value = path.read_text("utf-8").strip()
                self._seen = seen
        except (OSError, UnicodeDecodeError) as error:
            raise self._failure(f"cannot be read ({type(error).__name__})") from None
        return self._value

    def _failure(self, reason: str) -> ModelNotReadyException:
        return ModelNotReadyException(
            f"The secret of the provider {self._provider!r}, {self._reference}, {reason}. "
            "The server's operator has to provide it; the request itself need not change."
        )
