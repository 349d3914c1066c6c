"""What models cost, as the operator sets it by Craton's operations and everybody sees it."""

import pytest
from botocore.exceptions import ClientError

from tests.fronts import Account


def prices(account: Account) -> dict[str, dict[str, object]]:
    return {price["modelPattern"]: price for price in account.client("craton").list_model_prices()["prices"]}


def test_a_price_is_set_listed_and_deleted(account: Account, stranger: Account) -> None:
    client = account.client("craton")
    put = client.put_model_price(modelPattern="acme.large-v1:0", inputPrice=0.035, outputPrice=1.5, currency="EUR")
    put.pop("ResponseMetadata")
    told = {"modelPattern": "acme.large-v1:0", "inputPrice": 0.035, "outputPrice": 1.5, "searchPrice": 0.0}
    assert put == told | {"currency": "EUR", "source": "OPERATION"}
    assert prices(account)["acme.large-v1:0"] == prices(stranger)["acme.large-v1:0"] == put
    client.put_model_price(modelPattern="acme.large-v1:0", cacheReadPrice=0.01)
    again = prices(account)["acme.large-v1:0"]
    assert (again["inputPrice"], again["cacheReadPrice"], again["currency"]) == (0.0, 0.01, "USD")
    client.delete_model_price(modelPattern="acme.large-v1:0")
    assert "acme.large-v1:0" not in prices(account)
    with pytest.raises(ClientError) as refused:
        client.delete_model_price(modelPattern="acme.large-v1:0")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_pattern_may_be_priced(account: Account) -> None:
    client = account.client("craton")
    client.put_model_price(modelPattern="acme.*", inputPrice=1.0)
    assert prices(account)["acme.*"]["inputPrice"] == 1.0
    client.delete_model_price(modelPattern="acme.*")


def test_only_the_operators_account_sets_prices(stranger: Account) -> None:
    client = stranger.client("craton")
    for ask in (
        lambda: client.put_model_price(modelPattern="acme.*", inputPrice=1.0),
        lambda: client.delete_model_price(modelPattern="acme.*"),
    ):
        with pytest.raises(ClientError, match="operator") as refused:
            ask()
        assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


def test_a_price_that_makes_no_sense_is_refused(account: Account) -> None:
    with pytest.raises(ClientError) as refused:
        account.client("craton").put_model_price(modelPattern="acme.*", inputPrice=1e12)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert "below a million" in refused.value.response["Error"]["Message"]
