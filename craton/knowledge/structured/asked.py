"""A knowledge base's `sqlKnowledgeBaseConfiguration` as what is asked of a database. Knows no database.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_RedshiftConfiguration.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from craton.errors import ValidationException

# Seconds that a query may take where a configuration does not say: less than AWS's clients wait for an answer.
SECONDS = 30

_STORES: Mapping[str, str] = {"REDSHIFT": "redshiftConfiguration", "AWS_DATA_CATALOG": "awsDataCatalogConfiguration"}
_ENGINES: Mapping[str, str] = {"SERVERLESS": "serverlessConfiguration", "PROVISIONED": "provisionedConfiguration"}


@dataclass(frozen=True, slots=True)
class Note:
    """What a configuration says of a table or a column. `included` None: nothing of whether it may be read."""

    description: str = ""
    included: bool | None = None


@dataclass(frozen=True, slots=True)
class TableNote:
    """The same of a table, which `place` names by its schema and name, with what is said of its columns."""

    place: tuple[str, str]
    note: Note
    columns: Mapping[str, Note] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """`engine` is a workgroup's ARN or a cluster's identifier. `curated` are questions, each with its query."""

    engine: str
    database: str
    seconds: int = SECONDS
    notes: Sequence[TableNote] = ()
    curated: Sequence[tuple[str, str]] = ()

    @property
    def key(self) -> str:
        """What the operator names it by."""
        return f"{self.engine}/{self.database}"

    @property
    def account(self) -> str | None:
        """Whose the engine is, where its name says so."""
        return self.engine.split(":")[4] if self.engine.startswith("arn:") else None

    @classmethod
    def read(cls, configuration: Mapping[str, Any]) -> Self:
        """Raises ValidationException for what no database can be asked for."""
        redshift = configuration.get("redshiftConfiguration")
        if redshift is None:
            raise ValidationException("A query engine of type 'REDSHIFT' needs 'redshiftConfiguration'. Add it.")
        (store,) = redshift["storageConfigurations"]
        if store["type"] == "AWS_DATA_CATALOG":
            tables = store.get("awsDataCatalogConfiguration", {}).get("tableNames", ())
            raise ValidationException(
                f"This server has no AWS Glue Data Catalog, so it cannot read {', '.join(map(repr, tables)) or 'it'}. "
                "Use a storage configuration of type 'REDSHIFT' with the 'databaseName'."
            )
        database: str = _member(store, _STORES, "storage configuration")["databaseName"]
        generation = redshift.get("queryGenerationConfiguration", {})
        context = generation.get("generationContext", {})
        return cls(
            _engine(redshift["queryEngineConfiguration"]),
            database,
            generation.get("executionTimeoutSeconds", SECONDS),
            _notes(context.get("tables", ()), database),
            [(each["naturalLanguage"], each["sql"]) for each in context.get("curatedQueries", ())],
        )


def _engine(configuration: Mapping[str, Any]) -> str:
    """The name of the engine. Who signs in to the database is the operator's matter, whatever is said of it here."""
    chosen = _member(configuration, _ENGINES, "query engine")
    auth = chosen["authConfiguration"]
    wanted = {"USERNAME_PASSWORD": "usernamePasswordSecretArn", "USERNAME": "databaseUser"}.get(auth["type"])
    if wanted and wanted not in auth:
        raise ValidationException(f"An authConfiguration of type {auth['type']!r} needs {wanted!r}. Add it.")
    name: str = chosen["workgroupArn" if configuration["type"] == "SERVERLESS" else "clusterIdentifier"]
    return name


def _member(configuration: Mapping[str, Any], members: Mapping[str, str], what: str) -> Mapping[str, Any]:
    kind = configuration["type"]
    wanted = members[kind]
    for member in configuration:
        if member not in ("type", wanted):
            raise ValidationException(
                f"The {what} is of type {kind!r}, so {member!r} does not belong to it. Leave it out."
            )
    if wanted not in configuration:
        raise ValidationException(f"A {what} of type {kind!r} needs {wanted!r}. Add it.")
    found: Mapping[str, Any] = configuration[wanted]
    return found


def _notes(tables: Sequence[Mapping[str, Any]], database: str) -> list[TableNote]:
    notes: dict[tuple[str, str], TableNote] = {}
    for table in tables:
        parts = table["name"].split(".")
        if len(parts) != 3 or not all(parts) or parts[0].casefold() != database.casefold():
            raise ValidationException(
                f"The table {table['name']!r} of the generationContext is not named as '{database}.<schema>.<table>'. "
                "Name it so."
            )
        place = (parts[1], parts[2])
        if place in notes:
            raise ValidationException(f"The generationContext names the table {table['name']!r} twice. Name it once.")
        columns: dict[str, Note] = {}
        for column in table.get("columns", ()):
            name = column.get("name")
            if not name or name in columns:
                raise ValidationException(
                    f"Each of the columns of {table['name']!r} in the generationContext needs a name of its own."
                )
            columns[name] = _note(column)
        notes[place] = TableNote(place, _note(table), columns)
    return [*notes.values()]


def _note(told: Mapping[str, Any]) -> Note:
    inclusion = told.get("inclusion")
    return Note(told.get("description", ""), None if inclusion is None else inclusion == "INCLUDE")
