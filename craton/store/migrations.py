"""Leads any older database to the present tables. Knows no capability.

A new database is made from `tables` at once. A change of the tables adds one function to MIGRATIONS that changes
an older database in the same way; its name is remembered in the database, so never rename or remove one.
"""

import secrets
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, insert, inspect, select

from craton.store import tables

Migration = Callable[[Connection], None]

MIGRATIONS: Sequence[Migration] = ()


def migrate(connection: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> bytes:
    """Bring the database up to date, within the connection's transaction. Returns its secret for page tokens.

    Raises RuntimeError where a newer Craton made the database.
    """
    if inspect(connection).has_table(tables.migrations.name):
        done = set(connection.scalars(select(tables.migrations.c.name)))
        _refuse_newer(done, migrations)
    else:
        tables.metadata.create_all(connection)
        connection.execute(insert(tables.secrets).values(name="tokens", value=secrets.token_bytes(32)))
        done = set()
        _remember(connection, migrations)
        migrations = ()
    missing = [step for step in migrations if step.__name__ not in done]
    for step in missing:
        step(connection)
    _remember(connection, missing)
    secret: bytes = connection.scalars(select(tables.secrets.c.value).where(tables.secrets.c.name == "tokens")).one()
    return secret


def _refuse_newer(done: set[str], migrations: Sequence[Migration]) -> None:
    unknown = sorted(done - {step.__name__ for step in migrations})
    if unknown:
        raise RuntimeError(f"A newer Craton made this home (it has {', '.join(unknown)}); upgrade Craton to open it.")


def _remember(connection: Connection, steps: Sequence[Migration]) -> None:
    if steps:
        connection.execute(insert(tables.migrations), [{"name": step.__name__} for step in steps])
