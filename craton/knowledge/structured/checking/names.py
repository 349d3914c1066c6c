"""Names in a query as the database spells them: which table one means, which column, whatever its case. Knows no rule
about what a query may do.
"""

from sqlglot import exp

from craton.knowledge.structured.checking.query import UncheckedQuery
from craton.knowledge.structured.schema import Schema, Table


class Names:
    """Those of a schema. `spelled` tells one spelling for each name, which tables and columns of that name share where
    the database does not tell cases apart.
    """

    def __init__(self, schema: Schema, database: str) -> None:
        self._database = database.casefold()
        self._exact = schema.dialect != "sqlite"
        self._known = set(schema.names()) | {table.schema for table in schema.tables}
        self._spelled: dict[str, str | None] = {}
        for name in sorted(self._known):
            folded = name.casefold()
            ambiguous = self._exact and folded in self._spelled
            self._spelled[folded] = None if ambiguous else self._spelled.get(folded) or name
        self._tables: dict[str, list[Table]] = {}
        for table in schema.tables:
            self._tables.setdefault(self.spelled(table.name), []).append(table)

    def spelled(self, name: str) -> str:
        """The one spelling of a name that the database has."""
        return name if self._exact else self._spelled.get(name.casefold()) or name

    def spell(self, tree: exp.Expr) -> None:
        """Every name of the query as the database spells it."""
        for node in tree.find_all(exp.Identifier):
            node.set("this", meant := self._meant(node.name, bool(node.args.get("quoted"))))
            if self._exact and meant != meant.lower():
                node.set("quoted", True)

    def place(self, node: exp.Table) -> Table:
        """The table that is meant; it may be named with its database and its schema, or without.

        Raises UncheckedQuery for one that is not there, or not to be read.
        """
        if node.catalog and node.catalog.casefold() != self._database:
            raise UncheckedQuery(f"There is no database {node.catalog!r} here. Name tables without a database.")
        named = self._tables.get(node.name, [])
        found = [table for table in named if not node.db or self.spelled(table.schema) == node.db]
        if len(found) > 1:
            places = " or ".join(f"{table.schema}.{table.name}" for table in found)
            raise UncheckedQuery(f"The table {node.name!r} is there more than once. Name it as {places}.")
        if not found:
            whole = f"{node.db}.{node.name}" if node.db else node.name
            raise UncheckedQuery(f"There is no table {whole!r}. The tables are {', '.join(self._tables)}.")
        return found[0]

    def has_table(self, name: str) -> bool:
        return any(name.casefold() == each.casefold() for each in self._tables)

    def _meant(self, name: str, quoted: bool) -> str:
        if not self._exact:
            return self._spelled.get(name.casefold()) or name
        if quoted:
            return name
        lower = name.lower()
        return lower if lower in self._known else self._spelled.get(name.casefold()) or lower
