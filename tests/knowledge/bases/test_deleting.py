"""What goes with a data source and with a knowledge base, also when the server dies meanwhile."""

from functools import partial
from pathlib import Path

from tests import scripted
from tests.fronts import Account
from tests.knowledge.house import VECTORS, House, gone, refused, until
from tests.serving import Server


def files_of(home: Path, base: str) -> list[Path]:
    """Everything in the home that is named for a knowledge base, but for an empty file that was a lock."""
    named = [path for path in (home / "knowledge").rglob("*") if base in path.name]
    return [path for path in named if path.is_dir() or path.stat().st_size]


def test_a_source_goes_with_its_chunks_or_leaves_them(house: House) -> None:
    base = house.base()["knowledgeBaseId"]
    for policy in ("DELETE", "RETAIN"):
        source = house.source(base, dataDeletionPolicy=policy)["dataSourceId"]
        house.ingested(base, source, policy, f"A chunk to {policy}.")
        place = {"knowledgeBaseId": base, "dataSourceId": source}
        assert house.agent.delete_data_source(**place)["status"] == "DELETING"
        until(partial(gone, house.agent.get_data_source, **place))
    assert [each["content"]["text"] for each in house.found(base, "chunk")] == ["A chunk to RETAIN."]
    assert house.agent.list_data_sources(knowledgeBaseId=base)["dataSourceSummaries"] == []


def test_a_knowledge_base_goes_with_all_that_it_has(house: House) -> None:
    made = house.base(tags={"team": "a"})
    base = made["knowledgeBaseId"]
    source = house.source(base, dataDeletionPolicy="RETAIN")["dataSourceId"]
    house.ingested(base, source, "note", "Soon forgotten.")
    home = house.account.server.home
    assert files_of(home, base)
    assert house.agent.delete_knowledge_base(knowledgeBaseId=base)["status"] == "DELETING"
    until(lambda: gone(house.agent.get_knowledge_base, knowledgeBaseId=base))
    assert gone(house.agent.get_data_source, knowledgeBaseId=base, dataSourceId=source)
    assert gone(house.agent.list_tags_for_resource, resourceArn=made["knowledgeBaseArn"])
    assert not files_of(home, base)
    again = house.base(name=made["name"])
    assert again["knowledgeBaseId"] != base
    assert not house.found(again["knowledgeBaseId"], "forgotten")


def test_nothing_is_used_that_is_on_its_way_out(house: House) -> None:
    base = house.base()["knowledgeBaseId"]
    for _ in range(40):
        house.source(base)
    house.agent.delete_knowledge_base(knowledgeBaseId=base)
    place = {"knowledgeBaseId": base}
    codes = {"ConflictException", "ResourceNotFoundException", "ValidationException"}
    for call, more in (
        (house.agent.create_data_source, {"name": "late", "dataSourceConfiguration": {"type": "CUSTOM"}}),
        (house.runtime.retrieve, {"retrievalQuery": {"text": "late"}}),
        (house.agent.delete_knowledge_base, {}),
    ):
        try:
            call(**place, **more)
        except house.agent.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] in codes, error
        else:
            raise AssertionError(f"{call} was served")
    until(lambda: gone(house.agent.get_knowledge_base, **place))


def test_a_killed_server_goes_on_deleting(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    with Server(home) as server:
        house = House(Account(server))
        base = house.base()["knowledgeBaseId"]
        source = house.source(base)["dataSourceId"]
        house.ingested(base, source, "note", "Soon forgotten.")
        house.agent.delete_knowledge_base(knowledgeBaseId=base)
        server.kill()
    with Server(home) as server:
        house = House(Account(server))
        until(lambda: gone(house.agent.get_knowledge_base, knowledgeBaseId=base))
        assert not files_of(home, base)


def test_what_is_not_there_cannot_be_deleted(house: House) -> None:
    refused(house.agent.delete_knowledge_base, "ResourceNotFoundException", knowledgeBaseId="ABCDEFGHIJ")
    base = house.base()["knowledgeBaseId"]
    asked = {"knowledgeBaseId": base, "dataSourceId": "ABCDEFGHIJ"}
    assert "ABCDEFGHIJ" in refused(house.agent.delete_data_source, "ResourceNotFoundException", **asked)


def test_an_ingestion_under_way_leaves_nothing(house: House) -> None:
    home = house.account.server.home
    bucket = home / "buckets" / "busy"
    bucket.mkdir(parents=True)
    for number in range(150):
        (bucket / f"{number:03}.md").write_text(f"# Note {number}\n\nNumber {number} is soon forgotten.\n")
    configuration = {"type": "S3", "s3Configuration": {"bucketArn": "arn:aws:s3:::busy"}}
    kept, left = house.base()["knowledgeBaseId"], house.base()["knowledgeBaseId"]
    places = [
        {"knowledgeBaseId": base, "dataSourceId": house.source(base, configuration)["dataSourceId"]}
        for base in (kept, left)
    ]
    for place in places:
        house.agent.start_ingestion_job(**place)
        until(partial(begun, house, place))
    house.agent.delete_data_source(**places[0])
    house.agent.delete_knowledge_base(knowledgeBaseId=left)
    until(partial(gone, house.agent.get_data_source, **places[0]))
    until(partial(gone, house.agent.get_knowledge_base, knowledgeBaseId=left))
    assert not house.found(kept, "forgotten")
    assert not files_of(home, left)
    assert not files_of(home, places[0]["dataSourceId"])


def begun(house: House, place: dict[str, str]) -> bool | None:
    """Whether some of the documents of a data source can be found."""
    listed = house.agent.list_knowledge_base_documents(**place)["documentDetails"]
    return True if any(each["status"] == "INDEXED" for each in listed) else None
