"""Keys as the doors and the command line use them."""

import asyncio
import base64
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from craton.core import recent
from craton.errors import (
    AccessDeniedException,
    ConflictException,
    ExpiredTokenException,
    ResourceNotFoundException,
    UnrecognizedClientException,
    ValidationException,
)
from craton.iam.identities.managed import FULL_ACCESS
from craton.iam.identity import KINDS
from craton.iam.keys.keys import Keys
from craton.iam.records import DEFAULT_ACCOUNT, ApiKey, Credential
from craton.store.documents import Documents, Transaction

OTHER_ACCOUNT = "999999999999"


@pytest.fixture
async def keys(documents: Documents) -> Keys:
    return Keys(documents)


def _everything_in(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.iterdir())


def _ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


# Access keys


async def test_an_access_key_looks_and_works_like_one_of_aws(keys: Keys) -> None:
    made = await keys.create_access_key()
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", made.access_key_id)
    assert re.fullmatch(r"[A-Za-z0-9/+]{40}", made.secret)
    assert (made.account, made.principal) == (DEFAULT_ACCOUNT, "arn:aws:iam::123456789012:root")
    assert await keys.credential(made.access_key_id) == made
    assert made.secret not in repr(made)


async def test_a_user_of_another_account(keys: Keys) -> None:
    made = await keys.create_access_key(OTHER_ACCOUNT, "jane.doe@example.com", new_user=FULL_ACCESS)
    assert (made.account, made.principal) == (OTHER_ACCOUNT, "arn:aws:iam::999999999999:user/jane.doe@example.com")


@pytest.mark.parametrize(
    ("account", "user", "complaint"),
    [("1234", "root", "12 digits"), ("12345678901²", "root", "12 digits"), (DEFAULT_ACCOUNT, "a/b", "user name")],
)
async def test_a_malformed_owner_is_refused(keys: Keys, account: str, user: str, complaint: str) -> None:
    with pytest.raises(ValidationException, match=complaint):
        await keys.create_access_key(account, user)
    with pytest.raises(ValidationException, match=complaint):
        await keys.create_api_key(account, user)


async def test_an_unknown_access_key_is_refused_in_the_words_of_aws(keys: Keys) -> None:
    assert await keys.find("AKIAUNKNOWN") is None
    with pytest.raises(UnrecognizedClientException, match=r"^The security token included in the request is invalid\.$"):
        await keys.credential("AKIAUNKNOWN")


async def test_a_revoked_access_key_is_refused_at_once_and_stays_listed(keys: Keys) -> None:
    made = await keys.create_access_key()
    await keys.credential(made.access_key_id)
    await keys.revoke(made.access_key_id)
    with pytest.raises(UnrecognizedClientException):
        await keys.credential(made.access_key_id)
    assert [key.active for key in await keys.access_keys()] == [False]


async def test_an_expired_access_key_is_refused(keys: Keys) -> None:
    expired = await keys.create_access_key(expires_at=_ago(seconds=1))
    valid = await keys.create_access_key(expires_at=_ago(hours=-1))
    with pytest.raises(ExpiredTokenException, match="expired"):
        await keys.credential(expired.access_key_id)
    assert await keys.credential(valid.access_key_id) == valid


async def test_a_key_expires_although_it_was_used_a_moment_ago(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await keys.create_access_key(expires_at=_ago(hours=-1))
    await keys.credential(made.access_key_id)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return _ago(hours=-2)

    monkeypatch.setattr("craton.iam.records.datetime", Later)
    with pytest.raises(ExpiredTokenException):
        await keys.credential(made.access_key_id)


async def test_the_first_access_key_is_the_oldest_that_works(keys: Keys) -> None:
    assert await keys.first_access_key(DEFAULT_ACCOUNT) is None
    revoked = await keys.create_access_key()
    await keys.create_access_key(expires_at=_ago(seconds=1))
    await keys.create_access_key(OTHER_ACCOUNT)
    third = await keys.create_access_key()
    await keys.create_access_key()
    await keys.revoke(revoked.access_key_id)
    assert await keys.first_access_key(DEFAULT_ACCOUNT) == third


# Preset keys


async def test_a_preset_key_can_be_set_again_and_changed(keys: Keys) -> None:
    first = await keys.preset("CRATON", "secret")
    assert await keys.preset("CRATON", "secret") == first == await keys.credential("CRATON")
    await keys.preset("CRATON", "changed")
    assert (await keys.credential("CRATON")).secret == "changed"
    await keys.preset("CRATON", "changed", OTHER_ACCOUNT)
    assert (await keys.credential("CRATON")).principal == "arn:aws:iam::999999999999:root"
    await keys.revoke("CRATON")
    await keys.preset("CRATON", "changed")
    assert (await keys.credential("CRATON")).account == DEFAULT_ACCOUNT
    assert len(await keys.access_keys()) == 1


@pytest.mark.parametrize(("key", "secret"), [("a/b", "s"), ("", "s"), ("A KEY", "s"), ("KEY\n", "s"), ("KEY", "")])
async def test_a_preset_key_that_no_client_could_sign_with_is_refused(keys: Keys, key: str, secret: str) -> None:
    with pytest.raises(ValidationException):
        await keys.preset(key, secret)


# API keys


async def test_an_api_key_looks_and_works_like_one_of_aws(keys: Keys) -> None:
    made, token = await keys.create_api_key()
    assert re.fullmatch(r"ABSKQmVkcm9ja0FQSUtleS[A-Za-z0-9+/]{91,251}={0,2}", token)
    name, _, secret = base64.b64decode(token[4:]).decode().partition(":")
    assert re.fullmatch(r"BedrockAPIKey-[a-z0-9]{4}-at-123456789012", name)
    assert len(secret) == 56
    assert re.fullmatch(r"ACCA[A-Z0-9]{17}", made.id)
    assert made.name == name
    assert made.principal == f"arn:aws:iam::123456789012:user/{name.partition('-at-')[0]}"
    assert await keys.api_key(token) == made


async def test_only_the_hash_of_an_api_key_is_kept(keys: Keys, tmp_path: Path) -> None:
    _, token = await keys.create_api_key()
    secret = base64.b64decode(token[4:]).partition(b":")[2]
    kept = _everything_in(tmp_path)
    assert token.encode() not in kept
    assert secret not in kept


@pytest.mark.parametrize(
    ("token", "complaint"),
    [
        ("", "pre-defined prefix"),
        ("sk-test", "pre-defined prefix"),
        ("ABSK", "make sure your API Key is valid"),
        ("ABSKQmVkcm9ja0FQSUtleQ==", "make sure your API Key is valid"),
    ],
)
async def test_an_unknown_api_key_is_refused_in_the_words_of_aws(keys: Keys, token: str, complaint: str) -> None:
    with pytest.raises(AccessDeniedException, match=complaint):
        await keys.api_key(token)


async def test_revoked_and_expired_api_keys_are_refused(keys: Keys) -> None:
    revoked, token = await keys.create_api_key(user="jane", new_user=FULL_ACCESS)
    await keys.api_key(token)
    await keys.revoke(revoked.id)
    with pytest.raises(AccessDeniedException, match="make sure your API Key is valid"):
        await keys.api_key(token)
    _, token = await keys.create_api_key(user="jane", expires_at=_ago(seconds=1), new_user=FULL_ACCESS)
    with pytest.raises(AccessDeniedException, match="expired"):
        await keys.api_key(token)


async def test_an_api_key_does_not_sign(keys: Keys) -> None:
    made, token = await keys.create_api_key()
    for name in (made.id, token, made.name):
        assert await keys.find(name) is None


# Holders


async def test_a_key_of_a_user_who_is_not_there_is_refused(keys: Keys) -> None:
    for create in (keys.create_access_key, keys.create_api_key):
        with pytest.raises(ResourceNotFoundException, match="The user with name ada cannot be found"):
            await create(DEFAULT_ACCOUNT, "ada")


async def test_another_spelling_of_a_name_is_nobody_s(keys: Keys) -> None:
    """A policy on the ARN of a user must not be got around by writing the name in another case."""
    made = await keys.create_access_key(user="Ada", new_user=FULL_ACCESS)
    assert made.principal == "arn:aws:iam::123456789012:user/Ada"
    with pytest.raises(ResourceNotFoundException):
        await keys.create_access_key(user="ada")
    with pytest.raises(ConflictException, match="User with name Ada already exists"):
        await keys.create_access_key(user="ada", new_user=FULL_ACCESS)


# Rotation


def nothing(t: Transaction, account: str, key_id: str, successor: str, ends: datetime) -> None:
    """What is about no key hands nothing over."""


async def test_the_old_access_key_works_on_for_the_grace_period(keys: Keys) -> None:
    old = await keys.create_access_key(user="ada", new_user=FULL_ACCESS)
    new, token, ends = await keys.rotate(old.access_key_id, hand_over=nothing, grace=timedelta(hours=1))
    assert isinstance(new, Credential)
    assert token is None
    assert (new.principal, new.expires_at) == (old.principal, None)
    assert timedelta(minutes=59) < ends - datetime.now(UTC) <= timedelta(hours=1)
    assert (await keys.credential(old.access_key_id)).expires_at == ends
    assert await keys.credential(new.access_key_id) == new


async def test_a_rotated_key_without_grace_ends_at_once(keys: Keys) -> None:
    old, token = await keys.create_api_key()
    await keys.api_key(token)
    new, new_token, _ = await keys.rotate(old.id, hand_over=nothing, grace=timedelta(0))
    assert isinstance(new, ApiKey)
    assert new.name == old.name
    with pytest.raises(AccessDeniedException, match="expired"):
        await keys.api_key(token)
    assert await keys.api_key(new_token or "") == new


async def test_a_new_key_lives_as_long_as_the_old_one_was_to_live(keys: Keys) -> None:
    old = await keys.create_access_key(expires_at=_ago(days=-30))
    new, _, ends = await keys.rotate(old.access_key_id, hand_over=nothing, grace=timedelta(days=365))
    assert new.expires_at
    assert timedelta(days=29, hours=23) < new.expires_at - datetime.now(UTC) < timedelta(days=30, hours=1)
    assert ends == old.expires_at, "grace does not make a key live longer"


async def test_only_a_key_that_works_is_rotated_and_only_once(keys: Keys) -> None:
    revoked = await keys.create_access_key()
    await keys.revoke(revoked.access_key_id)
    expired = await keys.create_access_key(expires_at=_ago(seconds=1))
    rotated = await keys.create_access_key()
    await keys.rotate(rotated.access_key_id, hand_over=nothing)
    for key in (revoked, expired, rotated):
        with pytest.raises(ConflictException, match="create a new key"):
            await keys.rotate(key.access_key_id, hand_over=nothing)
    with pytest.raises(ResourceNotFoundException):
        await keys.rotate((await keys.create_access_key()).id, hand_over=nothing, account=OTHER_ACCOUNT)


async def test_a_rotation_that_cannot_hand_over_what_is_about_the_key_does_not_happen(keys: Keys) -> None:
    told: list[tuple[str, ...]] = []

    def failing(t: Transaction, account: str, key_id: str, successor: str, ends: datetime) -> None:
        told.append((account, key_id, successor))
        raise ConflictException("It has changed meanwhile.")

    old = await keys.create_access_key()
    with pytest.raises(ConflictException, match="meanwhile"):
        await keys.rotate(old.access_key_id, hand_over=failing)
    ((account, key_id, successor),) = told
    assert (account, key_id) == (DEFAULT_ACCOUNT, old.access_key_id)
    assert await keys.find(successor) is None
    assert await keys.credential(old.access_key_id) == old


# Lists


async def test_keys_are_listed_page_by_page_and_by_user(keys: Keys) -> None:
    made: list[Credential | ApiKey] = []
    for _ in range(3):
        made.append(await keys.create_access_key(user="ada", new_user=FULL_ACCESS))
        made.append((await keys.create_api_key(user="ada"))[0])
    await keys.create_access_key()
    await keys.create_access_key(OTHER_ACCOUNT)
    listed, token = await keys.page(DEFAULT_ACCOUNT, user="ada", limit=4)
    more, end = await keys.page(DEFAULT_ACCOUNT, user="ada", limit=4, token=token)
    assert [*listed, *more] == made
    assert end is None
    with pytest.raises(ValidationException, match="nextToken"):
        await keys.page(OTHER_ACCOUNT, user="ada", token=token)


async def test_a_deleted_key_is_in_no_list_and_works_no_more(keys: Keys) -> None:
    made = await keys.create_access_key()
    await keys.credential(made.access_key_id)
    await keys.delete(made.access_key_id)
    assert await keys.access_keys() == []
    with pytest.raises(UnrecognizedClientException):
        await keys.credential(made.access_key_id)
    with pytest.raises(ResourceNotFoundException):
        await keys.get(made.access_key_id)


# Several accounts and processes


async def test_each_account_lists_and_revokes_its_own(keys: Keys) -> None:
    mine = await keys.create_access_key()
    theirs = await keys.create_access_key(OTHER_ACCOUNT)
    my_api_key, _ = await keys.create_api_key()
    assert await keys.access_keys(DEFAULT_ACCOUNT) == [mine]
    assert await keys.access_keys(OTHER_ACCOUNT) == [theirs]
    assert await keys.access_keys() == [mine, theirs]
    assert await keys.api_keys(OTHER_ACCOUNT) == []
    assert await keys.api_keys() == [my_api_key]
    for key_id in (mine.access_key_id, my_api_key.id):
        with pytest.raises(ResourceNotFoundException):
            await keys.revoke(key_id, account=OTHER_ACCOUNT)
    with pytest.raises(ResourceNotFoundException, match="'AKIAUNKNOWN'"):
        await keys.revoke("AKIAUNKNOWN")
    assert await keys.credential(mine.access_key_id) == mine


async def test_more_keys_than_a_page_are_all_listed(keys: Keys) -> None:
    made = await asyncio.gather(*(keys.create_access_key() for _ in range(150)))
    assert {key.access_key_id for key in await keys.access_keys()} == {key.access_key_id for key in made}


OTHER_PROCESS = """
import asyncio, sys
from pathlib import Path
from craton.iam.keys.keys import Keys
from craton.store.documents import Documents, Transaction

async def main():
    documents = Documents.open(Path(sys.argv[1]))
    keys = Keys(documents)
    await keys.revoke(sys.argv[2])
    made = await keys.create_access_key()
    print(made.access_key_id, made.secret)
    await documents.close()

asyncio.run(main())
"""


async def test_another_process_makes_and_revokes_keys(
    keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked = await keys.create_access_key()
    await keys.credential(revoked.access_key_id)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OTHER_PROCESS, str(tmp_path), revoked.access_key_id, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await other.communicate()
    key_id, secret = output.decode().split()
    assert (await keys.credential(key_id)).secret == secret  # at once, without a restart
    now = time.monotonic()
    monkeypatch.setattr(recent.time, "monotonic", lambda: now + 1)
    with pytest.raises(UnrecognizedClientException):
        await keys.credential(revoked.access_key_id)


async def test_a_key_in_use_is_not_looked_up_for_each_request(keys: Keys, documents: Documents) -> None:
    made = await keys.create_access_key()
    await keys.credential(made.access_key_id)
    await documents.close()  # from here on a look-up would fail
    assert await keys.credential(made.access_key_id) == made
    with pytest.raises(Exception, match="closed"):
        await keys.credential("AKIAUNKNOWN")


async def test_an_emptied_store_can_keep_its_keys(keys: Keys, documents: Documents) -> None:
    made = await keys.create_access_key()
    api_key, token = await keys.create_api_key()
    await documents.empty(keep=KINDS)
    assert await Keys(documents).credential(made.access_key_id) == made
    assert await Keys(documents).api_key(token) == api_key
