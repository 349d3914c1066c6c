"""Budgets through boto3: set, told, and never overspent, whoever asks and however many at once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.admin.limits import FOREVER, HELLO, at_once, client, converse, error_of, priced, until
from tests.command import craton
from tests.fronts import OTHER_ACCOUNT, Account, stranger_on
from tests.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with priced(tmp_path_factory.mktemp("budgets") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    """The operator's."""
    return Account(server)


@pytest.fixture(scope="module")
def stranger(server: Server) -> Account:
    return stranger_on(server)


@pytest.fixture(autouse=True)
def none_left(account: Account, stranger: Account) -> Iterator[None]:
    yield
    for each, setter in ((account, "OPERATOR"), (stranger, "ACCOUNT")):
        for budget in client(each).list_budgets()["budgets"]:
            if budget["setBy"] == setter:
                client(each).delete_budget(budgetName=budget["budgetName"])


def stands(account: Account, name: str) -> dict[str, Decimal]:
    (use,) = client(account).get_budget(budgetName=name)["use"]
    return {member: Decimal(value) for member, value in use.items() if member != "countedFor"}


def put(account: Account, name: str, left: str, **more: Any) -> None:
    """A budget that has so much left, whatever was spent this month."""
    client(account).put_budget(budgetName=name, amount="0", currency="EUR", **more)
    uses = client(account).get_budget(budgetName=name)["use"]
    amount = sum((Decimal(use["spent"]) for use in uses), Decimal(left))
    client(account).put_budget(budgetName=name, amount=str(amount), currency="EUR", **more)


def test_one_is_set_told_changed_and_deleted(account: Account) -> None:
    made = client(account).put_budget(
        budgetName="b",
        amount="12.5",
        currency="EUR",
        thresholds=[80.0],
        appliesTo={"tags": [{"key": "k", "value": "v"}]},
    )
    told = client(account).get_budget(budgetName="b")
    assert (told["amount"], told["currency"], told["thresholds"]) == ("12.5", "EUR", [80.0])
    assert told["appliesTo"] == made["appliesTo"] == {"account": "123456789012", "tags": [{"key": "k", "value": "v"}]}
    began, ends = told["monthBegan"].astimezone(UTC), told["monthEnds"].astimezone(UTC)
    assert began <= datetime.now(UTC) < ends and (began.day, ends.day) == (1, 1)
    client(account).put_budget(budgetName="b", amount="13", currency="EUR")
    (listed,) = client(account).list_budgets()["budgets"]
    assert listed["amount"] == "13" and "thresholds" not in listed
    client(account).delete_budget(budgetName="b")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client(account).get_budget(budgetName="b")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"currency": "USD"}, "Nothing here is priced in 'USD'.*make the budget in EUR"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1,50"}, "amount"),
        ({"currency": "euro"}, "currency"),
    ],
)
def test_what_makes_no_budget_is_refused(account: Account, request_: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=f"ValidationException.*{words}"):
        client(account).put_budget(**{"budgetName": "b", "amount": "1", "currency": "EUR"} | request_)


def test_what_was_spent_is_told_and_at_the_limit_it_is_refused(account: Account) -> None:
    put(account, "b", "0.11")
    before = stands(account, "b")["spent"]
    converse(account)
    told = stands(account, "b")
    assert (told["spent"] - before, told["reserved"]) == (Decimal("0.007"), 0)
    assert told["forecast"] >= told["spent"]
    converse(account)
    code, message, headers = error_of(lambda: converse(account))
    assert code == "ServiceQuotaExceededException"
    assert "The budget 'b'" in message and "0.096 EUR left" in message and "may cost 0.10." in message
    assert "retry-after" not in headers
    runtime = client(account, "bedrock-runtime")
    with pytest.raises(runtime.exceptions.ServiceQuotaExceededException):
        runtime.converse_stream(modelId=scripted.MODEL, messages=HELLO, inferenceConfig={"maxTokens": 100})
    converse(account, 50)  # a lower maximum costs less


def test_fifty_clients_at_once_cannot_overspend(account: Account) -> None:
    put(account, "b", "0.40")
    amount = Decimal(client(account).get_budget(budgetName="b")["amount"])
    ended: list[str] = []
    while "OK" in (now := at_once(50, lambda: converse(account))):
        ended += now
        assert stands(account, "b")["spent"] <= amount
    told = stands(account, "b")
    assert 0 <= told["left"] < Decimal("0.10") and told["reserved"] == 0
    assert set(ended + now) <= {"OK", "ThrottlingException", "ServiceQuotaExceededException"}
    assert ended.count("OK") == (Decimal("0.40") - told["left"]) / Decimal("0.007")


def test_a_client_that_leaves_pays_what_it_had_and_holds_nothing(account: Account) -> None:
    put(account, "b", "4.00")
    before = stands(account, "b")["spent"]
    answer = client(account, "bedrock-runtime").converse_stream(
        modelId=scripted.MODEL, messages=FOREVER, inferenceConfig={"maxTokens": 3500}
    )
    stream = iter(answer["stream"])
    for _ in range(5):
        next(stream)
    assert stands(account, "b")["reserved"] == Decimal("3.50")
    assert error_of(lambda: converse(account, 600))[0] == "ThrottlingException"
    answer["stream"].close()
    until(lambda: not stands(account, "b")["reserved"])
    assert 0 < stands(account, "b")["spent"] - before < 3
    converse(account, 600)


def test_what_a_quota_refuses_costs_nothing_and_what_a_budget_refuses_is_no_request(account: Account) -> None:
    put(account, "b", "4.00")
    client(account).put_quota(quotaName="one", requestsPerMinute=1)
    converse(account)
    for _ in range(3):
        assert error_of(lambda: converse(account))[0] == "ThrottlingException"
    assert stands(account, "b")["reserved"] == 0
    client(account).put_budget(budgetName="b", amount="0", currency="EUR")
    client(account).put_quota(quotaName="one", requestsPerMinute=2)
    for _ in range(3):
        assert "budget" in error_of(lambda: converse(account))[1]
    client(account).delete_budget(budgetName="b")
    converse(account)
    client(account).delete_quota(quotaName="one")


def test_a_tag_of_a_profile_has_a_budget(account: Account) -> None:
    made = client(account, "bedrock").create_inference_profile(
        inferenceProfileName="team-blue",
        modelSource={"copyFrom": f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"},
        tags=[{"key": "team", "value": "blue"}],
    )
    about = {"appliesTo": {"tags": [{"key": "team", "value": "blue"}]}}
    put(account, "blue", "0.05", **about)
    config = {"messages": HELLO, "inferenceConfig": {"maxTokens": 50}}
    call = partial(client(account, "bedrock-runtime").converse, modelId=made["inferenceProfileArn"], **config)
    call()
    assert "'blue'" in error_of(call)[1]
    converse(account, 50)


def test_the_operator_sets_budgets_for_others_and_they_for_themselves(account: Account, stranger: Account) -> None:
    put(account, "theirs", "0.10", appliesTo={"account": OTHER_ACCOUNT})
    put(stranger, "mine", "9.00")
    converse(stranger)
    code, message, _ = error_of(lambda: converse(stranger))
    assert code == "ServiceQuotaExceededException" and "'theirs'" in message
    told = {(each["budgetName"], each["setBy"]) for each in client(stranger).list_budgets()["budgets"]}
    assert told == {("theirs", "OPERATOR"), ("mine", "ACCOUNT")}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client(stranger).delete_budget(budgetName="theirs")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client(stranger).put_budget(budgetName="b", amount="0", currency="EUR", appliesTo={"account": "*"})
    converse(account)


def test_what_was_spent_outlives_the_server(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("restarted") / "home"
    with priced(home) as first:
        put(Account(first), "b", "0.11")
        converse(Account(first))
        first.kill()
    with priced(home) as second:
        assert stands(Account(second), "b")["spent"] == Decimal("0.007")
        converse(Account(second))
        assert error_of(lambda: converse(Account(second)))[0] == "ServiceQuotaExceededException"


def test_the_command_line_sets_lists_and_removes_them(account: Account, server: Server) -> None:
    home = ("--home", str(server.home))
    converse(account)
    done = craton("budgets", "set", "cli", "0", "EUR", "--model", "craton.*", "--per", "key", *home)
    assert (done.returncode, done.stdout) == (0, "cli is set.\n"), done.stderr
    until(lambda: at_once(1, lambda: converse(account)) == ["ServiceQuotaExceededException"])
    listed = craton("budgets", "list", *home).stdout
    assert "123456789012 craton.*, for each key" in listed and account.access_key_id in listed
    refused = craton("budgets", "set", "cli", "5", "USD", *home)
    assert refused.returncode == 1 and "make the budget in EUR" in refused.stderr
    assert craton("budgets", "remove", "cli", *home).returncode == 0
    until(lambda: at_once(1, lambda: converse(account)) == ["OK"])
