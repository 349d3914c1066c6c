"""What a rotation means for the quotas and budgets that name the key: they go on, and the new one gets no more."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.admin.limits import FOREVER, client, converse, error_of, priced, until
from tests.command import craton
from tests.fronts import OTHER_ACCOUNT, Account, stranger_on
from tests.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with priced(tmp_path_factory.mktemp("rotated") / "home") as running:
        yield running


@pytest.fixture(scope="module")
def account(server: Server) -> Account:
    """The operator's."""
    return Account(server)


@pytest.fixture
def old(account: Account) -> Iterator[Account]:
    """A key of its own, whose limits are gone afterwards."""
    made = client(account).create_access_key()
    yield Account(account.server, made["accessKeyId"], made["secretAccessKey"])
    for quota in client(account).list_quotas()["quotas"]:
        client(account).delete_quota(quotaName=quota["quotaName"])
    for budget in client(account).list_budgets()["budgets"]:
        client(account).delete_budget(budgetName=budget["budgetName"])


def rotated(account: Account, key: Account, **request: Any) -> Account:
    made = client(account).rotate_key(keyId=key.access_key_id, **request)
    return Account(account.server, made["keyId"], made["secretAccessKey"])


def about(key: Account) -> dict[str, Any]:
    return {"appliesTo": {"keyId": key.access_key_id}}


def test_both_keys_have_one_minute_and_one_month(account: Account, old: Account) -> None:
    craton_ = client(account)
    craton_.put_quota(quotaName="three", requestsPerMinute=3, **about(old))
    craton_.put_budget(budgetName="month", amount="10", currency="EUR", **about(old))
    converse(old)
    converse(old)
    new = rotated(account, old, gracePeriodSeconds=3600)
    converse(new)
    for key in (old, new):
        code, message, _ = error_of(lambda key=key: converse(key))
        assert (code, "'three'" in message) == ("ThrottlingException", True)
    for told in (craton_.get_quota(quotaName="three"), craton_.get_budget(budgetName="month")):
        assert told["appliesTo"]["keyId"] == new.access_key_id
        (before,) = told["replacedKeys"]
        assert before["keyId"] == old.access_key_id
        assert timedelta(minutes=59) < before["expiresAt"] - datetime.now(UTC) <= timedelta(hours=1)
    (use,) = craton_.get_quota(quotaName="three")["use"]
    assert use["requestsLastMinute"] == 3
    (spent,) = craton_.get_budget(budgetName="month")["use"]
    assert spent["spent"] == "0.021", "what the old key spent is spent"
    by_key = craton_.get_usage(groupBy=["key"])["groups"]
    counted = {group["values"]["key"]: group["invocations"] for group in by_key}
    assert (counted[old.access_key_id], counted[new.access_key_id]) == (2, 1), "the books tell who did what"


def test_what_the_old_key_spent_stays_spent_when_it_is_deleted(account: Account, old: Account) -> None:
    client(account).put_budget(budgetName="month", amount="0.11", currency="EUR", **about(old))
    converse(old)
    converse(old)
    new = rotated(account, old, gracePeriodSeconds=0)
    client(account).delete_key(keyId=old.access_key_id)
    code, message, _ = error_of(lambda: converse(new))
    assert (code, "'month'" in message) == ("ServiceQuotaExceededException", True)


def test_what_runs_with_the_old_key_is_still_reserved(account: Account, old: Account) -> None:
    client(account).put_quota(quotaName="one", concurrentRequests=1, **about(old))
    runtime = client(old, "bedrock-runtime")
    answer = runtime.converse_stream(modelId=scripted.MODEL, messages=FOREVER, inferenceConfig={"maxTokens": 4000})
    next(iter(answer["stream"]))
    new = rotated(account, old)
    assert error_of(lambda: converse(new))[0] == "ThrottlingException"
    answer["stream"].close()
    until(lambda: client(account).get_quota(quotaName="one")["use"][0]["requestsRunning"] == 0)
    converse(new)


def test_what_is_counted_for_each_key_and_names_one_is_counted_once(account: Account, old: Account) -> None:
    client(account).put_quota(quotaName="each", requestsPerMinute=2, countedPer=["KEY", "MODEL"], **about(old))
    converse(old)
    new = rotated(account, old)
    converse(new)
    assert error_of(lambda: converse(old))[0] == "ThrottlingException"
    (use,) = client(account).get_quota(quotaName="each")["use"]
    assert (use["countedFor"], use["requestsLastMinute"]) == (
        {"KEY": new.access_key_id, "MODEL": scripted.MODEL},
        2,
    )


def test_a_program_that_still_names_the_old_key_frees_no_one(account: Account, old: Account) -> None:
    client(account).put_quota(quotaName="none", requestsPerMinute=5, **about(old))
    new = rotated(account, old)
    changed = client(account).put_quota(quotaName="none", requestsPerMinute=0, **about(old))
    assert changed["appliesTo"]["keyId"] == new.access_key_id
    assert error_of(lambda: converse(new))[0] == "ServiceQuotaExceededException"


def test_the_command_line_hands_them_over_too(account: Account, old: Account, server: Server) -> None:
    client(account).put_quota(quotaName="none", requestsPerMinute=0, **about(old))
    home = ("--home", str(server.home))
    done = craton("keys", "rotate", old.access_key_id, "--json", *home)
    made = json.loads(done.stdout)
    new = Account(server, made["accessKeyId"], made["secretAccessKey"])
    until(lambda: client(account).get_quota(quotaName="none")["appliesTo"]["keyId"] == new.access_key_id)
    assert error_of(lambda: converse(new))[0] == "ServiceQuotaExceededException"
    (listed,) = json.loads(craton("quotas", "list", "--json", *home).stdout)
    assert [key["keyId"] for key in listed["replacedKeys"]] == [old.access_key_id]


def test_the_operator_s_limits_follow_the_keys_of_others_which_cannot_shed_them(
    account: Account, old: Account, server: Server
) -> None:
    stranger = stranger_on(server)
    theirs = client(stranger)
    made = theirs.create_access_key()
    limit = {"account": OTHER_ACCOUNT, "keyId": made["accessKeyId"]}
    client(account).put_quota(quotaName="none", requestsPerMinute=0, appliesTo=limit)
    key = Account(server, made["accessKeyId"], made["secretAccessKey"])
    new = rotated(stranger, key)
    assert error_of(lambda: converse(new))[0] == "ServiceQuotaExceededException"
    told = theirs.get_quota(quotaName="none")
    assert (told["setBy"], told["appliesTo"]["keyId"]) == ("OPERATOR", new.access_key_id)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        theirs.delete_quota(quotaName="none")
