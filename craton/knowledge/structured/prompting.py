"""What a text model is told to write a query: the tables, examples, the question. Knows no model and no database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from craton.knowledge.language.words import words
from craton.knowledge.structured.asked import Asked
from craton.knowledge.structured.schema import Column, Schema, Table

_LANGUAGES: Mapping[str, str] = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
_HINTS: Mapping[str, str] = {
    "sqlite": "Dates are compared as texts: strftime('%Y', column) is the year, '%Y-%m' the month.",
    "postgres": "The year of a date is EXTRACT(YEAR FROM column).",
}
# What is left of what a model reads for the instruction, the question and the answer; characters of a token, at least.
_RESERVE = 1_600
_CHARACTERS = 2

INSTRUCTION = """\
You write one {language} query that answers a question about a database. These are its tables:

{tables}
{examples}
Rules:
- One SELECT statement, of these tables and columns and no others, named as they are here.
- Select the columns that answer the question and no others, with the names of things where there are names.
- Compare texts with the values that the comments show. {hint}
- Today is {today}.

Question: {question}
{before}
Answer with JSON, {{"sql": "SELECT ..."}}."""
_EXAMPLE = "Question: {question}\nSQL: {sql}\n"
_REPAIR = """
You wrote before: {sql}
That does not work: {reason}
Write it so that it works.
"""

SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"sql": {"type": "string", "minLength": 1}},
    "required": ["sql"],
    "additionalProperties": False,
}


def prompt(asked: Asked, schema: Schema, question: str, context: int, before: tuple[str, str] | None = None) -> str:
    """`context` is how many tokens the model reads, 0 where that is not known; `before` a query and why it failed."""
    return INSTRUCTION.format(
        language=_LANGUAGES[schema.dialect],
        tables="\n\n".join(map(_table, _fitting(schema, question, context))),
        examples=_examples(asked),
        hint=_HINTS[schema.dialect],
        today=date.today().isoformat(),
        question=question,
        before=_REPAIR.format(sql=before[0], reason=before[1]) if before else "",
    )


def _examples(asked: Asked) -> str:
    if not asked.curated:
        return ""
    told = "\n".join(_EXAMPLE.format(question=question, sql=sql) for question, sql in asked.curated)
    return f"\nQuestions that were answered well:\n\n{told}"


def _fitting(schema: Schema, question: str, context: int) -> Sequence[Table]:
    """All tables; where the model does not read so much, all without their values, or those of them that have most in
    common with the question.
    """
    room = (context - _RESERVE) * _CHARACTERS
    if context <= 0 or _length(schema.tables) <= room:
        return schema.tables
    plain = [replace(table, columns=[replace(each, samples=()) for each in table.columns]) for table in schema.tables]
    if _length(plain) <= room:
        return plain
    asked = set(words(question))
    likely = sorted(plain, key=lambda table: -len(asked & set(words(" ".join(_told(table))))))
    kept: list[Table] = []
    for table in likely:
        if not kept or _length([*kept, table]) <= room:
            kept.append(table)
    return kept


def _length(tables: Sequence[Table]) -> int:
    return sum(len(_table(table)) for table in tables)


def _told(table: Table) -> Iterator[str]:
    yield from (table.name.replace("_", " "), table.description)
    for column in table.columns:
        yield from (column.name.replace("_", " "), column.description)


def _table(table: Table) -> str:
    """As the statement that would make it, in which models have read most schemas."""
    name = _name(table.name) if table.schema in ("main", "public") else f"{_name(table.schema)}.{_name(table.name)}"
    lines = [_column(column, table) for column in table.columns]
    if len(table.key) > 1:
        lines.append((f"PRIMARY KEY ({_names(table.key)})", ""))
    for each in table.references:
        lines.append((f"FOREIGN KEY ({_names(each.columns)}) REFERENCES {_name(each.table)} ({_names(each.to)})", ""))
    last = len(lines) - 1
    body = [
        f"  {line}{',' if number < last else ''}{f' -- {comment}' if comment else ''}"
        for number, (line, comment) in enumerate(lines)
    ]
    told = f" -- {_line(table.description)}" if table.description else ""
    return "\n".join([f"CREATE TABLE {name} ({told}", *body, ");"])


def _column(column: Column, table: Table) -> tuple[str, str]:
    key = " PRIMARY KEY" if list(table.key) == [column.name] else ""
    values = "one of " + ", ".join(f"'{each}'" for each in column.samples) if column.samples else ""
    comment = "; ".join(each for each in (_line(column.description), values) if each)
    return f"{_name(column.name)} {column.type}{key}".rstrip(), comment


def _names(names: Sequence[str]) -> str:
    return ", ".join(map(_name, names))


def _name(name: str) -> str:
    return name if name.isidentifier() and name.islower() else '"' + name.replace('"', '""') + '"'


def _line(text: str) -> str:
    return " ".join(text.split())
