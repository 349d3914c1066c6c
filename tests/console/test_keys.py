"""Keys and people: made in two clicks, limited, and taken back."""

import re

import pytest

from tests.console.conftest import Journey, clean
from tests.fronts import Account
from tests.serving import MODEL, Server

TODAY = re.compile(r"([0-9]+) / 50,000 tokens/day")

pytestmark = pytest.mark.model


def test_a_key_with_a_limit_that_is_then_hit(journey: Journey, place: Server) -> None:
    found = journey("keys", MODEL=MODEL)
    # The browser complains of what the limited key was refused, and of nothing else.
    assert all("429" in complaint or "403" in complaint for complaint in found["complaints"])
    clean(found | {"complaints": []}, place)
    assert found["inTwoClicks"] == 200
    assert "AWS_BEARER_TOKEN_BEDROCK" in found["code"]
    assert {"1 requests/min", "50,000 tokens/day"} <= set(found["listed"].splitlines())
    assert found["statuses"] == [200, 429]
    assert "ThrottlingException" in found["refused"]
    assert "Request id" in found["refused"]
    assert "1 / 1 requests/min" in found["shown"]
    assert "429 ThrottlingException" in found["shown"]
    rotated = found["rotated"]
    assert "what was spent stays spent" in rotated["told"]
    assert rotated["isKnown"]
    assert int(TODAY.findall(rotated["shown"])[0]) >= int(TODAY.findall(found["shown"])[0]) > 0
    assert rotated["at"].removeprefix("/console/keys/") not in found["stays"].partition("shares with")[2]
    assert "The limit that is about this key alone goes with it." in found["goes"]
    craton = Account(place).client("craton")
    assert craton.list_keys(userName="limited-app")["keys"] == []
    assert craton.list_quotas()["quotas"] == [], "the last of the keys has taken it along"
