"""Files uploaded through Craton's own operation, the chunks that become of them, and the index made anew."""

from tests.knowledge.house import House, connector, gone, refused, until

BEES = b"# Bees\n\nBees make honey from nectar.\n"
ADA = {"name": "ada@example.com", "type": "USER", "access": "ALLOW"}


def place_of(house: House) -> dict[str, str]:
    base = house.base()["knowledgeBaseId"]
    return {"knowledgeBaseId": base, "dataSourceId": house.source(base)["dataSourceId"]}


def uploaded(house: House, place: dict[str, str], name: str, content: bytes, **more: object) -> str:
    """The id of the document, once it is done."""
    answer = house.craton.upload_knowledge_base_document(**place, fileName=name, content=content, **more)
    detail = house.document(place["knowledgeBaseId"], place["dataSourceId"], answer["documentId"])
    assert detail["status"] == "INDEXED", detail
    name_of_it: str = answer["documentId"]
    return name_of_it


def test_a_file_becomes_a_document_that_is_found(house: House) -> None:
    place = place_of(house)
    year = {"key": "year", "value": {"type": "NUMBER", "numberValue": 2024}}
    name = uploaded(house, place, "bees.md", BEES, attributes=[year])
    assert name == "bees.md"
    (chunk,) = house.craton.list_knowledge_base_chunks(**place, documentId=name)["chunks"]
    assert "honey" in chunk["text"]
    assert chunk["metadata"]["year"] == 2024
    (found,) = house.found(place["knowledgeBaseId"], "honey from nectar")
    assert found["content"]["text"] == chunk["text"]


def test_the_same_id_again_replaces_the_document(house: House) -> None:
    place = place_of(house)
    for content in (BEES, b"Wasps make paper nests."):
        uploaded(house, place, "insects.txt", content, documentId="insects")
    (chunk,) = house.craton.list_knowledge_base_chunks(**place, documentId="insects")["chunks"]
    assert "Wasps" in chunk["text"]


def test_pages_of_chunks_are_in_the_order_of_the_text(house: House) -> None:
    base = house.base()["knowledgeBaseId"]
    fixed = {"maxTokens": 20, "overlapPercentage": 1}
    chunking = {"chunkingStrategy": "FIXED_SIZE", "fixedSizeChunkingConfiguration": fixed}
    ingesting = {"chunkingConfiguration": chunking}
    source = house.source(base, vectorIngestionConfiguration=ingesting)["dataSourceId"]
    place = {"knowledgeBaseId": base, "dataSourceId": source}
    text = " ".join(f"Bee number {number} lives in hive {number}." for number in range(40))
    uploaded(house, place, "hives.txt", text.encode())
    texts, token = [], {}
    while True:
        answer = house.craton.list_knowledge_base_chunks(**place, documentId="hives.txt", maxResults=4, **token)
        assert len(answer["chunks"]) <= 4
        texts += [chunk["text"] for chunk in answer["chunks"]]
        if "nextToken" not in answer:
            break
        token = {"nextToken": answer["nextToken"]}
    assert len(texts) > 8
    assert texts == sorted(texts, key=text.index)
    stranger = {"documentId": "other.txt", "nextToken": token["nextToken"]}
    refused(house.craton.list_knowledge_base_chunks, "ResourceNotFoundException", **place, **stranger)


def test_an_access_control_list_comes_along(house: House) -> None:
    place = place_of(house)
    uploaded(house, place, "bees.md", BEES, accessControlList=[ADA])
    base = place["knowledgeBaseId"]
    assert not house.found(base, "honey")
    assert house.found(base, "honey", userContext={"userId": "ada@example.com"})


def test_what_cannot_be_uploaded(house: House) -> None:
    place = place_of(house)
    upload = house.craton.upload_knowledge_base_document
    assert "not supported" in refused(upload, **place, fileName="a.exe", content=b"MZ\x90\x00")
    crawled = house.source(
        place["knowledgeBaseId"], {"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::b12"}}
    )
    elsewhere = place | {"dataSourceId": crawled["dataSourceId"]}
    assert "type 'CUSTOM'" in refused(upload, **elsewhere, fileName="a.txt", content=b"a")


def test_a_managed_one_takes_uploads(house: House) -> None:
    base = house.base({"type": "MANAGED"})["knowledgeBaseId"]
    source = house.source(base, connector(type="CUSTOM", aclEnabled=True))["dataSourceId"]
    place = {"knowledgeBaseId": base, "dataSourceId": source}
    uploaded(house, place, "bees.md", BEES, accessControlList=[ADA])
    house.craton.upload_knowledge_base_document(**place, fileName="open.md", content=b"Wasps.")
    assert house.document(base, source, "open.md")["status"] == "FAILED"


def test_an_index_made_anew_finds_the_same(house: House) -> None:
    place = place_of(house)
    uploaded(house, place, "bees.md", BEES)
    before = house.found(place["knowledgeBaseId"], "honey")
    house.craton.rebuild_knowledge_base(knowledgeBaseId=place["knowledgeBaseId"])
    after = until(lambda: house.found(place["knowledgeBaseId"], "honey") or None)
    assert after == before


def test_chunks_that_nothing_else_keeps_go_only_where_that_is_said(house: House) -> None:
    base = house.base()["knowledgeBaseId"]
    place = {"knowledgeBaseId": base, "dataSourceId": house.source(base, dataDeletionPolicy="RETAIN")["dataSourceId"]}
    uploaded(house, place, "bees.md", BEES)
    house.agent.delete_data_source(**place)
    until(lambda: gone(house.agent.get_data_source, **place))
    message = refused(house.craton.rebuild_knowledge_base, "ConflictException", knowledgeBaseId=base)
    assert "'discardRetained'" in message
    assert house.found(base, "honey")
    house.craton.rebuild_knowledge_base(knowledgeBaseId=base, discardRetained=True)
    until(lambda: not house.found(base, "honey") or None)
    house.craton.rebuild_knowledge_base(knowledgeBaseId=base)
