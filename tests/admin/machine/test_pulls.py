"""Models come to the machine by an operation, and go from it by another."""

import pytest
from botocore.exceptions import ClientError

from tests.admin.machine.conftest import Place, until
from tests.serving import Server

NOT_THERE = "google.use-multilingual-v3:0"


def test_a_model_is_fetched_and_shows_how_far_it_is(place: Place) -> None:
    content = place.offer("far")
    place.hub.cuts = [500_000]
    place.hub.silent.clear()
    begun = place.craton.start_model_pull(modelId="hf:acme/models/far.gguf")
    try:
        assert (begun["name"], begun["status"]) == ("hf:acme/models/far.gguf", "QUEUED")
        halfway = until(
            lambda: (pull := place.craton.get_model_pull(pullId=begun["pullId"]))["bytesDone"] == 500_000 and pull
        )
        assert (halfway["status"], halfway["bytesTotal"]) == ("FETCHING", len(content))
        assert halfway["source"] == "acme/models/far.gguf on Hugging Face"
        again = place.craton.start_model_pull(modelId="hf:acme/models/far.gguf")
        assert again["pullId"] == begun["pullId"]
        listed = place.craton.list_model_pulls(status="FETCHING")["pulls"]
        assert [pull["pullId"] for pull in listed] == [begun["pullId"]]
    finally:
        place.hub.silent.set()
    over = place.pulled(begun["pullId"])
    assert over["status"] == "COMPLETED"
    assert over["bytesDone"] == over["bytesTotal"] == len(content)
    assert over["modelId"] == "acme.far-v1:0"
    assert over["endedAt"] >= over["startedAt"]
    assert place.model("acme.far-v1:0")["installed"]


def test_what_is_there_is_fetched_at_once(place: Place) -> None:
    place.offer("twice")
    for _ in range(2):
        begun = place.craton.start_model_pull(modelId="hf:acme/models/twice.gguf")
        assert place.pulled(begun["pullId"])["status"] == "COMPLETED"


def test_one_that_fails_says_why(place: Place) -> None:
    begun = place.craton.start_model_pull(modelId="hf:acme/models/nowhere.gguf")
    over = place.pulled(begun["pullId"])
    assert over["status"] == "FAILED"
    assert "no such file at revision 'main'" in over["statusReason"]
    place.hub.add("acme/models/resolve/main/text.gguf", b"no model")
    begun = place.craton.start_model_pull(modelId="hf:acme/models/text.gguf")
    assert "does not begin with the letters GGUF" in place.pulled(begun["pullId"])["statusReason"]


def test_one_is_stopped_and_the_next_goes_on_from_there(place: Place) -> None:
    content = place.offer("stopped")
    place.hub.cuts = [300_000]
    place.hub.silent.clear()
    begun = place.craton.start_model_pull(modelId="hf:acme/models/stopped.gguf")
    try:
        until(lambda: place.craton.get_model_pull(pullId=begun["pullId"])["bytesDone"] == 300_000)
        assert place.craton.stop_model_pull(pullId=begun["pullId"])["status"] == "STOPPING"
        assert place.pulled(begun["pullId"])["status"] == "STOPPED"
    finally:
        place.hub.silent.set()
    with pytest.raises(ClientError, match=r"ConflictException.*has ended already"):
        place.craton.stop_model_pull(pullId=begun["pullId"])
    assert place.model("acme.stopped-v1:0") is None
    again = place.craton.start_model_pull(modelId="hf:acme/models/stopped.gguf")
    assert again["pullId"] != begun["pullId"]
    over = place.pulled(again["pullId"])
    assert (over["status"], over["bytesDone"]) == ("COMPLETED", len(content))
    assert place.hub.ranges[-1] == "bytes=300000-"


def test_a_server_that_is_killed_goes_on_when_it_is_started_again(place: Place) -> None:
    place.offer("killed")
    place.hub.cuts = [400_000]
    place.hub.silent.clear()
    begun = place.craton.start_model_pull(modelId="hf:acme/models/killed.gguf")
    until(lambda: place.craton.get_model_pull(pullId=begun["pullId"])["bytesDone"] == 400_000)
    place.server.kill()
    place.hub.silent.set()
    _start_again(place.server)
    over = place.pulled(begun["pullId"])
    assert over["status"] == "COMPLETED"
    assert place.hub.ranges[-1] == "bytes=400000-"
    assert place.model("acme.killed-v1:0")["installed"]


def test_a_server_ends_soon_while_a_hub_is_silent(place: Place) -> None:
    place.offer("ended")
    place.hub.cuts = [400_000]
    place.hub.silent.clear()
    begun = place.craton.start_model_pull(modelId="hf:acme/models/ended.gguf")
    until(lambda: place.craton.get_model_pull(pullId=begun["pullId"])["bytesDone"] == 400_000)
    assert place.server.stop() == 0
    assert not place.hub.silent.is_set()  # it did not wait for the hub
    place.hub.silent.set()
    _start_again(place.server)
    assert place.pulled(begun["pullId"])["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-such-model", "There is no model 'no-such-model' to fetch"),
        ("/etc/passwd", "registered there"),
        ("file.gguf", "registered there"),
        ("hf:acme/models", "does not name a GGUF file"),
        ("hf:acme/models/../../secret.gguf", "does not name a GGUF file"),
    ],
)
def test_what_names_no_model_is_refused(place: Place, name: str, says: str) -> None:
    with pytest.raises(ClientError, match="ValidationException") as refused:
        place.craton.start_model_pull(modelId=name)
    assert says in refused.value.response["Error"]["Message"]


def test_a_model_is_deleted_with_its_files(place: Place) -> None:
    content = place.offer("gone")
    begun = place.craton.start_model_pull(modelId="hf:acme/models/gone.gguf")
    place.pulled(begun["pullId"])
    before = place.craton.describe_server()["disk"]["modelBytes"]
    deleted = place.craton.delete_local_model(modelId="acme.gone-v1:0")
    assert deleted["freedBytes"] == len(content)
    assert place.model("acme.gone-v1:0") is None
    assert place.craton.describe_server()["disk"]["modelBytes"] == before - len(content)
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*is not installed"):
        place.craton.delete_local_model(modelId="acme.gone-v1:0")


def test_a_model_of_the_catalogue_that_is_not_here_cannot_be_deleted(place: Place) -> None:
    assert place.model(NOT_THERE)["status"] == "FETCHABLE"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        place.craton.delete_local_model(modelId=NOT_THERE)


def test_only_the_operator_s_account_fetches_and_deletes(place: Place) -> None:
    theirs = place.stranger.client("craton")
    for ask in (
        lambda: theirs.start_model_pull(modelId="hf:acme/models/far.gguf"),
        lambda: theirs.get_model_pull(pullId="0123456789ab"),
        lambda: theirs.list_model_pulls(),
        lambda: theirs.stop_model_pull(pullId="0123456789ab"),
        lambda: theirs.delete_local_model(modelId="acme.far-v1:0"),
    ):
        with pytest.raises(ClientError, match=r"AccessDeniedException.*operator"):
            ask()


def _start_again(server: Server) -> None:
    server.__enter__()
