"""The managed policies: documents of this folder, by ARN. Knows no store, and not to whom they are attached.

Those whose names begin with Amazon are AWS's, with the statements that are about Bedrock; the statements about other
services are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from craton.iam.policies.policy import Policy

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Managed:
    """A managed policy. `version` is that of AWS's document, `text` the document."""

    name: str
    version: str
    description: str
    text: str
    policy: Policy

    @property
    def arn(self) -> str:
        """The ARN by which it is attached."""
        return f"arn:aws:iam::aws:policy/{self.name}"


def _read(name: str, version: str, description: str) -> Managed:
    text = (_FOLDER / f"{name}.json").read_text()
    return Managed(name, version, description, text, Policy.parse(text, kind="identity"))


_ALL = (
    _read("AmazonBedrockFullAccess", "v11", "Provides full access to Amazon Bedrock."),
    _read("AmazonBedrockLimitedAccess", "v9", "Provides limited access to Amazon Bedrock, as API keys have it."),
    _read("AmazonBedrockReadOnly", "v7", "Provides read only access to Amazon Bedrock."),
    _read("CratonAdministratorAccess", "v1", "Provides full access to everything that Craton serves."),
)

# All of them, by ARN.
MANAGED: Mapping[str, Managed] = MappingProxyType({managed.arn: managed for managed in _ALL})
