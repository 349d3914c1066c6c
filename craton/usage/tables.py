"""The tables of the ledger as they are now; `MIGRATIONS` leads older ones here. Knows no database's own dialect.

Times are whole microseconds since 1970, UTC; money is billionths of the currency; tags and metadata are JSON objects.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

from craton.store.migrations import Migration

SECOND = 1_000_000  # of the ledger's time

metadata = MetaData()

invocations = Table(
    "invocations",
    metadata,
    Column("id", String, primary_key=True),
    Column("request_id", String, nullable=False, index=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("account", String, nullable=False),
    Column("region", String, nullable=False),
    Column("principal", String, nullable=False),
    Column("key_id", String, nullable=False),
    Column("operation", String, nullable=False),
    Column("model", String, nullable=False),
    Column("profile", String, nullable=True),
    Column("tier", String, nullable=False),
    Column("status", String, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cache_read_tokens", BigInteger, nullable=False),
    Column("cache_write_tokens", BigInteger, nullable=False),
    Column("searches", BigInteger, nullable=False),
    Column("estimated", Boolean, nullable=False),
    Column("latency", Integer, nullable=False),
    Column("first_token", Integer, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    Column("energy", Float, nullable=False),
    Column("tags", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Index("invocations_of_account", "account", "at"),
)

COUNTS = tuple(
    invocations.c[name]
    for name in ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "searches")
)
"""In the order of `records.Counts`."""

migrations = Table("migrations", metadata, Column("name", String, primary_key=True))

MIGRATIONS: Sequence[Migration] = ()
