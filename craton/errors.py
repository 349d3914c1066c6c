"""The errors an operation may raise.

A class is named for its AWS error code. Its `status` holds where the service model states none. Knows nothing of HTTP
bodies, headers or services: `craton.wire.writer` puts an error on the wire.
"""

from typing import ClassVar


class ApiError(Exception):
    """An error the caller is told of. The message is a full sentence that says how to mend the request."""

    status: ClassVar[int] = 400

    def __init__(self, message: str, /, **members: object) -> None:
        """`members` are further members of the modelled error shape, such as `resourceName` or `originalStatusCode`."""
        super().__init__(message)
        self.message = message
        self.members = members

    @property
    def code(self) -> str:
        return type(self).__name__


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


class RequestEntityTooLargeException(ApiError):
    status = 413


class UnsupportedMediaTypeException(ApiError):
    status = 415


class ModelErrorException(ApiError):
    status = 424


class ModelStreamErrorException(ApiError):
    status = 424


class ThrottlingException(ApiError):
    status = 429


class ModelNotReadyException(ApiError):
    status = 429


class ModelTimeoutException(ApiError):
    status = 408


class ServiceQuotaExceededException(ApiError):
    pass


class TooManyTagsException(ApiError):
    pass


class InternalServerException(ApiError):
    status = 500


class NotImplementedException(ApiError):
    status = 501


class ServiceUnavailableException(ApiError):
    status = 503
