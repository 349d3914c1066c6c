"""What the server tells of itself and of its machine."""

import os
from datetime import UTC, datetime, timedelta

from craton import __version__
from tests.admin.machine.conftest import Place


def test_it_tells_what_it_is_and_what_its_machine_has(place: Place) -> None:
    told = place.craton.describe_server()
    assert (told["version"], told["endpoint"], told["tls"]) == (__version__, place.server.endpoint, False)
    assert told["defaultModelId"] == "huggingface.smollm2-135m-instruct-v1:0"
    assert timedelta() < datetime.now(UTC) - told["startedAt"] < timedelta(hours=1)
    processor, memory, disk = told["processor"], told["memory"], told["disk"]
    assert processor["cores"] == os.cpu_count()
    assert 0 < processor["usableCores"] <= len(os.sched_getaffinity(0))
    assert 0 < memory["availableBytes"] <= memory["totalBytes"]
    assert 0 < memory["modelBudgetBytes"] <= memory["totalBytes"]
    assert 0 < disk["freeBytes"] <= disk["totalBytes"]
    assert disk["modelBytes"] > 0
    assert told["platform"]["system"] == os.uname().sysname
    for gpu in told["gpus"]:
        assert gpu["name"]


def test_it_tells_which_engines_work(place: Place) -> None:
    engines = {engine["name"]: engine for engine in place.craton.describe_server()["engines"]}
    assert engines["llamacpp"]["available"]
    assert engines["llamacpp"]["library"] == "xllamacpp"
    assert engines["llamacpp"]["version"]
    assert engines["openai"]["remote"]
    assert "scripted" not in engines
    for engine in engines.values():
        assert engine["available"] or "not installed" in engine["reason"]


def test_it_names_no_folder_and_no_secret(place: Place) -> None:
    told = str({name: value for name, value in place.craton.describe_server().items() if name != "ResponseMetadata"})
    assert str(place.server.home) not in told
    assert place.account.secret not in told


def test_others_than_the_operator_learn_that_they_are_none(place: Place) -> None:
    ours, theirs = place.craton.describe_server(), place.stranger.client("craton").describe_server()
    assert (ours["operator"], theirs["operator"]) == (True, False)
    assert ours["listensOn"] == place.server.endpoint.removeprefix("http://")
    assert "listensOn" not in theirs
