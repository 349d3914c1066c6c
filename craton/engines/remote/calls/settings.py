"""What an operator sets of one provider's model: the options of its ModelSpec, typed. Knows no HTTP and no API."""

import msgspec

from craton.engines.base import ModelSpec
from craton.engines.remote.calls.secret import Reference
from craton.errors import ModelNotReadyException


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`provider` is its name here, `model` the model's name there. Timeouts in seconds.

    `first_token_timeout` bounds the wait for the first token, or for the whole of an answer that is no stream;
    `idle_timeout` each wait for more of a stream. `retries` are further attempts while the caller has seen nothing.
    `max_requests` may be under way at once. `max_output_tokens` is asked for where a request leaves it open and the API
    demands it. `batch` texts go into one embeddings request. `region` and `profile` are AWS's.
    """

    provider: str
    model: str
    base_url: str | None = None
    secret: Reference | None = None
    headers: dict[str, str | Reference] = {}
    region: str | None = None
    profile: str | None = None
    connect_timeout: float = 5.0
    first_token_timeout: float = 300.0
    idle_timeout: float = 60.0
    retries: int = 2
    max_requests: int = 256
    embedding: bool = False
    max_output_tokens: int | None = None
    batch: int = 64
    # The file of certificate authorities to trust in place of the system's.
    ca_file: str | None = None
    # Whether HTTP_PROXY and its kin hold for this provider.
    environment_proxy: bool = False
    # Whether link-local addresses, where clouds keep their metadata, are refused.
    no_link_local: bool = False


def read(spec: ModelSpec) -> Settings:
    """Raises ModelNotReadyException that names the option at fault."""
    try:
        return msgspec.convert(dict(spec.options), Settings)
    except msgspec.ValidationError as error:
        raise ModelNotReadyException(
            f"The provider's model {spec.id!r} is not configured rightly: {error}. "
            "The server's operator has to mend it."
        ) from None


def base_url(settings: Settings, default: str | None = None) -> str:
    """Where the provider answers, without a slash at the end. Raises ModelNotReadyException."""
    url = (settings.base_url or default or "").rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise ModelNotReadyException(
            f"The provider {settings.provider!r} has the base_url {settings.base_url!r}, which is no http or https "
            "URL. The server's operator has to set it."
        )
    return url
