"""Who sees a document's chunks, its content and its access control list, as boto3 asks."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.knowledge.house import House, connector, refused

ADA, BOB = ({"userContext": {"userId": f"{name}@example.com"}} for name in ("ada", "bob"))
LIST = [
    {"name": "ada@example.com", "type": "USER", "access": "ALLOW"},
    {"name": "bob@example.com", "type": "USER", "access": "DENY"},
]


@pytest.fixture(scope="module")
def place(house: House) -> dict[str, str]:
    """A data source with a document for Ada, and one for everybody."""
    base = house.base()["knowledgeBaseId"]
    source = house.source(base)["dataSourceId"]
    assert (
        house.ingested(base, source, "salaries", "Salaries rise in May.", accessControlList=LIST)["status"] == "INDEXED"
    )
    assert house.ingested(base, source, "canteen", "The canteen opens in May.")["status"] == "INDEXED"
    return {"knowledgeBaseId": base, "dataSourceId": source}


def fetched(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_only_who_may_finds_it(house: House, place: dict[str, str]) -> None:
    def names(**user: Any) -> set[str]:
        found = house.found(place["knowledgeBaseId"], "May", **user)
        return {each["location"]["customDocumentLocation"]["id"] for each in found}

    assert names(**ADA) == {"salaries", "canteen"}
    assert names(**BOB) == names() == {"canteen"}


def test_the_list_is_told_and_checked(house: House, place: dict[str, str]) -> None:
    told = house.runtime.get_ingested_document_acl(**place, documentId="salaries")["documentAcl"]
    for name, user in (("allowList", "ada@example.com"), ("denyList", "bob@example.com")):
        assert told[name]["conditions"][0]["users"] == [{"id": user, "type": "DATA_SOURCE"}]
    assert house.runtime.get_ingested_document_acl(**place, documentId="canteen")["documentAcl"] == {}
    check = house.runtime.check_ingested_document_acl
    assert check(**place, documentId="salaries", **ADA)["hasAccess"] is True
    assert check(**place, documentId="salaries", **BOB)["hasAccess"] is False
    assert check(**place, documentId="canteen", **BOB)["hasAccess"] is True


def test_content_is_fetched_without_credentials(house: House, place: dict[str, str]) -> None:
    answer = house.runtime.get_document_content(**place, documentId="canteen")
    status, headers, data = fetched(answer["presignedUrl"])
    assert (status, data) == (200, b"The canteen opens in May.")
    assert answer["documentContentLength"] == len(data)
    assert headers["content-type"] == answer["mimeType"] == "text/plain"
    assert headers["content-disposition"].startswith("attachment;")
    assert headers["x-content-type-options"] == "nosniff"
    assert answer["presignedUrl"].startswith(house.account.server.endpoint)


def test_what_a_search_finds_can_be_asked_for(house: House, place: dict[str, str]) -> None:
    found = house.found(place["knowledgeBaseId"], "salaries", **ADA)
    ids = {each["location"]["customDocumentLocation"]["id"]: each["documentId"] for each in found}
    named = place | {"documentId": ids["salaries"]}
    assert "userContext" in refused(house.runtime.get_document_content, **named)
    refused(house.runtime.get_document_content, "AccessDeniedException", **named, **BOB)
    answer = house.runtime.get_document_content(**named, **ADA)
    assert answer["documentContentLength"] == len(fetched(answer["presignedUrl"])[2])
    assert house.runtime.check_ingested_document_acl(**named, **ADA)["hasAccess"]
    elsewhere = house.source(place["knowledgeBaseId"])["dataSourceId"]
    refused(house.runtime.get_document_content, "ResourceNotFoundException", **named | {"dataSourceId": elsewhere})


def test_extracted_content_is_json(house: House, place: dict[str, str]) -> None:
    answer = house.runtime.get_document_content(**place, documentId="canteen", outputFormat="EXTRACTED")
    _, _, data = fetched(answer["presignedUrl"])
    assert answer["mimeType"] == "application/json"
    assert json.loads(data)["content"] == [{"type": "TEXT", "text": "The canteen opens in May."}]


def test_content_needs_a_user_who_may(house: House, place: dict[str, str]) -> None:
    get = house.runtime.get_document_content
    asked = place | {"documentId": "salaries"}
    assert "userContext" in refused(get, **asked)
    refused(get, "AccessDeniedException", **asked, **BOB)
    assert fetched(get(**asked, **ADA)["presignedUrl"])[2] == b"Salaries rise in May."
    assert "'mediaId'" in refused(get, "ResourceNotFoundException", **asked, **ADA, mediaId="a" * 36)


def test_an_address_leads_to_nothing_else(house: House, place: dict[str, str]) -> None:
    url = urlsplit(house.runtime.get_document_content(**place, documentId="canteen")["presignedUrl"])
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    salaries = urlsplit(house.runtime.get_document_content(**place, documentId="salaries", **ADA)["presignedUrl"])
    other = parse_qs(salaries.query)["document"][0]
    changes = (
        {"document": other},
        {"form": "EXTRACTED"},
        {"account": "111122223333"},
        {"region": "eu-central-1"},
        {"token": "AAAA"},
        {"token": ""},
    )
    for change in changes:
        status, _, data = fetched(url._replace(query=urlencode(query | change)).geturl())
        assert (status, b"canteen opens" in data, b"Salaries" in data) == (403, False, False), change
    assert fetched(url._replace(query="").geturl())[0] == 403


def test_an_address_ends_with_its_document(house: House) -> None:
    base = house.base()["knowledgeBaseId"]
    source = house.source(base)["dataSourceId"]
    place = {"knowledgeBaseId": base, "dataSourceId": source}
    house.ingested(base, source, "note", "Delete me.")
    url = house.runtime.get_document_content(**place, documentId="note")["presignedUrl"]
    assert fetched(url)[0] == 200
    named = [{"dataSourceType": "CUSTOM", "custom": {"id": "note"}}]
    house.agent.delete_knowledge_base_documents(**place, documentIdentifiers=named)
    assert house.document(base, source, "note")["status"] == "NOT_FOUND"
    assert fetched(url)[0] == 404


def test_a_document_that_is_not_there(house: House, place: dict[str, str]) -> None:
    asked = place | {"documentId": "nothing"}
    for call in (house.runtime.get_document_content, house.runtime.get_ingested_document_acl):
        assert "'nothing'" in refused(call, "ResourceNotFoundException", **asked)


def test_without_a_list_nobody_sees_what_must_have_one(house: House) -> None:
    base = house.base({"type": "MANAGED"})["knowledgeBaseId"]
    source = house.source(base, connector(type="CUSTOM", aclEnabled=True))["dataSourceId"]
    detail = house.ingested(base, source, "open", "For whom is this?")
    assert detail["status"] == "FAILED"
    assert "accessControlList" in detail["statusReason"]
    assert not house.found(base, "whom", **ADA)


def test_a_file_and_the_list_beside_it(house: House) -> None:
    bucket = house.account.server.home / "buckets" / "files"
    bucket.mkdir(parents=True)
    (bucket / "pay.md").write_text("# Pay\n\nPay rises in May.\n")
    entries = [{"Name": "ada@example.com", "Type": "USER", "Access": "ALLOW"}]
    (bucket / "pay.md.metadata.json").write_text(json.dumps({"metadataAttributes": {}, "accessControlList": entries}))
    base = house.base({"type": "MANAGED"})["knowledgeBaseId"]
    configuration = connector(type="S3", connectionConfiguration={"bucketName": "files"}, aclEnabled=True)
    place = {"knowledgeBaseId": base, "dataSourceId": house.source(base, configuration)["dataSourceId"]}
    assert house.synced(**place)["statistics"]["numberOfNewDocumentsIndexed"] == 1
    assert not house.found(base, "pay")
    (found,) = house.found(base, "pay", **ADA)
    assert found["location"]["s3Location"]["uri"] == "s3://files/pay.md"
    asked = place | {"documentId": "s3://files/pay.md"}
    answer = house.runtime.get_document_content(**asked, **ADA)
    assert answer["mimeType"] == "text/markdown"
    assert fetched(answer["presignedUrl"])[2] == (bucket / "pay.md").read_bytes()
    (bucket / "pay.md").write_text("# Pay\n\nPay falls in May, and nobody may know.\n")
    assert b"nobody may know" not in fetched(answer["presignedUrl"])[2]
    told = refused(house.runtime.get_document_content, "ResourceNotFoundException", **asked, **ADA)
    assert "changed since it was ingested" in told
