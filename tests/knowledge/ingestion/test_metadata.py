"""Metadata files and inline attributes, and what is wrong with them."""

import json
import math

import pytest

from craton.knowledge.ingestion.metadata.metadata import Metadata, MetadataError, of_file, of_request

URI = "s3://bucket/a.txt.metadata.json"


def read(body: object) -> Metadata:
    return of_file(json.dumps(body).encode(), URI)


def attributes(values: object) -> Metadata:
    return read({"metadataAttributes": values})


def test_plain_values_have_their_types() -> None:
    told = attributes({"a": "x", "b": 2, "c": True, "d": ["x", "y"], "e": 1.5})
    assert told.attributes == {"a": "x", "b": 2.0, "c": True, "d": ["x", "y"], "e": 1.5}
    assert type(told.attributes["b"]) is float
    assert told.preface == ""


def test_values_that_are_embedded_stand_before_the_text() -> None:
    typed = {
        "title": {"value": {"type": "STRING", "stringValue": "Plums"}, "includeForEmbedding": True},
        "year": {"value": {"type": "NUMBER", "numberValue": 2024}, "includeForEmbedding": True},
        "tags": {"value": {"type": "STRING_LIST", "stringListValue": ["x", "y"]}, "includeForEmbedding": True},
        "own": {"value": {"type": "BOOLEAN", "booleanValue": True}, "includeForEmbedding": False},
        "text": {"value": {"type": "STRING", "stringValue": "no"}, "includeForEmbedding": "false"},
    }
    assert attributes(typed).preface == "title: Plums\nyear: 2024\ntags: x, y\n"


def test_a_byte_order_mark_is_no_fault() -> None:
    assert of_file(b'\xef\xbb\xbf{"metadataAttributes": {"a": "b"}}', URI).attributes == {"a": "b"}


def test_lists_of_who_may_see_a_document() -> None:
    told = read({"accessControlList": [{"Name": "ada@example.com", "Type": "USER", "Access": "ALLOW"}]})
    assert told.acl == [{"name": "ada@example.com", "type": "USER", "access": "ALLOW"}]
    with pytest.raises(MetadataError, match="accessControlList"):
        read({"accessControlList": [{"Name": "staff", "Type": "GROUP", "Access": "ALLOW"}]})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "no object of the name 'metadataAttributes'"),
        ({"metadataAttributes": {"a": None}}, "'a' must be a string"),
        ({"metadataAttributes": {"a": [1]}}, "'a' must be a string"),
        ({"metadataAttributes": {"a": []}}, "'a' must be a string"),
        ({"metadataAttributes": {"a": 10**400}}, "too large"),
        ({"metadataAttributes": {"a": math.nan}}, "is none"),
        ({"metadataAttributes": {"": "x"}}, "1 to 200 characters"),
        ({"metadataAttributes": {"x-amz-bedrock-kb-a": "x"}}, "rename it"),
        ({"metadataAttributes": {"craton:allowed": "x"}}, "rename it"),
        ({"metadataAttributes": {"a": "x" * 2049}}, "1 to 2048 characters"),
        ({"metadataAttributes": {str(n): n for n in range(51)}}, "50 are the most"),
        ({"metadataAttributes": {"a": {"value": 1}}}, "no object of the name 'value'"),
        ({"metadataAttributes": {"a": {"value": {"type": "DATE", "stringValue": "x"}}}}, "the types are STRING"),
        ({"metadataAttributes": {"a": {"value": {"type": "NUMBER", "numberValue": True}}}}, "needs 'numberValue'"),
        (
            {"metadataAttributes": {"a": {"value": {"type": "STRING", "stringValue": "x", "numberValue": 1}}}},
            "'numberValue' does not belong",
        ),
        ({"documentStructureConfiguration": {"type": "OTHER"}}, "RECORD_BASED_STRUCTURE_METADATA"),
        (
            {
                "documentStructureConfiguration": {
                    "type": "RECORD_BASED_STRUCTURE_METADATA",
                    "recordBasedStructureMetadata": {"contentFields": [{"fieldName": "a"}, {"fieldName": "b"}]},
                }
            },
            "one field",
        ),
    ],
)
def test_what_is_wrong_is_said_of_the_file(body: object, said: str) -> None:
    with pytest.raises(MetadataError, match=said) as raised:
        read(body)
    assert URI in str(raised.value)


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"\xff\xfe",
        b"NaN x",
        b'{"metadataAttributes": {"a": ' + b"[" * 9000,
        b'{"metadataAttributes": {"a": "\\ud800"}}',
        b'{"metadataAttributes": {"\\udc00": 1}}',
    ],
)
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(MetadataError, match="is no JSON"):
        of_file(data, URI)


def test_attributes_of_a_request() -> None:
    shape = {
        "inlineAttributes": [
            {"key": "a", "value": {"type": "STRING", "stringValue": "x"}},
            {"key": "b", "value": {"type": "STRING_LIST", "stringListValue": ["y"]}},
        ]
    }
    assert of_request(shape).attributes == {"a": "x", "b": ["y"]}
    with pytest.raises(MetadataError, match="twice"):
        of_request({"inlineAttributes": [shape["inlineAttributes"][0]] * 2})


def test_what_is_kept_is_read_again() -> None:
    told = read(
        {
            "metadataAttributes": {"a": {"value": {"type": "STRING", "stringValue": "x"}, "includeForEmbedding": True}},
            "documentStructureConfiguration": {
                "type": "RECORD_BASED_STRUCTURE_METADATA",
                "recordBasedStructureMetadata": {
                    "contentFields": [{"fieldName": "text"}],
                    "metadataFieldsSpecification": {"fieldsToInclude": [{"fieldName": "n"}]},
                },
            },
        }
    )
    again = Metadata.again(told.kept, told.acl)
    assert (again.attributes, again.preface, again.columns) == (told.attributes, told.preface, told.columns)
