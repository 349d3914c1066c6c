"""Quotas through boto3: set, told, kept, and seen by a running server whoever changed them."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import scripted
from tests.admin.limits import FOREVER, HELLO, at_once, client, converse, error_of, priced, until
from tests.command import craton
from tests.fronts import OTHER_ACCOUNT, Account, stranger_on
from tests.serving import Server

OWN = "123456789012"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with priced(tmp_path_factory.mktemp("quotas") / "home") as running:
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
    for each in (account, stranger):
        craton_ = client(each)
        setter = "OPERATOR" if each is account else "ACCOUNT"
        for quota in craton_.list_quotas()["quotas"]:
            if quota["setBy"] == setter:
                craton_.delete_quota(quotaName=quota["quotaName"])


def use(account: Account, name: str) -> dict[str, int]:
    uses = client(account).get_quota(quotaName=name)["use"]
    return {member: value for member, value in uses[0].items() if member != "countedFor"} if uses else {}


# The operations


def test_one_is_set_told_changed_listed_and_deleted(account: Account) -> None:
    craton_ = client(account)
    made = craton_.put_quota(
        quotaName="team.blue_1", appliesTo={"modelId": "anthropic.*", "keyId": "AKIA1"}, requestsPerMinute=3
    )
    about = {"account": OWN, "modelId": "anthropic.*", "keyId": "AKIA1"}
    assert (made["quotaName"], made["appliesTo"], made["requestsPerMinute"]) == ("team.blue_1", about, 3)
    assert made["setBy"] == "OPERATOR" and made["createdAt"] == made["updatedAt"]
    changed = craton_.put_quota(quotaName="team.blue_1", tokensPerDay=5, countedPer=["KEY", "MODEL"])
    told = craton_.get_quota(quotaName="team.blue_1")
    assert told["use"] == [] and told["createdAt"] == made["createdAt"] < told["updatedAt"]
    (listed,) = craton_.list_quotas()["quotas"]
    for each in (changed, told, listed):
        assert (each["tokensPerDay"], each["countedPer"], each["appliesTo"]) == (5, ["KEY", "MODEL"], {"account": OWN})
        assert "requestsPerMinute" not in each
    craton_.delete_quota(quotaName="team.blue_1")
    with pytest.raises(ClientError, match=r"ResourceNotFoundException.*team\.blue_1"):
        craton_.get_quota(quotaName="team.blue_1")


def test_a_long_list_comes_in_pages(account: Account, stranger: Account) -> None:
    craton_ = client(account)
    for number in range(5):
        craton_.put_quota(quotaName=f"q{number}", requestsPerMinute=9)
    names, token = [], {}
    while True:
        page = craton_.list_quotas(maxResults=2, **token)
        names += [quota["quotaName"] for quota in page["quotas"]]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
        with pytest.raises(ClientError, match="nextToken is not valid"):
            client(stranger).list_quotas(**token)
    assert names == [f"q{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "limits nothing"),
        ({"requestsPerMinute": 1, "appliesTo": {"account": "me"}}, "account"),
        ({"requestsPerMinute": 1, "countedPer": ["PLANET"]}, "countedPer"),
    ],
)
def test_what_makes_no_quota_is_refused(account: Account, request_: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError, match=f"ValidationException.*{words}"):
        client(account).put_quota(quotaName="q", **request_)


# Kept, whichever operation is asked


def test_a_refusal_says_when_to_come_back(account: Account) -> None:
    client(account).put_quota(quotaName="slow", requestsPerMinute=2)
    converse(account)
    converse(account)
    runtime = client(account, "bedrock-runtime")
    body = json.dumps({"messages": [{"role": "user", "content": "Hello"}]})
    calls = (
        lambda: converse(account),
        lambda: runtime.converse_stream(modelId=scripted.MODEL, messages=HELLO),
        lambda: runtime.invoke_model(modelId=scripted.MODEL, body=body),
        lambda: runtime.invoke_model_with_response_stream(modelId=scripted.MODEL, body=body),
    )
    for call in calls:
        code, message, headers = error_of(call)
        assert code == "ThrottlingException"
        assert message.startswith("Too many requests, please wait before trying again.")
        assert "'slow'" in message
        assert 1 <= int(headers["retry-after"]) <= 60
    assert use(account, "slow")["requestsLastMinute"] == 2


def test_tokens_are_settled_to_what_was_used(account: Account) -> None:
    client(account).put_quota(quotaName="tokens", tokensPerMinute=150)
    for _ in range(3):
        usage = converse(account)["usage"]
    told = use(account, "tokens")
    assert (told["tokensLastMinute"], told["tokensReserved"], told["requestsRunning"]) == (
        3 * usage["totalTokens"],
        0,
        0,
    )
    code, message, _ = error_of(lambda: converse(account, 140))
    assert (code, message.partition(".")[0]) == (
        "ThrottlingException",
        "Too many tokens, please wait before trying again",
    )


def test_a_request_that_names_no_maximum_reserves_the_models(account: Account) -> None:
    client(account).put_quota(quotaName="tokens", tokensPerMinute=8000)
    code, message, headers = error_of(lambda: converse(account, None))
    assert code == "ServiceQuotaExceededException" and "8192 of output" in message and "never fits" in message
    assert "retry-after" not in headers
    converse(account, 100)


def test_a_request_that_fails_before_the_model_works_holds_nothing(account: Account) -> None:
    client(account).put_quota(quotaName="both", tokensPerMinute=1000, concurrentRequests=1)
    failing: list[Any] = [{"role": "user", "content": [{"text": "fail before"}]}]
    runtime = client(account, "bedrock-runtime")
    for _ in range(3):
        _, message, _ = error_of(
            lambda: runtime.converse(modelId=scripted.MODEL, messages=failing, inferenceConfig={"maxTokens": 500})
        )
        assert message == "The script is busy."
    told = use(account, "both")
    assert (told["tokensReserved"], told["requestsRunning"]) == (0, 0)


def test_a_client_that_leaves_gives_back_what_it_held(account: Account) -> None:
    client(account).put_quota(quotaName="one", concurrentRequests=1, tokensPerMinute=5000)
    runtime = client(account, "bedrock-runtime")
    answer = runtime.converse_stream(modelId=scripted.MODEL, messages=FOREVER, inferenceConfig={"maxTokens": 4000})
    stream = iter(answer["stream"])
    for _ in range(5):
        next(stream)
    assert use(account, "one")["requestsRunning"] == 1 and use(account, "one")["tokensReserved"] > 4000
    assert error_of(lambda: converse(account))[0] == "ThrottlingException"
    answer["stream"].close()
    until(lambda: use(account, "one")["requestsRunning"] == 0)
    told = use(account, "one")
    assert told["tokensReserved"] == 0 and 0 < told["tokensLastMinute"] < 4000
    converse(account)


def test_fifty_clients_at_once_are_let_in_as_many_as_may(account: Account) -> None:
    client(account).put_quota(quotaName="twenty", requestsPerMinute=20)
    ended = at_once(50, lambda: converse(account))
    assert (ended.count("OK"), ended.count("ThrottlingException")) == (20, 30)
    client(account).put_quota(quotaName="twenty", tokensPerMinute=1000)
    at_once(50, lambda: converse(account, 80))
    told = use(account, "twenty")
    assert told["tokensLastMinute"] <= 1000 and told["tokensReserved"] == 0


def test_a_profile_and_each_key_may_have_their_own(account: Account, server: Server) -> None:
    made = client(account, "bedrock").create_inference_profile(
        inferenceProfileName="counted",
        modelSource={"copyFrom": f"arn:aws:bedrock:us-east-1::foundation-model/{scripted.MODEL}"},
    )
    profile = made["inferenceProfileArn"]
    client(account).put_quota(
        quotaName="profile", appliesTo={"inferenceProfileArn": profile}, countedPer=["KEY"], requestsPerMinute=1
    )
    key = client(account).create_access_key()
    other = Account(server, key["accessKeyId"], key["secretAccessKey"])
    converse(account)
    for each in (account, other):
        runtime = client(each, "bedrock-runtime")
        ended = [at_once(1, partial(runtime.converse, modelId=profile, messages=HELLO)) for _ in range(2)]
        assert ended == [["OK"], ["ThrottlingException"]]
    uses = client(account).get_quota(quotaName="profile")["use"]
    assert {each["countedFor"]["KEY"] for each in uses} == {account.access_key_id, key["accessKeyId"]}


# Whose they are


def test_an_account_keeps_the_operators_and_its_own(account: Account, stranger: Account) -> None:
    client(account).put_quota(quotaName="limit", appliesTo={"account": OTHER_ACCOUNT}, requestsPerMinute=2)
    mine = client(stranger)
    mine.put_quota(quotaName="limit", requestsPerMinute=1000)
    told = {(each["quotaName"], each["setBy"], each["requestsPerMinute"]) for each in mine.list_quotas()["quotas"]}
    assert told == {("limit", "OPERATOR", 2), ("limit", "ACCOUNT", 1000)}
    converse(stranger)
    converse(stranger)
    assert error_of(lambda: converse(stranger))[0] == "ThrottlingException"
    mine.delete_quota(quotaName="limit")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        mine.delete_quota(quotaName="limit")
    assert mine.get_quota(quotaName="limit", setBy="OPERATOR")["use"][0]["requestsLastMinute"] == 2
    assert error_of(lambda: converse(stranger))[0] == "ThrottlingException"
    converse(account)


def test_an_account_cannot_limit_another(stranger: Account) -> None:
    for about in (OWN, "*"):
        with pytest.raises(ClientError, match="AccessDeniedException"):
            client(stranger).put_quota(quotaName="q", appliesTo={"account": about}, requestsPerMinute=0)


def test_accounts_do_not_see_what_others_use(account: Account, stranger: Account) -> None:
    craton_ = client(account)
    craton_.put_quota(quotaName="shared", appliesTo={"account": "*"}, tokensPerMinute=9000)
    craton_.put_quota(quotaName="each", appliesTo={"account": "*"}, countedPer=["ACCOUNT"], tokensPerMinute=9000)
    craton_.put_quota(quotaName="own", tokensPerMinute=9000)
    converse(account)
    converse(stranger)
    mine = client(stranger)
    assert mine.get_quota(quotaName="shared")["use"] == []
    assert [use["countedFor"] for use in mine.get_quota(quotaName="each")["use"]] == [{"ACCOUNT": OTHER_ACCOUNT}]
    assert [quota["quotaName"] for quota in mine.list_quotas()["quotas"]] == ["shared", "each"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        mine.get_quota(quotaName="own")
    assert len(craton_.get_quota(quotaName="each")["use"]) == 2


# Other processes, and later ones


def test_what_the_command_line_sets_is_kept_within_a_second(account: Account, server: Server) -> None:
    converse(account)
    home = ("--home", str(server.home))
    done = craton("quotas", "set", "stop", "--requests-per-minute", "0", "--model", "craton.*", *home)
    assert (done.returncode, done.stdout) == (0, "stop is set.\n"), done.stderr
    until(lambda: at_once(1, lambda: converse(account)) == ["ServiceQuotaExceededException"])
    assert craton("quotas", "remove", "stop", *home).returncode == 0
    until(lambda: at_once(1, lambda: converse(account)) == ["OK"])


def test_the_tokens_of_a_day_outlive_the_server(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("restarted") / "home"
    with priced(home) as first:
        client(Account(first)).put_quota(quotaName="day", tokensPerDay=300)
        used = sum(converse(Account(first))["usage"]["totalTokens"] for _ in range(3))
        first.kill()
    with priced(home) as second:
        told = use(Account(second), "day")
        assert (told["tokensToday"], told["requestsLastMinute"]) == (used, 0)
        code, message, _ = error_of(lambda: converse(Account(second), 290))
        assert code == "ThrottlingException" and message.startswith("Too many tokens per day,")


def test_a_day_limit_set_at_noon_counts_the_morning(account: Account) -> None:
    converse(account)
    converse(account)
    client(account).put_quota(quotaName="late", tokensPerDay=100_000)
    assert use(account, "late")["tokensToday"] >= 2 * 8
