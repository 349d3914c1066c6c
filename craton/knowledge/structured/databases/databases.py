"""Which database of this house answers for a cluster or workgroup of AWS, as the operator says under
`[knowledge.databases]`. Knows of an adapter only its name.
"""

import asyncio
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from craton.config import SecretPlace
from craton.errors import ValidationException
from craton.knowledge.structured.asked import Asked
from craton.knowledge.structured.databases.database import Database, DatabaseFailure


class Adapter(Protocol):
    """What the module of a database offers."""

    async def load(self, address: str) -> Database:
        """Raises DatabaseFailure where the address is none."""
        ...


_HERE = "craton.knowledge.structured.databases"
# By the scheme of an address.
_ADAPTERS: Mapping[str, str] = {
    "sqlite": f"{_HERE}.sqlite",
    "postgresql": f"{_HERE}.postgres",
    "postgres": f"{_HERE}.postgres",
}


class Databases:
    """`home` is where the paths of SQLite files begin."""

    def __init__(self, home: Path, places: Mapping[str, str | SecretPlace]) -> None:
        """Raises ValueError for an address of no database that is served."""
        self._home = home
        self._places = places
        self._ready: dict[str, Database] = {}
        for name, place in places.items():
            if isinstance(place, str) and place.partition("://")[0] not in _ADAPTERS:
                raise ValueError(
                    f"[knowledge.databases] {name!r} is no address of a database; write 'sqlite:///path' or "
                    "'postgresql://user@host/database'."
                )

    async def find(self, asked: Asked) -> Database:
        """Raises ValidationException where none answers for it, and DatabaseFailure where it is not to be had."""
        self.check(asked)
        if asked.key not in self._ready:
            address = await asyncio.to_thread(self._address, asked.key)
            scheme, _, rest = address.partition("://")
            if scheme not in _ADAPTERS:
                raise DatabaseFailure(f"What stands for {asked.key!r} is no address of a database.")
            adapter = await asyncio.to_thread(_adapter, scheme)
            where = str(self._home / rest.removeprefix("/")) if scheme == "sqlite" else address
            self._ready[asked.key] = await adapter.load(where)
        return self._ready[asked.key]

    def check(self, asked: Asked) -> None:
        """Raises ValidationException where no database answers for it."""
        if asked.key not in self._places:
            raise ValidationException(
                f"No database of this server answers for {asked.key!r}. Its operator names one under "
                f'[knowledge.databases] in craton.toml: "{asked.key}" = "sqlite:///path" or '
                '"postgresql://user@host/database".'
            )

    async def close(self) -> None:
        for database in self._ready.values():
            await database.close()
        self._ready.clear()

    def _address(self, key: str) -> str:
        place = self._places[key]
        if isinstance(place, str):
            return place
        if not (address := place.read()):
            raise DatabaseFailure(f"The address of the database is to stand in {place}, and nothing is there.")
        return address


def _adapter(scheme: str) -> Adapter:
    try:
        return cast(Adapter, import_module(_ADAPTERS[scheme]))
    except ImportError as error:
        raise DatabaseFailure(f"What a database of type {scheme!r} needs is not installed here: {error}.") from error
