"""What people do in the console, in a real browser: it asks nobody but the server, and axe finds no serious barrier."""

import json

import pytest

from tests.console.conftest import Journey, clean
from tests.fronts import key_of
from tests.serving import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Server

pytestmark = pytest.mark.model


def test_from_the_sign_in_to_the_first_answer(journey: Journey, place: Server) -> None:
    found = journey("first_answer")
    clean(found, place)
    assert ACCESS_KEY_ID in found["shown"]
    assert SECRET_ACCESS_KEY not in found["shown"], "a secret is only shown to who asks for it"
    assert found["printed"].strip(), "the program that was copied printed nothing"
    assert found["light"].startswith("Boto3/")
    assert "Paris" in found["answer"]
    assert {"in", "out", "first token", "tokens/s", "total", "ended"} <= set(found["figures"].splitlines())
    assert found["kept"]["session"] == ["craton.credentials"]
    assert SECRET_ACCESS_KEY not in json.dumps([found["kept"]["local"], found["kept"]["cookies"], found["address"]])
    assert found["left"] == 0, "who signs out leaves nothing"
    assert SECRET_ACCESS_KEY not in place.log.read_text()


def test_models_are_compared_and_conversations_mended_and_shared(journey: Journey, place: Server) -> None:
    found = journey("playground")
    clean(found, place)
    assert len(found["figures"]) == 2
    assert all("12" in figures.splitlines() or "by itself" in figures for figures in found["figures"])
    assert 'system=[{"text": "Answer in one word."}]' in found["code"]
    assert '"maxTokens": 12' in found["code"]
    assert '"temperature": 0' in found["code"]
    assert found["questions"] == ["Name a fruit."], "what was edited takes the place of what was asked"
    assert found["stopped"] >= 1
    assert found["opened"] == ["Name a fruit.", "Tell me a story of a thousand words."]
    assert "fruit" not in found["link"]
    assert "#play=" in found["link"]
    assert "play=" not in place.log.read_text()


@pytest.mark.parametrize("look", ["german", "english"])
def test_every_screen_can_be_read(journey: Journey, place: Server, look: str) -> None:
    found = journey("screens", LOOK=look)
    clean(found, place)
    assert all(width <= 0 for width in found["widths"].values()), found["widths"]
    german = look == "german"
    assert (found["language"], found["dark"]) == (("de", True) if german else ("en", False))
    assert found["titles"]["/models"] == ("Modelle · Craton" if german else "Models · Craton")


def test_what_one_may_not_is_told_in_the_words_of_the_api(journey: Journey, place: Server) -> None:
    found = journey("refused", API_KEY=key_of(place))
    assert found["hosts"] == [f"127.0.0.1:{place.port}"]
    assert "InvalidSignatureException" in found["wrong"]
    assert "Request id" in found["wrong"]
    assert "AccessDeniedException" in found["denied"]
    assert "not authorized to perform: craton:ListInvocations" in found["denied"]
    assert found["kept"] == 0
