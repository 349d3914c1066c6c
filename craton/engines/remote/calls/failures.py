"""What a provider's failures mean here: which error the caller gets, whether it is worth another try, and who is to
blame.

Knows statuses and the words in common error bodies, no connection and no API.
"""

import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import msgspec

from craton.errors import (
    AccessDeniedException,
    ApiError,
    ModelErrorException,
    ModelTimeoutException,
    ResourceNotFoundException,
    ServiceUnavailableException,
    ThrottlingException,
    ValidationException,
)

# 529 is Anthropic's "overloaded".
OVERLOADED = {503, 529}
CREDENTIALS = {401, 402, 403}
# Worth another try; of the server errors all are but those that say the server never will.
TRANSIENT = {408, 409, 429}
FINAL = {501, 505}
# What a 429 says when waiting does not help: the account has no money left.
SPENT = {"insufficient_quota", "billing_hard_limit_reached"}
_WORDS = 500


@dataclass(frozen=True, slots=True)
class Origin:
    """Who failed, for messages."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"The provider {self.provider!r}"


class Failure(Exception):
    """An attempt that failed. `error` is for the caller, `words` are the provider's for the operator. `again`: another
    attempt may succeed, `after` so many seconds at least. `healthy`: what it says of the provider; None where nothing.
    """

    def __init__(
        self,
        error: ApiError,
        *,
        again: bool = False,
        after: float | None = None,
        healthy: bool | None = False,
        words: str = "",
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.again = again
        self.after = after
        self.healthy = healthy
        self.words = words


class Interrupted(ModelErrorException):
    """An answer that broke off after some of it was delivered.

    `usage` counts what was delivered: what the provider had told of it by then, and where it had told no output tokens,
    one for each delta, which holds one or more; then `estimated` is true. `inputTokens` is missing where the provider
    had not told it.
    """

    def __init__(self, message: str, usage: Mapping[str, int]) -> None:
        super().__init__(message)
        self.usage = usage

    @property
    def code(self) -> str:
        return ModelErrorException.__name__


def refusal(origin: Origin, status: int, headers: Mapping[str, str], words: str, code: str = "") -> Failure:
    """The failure that an answer with this status is. `words` and `code` are the provider's, free of secrets."""
    said = f"status {status}: {words!r}" if words else f"status {status}"
    transient = status in TRANSIENT or (status >= 500 and status not in FINAL)
    after = retry_after(headers)
    error = _error(origin, status, said)
    if status == 429 or status in OVERLOADED:
        error.retry_after = after
    return Failure(
        error,
        again=transient and code not in SPENT,
        after=after,
        healthy=_healthy(status),
        words=words,
    )


def _healthy(status: int) -> bool | None:
    """A provider that refuses a request is well; one that is busy says nothing of itself."""
    if status == 429:
        return None
    return 400 <= status < 500 and status != 408


def _error(origin: Origin, status: int, said: str) -> ApiError:
    if status in CREDENTIALS:
        # The provider's words may tell of the operator's account, so they are not for the caller.
        return AccessDeniedException(
            f"{origin} refused this server's credentials (status {status}). "
            "The server's operator has to mend them; the request itself need not change."
        )
    if status == 404:
        return ResourceNotFoundException(
            f"{origin} does not have the model {origin.model!r} ({said}). Ask for another model."
        )
    if status == 429:
        return ThrottlingException(f"{origin} takes no more requests at the moment ({said}). Try again shortly.")
    if status in (408, 504):
        return ModelTimeoutException(f"{origin} took too long to answer ({said}). Send the request again.")
    if status in OVERLOADED:
        return ServiceUnavailableException(f"{origin} is not available at the moment ({said}). Try again shortly.")
    if status < 400:
        return ModelErrorException(
            f"{origin} answered with {said} where its answer was expected; redirects are not followed. "
            "The server's operator has to correct its base_url.",
            originalStatusCode=status,
        )
    if status >= 500 or status in (409, 424):
        return ModelErrorException(
            f"{origin} failed ({said}). Send the request again.",
            originalStatusCode=status,
            resourceName=origin.model,
        )
    return ValidationException(f"{origin} refused the request ({said}). Change the request as it says.")


def read_words(body: bytes) -> tuple[str, str]:
    """The message and the code in an error body, as OpenAI, Anthropic, AWS, FastAPI and their kin write them.

    Of what is not JSON the beginning, unless it is a page for people.
    """
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = body.decode(errors="replace").strip()
        return ("" if text.startswith("<") else clean(text)), ""
    return words_of(value)


def words_of(value: object) -> tuple[str, str]:
    """The same of decoded JSON."""
    match value:
        case {"error": error}:
            return words_of(error)
        case {"message": str(message), **rest} | {"Message": str(message), **rest}:
            code = rest.get("code") or rest.get("type") or ""
            return clean(message), code if isinstance(code, str) else ""
        case {"detail": [{"msg": str(message)}, *_]} | {"detail": str(message)}:
            return clean(message), ""
        case str(message):
            return clean(message), ""
    return clean(msgspec.json.encode(value).decode()), ""


def clean(text: str) -> str:
    """One line of printable characters, not too long."""
    line = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}..."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the provider asks to wait (RFC 9110, section 10.2.3, and OpenAI's `retry-after-ms`)."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return _finite(float(milliseconds) / 1000)
        if not (value := headers.get("retry-after")):
            return None
        if re.fullmatch(r"[\d.]+", value.strip()):
            return _finite(float(value))
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except ValueError:
        return None


def _finite(seconds: float) -> float | None:
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
