"""Usage and cost, with a model that plays a script and has a price; and the same screens in German on a phone."""

import csv
import io
from collections.abc import Iterator

import pytest

from tests.console.conftest import Journey, clean
from tests.console.stage import TALKING, stage
from tests.fronts import Account
from tests.serving import Server

# A token of output costs 0.90.
PRICES = '[prices."craton.*"]\ninput = 300_000\noutput = 900_000\ncurrency = "EUR"\n'
QUESTION = [{"role": "user", "content": [{"text": "Hello."}]}]


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Where a user has asked six times, twice for the shop."""
    home = tmp_path_factory.mktemp("usage") / "home"
    home.mkdir()
    stage(home)
    (home / "craton.toml").write_text(PRICES)
    with Server(home) as running:
        craton = Account(running).client("craton")
        craton.create_user(userName="ada", tags=[{"key": "team", "value": "harbour"}])
        craton.attach_user_policy(userName="ada", policyArn="arn:aws:iam::aws:policy/AmazonBedrockFullAccess")
        key = craton.create_access_key(userName="ada")
        craton.put_budget(budgetName="harbour", amount="5000", currency="EUR", thresholds=[80.0])
        runtime = Account(running, key["accessKeyId"], key["secretAccessKey"]).client("bedrock-runtime")
        for app in ("shop", "shop", "desk", "desk", "desk", "desk"):
            runtime.converse(
                modelId=TALKING, messages=QUESTION, inferenceConfig={"maxTokens": 64}, requestMetadata={"app": app}
            )
        yield running


def test_usage_is_told_by_time_and_metadata_exported_and_limited(journey: Journey, place: Server) -> None:
    found = journey("usage")
    clean(found, place)
    craton = Account(place).client("craton")
    [total] = craton.get_usage()["groups"]
    cost = f"€{float(total['cost']):.2f}"
    assert cost in found["shown"]
    assert "Invocations\n6\n" in found["shown"]
    assert cost in found["chart"], "the chart's table tells what the chart shows"
    assert "shop" in found["narrowed"]
    assert "desk" not in found["narrowed"]
    assert "by=metadata%3Aapp" in found["address"]
    lines = list(csv.DictReader(io.StringIO(found["file"])))
    exported = sum(float(line["BilledCost"]) for line in lines)
    [shop] = craton.get_usage(filters={"metadata:app": ["shop"]})["groups"]
    assert exported == pytest.approx(float(shop["cost"])), "the file is of what the filters show"
    assert found["name"].endswith(".focus.csv")
    assert found["invocations"] == 1 + shop["invocations"]
    budget = craton.get_budget(budgetName="harbour")
    assert (budget["amount"], budget["thresholds"]) == ("7500.5", [80.0])
    assert craton.get_quota(quotaName="harbour")["tokensPerDay"] == 90_000


def test_usage_keys_and_people_in_german_on_a_phone(journey: Journey, place: Server) -> None:
    found = journey("in_german")
    clean(found, place)
    assert all(width <= 0 for width in found["widths"].values()), found["widths"]
    assert "Kosten im Zeitverlauf" in found["told"]["/usage"]
    assert "Zugriffsschlüssel" in found["told"]["/keys"]
    assert "team = harbour" in found["told"]["/people/users/ada"]
    policies = Account(place).client("craton").list_attached_user_policies(userName="ada")["attachedPolicies"]
    assert [policy["policyName"] for policy in policies] == ["AmazonBedrockFullAccess", "AmazonBedrockReadOnly"]
