"""The openai SDK's Responses: conversations by id, streams, tools, parsed answers, background work."""

import pytest

from tests import scripted
from tests.clients.conftest import Program

pytestmark = pytest.mark.clients

TICKS = "tick " * 100


def test_conversations_streams_tools_and_types(python: Program, played: dict[str, str]) -> None:
    printed = python("openai_responses.py", scripted.MODEL, **played)
    assert (printed["first"], printed["second"], printed["kept"]) == (scripted.ANSWER, [scripted.ANSWER, True], True)
    assert printed["items"] == ["Hello"]
    assert printed["tokens"][0] == printed["tokens"][1]
    assert (printed["raw"][0], printed["raw"][-1]) == ("response.created", "response.completed")
    assert len(printed["words"]) > 3, "the words did not come one by one"
    assert "".join(printed["words"]) == printed["final"] == scripted.ANSWER
    assert printed["call"] == {"name": "weather", "arguments": '{"city":"Ulm"}'}
    assert (printed["told"], printed["alone"]) == (scripted.ANSWER, scripted.ANSWER)
    assert printed["kinds"].count("response.function_call_arguments.done") == 2
    assert printed["twice"] == ["Ulm", "Köln"]
    assert printed["summary"] == printed["openly"] == ["Let me see."]
    assert printed["parsed"] == {"city": "Ulm", "degrees": 7}
    assert printed["gone"] == 404


def test_background_work_is_polled_followed_and_cancelled(python: Program, played: dict[str, str]) -> None:
    printed = python("openai_responses_background.py", scripted.MODEL, **played)
    assert printed["status"] == ["queued", "completed"]
    assert printed["polled"] == scripted.ANSWER
    assert printed["numbers"] == list(range(len(printed["numbers"])))
    assert (printed["streamed"], printed["last"], printed["again"]) == (TICKS, "response.completed", TICKS)
    assert printed["cancelled"] == ["cancelled", "cancelled"]
