"""How the Anthropic API words what goes wrong. Knows no route.

Source: https://platform.claude.com/docs/en/api/errors
"""

from collections.abc import Mapping
from typing import Any

from craton.core.rates import Rate
from craton.doors import sse
from craton.doors.anthropic import rates as ratelimits
from craton.doors.malformed import read
from craton.errors import ApiError

# Name or code of an ApiError -> status and type of the API. Errors that are not named here keep their own status.
ERRORS: dict[str, tuple[int, str]] = {
    "NotAuthenticated": (401, "authentication_error"),
    "AccessDeniedException": (403, "permission_error"),
    "ModelNotFound": (404, "not_found_error"),
    "UnknownOperationException": (404, "not_found_error"),
    "ResourceNotFoundException": (404, "not_found_error"),
    "RequestEntityTooLargeException": (413, "request_too_large"),
    "ThrottlingException": (429, "rate_limit_error"),
    "ServiceQuotaExceededException": (429, "rate_limit_error"),
    "BudgetExceeded": (402, "billing_error"),
    "ModelNotReadyException": (529, "overloaded_error"),
    "ServiceUnavailableException": (529, "overloaded_error"),
    "ModelTimeoutException": (504, "timeout_error"),
    "ModelErrorException": (500, "api_error"),
    "ModelStreamErrorException": (500, "api_error"),
}


class AnthropicManner:
    request_id_header = "request-id"

    def error(self, error: ApiError, request_id: str) -> tuple[int, dict[str, Any]]:
        kind = "api_error" if error.status >= 500 else "invalid_request_error"
        status, kind = ERRORS.get(error.name) or ERRORS.get(error.code, (error.status, kind))
        told = {"type": kind, "message": _worded(error.message)}
        return status, {"type": "error", "error": told, "request_id": request_id}

    def headers(self, rates: Mapping[str, Rate], error: ApiError | None = None) -> list[tuple[str, str]]:
        return ratelimits.headers(rates)

    def event(self, error: ApiError, request_id: str) -> bytes:
        return sse.event(self.error(error, request_id)[1], "error")


def _worded(message: str) -> str:
    """`messages.0.content: what is wrong` is the form of this API."""
    if not (malformed := read(message)):
        return message
    at = ".".join(malformed.path)
    return f"{at}: {malformed.reason}." if at else f"{malformed.reason}."
