"""What becomes of what was found: parents for children, pages, what a caller may see, and what is told of it."""

import json
from typing import Any

import pytest

from tests.fronts import Account
from tests.knowledge.house import CUSTOM, MANAGED, House, connector, refused
from tests.knowledge.retrieval.zoo import DOCUMENTS, Zoo, name_of

PARAGRAPHS = [
    f"Chapter {number}. The {name} {verb} in the {place}, and every evening it looks at the stars above its {place}."
    for number, (name, verb, place) in enumerate(
        [("lion", "roars", "desert"), ("whale", "sings", "ocean"), ("eagle", "circles", "mountains")], start=1
    )
]
LEVELS = {
    "chunkingStrategy": "HIERARCHICAL",
    "hierarchicalChunkingConfiguration": {
        "levelConfigurations": [{"maxTokens": 40}, {"maxTokens": 12}],
        "overlapTokens": 1,
    },
}


@pytest.fixture(scope="module")
def book(zoo: Zoo) -> str:
    base: str = zoo.house.base()["knowledgeBaseId"]
    source = zoo.house.source(base, vectorIngestionConfiguration={"chunkingConfiguration": LEVELS})["dataSourceId"]
    assert zoo.house.ingested(base, source, "book", "\n\n".join(PARAGRAPHS))["status"] == "INDEXED"
    return base


def test_children_are_found_and_their_parents_come_back_once(zoo: Zoo, book: str) -> None:
    asked = {"vectorSearchConfiguration": {"numberOfResults": 20}}
    results = zoo.house.found(book, "Where does the whale sing?", retrievalConfiguration=asked)
    texts = [result["content"]["text"] for result in results]
    assert len(set(texts)) == len(texts)
    assert len(texts) < 6  # of more children than that
    assert "The whale sings in the ocean" in texts[0]
    assert all(len(text) > 60 for text in texts)
    scores = [result["score"] for result in results]
    assert scores == sorted(scores, reverse=True)


def test_the_number_of_results_is_of_children(zoo: Zoo, book: str) -> None:
    asked = {"vectorSearchConfiguration": {"numberOfResults": 2}}
    results = zoo.house.found(book, "whale ocean stars evening", retrievalConfiguration=asked)
    assert 1 <= len(results) <= 2


@pytest.fixture(scope="module")
def library(zoo: Zoo) -> str:
    """Three documents of half a million characters."""
    base: str = zoo.house.base()["knowledgeBaseId"]
    whole = {"chunkingConfiguration": {"chunkingStrategy": "NONE"}}
    source = zoo.house.source(base, vectorIngestionConfiguration=whole)["dataSourceId"]
    for name in ("one", "two", "three"):
        text = f"The volume {name}. " + "It is long and says little. " * 18_000
        assert zoo.house.ingested(base, source, name, text)["status"] == "INDEXED"
    return base


def test_what_does_not_fit_one_response_comes_with_the_next_token(zoo: Zoo, library: str) -> None:
    asked: dict[str, Any] = {"knowledgeBaseId": library, "retrievalQuery": {"text": "volume two"}}
    first = zoo.house.runtime.retrieve(**asked)
    pages = list(zoo.house.runtime.get_paginator("retrieve").paginate(**asked))
    assert pages[0]["retrievalResults"] == first["retrievalResults"]
    names = [name_of(result) for page in pages for result in page["retrievalResults"]]
    assert (len(pages) > 1, names[0], sorted(names)) == (True, "two", ["one", "three", "two"])
    assert "nextToken" not in pages[-1]


def test_a_token_is_good_for_its_own_request_alone(zoo: Zoo, library: str) -> None:
    asked: dict[str, Any] = {"knowledgeBaseId": library, "retrievalQuery": {"text": "volume two"}}
    token = zoo.house.runtime.retrieve(**asked)["nextToken"]
    for other in (
        {"knowledgeBaseId": zoo.base},
        {"retrievalQuery": {"text": "volume one"}},
        {"userContext": {"userId": "ada"}},
        {"retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 9}}},
    ):
        told = refused(zoo.house.runtime.retrieve, **asked | other, nextToken=token)
        assert "nextToken is not valid" in told
    arn = f"arn:aws:bedrock:us-east-1:123456789012:knowledge-base/{library}"
    assert zoo.house.runtime.retrieve(**asked | {"knowledgeBaseId": arn}, nextToken=token)["retrievalResults"]


def guardrail(zoo: Zoo, **policies: Any) -> dict[str, str]:
    """A guardrail's draft, as a request names it."""
    client = zoo.house.account.client("bedrock")
    name = f"guard-{len(client.list_guardrails()['guardrails'])}"
    said = {"blockedInputMessaging": "No.", "blockedOutputsMessaging": "No."}
    made = client.create_guardrail(name=name, **said, **policies)
    return {"guardrailId": made["guardrailId"], "guardrailVersion": "DRAFT"}


def test_a_guardrail_judges_the_query(zoo: Zoo) -> None:
    config = guardrail(zoo, wordPolicyConfig={"wordsConfig": [{"text": "forbidden"}]})
    asked = {"knowledgeBaseId": zoo.base, "guardrailConfiguration": config}
    blocked = zoo.house.runtime.retrieve(**asked, retrievalQuery={"text": "the forbidden cat"})
    assert (blocked["guardrailAction"], blocked["retrievalResults"]) == ("INTERVENED", [])
    passed = zoo.house.runtime.retrieve(**asked, retrievalQuery={"text": "Where does the cat sleep?"})
    assert (passed["guardrailAction"], name_of(passed["retrievalResults"][0])) == ("NONE", "cat")
    assert "guardrailAction" not in zoo.house.runtime.retrieve(
        knowledgeBaseId=zoo.base, retrievalQuery={"text": "the forbidden cat"}
    )


def test_what_a_guardrail_masks_is_not_searched_for(zoo: Zoo) -> None:
    masked = {"name": "pests", "pattern": "mice", "action": "ANONYMIZE"}
    config = guardrail(zoo, sensitiveInformationPolicyConfig={"regexesConfig": [masked]})
    asked = {"knowledgeBaseId": zoo.base, "retrievalQuery": {"text": "kennel mice"}}
    answer = zoo.house.runtime.retrieve(**asked, guardrailConfiguration=config)
    assert (answer["guardrailAction"], name_of(answer["retrievalResults"][0])) == ("INTERVENED", "dog")
    plain = {name_of(each): each["score"] for each in zoo.house.runtime.retrieve(**asked)["retrievalResults"]}
    judged = {name_of(each): each["score"] for each in answer["retrievalResults"]}
    assert judged["cat"] < plain["cat"]


def test_an_unknown_guardrail_is_refused(zoo: Zoo) -> None:
    config = {"guardrailId": "notthere", "guardrailVersion": "1"}
    asked: dict[str, Any] = {"knowledgeBaseId": zoo.base, "retrievalQuery": {"text": "cat"}}
    told = refused(zoo.house.runtime.retrieve, **asked, guardrailConfiguration=config)
    assert "does not exist" in told


def acl(*entries: tuple[str, str]) -> dict[str, Any]:
    return {
        "accessControlList": [{"name": name, "type": "USER", "access": access} for name, access in entries],
        "inlineAttributes": [{"key": "kind", "value": {"type": "STRING", "stringValue": "secret"}}],
    }


@pytest.fixture(scope="module")
def managed(zoo: Zoo) -> str:
    """A managed knowledge base whose documents say who may see them."""
    base: str = zoo.house.base(MANAGED)["knowledgeBaseId"]
    source = zoo.house.source(base, connector(type="CUSTOM", aclEnabled=True))["dataSourceId"]
    for name, entries in {
        "ours": acl(("ada@example.org", "ALLOW"), ("bob@example.org", "ALLOW")),
        "hers": acl(("ada@example.org", "ALLOW"), ("bob@example.org", "DENY")),
    }.items():
        ended = zoo.house.ingested(base, source, name, f"The password of the safe is {name}.", **entries)
        assert ended["status"] == "INDEXED", ended
    return base


@pytest.mark.parametrize(
    ("user", "names"),
    [("ada@example.org", {"ours", "hers"}), ("BOB@example.org", {"ours"}), ("eve@example.org", set()), (None, set())],
)
def test_a_user_finds_what_the_user_may_see(zoo: Zoo, managed: str, user: str | None, names: set[str]) -> None:
    kind = {"key": "kind", "value": "secret"}
    either = {"orAll": [{"equals": kind}, {"notEquals": {"key": "kind", "value": "other"}}]}
    context: dict[str, Any] = {"userContext": {"userId": user}} if user else {}
    asked = {"managedSearchConfiguration": {"filter": either, "numberOfResults": 50}}
    results = zoo.house.found(managed, "password safe", retrievalConfiguration=asked, **context)
    assert {result["content"]["text"].split()[-1].strip(".") for result in results} == names


def test_a_managed_base_has_a_configuration_of_its_own(zoo: Zoo, managed: str) -> None:
    asked: dict[str, Any] = {"knowledgeBaseId": managed, "retrievalQuery": {"text": "safe"}}
    vector = {"vectorSearchConfiguration": {"numberOfResults": 1}}
    told = refused(zoo.house.runtime.retrieve, **asked, retrievalConfiguration=vector)
    assert "vectorSearchConfiguration is not supported for managed knowledge bases" in told


def allowed(zoo: Zoo, *statements: dict[str, Any]) -> House:
    """A user who may do this and nothing else."""
    craton = zoo.house.craton
    name = f"user-{len(craton.list_users()['users'])}"
    craton.create_user(userName=name)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [*statements]})
    craton.put_user_policy(userName=name, policyName="may", policyDocument=policy)
    key = craton.create_access_key(userName=name)
    return House(Account(zoo.house.account.server, key["accessKeyId"], key["secretAccessKey"]))


def test_retrieve_needs_the_permission_for_this_base(zoo: Zoo, managed: str) -> None:
    arn = f"arn:aws:bedrock:us-east-1:123456789012:knowledge-base/{zoo.base}"
    user = allowed(zoo, {"Effect": "Allow", "Action": "bedrock:Retrieve", "Resource": arn})
    assert user.found(zoo.base, "cat")
    other = {"knowledgeBaseId": managed, "retrievalQuery": {"text": "cat"}}
    assert "bedrock:Retrieve" in refused(user.runtime.retrieve, "AccessDeniedException", **other)


def test_the_request_tells_its_steps_and_what_it_used(zoo: Zoo) -> None:
    asked = {"knowledgeBaseId": zoo.base, "retrievalQuery": {"text": "Where does the cat sleep?"}}
    answer = zoo.house.runtime.retrieve(**asked)
    told = zoo.house.craton.get_request(requestId=answer["ResponseMetadata"]["RequestId"])
    spans = {span["name"]: span for span in told["spans"]}
    assert {"retrieval", "retrieval.embed", "retrieval.vector", "retrieval.words"} <= spans.keys()
    assert "cat sleep" not in json.dumps(told["spans"], default=str)
    (used,) = told["invocations"]
    assert used["usage"]["inputTokens"] == 5


def test_what_is_deleted_is_not_found_any_more(zoo: Zoo) -> None:
    base = zoo.house.base()["knowledgeBaseId"]
    source = zoo.house.source(base, CUSTOM)["dataSourceId"]
    zoo.house.ingested(base, source, "cat", DOCUMENTS["cat"][0])
    assert [name_of(result) for result in zoo.house.found(base, "cat")] == ["cat"]
    zoo.house.ingested(base, source, "cat", DOCUMENTS["dog"][0])
    (result,) = zoo.house.found(base, "cat")
    assert result["content"]["text"] == DOCUMENTS["dog"][0]
