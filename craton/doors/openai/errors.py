"""How the OpenAI API words what goes wrong. Knows no route.

Source: https://platform.openai.com/docs/guides/error-codes, and the bodies that the API answers with.
"""

from collections.abc import Mapping
from typing import Any

from craton.core.rates import Rate
from craton.doors import sse
from craton.doors.malformed import read
from craton.doors.openai import rates as ratelimits
from craton.errors import ApiError

# Name or code of an ApiError -> status, type and code of the API. Errors that are not named here keep their own status.
ERRORS: dict[str, tuple[int, str, str | None]] = {
    "NotAuthenticated": (401, "invalid_request_error", "invalid_api_key"),
    "AccessDeniedException": (403, "permission_error", "permission_denied"),
    "ModelNotFound": (404, "invalid_request_error", "model_not_found"),
    "UnknownOperationException": (404, "invalid_request_error", "unknown_url"),
    "ThrottlingException": (429, "requests", "rate_limit_exceeded"),
    "ServiceQuotaExceededException": (429, "tokens", "rate_limit_exceeded"),
    "BudgetExceeded": (429, "insufficient_quota", "insufficient_quota"),
    "ModelNotReadyException": (503, "server_error", "model_not_ready"),
    "ModelTimeoutException": (504, "server_error", "timeout"),
    "ModelErrorException": (500, "server_error", "model_error"),
    "ModelStreamErrorException": (500, "server_error", "model_error"),
    "ServiceUnavailableException": (503, "server_error", "service_unavailable"),
}

# Kind of a refusal -> code, and how its message begins.
KINDS = {
    "unknown": ("unknown_parameter", "Unknown parameter"),
    "missing": ("missing_required_parameter", "Missing required parameter"),
    "invalid": ("invalid_value", "Invalid value for"),
}
_TOO_LONG = "Input is too long"


class OpenAiManner:
    request_id_header = "x-request-id"

    def error(self, error: ApiError, request_id: str) -> tuple[int, dict[str, Any]]:
        kind = "server_error" if error.status >= 500 else "invalid_request_error"
        status, kind, code = ERRORS.get(error.name) or ERRORS.get(error.code, (error.status, kind, None))
        told = {"message": error.message, "type": kind, "param": None, "code": code}
        return status, {"error": told | _where(error.message)}

    def headers(self, rates: Mapping[str, Rate], error: ApiError | None = None) -> list[tuple[str, str]]:
        told = ratelimits.headers(rates)
        if error and error.retry_after is not None:
            told.append(("retry-after-ms", str(round(error.retry_after * 1000))))
        return told

    def event(self, error: ApiError, request_id: str) -> bytes:
        return sse.event(self.error(error, request_id)[1])


def _where(message: str) -> dict[str, str | None]:
    """What the message says of the parameter that is wrong: its name, and a message and a code that go by it."""
    if message.startswith(_TOO_LONG):
        return {"param": "messages", "code": "context_length_exceeded"}
    if not (malformed := read(message)):
        return {}
    code, beginning = KINDS[malformed.kind]
    param = "".join(f"[{step}]" if step.isdecimal() else f".{step}" for step in malformed.path).removeprefix(".")
    told = f"{beginning} {param!r}: {malformed.reason}." if param else f"{malformed.reason}."
    return {"param": param or None, "code": code, "message": told}
