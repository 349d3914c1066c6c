"""Which store keeps the chunks of a knowledge base. Knows no store."""

from collections.abc import Mapping
from typing import Any

from craton.config.settings import KnowledgeSettings
from craton.errors import ValidationException
from craton.store.vectors.stores import Store

DEFAULT = "default"  # the setting for a knowledge base that names no storage

# The member of a storageConfiguration that each type wants.
_MEMBERS: Mapping[str, str] = {
    "OPENSEARCH_SERVERLESS": "opensearchServerlessConfiguration",
    "OPENSEARCH_MANAGED_CLUSTER": "opensearchManagedClusterConfiguration",
    "PINECONE": "pineconeConfiguration",
    "REDIS_ENTERPRISE_CLOUD": "redisEnterpriseCloudConfiguration",
    "RDS": "rdsConfiguration",
    "MONGO_DB_ATLAS": "mongoDbAtlasConfiguration",
    "NEPTUNE_ANALYTICS": "neptuneAnalyticsConfiguration",
    "S3_VECTORS": "s3VectorsConfiguration",
}


class Storage:
    """What the operator set. Raises ValueError where that cannot work."""

    def __init__(self, settings: KnowledgeSettings) -> None:
        for name, store in settings.storage.items():
            if name not in (DEFAULT, *_MEMBERS):
                raise ValueError(
                    f"{name!r} in [knowledge.storage] is no type of storage; name one of {', '.join(_MEMBERS)} or "
                    f"{DEFAULT!r}."
                )
            if store == "postgres" and settings.postgres is None:
                raise ValueError(
                    f"[knowledge.storage] {name} = 'postgres' needs the address of a PostgreSQL with pgvector; set "
                    "`postgres` under [knowledge]."
                )
        self._stores: dict[str, Store] = {DEFAULT: "embedded"}
        if settings.postgres is not None:
            self._stores["RDS"] = "postgres"
        self._stores |= settings.storage

    def of(self, configuration: Mapping[str, Any] | None) -> Store:
        """The store for a `storageConfiguration`. Raises ValidationException for one that no store stands for."""
        if configuration is None:
            return self._stores[DEFAULT]
        kind = configuration["type"]
        wanted = _MEMBERS[kind]
        if given := [member for member in configuration if member not in ("type", wanted)]:
            raise ValidationException(
                f"The storageConfiguration is of type {kind!r}, so {given[0]!r} does not belong to it. Leave it out."
            )
        if wanted not in configuration:
            raise ValidationException(f"The storageConfiguration is of type {kind!r} and needs {wanted!r}. Add it.")
        if kind not in self._stores:
            raise ValidationException(
                f"This server has no storage of type {kind!r}. Leave out 'storageConfiguration' to have the server "
                f"keep the chunks itself, or have its operator let another store stand in for it: {_setting(kind)}."
            )
        return self._stores[kind]


def _setting(kind: str) -> str:
    """What the operator sets to have a type of storage served."""
    if kind == "RDS":
        return "`postgres` under [knowledge] in craton.toml, the address of a PostgreSQL with pgvector"
    return f'{kind} = "embedded" under [knowledge.storage] in craton.toml'
