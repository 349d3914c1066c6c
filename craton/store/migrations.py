"""Leads any older database to the present tables. Knows no capability.

A new database is made from `tables` at once. A change of the tables adds one function to MIGRATIONS that changes
an older database in the same way; its name is remembered in the database, so never rename or remove one.
"""

import secrets
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, MetaData, insert, inspect, select

from craton.store import tables

Migration = Callable[[Connection], None]


def make_chain(connection: Connection) -> None:
    tables.chain.create(connection)


MIGRATIONS: Sequence[Migration] = (make_chain,)


def migrate(connection: Connection, migrations: Sequence[Migration] = MIGRATIONS) -> bytes:
    """Bring the database up to date, within the connection's transaction. Returns its secret for page tokens.

    Raises RuntimeError where a newer Craton made the database.
    """
    if advance(connection, tables.metadata, migrations):
        connection.execute(insert(tables.secrets).values(name="tokens", value=secrets.token_bytes(32)))
    secret: bytes = connection.scalars(select(tables.secrets.c.value).where(tables.secrets.c.name == "tokens")).one()
    return secret


def advance(connection: Connection, present: MetaData, migrations: Sequence[Migration]) -> bool:
    """Lead a database to the tables `present`, one of which remembers the migrations; True where it was made anew.

    Raises RuntimeError where a newer Craton made it.
    """
    remembered = present.tables["migrations"]
    new = not inspect(connection).has_table(remembered.name)
    if new:
        present.create_all(connection)
        missing: Sequence[Migration] = ()
        learned = migrations
    else:
        done = set(connection.scalars(select(remembered.c.name)))
        _refuse_newer(done, migrations)
        learned = missing = [step for step in migrations if step.__name__ not in done]
    for step in missing:
        step(connection)
    if learned:
        connection.execute(insert(remembered), [{"name": step.__name__} for step in learned])
    return new


def _refuse_newer(done: set[str], migrations: Sequence[Migration]) -> None:
    unknown = sorted(done - {step.__name__ for step in migrations})
    if unknown:
        raise RuntimeError(f"A newer Craton made this home (it has {', '.join(unknown)}); upgrade Craton to open it.")
