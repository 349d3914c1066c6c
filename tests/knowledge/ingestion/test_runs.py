"""Ingestion jobs as a boto3 program sees them."""

import json
import uuid

import pytest

from tests.documents import makers
from tests.knowledge.house import House, refused, until
from tests.knowledge.ingestion.folder import Folder, counts


@pytest.fixture
def folder(house: House) -> Folder:
    return Folder(house)


def test_a_folder_becomes_what_can_be_found(folder: Folder) -> None:
    folder.write("a.txt", "Apples are red.", {"metadataAttributes": {"year": 2024, "ripe": True}})
    folder.write("below/b.md", "# Bananas\n\nBananas are yellow.")
    job = folder.run(description="the first")
    assert job["status"] == "COMPLETE", job
    assert job["description"] == "the first"
    assert "failureReasons" not in job
    assert job["startedAt"] <= job["textReadyAt"] <= job["updatedAt"]
    assert counts(job) == {"scanned": 2, "metadata scanned": 1, "new": 2}
    assert folder.documents() == {"a.txt": ("INDEXED", ""), "below/b.md": ("INDEXED", "")}
    found = {each["content"]["text"]: each for each in folder.found("Apples are red.")}
    apples = found["Apples are red."]
    assert apples["location"] == {"type": "S3", "s3Location": {"uri": folder.uri("a.txt")}}
    told = apples["metadata"]
    assert told.pop("x-amz-bedrock-kb-chunk-id")
    assert told == {
        "year": 2024,
        "ripe": True,
        "x-amz-bedrock-kb-source-uri": folder.uri("a.txt"),
        "x-amz-bedrock-kb-data-source-id": folder.source,
    }


def test_the_only_page_of_a_pdf_has_its_number(folder: Folder) -> None:
    folder.write("a.pdf", makers.pdf(["The text of a page."]))
    folder.run()
    [found] = folder.found("text")
    assert found["metadata"]["x-amz-bedrock-kb-document-page-number"] == 1


def test_only_what_changed_is_read_again(folder: Folder) -> None:
    folder.write("same.txt", "the text of the same")
    folder.write("other.txt", "the text of the other", {"metadataAttributes": {"a": 1}})
    folder.write("gone.txt", "the text of the gone")
    assert counts(folder.run()) == {"scanned": 3, "metadata scanned": 1, "new": 3}
    folder.swap("same.txt", "the text of the SAME")
    assert counts(folder.run()) == {"scanned": 3, "metadata scanned": 1}
    folder.write("other.txt", "the text of another")
    folder.write("new.txt", "the text of the new")
    folder.drop("gone.txt")
    assert counts(folder.run()) == {"scanned": 3, "metadata scanned": 1, "new": 1, "modified": 1, "deleted": 1}
    assert folder.texts() == {"the text of the same", "the text of another", "the text of the new"}
    assert folder.documents().keys() == {"same.txt", "other.txt", "new.txt"}


def test_metadata_change_without_the_document_being_read(folder: Folder) -> None:
    folder.write("a.txt", "a text that is kept", {"metadataAttributes": {"year": 2023}})
    folder.run()
    folder.swap("a.txt", "another one, unread")
    folder.describe("a.txt", {"metadataAttributes": {"year": 2024}})
    assert counts(folder.run()) == {"scanned": 1, "metadata scanned": 1, "metadata modified": 1}
    [found] = folder.found("text")
    assert (found["content"]["text"], found["metadata"]["year"]) == ("a text that is kept", 2024)
    folder.drop("a.txt.metadata.json")
    assert counts(folder.run()) == {"scanned": 1, "metadata modified": 1}
    [found] = folder.found("text")
    assert (found["content"]["text"], "year" in found["metadata"]) == ("a text that is kept", False)


def test_both_forms_of_metadata_can_be_filtered_by(folder: Folder) -> None:
    typed = {
        "genre": {"value": {"type": "STRING", "stringValue": "novel"}, "includeForEmbedding": True},
        "pages": {"value": {"type": "NUMBER", "numberValue": 300}, "includeForEmbedding": False},
        "tags": {"value": {"type": "STRING_LIST", "stringListValue": ["x", "y"]}},
        "lent": {"value": {"type": "BOOLEAN", "booleanValue": False}},
    }
    folder.write("typed.txt", "a typed text", {"metadataAttributes": typed})
    folder.write("plain.txt", "a plain text", {"metadataAttributes": {"genre": "poem", "pages": 30, "tags": ["z"]}})
    assert counts(folder.run())["new"] == 2

    def texts(filter: dict[str, object]) -> list[str]:
        configuration = {"vectorSearchConfiguration": {"filter": filter}}
        return [found["content"]["text"] for found in folder.found("text", retrievalConfiguration=configuration)]

    assert texts({"equals": {"key": "genre", "value": "novel"}}) == ["a typed text"]
    assert texts({"lessThan": {"key": "pages", "value": 100}}) == ["a plain text"]
    assert texts({"listContains": {"key": "tags", "value": "y"}}) == ["a typed text"]
    assert texts({"equals": {"key": "lent", "value": False}}) == ["a typed text"]


def test_what_is_broken_fails_alone(folder: Folder) -> None:
    folder.write("good.txt", "a good text")
    folder.write("broken.pdf", b"%PDF-1.4 and no more")
    folder.write("empty.txt", "")
    folder.write("strange.bin", b"\0\1\2")
    folder.write("lied.txt", "its metadata are wrong", "{no json")
    folder.write("named.txt", "its metadata are taken", {"metadataAttributes": {"x-amz-bedrock-kb-own": 1}})
    job = folder.run()
    assert job["status"] == "COMPLETE"
    assert counts(job) == {"scanned": 6, "metadata scanned": 2, "new": 1, "failed": 4, "skipped": 1}
    documents = folder.documents()
    assert {name: status for name, (status, _) in documents.items()} == {
        "good.txt": "INDEXED",
        "broken.pdf": "FAILED",
        "empty.txt": "FAILED",
        "strange.bin": "IGNORED",
        "lied.txt": "FAILED",
        "named.txt": "FAILED",
    }
    assert "cannot be read as pdf" in documents["broken.pdf"][1]
    assert "is no JSON" in documents["lied.txt"][1]
    assert "rename it" in documents["named.txt"][1]
    reasons = [json.loads(reason)[0] for reason in job["failureReasons"]]
    assert len(reasons) == 5
    assert all(reason.startswith("Encountered error: ") for reason in reasons)
    assert all(
        any(f"[Files: {folder.uri(name)}]" in reason for reason in reasons) for name in documents if name[0] != "g"
    )
    assert folder.texts() == {"a good text"}


def test_what_failed_is_tried_again_and_mended(folder: Folder) -> None:
    folder.write("a.pdf", b"%PDF-1.4 and no more")
    folder.write("b.txt", "a text", "{no json")
    assert counts(folder.run()) == {"scanned": 2, "metadata scanned": 1, "failed": 2}
    assert counts(folder.run()) == {"scanned": 2, "metadata scanned": 1, "failed": 2}
    folder.drop("a.pdf")
    folder.describe("b.txt", {"metadataAttributes": {}})
    assert counts(folder.run()) == {"scanned": 1, "metadata scanned": 1, "new": 1, "deleted": 1}


def test_wrong_metadata_leave_a_document_as_it_was(folder: Folder) -> None:
    folder.write("a.txt", "a text", {"metadataAttributes": {"year": 1}})
    folder.run()
    folder.describe("a.txt", "{no json")
    assert counts(folder.run()) == {"scanned": 1, "metadata scanned": 1, "failed": 1}
    assert folder.documents()["a.txt"][0] == "METADATA_UPDATE_FAILED"
    [found] = folder.found("text")
    assert found["metadata"]["year"] == 1
    folder.describe("a.txt", {"metadataAttributes": {"year": 2}})
    assert counts(folder.run()) == {"scanned": 1, "metadata scanned": 1, "metadata modified": 1}
    assert folder.documents()["a.txt"] == ("INDEXED", "")


def test_a_document_that_breaks_is_not_found_any_more(folder: Folder) -> None:
    folder.write("a.pdf", b"%PDF-1.4 and no more")
    folder.write("b.txt", "a text")
    folder.run()
    folder.write("b.txt", b"a text with a zero\0")
    assert counts(folder.run())["failed"] == 2
    assert folder.texts() == set()
    folder.write("b.txt", "a whole text")
    assert counts(folder.run()) == {"scanned": 2, "modified": 1, "failed": 1}
    assert folder.texts() == {"a whole text"}


def test_rows_of_a_table_are_documents(folder: Folder) -> None:
    structure = {
        "type": "RECORD_BASED_STRUCTURE_METADATA",
        "recordBasedStructureMetadata": {
            "contentFields": [{"fieldName": "text"}],
            "metadataFieldsSpecification": {"fieldsToExclude": [{"fieldName": "secret"}]},
        },
    }
    table = 'name,text,secret\nann,"Apples, red",1\nbob,Bananas,2\ncy,,3\n'
    folder.write("a.csv", table, {"metadataAttributes": {"of": "us"}, "documentStructureConfiguration": structure})
    assert counts(folder.run()) == {"scanned": 1, "metadata scanned": 1, "new": 1}
    found = {each["content"]["text"]: each["metadata"] for each in folder.found("fruit")}
    assert found.keys() == {"Apples, red", "Bananas"}
    assert (found["Bananas"]["name"], found["Bananas"]["of"]) == ("bob", "us")
    assert "secret" not in found["Bananas"]


def test_a_bucket_that_is_not_there_fails_the_job_and_deletes_nothing(folder: Folder) -> None:
    folder.write("a.txt", "a text")
    folder.run()
    folder.vanish()
    job = folder.run()
    assert job["status"] == "FAILED"
    assert folder.bucket in job["failureReasons"][0]
    assert counts(job) == {}
    assert folder.texts() == {"a text"}


def test_one_job_at_a_time(house: House, folder: Folder) -> None:
    for number in range(150):
        folder.write(f"{number}.txt", f"text {number}")
    first = folder.start()
    assert "ongoing" in refused(folder.start, "ConflictException")
    other = Folder(house, folder.base)
    assert counts(other.run()) == {}
    assert counts(folder.ended(first)) == {"scanned": 150, "new": 150}
    assert folder.run()["status"] == "COMPLETE"


def test_the_same_token_starts_one_job(folder: Folder) -> None:
    token = uuid.uuid4().hex * 2
    name = folder.start(clientToken=token)
    assert folder.start(clientToken=token) == name
    folder.ended(name)


def test_a_job_that_is_stopped_keeps_what_is_done(folder: Folder) -> None:
    for number in range(300):
        folder.write(f"{number:03}.txt", f"text {number}")
    name = folder.start()
    until(lambda: folder.job(name)["statistics"]["numberOfNewDocumentsIndexed"] or None)
    stopping = folder.agent.stop_ingestion_job(**folder.place, ingestionJobId=name)["ingestionJob"]
    assert stopping["status"] == "STOPPING"
    job = folder.ended(name)
    assert job["status"] == "STOPPED"
    done = job["statistics"]["numberOfNewDocumentsIndexed"]
    assert 0 < done < 300
    assert list(folder.documents().values()) == [("INDEXED", "")] * done
    assert "STOPPED" in refused(
        folder.agent.stop_ingestion_job, "ConflictException", **folder.place, ingestionJobId=name
    )
    assert counts(folder.run()) == {"scanned": 300, "new": 300 - done}


def test_jobs_are_listed_by_status_and_time(folder: Folder) -> None:
    names = [folder.run()["ingestionJobId"] for _ in range(3)]
    folder.vanish()
    names.append(folder.run()["ingestionJobId"])

    def listed(**more: object) -> list[str]:
        pages = folder.agent.get_paginator("list_ingestion_jobs").paginate(
            **folder.place, PaginationConfig={"PageSize": 2}, **more
        )
        return [each["ingestionJobId"] for page in pages for each in page["ingestionJobSummaries"]]

    assert listed() == names[::-1]
    assert listed(sortBy={"attribute": "STARTED_AT", "order": "ASCENDING"}) == names
    assert listed(sortBy={"attribute": "STATUS", "order": "DESCENDING"})[0] == names[3]
    failed = [{"attribute": "STATUS", "operator": "EQ", "values": ["FAILED"]}]
    assert listed(filters=failed) == names[3:]


def test_jobs_that_are_not_there(folder: Folder) -> None:
    refused(folder.agent.get_ingestion_job, "ResourceNotFoundException", **folder.place, ingestionJobId="A" * 10)
    nowhere = {"knowledgeBaseId": folder.base, "dataSourceId": "B" * 10}
    refused(folder.agent.start_ingestion_job, "ResourceNotFoundException", **nowhere)


def test_a_custom_source_has_nothing_to_list(house: House) -> None:
    base = house.base()["knowledgeBaseId"]
    source = house.source(base)["dataSourceId"]
    said = refused(house.agent.start_ingestion_job, knowledgeBaseId=base, dataSourceId=source)
    assert "IngestKnowledgeBaseDocuments" in said


def test_deleting_a_source_takes_all_with_it(folder: Folder) -> None:
    folder.write("a.txt", "a text")
    folder.run()
    contents = folder.house.account.server.home / "knowledge" / "contents"
    assert [file for file in contents.rglob("*") if folder.source in file.parts and file.is_file()]
    folder.agent.delete_data_source(**folder.place)
    until(lambda: None if folder.source in _sources(folder) else True)
    assert folder.texts() == set()
    assert not [file for file in contents.rglob("*") if folder.source in file.parts and file.is_file()]


def test_deleting_a_source_in_the_middle_of_its_job(folder: Folder) -> None:
    for number in range(300):
        folder.write(f"{number:03}.txt", f"text {number}")
    name = folder.start()
    until(lambda: folder.job(name)["statistics"]["numberOfNewDocumentsIndexed"] or None)
    folder.agent.delete_data_source(**folder.place)
    until(lambda: None if folder.source in _sources(folder) else True)
    assert folder.texts() == set()
    again = Folder(folder.house, folder.base)
    again.write("a.txt", "another text")
    assert counts(again.run()) == {"scanned": 1, "new": 1}
    assert again.texts() == {"another text"}


def _sources(folder: Folder) -> list[str]:
    listed = folder.agent.list_data_sources(knowledgeBaseId=folder.base)["dataSourceSummaries"]
    return [each["dataSourceId"] for each in listed]
