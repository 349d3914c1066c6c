"""RetrieveAndGenerate over documents that come with the request."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.knowledge.answers import LIGHTHOUSE, MODEL_ARN
from tests.knowledge.house import House


def asking(source: dict[str, Any], question: str) -> dict[str, Any]:
    config = {"modelArn": MODEL_ARN, "sources": [source]}
    return {
        "input": {"text": question},
        "retrieveAndGenerateConfiguration": {"type": "EXTERNAL_SOURCES", "externalSourcesConfiguration": config},
    }


def sent(data: bytes, mime: str = "text/plain", name: str = "guide.txt") -> dict[str, Any]:
    content = {"data": data, "contentType": mime, "identifier": name}
    return {"sourceType": "BYTE_CONTENT", "byteContent": content}


def references(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [reference for citation in answer["citations"] for reference in citation["retrievedReferences"]]


def test_a_document_in_the_request_is_answered_from_and_cited(house: House) -> None:
    answer = house.runtime.retrieve_and_generate(**asking(sent(LIGHTHOUSE.encode()), "who built the lighthouse?"))
    first, second = answer["citations"]
    assert first["generatedResponsePart"]["textResponsePart"]["text"] == "It was built in 1874 by Anna Lindqvist."
    (reference,) = first["retrievedReferences"]
    assert reference["content"]["text"] == LIGHTHOUSE
    assert reference["location"] == {"type": "CUSTOM", "customDocumentLocation": {"id": "guide.txt"}}
    assert second["retrievedReferences"] == []


def test_an_object_is_read_from_its_bucket(house: House) -> None:
    folder = house.account.server.home / "buckets" / "guides"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "guide.html").write_text(f"<html><body><h1>Skarholm</h1><p>{LIGHTHOUSE}</p></body></html>")
    source = {"sourceType": "S3", "s3Location": {"uri": "s3://guides/guide.html"}}
    streamed = house.runtime.retrieve_and_generate_stream(**asking(source, "who built the lighthouse?"))["stream"]
    cited = [event["citation"] for event in streamed if "citation" in event]
    assert cited[0]["retrievedReferences"][0]["location"] == {
        "type": "S3",
        "s3Location": {"uri": "s3://guides/guide.html"},
    }


def test_of_a_document_that_is_too_long_the_best_parts_are_read(house: House) -> None:
    """The scripted model reads 8192 words: the whole document has twice as many."""
    rooms = [f"Chamber {number} holds {'boxes of old paper and dust, ' * 40}and nothing else." for number in range(80)]
    rooms[77] = f"The needle is in chamber 77. {rooms[77]}"
    answer = house.runtime.retrieve_and_generate(**asking(sent("\n\n".join(rooms).encode()), "Where is the needle?"))
    assert any("The needle is in chamber 77." in each["content"]["text"] for each in references(answer))


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (sent(b"\x00\x01\x02 nothing", "application/octet-stream", "thing.bin"), "format that is not known"),
        (sent(b"no pdf", "application/pdf", "broken.pdf"), "cannot be read as pdf"),
        ({"sourceType": "S3", "s3Location": {"uri": "s3://guides/missing.txt"}}, "missing.txt"),
        ({"sourceType": "S3"}, "has no 's3Location'"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(house: House, source: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ClientError, match=sentence) as refused:
        house.runtime.retrieve_and_generate(**asking(source, "who built it?"))
    assert refused.value.response["Error"]["Code"] == "ValidationException"
