"""What the owner's context leaves of a schema, and how a model is told of it."""

from dataclasses import replace

import pytest

from craton.knowledge.structured import prompting
from craton.knowledge.structured.asked import Asked, Note, TableNote
from craton.knowledge.structured.permitted import UnknownNameError, permitted
from craton.knowledge.structured.schema import Column, Schema
from tests.knowledge.structured.shop import schema

SHOP = schema("sqlite")
ASKED = Asked("cluster", "shop", curated=[("Who lives in Kiel?", "SELECT name FROM customers WHERE city = 'Kiel'")])


def names(left: Schema) -> dict[str, list[str]]:
    return {table.name: [column.name for column in table.columns] for table in left.tables}


def note(table: str, included: bool | None = None, **columns: bool) -> TableNote:
    return TableNote(
        ("main", table), Note(included=included), {name: Note(included=is_) for name, is_ in columns.items()}
    )


def test_without_a_word_all_is_permitted() -> None:
    left = permitted(SHOP, [])
    assert names(left) == names(SHOP) and left.tables[1].references == SHOP.tables[1].references


def test_an_excluded_table_takes_the_keys_that_lead_there_along() -> None:
    left = permitted(SHOP, [note("customers", False)])
    assert [*names(left)] == ["orders"] and not left.tables[0].references


def test_an_included_table_puts_out_the_others() -> None:
    assert [*names(permitted(SHOP, [note("customers", True)]))] == ["customers"]


def test_columns_go_one_by_one_or_stay_so() -> None:
    assert names(permitted(SHOP, [note("customers", city=False)]))["customers"] == ["id", "name", "since"]
    left = names(permitted(SHOP, [note("customers", name=True, city=True)]))
    assert left["customers"] == ["name", "city"] and "total" in left["orders"]


def test_a_name_may_differ_in_case_and_in_nothing_else() -> None:
    assert [*names(permitted(SHOP, [note("CUSTOMERS", False)]))] == ["orders"]
    for wrong in (note("clients", False), note("customers", town=False)):
        with pytest.raises(UnknownNameError, match="does not have"):
            permitted(SHOP, [wrong])


def test_a_model_is_told_tables_values_examples_and_the_question() -> None:
    told = permitted(SHOP, [TableNote(("main", "customers"), Note("All buyers."), {"city": Note("Where they live.")})])
    city = Column("city", "TEXT", "Where they live.", ["Kiel", "Ulm"])
    columns = [city if column.name == "city" else column for column in told.tables[0].columns]
    told = replace(told, tables=[replace(told.tables[0], columns=columns), *told.tables[1:]])
    prompt = prompting.prompt(ASKED, told, "Wo wohnt Anna?", 8192)
    assert "CREATE TABLE customers ( -- All buyers." in prompt
    assert "city TEXT, -- Where they live.; one of 'Kiel', 'Ulm'" in prompt
    assert "FOREIGN KEY (customer) REFERENCES customers (id)" in prompt
    assert "SQL: SELECT name FROM customers WHERE city = 'Kiel'" in prompt
    assert "Question: Wo wohnt Anna?" in prompt


def test_a_model_that_reads_little_is_told_of_what_the_question_names() -> None:
    many = [replace(SHOP.tables[0], name=f"table_{number}") for number in range(200)]
    told = prompting.prompt(ASKED, Schema("sqlite", [*many, SHOP.tables[1]]), "What is the total of the orders?", 4096)
    assert "CREATE TABLE orders" in told and len(told) < 4096 * 3
    assert "CREATE TABLE table_199" not in told
