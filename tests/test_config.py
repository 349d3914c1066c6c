"""Where a setting comes from, and what is said of one that cannot be used."""

from pathlib import Path

import pytest

from craton import config
from craton.config import ConfigError


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*config.VARIABLES, "CRATON_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "craton.toml").write_text('port = 1000\nregion = "eu-central-1"\nhost = "127.0.0.2"\n')
    monkeypatch.setenv("CRATON_PORT", "2000")
    monkeypatch.setenv("CRATON_HOST", "127.0.0.3")
    loaded = config.load(options={"home": tmp_path, "port": 3000, "host": None})
    assert (loaded.port, loaded.host, loaded.region) == (3000, "127.0.0.3", "eu-central-1")


def test_defaults_need_no_file(tmp_path: Path) -> None:
    loaded = config.load(options={"home": tmp_path})
    assert (loaded.account, loaded.region, loaded.endpoint) == ("123456789012", "us-east-1", "http://127.0.0.1:8080")


def test_stand_ins_of_file_and_command_line_are_joined(tmp_path: Path) -> None:
    (tmp_path / "craton.toml").write_text('[stand_ins]\n"anthropic.*" = "one"\n"meta.*" = "two"\n')
    loaded = config.load(options={"home": tmp_path, "stand_ins": {"meta.*": "three"}})
    assert loaded.stand_ins == {"anthropic.*": "one", "meta.*": "three"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prot = 1", "unknown field `prot`"),
        ('port = "many"', r"\$\.port"),
        ("[limits]\nbody_bytes = -", "not TOML"),
        ('root_access_key_id = "AKIA"', "together"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "craton.toml").write_text(text)
    with pytest.raises(ConfigError, match=says):
        config.load(options={"home": tmp_path})


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path / "other.toml")
