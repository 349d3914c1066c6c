"""A server that is killed in the middle of its work, or comes back without its index."""

import shutil
from pathlib import Path

from soak import ingestion
from soak.figures import check
from tests import scripted
from tests.fronts import Account
from tests.knowledge.house import VECTORS, House, until
from tests.knowledge.ingestion.folder import Folder, counts
from tests.serving import Server


def test_a_job_that_is_killed_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    check(lambda: ingestion.trial(tmp_path / "home", kills=1, documents=80), tries=1)
    assert ingestion.whole(tmp_path / "home")


def test_an_index_that_was_lost_is_made_again_from_what_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    with Server(home) as server:
        house = House(Account(server))
        folder = Folder(house)
        folder.write("a.txt", "a text that is kept", {"metadataAttributes": {"year": 1}})
        folder.run()
        folder.swap("a.txt", "a text that is read")
        shelf = Folder(house)
        source = house.source(shelf.base)["dataSourceId"]
        house.ingested(shelf.base, source, "one", "a text of a request")
    shutil.rmtree(home / "knowledge" / "index")
    with Server(home) as server:
        for each in (folder, shelf):
            each.house = House(Account(server))
            each.agent = each.house.agent
            assert each.texts() == set()
        before = asked(each.house)
        assert counts(folder.run()) == {"scanned": 1, "metadata scanned": 1}
        shelf.house.craton.rebuild_knowledge_base(knowledgeBaseId=shelf.base)
        until(lambda: True if shelf.texts() == {"a text of a request"} else None)
        [found] = folder.found("text")
        assert (found["content"]["text"], found["metadata"]["year"]) == ("a text that is kept", 1)
        assert asked(each.house) == before, "vectors are kept, too"


def asked(house: House) -> int:
    """How often a model was asked, but for queries."""
    groups = house.craton.get_usage(groupBy=["operation"])["groups"]
    return sum(group["invocations"] for group in groups if "Retrieve" not in group["values"]["operation"])
