"""What people expect of any console, screen by screen: the keyboard, the way back, and nothing lost by a slip."""

from collections.abc import Iterator

import pytest

from tests.console.conftest import Journey, clean
from tests.console.stage import stage
from tests.fronts import Account
from tests.serving import Server


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With more users than a page of the list has."""
    home = tmp_path_factory.mktemp("habits") / "home"
    home.mkdir()
    stage(home)
    with Server(home) as running:
        craton = Account(running).client("craton")
        for number in range(25):
            craton.create_user(userName=f"user-{number:02}")
        yield running


def test_the_keyboard_and_the_way_back_lead_where_they_should_and_slips_lose_nothing(
    journey: Journey, place: Server
) -> None:
    found = journey("habits")
    clean(found, place)
    assert found["arrived"] == "user-24", "the focus is on the title of what was opened"
    assert found["back"] == "#page=2"
    assert found["filtered"] == "#find=user-0", "what is found stands on the first page"
    assert found["gone"] == "Seeing"
    assert found["written"] == "and then?", "Enter neither sends nor stops while an answer comes"
    assert found["below"] == 1, "the dialog below stays open"
    assert found["kept"] == 1, "the secret is still there to be copied"


def test_a_key_that_has_ended_leads_back_to_signing_in(journey: Journey, place: Server) -> None:
    craton = Account(place).client("craton")
    craton.attach_user_policy(userName="user-00", policyArn="arn:aws:iam::aws:policy/CratonAdministratorAccess")
    key = craton.create_access_key(userName="user-00")
    own = {"AWS_ACCESS_KEY_ID": key["accessKeyId"], "AWS_SECRET_ACCESS_KEY": key["secretAccessKey"]}
    found = journey("ended", **own)
    assert not any(found["found"].values()), found["found"]
    assert all("403" in complaint for complaint in found["complaints"]), found["complaints"]
    assert found["at"] == f"/console/keys/{key['accessKeyId']}"
