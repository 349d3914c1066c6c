"""What the connector of a managed knowledge base's data source may say. Knows no bucket.

Its `connectorParameters` are no shape of the service model; the user guide describes them:
https://docs.aws.amazon.com/bedrock/latest/userguide/kb-managed-connect-ds.html
"""

from collections.abc import Collection, Mapping
from typing import Any

from craton.errors import ValidationException

VERSION = "1"

# What the parameters of each served type of connector may hold, by the path to it; a type of value ends a path.
_FORMS: Mapping[str, Mapping[str, Any]] = {
    "CUSTOM": {"type": str, "version": str, "aclEnabled": bool},
    "S3": {
        "type": str,
        "version": str,
        "aclEnabled": bool,
        "connectionConfiguration": {"bucketName": str, "bucketOwnerAccountId": str},
        "filterConfiguration": {"inclusionPrefixes": list},
    },
}
_MEDIA = ("imageExtraction", "audioExtraction", "videoExtraction")


def check(connector: Mapping[str, Any]) -> None:
    """Raises ValidationException for a `managedKnowledgeBaseConnectorConfiguration` that cannot be served."""
    if "syncSchedule" in connector:
        raise ValidationException(
            "This server starts no ingestion by itself. Leave out 'syncSchedule' and call StartIngestionJob."
        )
    protection = connector.get("deletionProtectionConfiguration", {})
    if protection.get("deletionProtectionStatus") == "ENABLED":
        raise ValidationException(
            "This server does not hold deletions back. Leave out 'deletionProtectionConfiguration'."
        )
    media = connector.get("mediaExtractionConfiguration", {})
    for name in _MEDIA:
        if media.get(f"{name}Configuration", {}).get(f"{name}Status") == "ENABLED":
            raise ValidationException(
                f"This server reads the words in pictures that are documents, and no other media. Leave out "
                f"'{name}Configuration'."
            )
    parameters = connector.get("connectorParameters")
    if not isinstance(parameters, dict):
        raise ValidationException(
            "A managed connector needs 'connectorParameters', an object with its 'type' and 'version'. Add them."
        )
    _check_parameters(parameters)


def asks_for_lists(source: Mapping[str, Any]) -> bool:
    """Whether a data source, as its operations take it, ingests no document without an access control list."""
    connector = source["dataSourceConfiguration"].get("managedKnowledgeBaseConnectorConfiguration", {})
    return connector.get("connectorParameters", {}).get("aclEnabled") is True


def _check_parameters(parameters: Mapping[str, Any]) -> None:
    kind = str(parameters.get("type"))
    if kind not in _FORMS:
        raise ValidationException(
            f"This server has no connector of type {kind!r}. Use one of {', '.join(map(repr, _FORMS))}; a knowledge "
            "base of type 'VECTOR' also takes a data source of type 'WEB'."
        )
    if parameters.get("version") != VERSION:
        raise ValidationException(f"The 'version' of connectorParameters is {VERSION!r}; send it so.")
    _check_form(parameters, _FORMS[kind], "connectorParameters")
    if kind == "S3":
        if "bucketName" not in parameters.get("connectionConfiguration", {}):
            raise ValidationException("connectorParameters.connectionConfiguration needs a 'bucketName'. Add it.")
        prefixes = parameters.get("filterConfiguration", {}).get("inclusionPrefixes", [])
        if not all(isinstance(prefix, str) for prefix in prefixes):
            raise ValidationException("connectorParameters.filterConfiguration.inclusionPrefixes holds strings alone.")


def _check_form(value: Mapping[str, Any], form: Mapping[str, Any], where: str) -> None:
    for name, given in value.items():
        wanted = form.get(name)
        if wanted is None:
            raise ValidationException(f"This server does not serve {where}.{name}. {_instead(name, form)}")
        if not isinstance(wanted, type):
            if not isinstance(given, dict):
                raise ValidationException(f"{where}.{name} is {given!r} and should be an object.")
            _check_form(given, wanted, f"{where}.{name}")
        elif not isinstance(given, wanted):
            raise ValidationException(f"{where}.{name} is {given!r} and should be of type {_WORDS[wanted]}.")


_WORDS: Mapping[type, str] = {str: "string", bool: "boolean", list: "list"}


def _instead(name: str, form: Collection[str]) -> str:
    if name == "aclConfiguration":
        return "Write each document's 'accessControlList' into the .metadata.json beside it, and leave this out."
    return f"Leave it out; what is known here: {', '.join(form)}."
