"""Roles in the console: made, trusted, given policies, and deleted."""

import json
from collections.abc import Iterator

import pytest

from tests.console.conftest import Journey, clean
from tests.console.stage import stage
from tests.fronts import Account
from tests.serving import Server

ADA = "arn:aws:iam::123456789012:user/ada"


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("people") / "home"
    home.mkdir()
    stage(home)
    with Server(home) as running:
        Account(running).client("craton").create_user(userName="ada")
        yield running


def test_a_role_is_made_trusted_and_given_policies(journey: Journey, place: Server) -> None:
    found = journey("roles")
    refusals = [complaint for complaint in found.pop("complaints") if "status of 400" not in complaint]
    clean(found | {"complaints": refusals}, place)
    assert found["early"], "a role that trusts nobody is not made"
    assert ADA in found["made"]
    assert "Users and roles of this account" not in found["made"]
    assert found["at"] == "/console/people/roles/reader"
    assert "bedrock:" in found["says"]
    assert '"Sid": "mine"' in found["shown"], "what says more than the form is shown as it is"
    assert "reader" in found["left"] and "short-lived" not in found["left"]
    craton = Account(place).client("craton")
    role = craton.get_role(roleName="reader")["role"]
    (statement,) = json.loads(role["assumeRolePolicyDocument"])["Statement"]
    assert statement == {
        "Sid": "mine",
        "Effect": "Allow",
        "Principal": {"AWS": ADA},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"StringEquals": {"sts:ExternalId": "4711"}},
    }
    assert (role["description"], role["maxSessionDuration"]) == ("Reads for a while", 5400)
    attached = craton.list_attached_role_policies(roleName="reader")["attachedPolicies"]
    assert [policy["policyName"] for policy in attached] == ["AmazonBedrockLimitedAccess"]
    assert craton.list_role_policies(roleName="reader")["policyNames"] == ["ask"]
    assert found["given"] == 1, "what every account has can be seen, and nothing else"
    assert "client.untag_user(" in found["untagging"] and 'tagKeys=["team"]' in found["untagging"]
    assert found["kept"] == 1, "a tag stays while its removal is not confirmed"
    assert craton.list_user_tags(userName="ada")["tags"] == []
    (policy,) = craton.list_policies(scope="LOCAL")["policies"]
    assert policy["policyName"] == "asks"
    assert "bedrock:ListGuardrails" in policy["policyDocument"]
    assert "bedrock:CountTokens" not in policy["policyDocument"]
