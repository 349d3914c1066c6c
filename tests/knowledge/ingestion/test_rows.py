"""Tables whose rows are documents."""

import pytest

from craton.knowledge.ingestion.metadata.rows import Columns, RowsError, rows

TABLE = 'name,text,note\r\nann,"Apples, ""red"" ones\nand more",x\r\n\r\nbob,,y\r\ncy,Pears\r\n'


def test_all_columns_but_the_content_are_attributes() -> None:
    assert list(rows(TABLE, Columns("text"))) == [
        ('Apples, "red" ones\nand more', {"name": "ann", "note": "x"}),
        ("Pears", {"name": "cy"}),
    ]


def attributes(**columns: list[str]) -> dict[str, str]:
    """Those of the first row."""
    return next(rows(TABLE, Columns("text", **columns)))[1]


def test_columns_are_included_and_excluded() -> None:
    assert attributes(include=["note"]) == {"note": "x"}
    assert attributes(exclude=["note"]) == {"name": "ann"}
    assert attributes(include=["note", "name"], exclude=["note"]) == {"name": "ann"}


@pytest.mark.parametrize(
    "columns", [Columns("none"), Columns("text", include=["none"]), Columns("text", exclude=["none"])]
)
def test_columns_that_are_not_there(columns: Columns) -> None:
    with pytest.raises(RowsError, match="one column of the name 'none'"):
        list(rows(TABLE, columns))


def test_what_is_no_table() -> None:
    with pytest.raises(RowsError, match="no CSV after its line 2"):
        list(rows('text\n"open', Columns("text")))
    with pytest.raises(RowsError, match="one column of the name 'a'"):
        list(rows("a,a\n1,2\n", Columns("a")))


@pytest.mark.parametrize("name", ["craton:allowed", "x-amz-bedrock-kb-source-uri"])
def test_columns_may_not_be_called_as_what_the_service_gives(name: str) -> None:
    with pytest.raises(RowsError, match="rename it"):
        list(rows(f"text,{name}\na,b\n", Columns("text")))
    assert list(rows(f"text,{name}\na,b\n", Columns("text", exclude=[name]))) == [("a", {})]
