"""The tables as they are now; `migrations` leads older databases here. Knows no database's own dialect.

Times are whole microseconds since 1970, UTC. Bodies and results are MessagePack.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

metadata = MetaData()

# SQLite counts rows only in a column of its own INTEGER type.
_Serial = BigInteger().with_variant(Integer, "sqlite")

documents = Table(
    "documents",
    metadata,
    Column("position", _Serial, primary_key=True, autoincrement=True),
    Column("account", String, nullable=False),
    Column("region", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("id", String, nullable=False),
    Column("version", Integer, nullable=False),  # 0 is the draft
    Column("versions", Integer, nullable=False),  # of a draft: the last number given out
    Column("parent", String, nullable=False),
    Column("arn", String, nullable=True),
    Column("revision", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("account", "region", "kind", "id", "version"),
    UniqueConstraint("account", "region", "arn"),
    Index("documents_in_order", "account", "region", "kind", "position"),
    Index("documents_of_parent", "account", "region", "kind", "parent", "position"),
    sqlite_autoincrement=True,  # a position is never used twice, as page tokens point at it
)

names = Table(
    "names",
    metadata,
    Column("account", String, primary_key=True),
    Column("region", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("field", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("id", String, nullable=False),
    Index("names_of_document", "account", "region", "kind", "id"),
)

tags = Table(
    "tags",
    metadata,
    Column("account", String, primary_key=True),
    Column("region", String, primary_key=True),
    Column("arn", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

answers = Table(
    "answers",
    metadata,
    Column("account", String, primary_key=True),
    Column("region", String, primary_key=True),
    Column("operation", String, primary_key=True),
    Column("client_token", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
)

chain = Table(
    "chain",
    metadata,
    Column("sequence", _Serial, primary_key=True, autoincrement=False),
    Column("account", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("chain_of_account", "account", "sequence"),
)

secrets = Table(
    "secrets", metadata, Column("name", String, primary_key=True), Column("value", LargeBinary, nullable=False)
)

migrations = Table("migrations", metadata, Column("name", String, primary_key=True))
