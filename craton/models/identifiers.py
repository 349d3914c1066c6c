"""The forms in which a caller may name a model, read: bare ids, ids of inference profiles, and ARNs; and new names.

Purely about form: knows no model, profile or store, and does not ask whether what is named exists.
"""

import re
import secrets
import string
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from craton.errors import ValidationException

INVALID = "The provided model identifier is invalid."

_LETTERS = string.ascii_lowercase + string.digits
_LENGTH = 12


class Kind(StrEnum):
    """What an identifier names, in the words of its ARN."""

    FOUNDATION_MODEL = "foundation-model"
    INFERENCE_PROFILE = "inference-profile"
    APPLICATION_INFERENCE_PROFILE = "application-inference-profile"
    PROVISIONED_MODEL = "provisioned-model"
    CUSTOM_MODEL = "custom-model"
    CUSTOM_MODEL_DEPLOYMENT = "custom-model-deployment"
    IMPORTED_MODEL = "imported-model"
    PROMPT = "prompt"
    PROMPT_ROUTER = "prompt-router"
    DEFAULT_PROMPT_ROUTER = "default-prompt-router"
    ENDPOINT = "endpoint"


_KINDS = frozenset(kind.value for kind in Kind)

# Geography prefix of a system-defined inference profile -> beginnings of the regions it is called from. The first that
# fits a region is the one listed there. https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
GEOGRAPHIES = {
    "us-gov": ("us-gov-",),
    "us": ("us-", "ca-"),
    "eu": ("eu-",),
    "apac": ("ap-",),
    "jp": ("ap-northeast-",),
    "au": ("ap-southeast-",),
    "ca": ("ca-",),
    "global": ("",),
}

_ARN = re.compile(
    r"arn:aws[a-z-]*:(?P<service>bedrock|sagemaker):(?P<region>[a-z0-9-]*):(?P<account>[0-9]{12})?:(?P<kind>[a-z-]+)/(?P<name>[a-zA-Z0-9:./-]+)"
)
_APPLICATION_PROFILE = re.compile("[a-z0-9]{12}")
_NAME = re.compile("[a-zA-Z0-9:._-]+")


@dataclass(frozen=True, slots=True)
class Identifier:
    """What was named. `name` is the id within its kind; account and region are the ARN's, empty where it had none."""

    text: str
    kind: Kind
    name: str
    account: str = ""
    region: str = ""

    @property
    def geography(self) -> str | None:
        """The prefix of a system-defined inference profile."""
        prefix, _, rest = self.name.partition(".")
        return prefix if self.kind is Kind.INFERENCE_PROFILE and prefix in GEOGRAPHIES and "." in rest else None

    @property
    def model_id(self) -> str:
        """The foundation model's id, for a foundation model and a system-defined inference profile."""
        return self.name.partition(".")[2] if self.geography else self.name


@lru_cache(maxsize=4096)
def parse(text: str) -> Identifier:
    """Read an identifier, decoded from the path. Raises ValidationException where it has no known form."""
    if text.startswith("arn:"):
        return _parse_arn(text)
    if not _NAME.fullmatch(text):
        raise ValidationException(INVALID)
    prefix, _, rest = text.partition(".")
    if prefix in GEOGRAPHIES and "." in rest:
        return Identifier(text, Kind.INFERENCE_PROFILE, text)
    if _APPLICATION_PROFILE.fullmatch(text):
        return Identifier(text, Kind.APPLICATION_INFERENCE_PROFILE, text)
    return Identifier(text, Kind.FOUNDATION_MODEL, text)


def _parse_arn(text: str) -> Identifier:
    arn = _ARN.fullmatch(text)
    if arn is None or arn["kind"] not in _KINDS:
        raise ValidationException(INVALID)
    kind, account = Kind(arn["kind"]), arn["account"] or ""
    # Foundation models belong to nobody, everything else to an account; endpoints are SageMaker's.
    if (kind is Kind.FOUNDATION_MODEL) == bool(account) or (kind is Kind.ENDPOINT) != (arn["service"] == "sagemaker"):
        raise ValidationException(INVALID)
    return Identifier(text, kind, arn["name"], account, arn["region"])


def new_name() -> str:
    """The last part of a new ARN: twelve letters and digits, as AWS makes them."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
