"""A server that is killed in the middle of its work, or comes back without its index."""

import shutil
from pathlib import Path

from soak import ingestion
from soak.figures import check
from tests import scripted
from tests.fronts import Account
from tests.knowledge.house import VECTORS, House
from tests.knowledge.ingestion.folder import Folder, counts
from tests.serving import Server


def test_a_job_that_is_killed_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    check(lambda: ingestion.trial(tmp_path / "home", kills=2, documents=200), tries=1)
    assert ingestion.whole(tmp_path / "home")


def test_an_index_that_was_lost_is_made_again_from_what_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    with Server(home) as server:
        folder = Folder(House(Account(server)))
        folder.write("a.txt", "a text that is kept", {"metadataAttributes": {"year": 1}})
        folder.run()
        folder.swap("a.txt", "a text that is read")
    shutil.rmtree(home / "knowledge" / "index")
    with Server(home) as server:
        house = House(Account(server))
        folder.house, folder.agent = house, house.agent
        assert folder.texts() == set()
        assert counts(folder.run()) == {"scanned": 1, "metadata scanned": 1}
        [found] = folder.found("text")
        assert (found["content"]["text"], found["metadata"]["year"]) == ("a text that is kept", 1)
