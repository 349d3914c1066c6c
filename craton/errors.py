"""The errors an operation may raise.

A class is named for its AWS error code. Its `status` holds where the service model states none. Knows nothing of HTTP
bodies, headers or services: `craton.wire.writer` puts an error on the wire.
"""

from typing import ClassVar


class ApiError(Exception):
    """An error the caller is told of. The message is a full sentence that says how to mend the request."""

    status: ClassVar[int] = 400

    def __init__(self, message: str, /, *, retry_after: float | None = None, **members: object) -> None:
        """`members` are further members of the modelled error shape, such as `resourceName` or `originalStatusCode`.

        `retry_after` are the seconds after which to send the request again, where that is known.
        """
        super().__init__(message)
        self.message = message
        self.members = members
        self.retry_after = retry_after

    @property
    def name(self) -> str:
        """What it is; one that AWS has no code for has the code of another."""
        return type(self).__name__

    @property
    def code(self) -> str:
        return self.name


class ValidationException(ApiError):
    pass


class SerializationException(ApiError):
    pass


class MissingAuthenticationTokenException(ApiError):
    status = 403


class IncompleteSignatureException(ApiError):
    pass


class InvalidSignatureException(ApiError):
    status = 403


class UnrecognizedClientException(ApiError):
    status = 403


class ExpiredTokenException(ApiError):
    status = 403


class AccessDeniedException(ApiError):
    status = 403


class ResourceNotFoundException(ApiError):
    status = 404


class UnknownOperationException(ApiError):
    status = 404


class RequestTimeoutException(ApiError):
    status = 408


class ConflictException(ApiError):
    pass


class ResourceInUseException(ApiError):
    pass


class RequestEntityTooLargeException(ApiError):
    status = 413


class UnsupportedMediaTypeException(ApiError):
    status = 415


class ModelErrorException(ApiError):
    status = 424


class ModelStreamErrorException(ApiError):
    status = 424


class BadGatewayException(ApiError):
    """What the service leans on cannot be reached, or has no room now."""

    status = 502


class DependencyFailedException(ApiError):
    """What the service leans on, such as a database, did not do its part."""

    status = 424


class ThrottlingException(ApiError):
    status = 429


class ModelNotReadyException(ApiError):
    status = 429


class ModelTimeoutException(ApiError):
    status = 408


class ServiceQuotaExceededException(ApiError):
    pass


class BudgetExceeded(ServiceQuotaExceededException):
    """What AWS has no error of its own for: the money is spent. Other APIs tell it from a quota."""

    @property
    def code(self) -> str:
        return ServiceQuotaExceededException.__name__


class TooManyTagsException(ApiError):
    pass


class InternalServerException(ApiError):
    status = 500


class NotImplementedException(ApiError):
    status = 501


class ServiceUnavailableException(ApiError):
    status = 503
