"""Retrieve, as boto3 programs send it."""

from typing import Any

import pytest

from tests.fronts import OTHER_ACCOUNT, stranger_on
from tests.knowledge.house import ROLE, House, refused
from tests.knowledge.retrieval.zoo import DOCUMENTS, RANKER_ARN, WRITER_ARN, Zoo, name_of

PNG = b"\x89PNG\r\n\x1a\n"


def compared(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {operator: {"key": key, "value": value}}


def test_a_result_tells_what_it_is_and_where_it_is_from(zoo: Zoo) -> None:
    first = zoo.found("Where does the cat sleep?")[0]
    assert first["content"] == {"type": "TEXT", "text": DOCUMENTS["cat"][0]}
    assert first["location"] == {"type": "CUSTOM", "customDocumentLocation": {"id": "cat"}}
    assert 0 < first["score"] <= 1
    told = first["metadata"]
    assert {name: told[name] for name in DOCUMENTS["cat"][1]} == DOCUMENTS["cat"][1]
    assert told["x-amz-bedrock-kb-data-source-id"] == zoo.source
    assert not [name for name in told if name.startswith("craton:")]
    assert first["documentId"]


def test_five_results_come_best_first_unless_told_otherwise(zoo: Zoo) -> None:
    results = zoo.found("Where does the dog sleep?")
    scores = [result["score"] for result in results]
    assert (len(results), name_of(results[0])) == (5, "dog")
    assert scores == sorted(scores, reverse=True)
    assert zoo.names("Where does the dog sleep?", numberOfResults=1) == ["dog"]
    assert len(zoo.names("Where does the dog sleep?", numberOfResults=100)) == len(DOCUMENTS)


@pytest.mark.parametrize(
    ("query", "name"),
    [("Versicherungen", "versicherung"), ("Schaden durch Hunde", "versicherung"), ("Sofas im Wohnzimmer", "katze")],
)
def test_german_words_are_found_in_other_forms_and_in_compounds(zoo: Zoo, query: str, name: str) -> None:
    assert zoo.names(query)[0] == name


def test_a_semantic_search_asks_vectors_alone(zoo: Zoo) -> None:
    """The scripted model's vectors know no stems, so the plural says nothing to them."""
    semantic = zoo.found("Versicherungen", overrideSearchType="SEMANTIC")
    hybrid = zoo.found("Versicherungen", overrideSearchType="HYBRID")
    assert name_of(hybrid[0]) == "versicherung"
    assert hybrid[0]["score"] > max(result["score"] for result in semantic)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (compared("equals", "animal", "cat"), {"cat"}),
        (compared("equals", "tame", True), {"cat", "dog", "katze"}),
        (compared("notEquals", "language", "de"), {"cat", "dog", "snake", "plain"}),
        (compared("greaterThan", "year", 1990), {"dog", "snake"}),
        (compared("greaterThanOrEquals", "year", 1995), {"dog", "snake"}),
        (compared("lessThan", "year", 1995), {"cat", "katze"}),
        (compared("lessThanOrEquals", "year", 1985.5), {"cat", "katze"}),
        (compared("in", "animal", ["dog", "snake", "fish"]), {"dog", "snake"}),
        (compared("in", "year", [1995, 2005]), {"dog", "snake"}),
        (compared("notIn", "animal", ["cat", "dog", "snake"]), {"katze", "versicherung", "plain"}),
        (compared("startsWith", "animal", "Ka"), {"katze"}),
        (compared("listContains", "tags", "furry"), {"cat", "dog"}),
        (compared("stringContains", "animal", "a"), {"cat", "snake", "katze"}),
        (compared("stringContains", "tags", "cal"), {"snake"}),
        (compared("equals", "year", "1995"), set()),
        (
            {
                "orAll": [
                    {"andAll": [compared("equals", "language", "de"), compared("greaterThan", "year", 1)]},
                    {"andAll": [compared("listContains", "tags", "furry"), compared("notEquals", "animal", "cat")]},
                ]
            },
            {"katze", "dog"},
        ),
    ],
)
@pytest.mark.parametrize("search", ["HYBRID", "SEMANTIC"])
def test_filters_hold_for_what_is_found(zoo: Zoo, asked: dict[str, Any], names: set[str], search: str) -> None:
    assert set(zoo.names("the cat", filter=asked, overrideSearchType=search, numberOfResults=20)) == names


def test_the_service_s_own_attributes_can_be_asked_for(zoo: Zoo) -> None:
    mine = compared("equals", "x-amz-bedrock-kb-data-source-id", zoo.source)
    assert len(zoo.names("cat", filter=mine, numberOfResults=20)) == len(DOCUMENTS)
    assert not zoo.names("cat", filter=compared("equals", "x-amz-bedrock-kb-data-source-id", "OTHER"))


@pytest.mark.parametrize(
    ("vector", "says"),
    [
        ({"filter": compared("equals", "craton:allowed", "ada")}, "keys that begin with 'craton:' are reserved"),
        ({"filter": compared("in", "animal", [])}, "has an empty list"),
        ({"filter": compared("lessThan", "year", "1990")}, "compares with a number, not with '1990'"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(zoo: Zoo, vector: dict[str, Any], says: str) -> None:
    asked: dict[str, Any] = {"knowledgeBaseId": zoo.base, "retrievalQuery": {"text": "cat"}}
    assert says in refused(
        zoo.house.runtime.retrieve, **asked, retrievalConfiguration={"vectorSearchConfiguration": vector}
    )


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"text": ""}, "The query has no text"),
        ({"text": "  "}, "The query has no text"),
        ({"type": "TEXT"}, "The query has no text"),
        ({"type": "IMAGE", "image": {"format": "png", "inlineContent": PNG}}, "searches for texts alone"),
    ],
)
def test_a_query_is_a_text(zoo: Zoo, query: dict[str, Any], says: str) -> None:
    assert says in refused(zoo.house.runtime.retrieve, knowledgeBaseId=zoo.base, retrievalQuery=query)


def ranking(**more: Any) -> dict[str, Any]:
    model = {"modelArn": RANKER_ARN, "additionalModelRequestFields": more.pop("fields", {})}
    return {
        "rerankingConfiguration": {
            "type": "BEDROCK_RERANKING_MODEL",
            "bedrockRerankingConfiguration": {"modelConfiguration": model, **more},
        }
    }


def test_a_ranking_model_orders_what_was_found(zoo: Zoo) -> None:
    query = "swallows frogs, barks at strangers"
    reranked = zoo.found(query, numberOfResults=6, **ranking(numberOfRerankedResults=2))
    scores = [result["score"] for result in reranked]
    assert len(scores) == 2
    assert scores == sorted(scores, reverse=True)
    everything = zoo.found(query, numberOfResults=6, **ranking())
    assert len(everything) == 6
    assert [result["score"] for result in everything[:2]] == scores
    assert len(zoo.found(query, numberOfResults=6, **ranking(fields={"top_n": 1}))) == 1


def test_a_ranking_model_can_be_told_metadata(zoo: Zoo) -> None:
    selected = {
        "selectionMode": "SELECTIVE",
        "selectiveModeConfiguration": {"fieldsToInclude": [{"fieldName": "tags"}]},
    }
    told = zoo.found("scaly", numberOfResults=6, **ranking(metadataConfiguration=selected))
    assert name_of(told[0]) == "snake"
    assert told[0]["score"] > 0
    assert {result["score"] for result in zoo.found("scaly", numberOfResults=6, **ranking())} == {0}


@pytest.mark.parametrize("field", ["query", "documents"])
def test_what_is_ranked_is_no_field_of_the_model(zoo: Zoo, field: str) -> None:
    asked = {"vectorSearchConfiguration": ranking(fields={field: "x"})}
    told = refused(
        zoo.house.runtime.retrieve,
        knowledgeBaseId=zoo.base,
        retrievalQuery={"text": "cat"},
        retrievalConfiguration=asked,
    )
    assert f"'{field}' is no additional field" in told


ATTRIBUTES = [
    {"key": "year", "type": "NUMBER", "description": "The year it was born."},
    {"key": "tame", "type": "BOOLEAN", "description": "Whether it lives with people."},
    {"key": "tags", "type": "STRING_LIST", "description": "What it is like."},
    {"key": "animal", "type": "STRING", "description": "Its kind."},
]


def implicit(*attributes: dict[str, str]) -> dict[str, Any]:
    told = attributes or ATTRIBUTES
    return {"implicitFilterConfiguration": {"modelArn": WRITER_ARN, "metadataAttributes": [*told]}}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("animals before 1990", {"cat", "katze"}),
        ("tame or furry", {"cat", "dog", "katze"}),
        ("animals of any kind", set(DOCUMENTS)),
    ],
)
def test_a_model_writes_the_filter_that_a_query_implies(zoo: Zoo, query: str, names: set[str]) -> None:
    assert set(zoo.names(query, numberOfResults=20, **implicit())) == names


def test_an_implied_filter_only_narrows_the_one_that_is_sent(zoo: Zoo) -> None:
    asked = compared("equals", "language", "de")
    assert zoo.names("animals before 1990", filter=asked, numberOfResults=20, **implicit()) == ["katze"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("animals of a colour", "wrote no filter that can be used"),
        ("animals in doubt", "wrote no filter that can be used"),
        ("animals untold", "did not end its answer as JSON"),
    ],
)
def test_a_filter_that_a_model_fails_to_write_is_not_left_out(zoo: Zoo, query: str, says: str) -> None:
    told = refused(
        zoo.house.runtime.retrieve,
        "DependencyFailedException",
        knowledgeBaseId=zoo.base,
        retrievalQuery={"text": query},
        retrievalConfiguration={"vectorSearchConfiguration": implicit()},
    )
    assert says in told


def test_attributes_that_are_declared_twice_or_hidden_are_refused(zoo: Zoo) -> None:
    hidden = {"key": "craton:allowed", "type": "STRING", "description": "Who may."}
    for attributes, says in (((ATTRIBUTES[0],) * 2, "declared twice"), ((hidden,), "are reserved")):
        told = refused(
            zoo.house.runtime.retrieve,
            knowledgeBaseId=zoo.base,
            retrievalQuery={"text": "animals"},
            retrievalConfiguration={"vectorSearchConfiguration": implicit(*attributes)},
        )
        assert says in told


def test_what_another_account_knows_is_not_found(zoo: Zoo) -> None:
    stranger = House(stranger_on(zoo.house.account.server))
    retrieve = stranger.runtime.retrieve
    asked = {"retrievalQuery": {"text": "cat"}}
    refused(retrieve, "ResourceNotFoundException", knowledgeBaseId=zoo.base, **asked)
    arn = f"arn:aws:bedrock:us-east-1:123456789012:knowledge-base/{zoo.base}"
    refused(retrieve, "AccessDeniedException", knowledgeBaseId=arn, **asked)
    own = f"arn:aws:bedrock:us-east-1:111122223333:knowledge-base/{zoo.base}"
    refused(retrieve, "ResourceNotFoundException", knowledgeBaseId=own, **asked)


def test_a_base_of_one_s_own_holds_nothing_of_others(zoo: Zoo) -> None:
    stranger = House(stranger_on(zoo.house.account.server))
    base = stranger.base(roleArn=ROLE.replace("123456789012", OTHER_ACCOUNT))["knowledgeBaseId"]
    either = {"orAll": [compared("notEquals", "a", "b"), compared("startsWith", "animal", "")]}
    wide = {"vectorSearchConfiguration": {"filter": either, "numberOfResults": 100}}
    assert stranger.found(base, "cat", retrievalConfiguration=wide) == []
    assert zoo.house.found(zoo.house.base()["knowledgeBaseId"], "cat") == []


def test_an_unknown_base_is_not_there(zoo: Zoo) -> None:
    told = refused(
        zoo.house.runtime.retrieve,
        "ResourceNotFoundException",
        knowledgeBaseId="NOTTHERE12",
        retrievalQuery={"text": "x"},
    )
    assert "Knowledge base with id NOTTHERE12 does not exist" in told
