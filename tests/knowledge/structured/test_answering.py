"""Questions to a database through the operations, also such as nobody should have an answer to."""

import sqlite3
from typing import Any

import psycopg
import pytest

from tests.knowledge.house import refused
from tests.knowledge.structured.shop import FORBIDDEN, WRITER_ARN, Shop
from tests.knowledge.test_permissions import allow, user


def row(result: dict[str, Any]) -> dict[str, Any]:
    assert result["content"]["type"] == "ROW"
    return {each["columnName"]: each.get("columnValue") for each in result["content"]["row"]}


def test_rows_come_in_their_order_with_the_query_that_found_them(shop: Shop, base: str) -> None:
    results = shop.house.found(base, "Who lives in Ulm?")
    assert [row(each) for each in results] == [{"name": "Anna", "city": "Ulm"}, {"name": "Çelik", "city": "Ulm"}]
    query = "SELECT name, city FROM customers WHERE city = 'Ulm' ORDER BY name"
    assert {each["location"]["type"] for each in results} == {"SQL"}
    written = {each["location"]["sqlLocation"]["query"] for each in results}
    assert len(written) == 1
    assert written.pop().startswith(query)


def test_values_have_the_types_of_the_service(shop: Shop, base: str) -> None:
    (result,) = shop.house.found(base, "Which values are there?")
    told = {each["columnName"]: (each["type"], each.get("columnValue")) for each in result["content"]["row"]}
    assert told["id"] == ("LONG", "1")
    assert told["note"] == ("STRING", "gift")
    assert told["since"] == ("STRING", "2020-01-31")
    assert told["part"][1] is not None and told["part"][1].startswith("40.1666")
    # SQLite has no type for what is true.
    assert told["first"] == (("LONG", "1") if shop.dialect == "sqlite" else ("BOOLEAN", "true"))


def test_a_null_has_no_value(shop: Shop, base: str) -> None:
    results = shop.house.found(
        base, "Show all.", retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": 2}}
    )
    assert len(results) == 2
    assert [column["columnName"] for column in results[0]["content"]["row"]] == ["id", "name", "city", "since"]


def test_nothing_found_is_an_empty_answer(shop: Shop, base: str) -> None:
    assert shop.house.found(base, "Who is nobody?") == []


def test_a_view_can_be_asked(shop: Shop, base: str) -> None:
    (result,) = shop.house.found(base, "Big ones?")
    assert row(result) == {"n": "2"}


@pytest.mark.parametrize("question", ["How many orders are there?", "Who is first?", "Round it."])
def test_a_query_that_does_not_work_is_mended_once(shop: Shop, base: str, question: str) -> None:
    assert len(shop.house.found(base, question)) == 1


def test_what_cannot_be_mended_is_an_error_that_says_why(shop: Shop, base: str) -> None:
    asked = {"knowledgeBaseId": base, "retrievalQuery": {"text": "Prose, please."}}
    told = refused(shop.house.runtime.retrieve, "DependencyFailedException", **asked)
    assert "wrote no query" in told and "cannot be read" in told
    told = refused(
        shop.house.runtime.retrieve,
        "DependencyFailedException",
        knowledgeBaseId=base,
        retrievalQuery={"text": "Not as JSON"},
    )
    assert "JSON" in told


def state(shop: Shop) -> list[tuple[Any, ...]]:
    """What an attack would change."""
    if shop.dialect == "sqlite":
        connection = sqlite3.connect(shop.house.account.server.home / "shop.db")
        try:
            return connection.execute("SELECT * FROM orders").fetchall()
        finally:
            connection.close()
    with psycopg.connect((shop.house.account.server.home / "postgres.address").read_text()) as asking:
        return asking.execute("SELECT * FROM orders").fetchall()


def test_no_hostile_query_runs(shop: Shop, base: str) -> None:
    before = state(shop)
    for question in FORBIDDEN:
        for call, asked in (
            (shop.house.runtime.retrieve, {"knowledgeBaseId": base, "retrievalQuery": {"text": question}}),
            (shop.house.runtime.generate_query, shop.generating(base, question)),
        ):
            told = refused(call, "DependencyFailedException", **asked)
            assert "may run" in told, (question, told)
            assert "pw-" not in told and "99999" not in told
    assert state(shop) == before


def test_a_query_without_end_is_ended(shop: Shop) -> None:
    base = shop.base(seconds=1)
    asked = {"knowledgeBaseId": base, "retrievalQuery": {"text": "Multiply everything"}}
    told = refused(shop.house.runtime.retrieve, "DependencyFailedException", **asked)
    assert "longer than 1 seconds" in told and "executionTimeoutSeconds" in told


def test_a_query_is_written_without_being_run(shop: Shop, base: str) -> None:
    (query,) = shop.house.runtime.generate_query(**shop.generating(base, "Wer wohnt in Kiel?"))["queries"]
    assert query == {"type": "REDSHIFT_SQL", "sql": "SELECT name FROM customers WHERE city = 'Kiel'"}
    (query,) = shop.house.runtime.generate_query(**shop.generating(base, "Multiply everything"))["queries"]
    assert query["sql"].startswith("SELECT COUNT(*) FROM orders AS o0")


def test_answers_cite_the_rows(shop: Shop, base: str) -> None:
    config = {"knowledgeBaseId": base, "modelArn": WRITER_ARN}
    answer = shop.house.runtime.retrieve_and_generate(
        input={"text": "Who lives in Ulm?"},
        retrieveAndGenerateConfiguration={"type": "KNOWLEDGE_BASE", "knowledgeBaseConfiguration": config},
    )
    assert answer["output"]["text"] == "Anna lives in Ulm. Bernd lives in Kiel."
    first = answer["citations"][0]["retrievedReferences"]
    assert row(first[0]) == {"name": "Anna", "city": "Ulm"}
    assert first[0]["location"]["sqlLocation"]["query"].startswith("SELECT name")


def test_who_may_ask_needs_no_right_to_the_model_and_it_is_their_use(sqlite_shop: Shop) -> None:
    base = sqlite_shop.base()
    arn = sqlite_shop.house.agent.get_knowledge_base(knowledgeBaseId=base)["knowledgeBase"]["knowledgeBaseArn"]
    asking = user(sqlite_shop.house, allow("bedrock:Retrieve", resource=arn))
    assert len(asking.found(base, "Who lives in Ulm?")) == 2
    assert "bedrock:GenerateQuery" in refused(
        asking.runtime.generate_query, "AccessDeniedException", **sqlite_shop.generating(base, "Who lives in Ulm?")
    )
    answer = asking.runtime.retrieve(knowledgeBaseId=base, retrievalQuery={"text": "Who lives in Ulm?"})
    told = sqlite_shop.house.craton.get_request(requestId=answer["ResponseMetadata"]["RequestId"])
    assert {"retrieval", "retrieval.write_sql", "retrieval.run_sql"} <= {span["name"] for span in told["spans"]}
    (used,) = told["invocations"]
    assert used["usage"]["inputTokens"] > 100
    assert told["accessKeyId"] == asking.account.access_key_id
