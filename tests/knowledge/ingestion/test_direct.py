"""Single documents, handed in, told of and deleted, as a boto3 program does it."""

import uuid
from typing import Any

import pytest

from tests.knowledge.house import House, refused, until
from tests.knowledge.ingestion.folder import Folder, counts

DONE = ("INDEXED", "FAILED", "IGNORED", "NOT_FOUND")


class Shelf:
    """A custom data source."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.agent = house.agent
        self.base: str = house.base()["knowledgeBaseId"]
        self.source: str = house.source(self.base)["dataSourceId"]

    @property
    def place(self) -> dict[str, str]:
        return {"knowledgeBaseId": self.base, "dataSourceId": self.source}

    def put(self, *documents: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        answer = self.agent.ingest_knowledge_base_documents(**self.place, documents=list(documents), **more)
        details: list[dict[str, Any]] = answer["documentDetails"]
        return details

    def ended(self, *ids: str) -> list[dict[str, Any]]:
        def look() -> list[dict[str, Any]] | None:
            identifiers = [{"dataSourceType": "CUSTOM", "custom": {"id": each}} for each in ids]
            answer = self.agent.get_knowledge_base_documents(**self.place, documentIdentifiers=identifiers)
            details: list[dict[str, Any]] = answer["documentDetails"]
            return details if all(detail["status"] in DONE for detail in details) else None

        return until(look)

    def delete(self, *ids: str) -> list[dict[str, Any]]:
        identifiers = [{"dataSourceType": "CUSTOM", "custom": {"id": each}} for each in ids]
        answer = self.agent.delete_knowledge_base_documents(**self.place, documentIdentifiers=identifiers)
        details: list[dict[str, Any]] = answer["documentDetails"]
        return details

    def texts(self) -> set[str]:
        return {found["content"]["text"] for found in self.house.found(self.base, "text")}


@pytest.fixture
def shelf(house: House) -> Shelf:
    return Shelf(house)


def custom(id: str, **content: Any) -> dict[str, Any]:
    return {"content": {"dataSourceType": "CUSTOM", "custom": {"customDocumentIdentifier": {"id": id}, **content}}}


def text(id: str, data: str) -> dict[str, Any]:
    return custom(id, sourceType="IN_LINE", inlineContent={"type": "TEXT", "textContent": {"data": data}})


def data(id: str, data: bytes, media_type: str) -> dict[str, Any]:
    inline = {"type": "BYTE", "byteContent": {"data": data, "mimeType": media_type}}
    return custom(id, sourceType="IN_LINE", inlineContent=inline)


def inline(**values: Any) -> dict[str, Any]:
    return {"type": "IN_LINE_ATTRIBUTE", "inlineAttributes": [{"key": key, "value": values[key]} for key in values]}


def test_texts_and_bytes_are_found(shelf: Shelf) -> None:
    described = text("one", "A plain text.") | {"metadata": inline(year={"type": "NUMBER", "numberValue": 2024})}
    first, second = shelf.put(described, data("two", b"<p>A page of text.</p>", "text/html"))
    assert first["status"] == "STARTING"
    assert first["identifier"] == {"dataSourceType": "CUSTOM", "custom": {"id": "one"}}
    assert second["identifier"]["custom"]["id"] == "two"
    assert [detail["status"] for detail in shelf.ended("one", "two")] == ["INDEXED", "INDEXED"]
    assert shelf.texts() == {"A plain text.", "A page of text."}
    [found] = [each for each in shelf.house.found(shelf.base, "text") if each["content"]["text"] == "A plain text."]
    assert found["location"] == {"type": "CUSTOM", "customDocumentLocation": {"id": "one"}}
    assert found["metadata"]["year"] == 2024


def test_a_document_is_replaced_and_deleted(shelf: Shelf) -> None:
    shelf.put(text("one", "the first text"))
    shelf.ended("one")
    shelf.put(text("one", "the second text"))
    shelf.ended("one")
    assert shelf.texts() == {"the second text"}
    gone, unknown = shelf.delete("one", "never")
    assert (gone["status"], unknown["status"]) == ("DELETING", "NOT_FOUND")
    assert shelf.ended("one")[0]["status"] == "NOT_FOUND"
    assert shelf.texts() == set()


def test_the_last_request_for_a_document_counts(shelf: Shelf) -> None:
    for number in range(8):
        shelf.put(text("one", f"text {number}"))
        shelf.delete("two")
        shelf.put(text("two", f"other text {number}"))
    shelf.delete("one")
    shelf.ended("one", "two")
    assert shelf.texts() == {"other text 7"}


def test_objects_are_read_with_their_metadata(shelf: Shelf) -> None:
    bucket = Folder(shelf.house, shelf.base)
    bucket.write("a.txt", "the text of an object")
    bucket.describe("told", {"metadataAttributes": {"from": "file"}})
    document = custom("one", sourceType="S3_LOCATION", s3Location={"uri": bucket.uri("a.txt")})
    shelf.put(document | {"metadata": {"type": "S3_LOCATION", "s3Location": {"uri": bucket.uri("told.metadata.json")}}})
    assert shelf.ended("one")[0]["status"] == "INDEXED"
    [found] = shelf.house.found(shelf.base, "text")
    assert (found["content"]["text"], found["metadata"]["from"]) == ("the text of an object", "file")
    assert found["location"] == {"type": "CUSTOM", "customDocumentLocation": {"id": "one"}}


def test_what_cannot_be_ingested_says_why(shelf: Shelf) -> None:
    missing = custom("missing", sourceType="S3_LOCATION", s3Location={"uri": "s3://no-such-bucket/a.txt"})
    shelf.put(data("broken", b"%PDF-1.4 and no more", "application/pdf"), missing)
    shelf.put(data("strange", b"\0\1", "application/x-strange"), text("fine", "a fine text"))
    details = shelf.ended("broken", "missing", "strange", "fine")
    assert [detail["status"] for detail in details] == ["FAILED", "FAILED", "IGNORED", "INDEXED"]
    assert "cannot be read as pdf" in details[0]["statusReason"]
    assert "no-such-bucket" in details[1]["statusReason"]
    assert "not supported" in details[2]["statusReason"]
    assert shelf.texts() == {"a fine text"}


def test_documents_are_listed_in_pages(shelf: Shelf) -> None:
    for start in range(0, 12, 4):
        shelf.put(*(text(f"{number:02}", f"text {number}") for number in range(start, start + 4)))
    pages = shelf.agent.get_paginator("list_knowledge_base_documents").paginate(
        **shelf.place, PaginationConfig={"PageSize": 5}
    )
    ids = [detail["identifier"]["custom"]["id"] for page in pages for detail in page["documentDetails"]]
    assert sorted(ids) == [f"{number:02}" for number in range(12)]


def test_the_same_token_hands_in_once(shelf: Shelf) -> None:
    token = uuid.uuid4().hex * 2
    first = shelf.put(text("one", "a text"), clientToken=token)
    shelf.ended("one")
    assert shelf.put(text("one", "a text"), clientToken=token) == first
    assert shelf.ended("one")[0]["status"] == "INDEXED"


def test_requests_that_contradict_themselves_are_refused(shelf: Shelf) -> None:
    put, place = shelf.agent.ingest_knowledge_base_documents, shelf.place
    twice = [text("one", "a"), text("one", "b")]
    assert "twice" in refused(put, **place, documents=twice)
    other = {"content": {"dataSourceType": "S3", "s3": {"s3Location": {"uri": "s3://some-bucket/a.txt"}}}}
    assert "CUSTOM" in refused(put, **place, documents=[other])
    without = custom("one", sourceType="IN_LINE")
    assert "inlineContent" in refused(put, **place, documents=[without])
    both = text("one", "a")
    both["content"]["custom"]["s3Location"] = {"uri": "s3://some-bucket/a.txt"}
    assert "does not belong" in refused(put, **place, documents=[both])
    taken = text("one", "a") | {"metadata": inline(**{"craton:allowed": {"type": "STRING", "stringValue": "x"}})}
    assert "rename it" in refused(put, **place, documents=[taken])
    wrong = text("one", "a") | {"metadata": inline(year={"type": "NUMBER", "stringValue": "2024"})}
    assert "numberValue" in refused(put, **place, documents=[wrong])


def test_an_object_of_a_folder_is_ingested_at_once_and_found_unchanged_by_a_job(house: House) -> None:
    folder = Folder(house)
    folder.write("a.txt", "the text of a", {"metadataAttributes": {"year": 1}})
    folder.write("b.txt", "the text of b")
    document = {"content": {"dataSourceType": "S3", "s3": {"s3Location": {"uri": folder.uri("a.txt")}}}}
    folder.agent.ingest_knowledge_base_documents(**folder.place, documents=[document])
    until(lambda: True if folder.documents() == {"a.txt": ("INDEXED", "")} else None)
    assert [found["metadata"]["year"] for found in folder.found("text")] == [1]
    assert counts(folder.run()) == {"scanned": 2, "metadata scanned": 1, "new": 1}
    elsewhere = {"content": {"dataSourceType": "S3", "s3": {"s3Location": {"uri": "s3://some-bucket/a.txt"}}}}
    folder.agent.ingest_knowledge_base_documents(**folder.place, documents=[elsewhere])
    identifiers = [{"dataSourceType": "S3", "s3": {"uri": "s3://some-bucket/a.txt"}}]

    def failed() -> str | None:
        asked = folder.agent.get_knowledge_base_documents(**folder.place, documentIdentifiers=identifiers)
        detail = asked["documentDetails"][0]
        return detail["statusReason"] if detail["status"] == "FAILED" else None

    assert "no object" in until(failed)


def test_attributes_of_a_request_do_not_take_away_the_list_of_an_object(house: House) -> None:
    folder = Folder(house)
    allowed = [{"Name": "ada@example.com", "Type": "USER", "Access": "ALLOW"}]
    folder.write("a.txt", "the text of a", {"metadataAttributes": {"year": 1}, "accessControlList": allowed})
    described = {"metadata": inline(year={"type": "NUMBER", "numberValue": 2})}
    document = {"content": {"dataSourceType": "S3", "s3": {"s3Location": {"uri": folder.uri("a.txt")}}}}
    folder.agent.ingest_knowledge_base_documents(**folder.place, documents=[document | described])
    until(lambda: True if folder.documents() == {"a.txt": ("INDEXED", "")} else None)
    assert folder.found("text") == []
    [found] = folder.found("text", userContext={"userId": "ada@example.com"})
    assert found["metadata"]["year"] == 2
