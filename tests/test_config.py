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
        ('trusted_proxies = ["10.0.0.0/40"]', "no network"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "craton.toml").write_text(text)
    with pytest.raises(ConfigError, match=says):
        config.load(options={"home": tmp_path})


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path / "other.toml")


class TestProviders:
    def read(self, tmp_path: Path, text: str) -> dict[str, config.Provider]:
        (tmp_path / "craton.toml").write_text(text)
        return config.load(options={"home": tmp_path}).providers

    def test_models_are_listed_by_name_or_with_what_they_are(self, tmp_path: Path) -> None:
        text = """
            [providers.one]
            kind = "openai"
            models = ["small", { model = "large", id = "one.large", input = ["TEXT", "IMAGE"] }]

            [providers.two]
            kind = "bedrock"
            region = "eu-central-1"

            [providers.two.models."eu.amazon.nova-lite-v1:0"]
            context_length = 300000
        """
        found = self.read(tmp_path, text)
        assert [(model.model, model.id) for model in found["one"].models] == [("small", None), ("large", "one.large")]
        assert found["one"].models[1].input == ("TEXT", "IMAGE")
        assert [(model.model, model.context_length) for model in found["two"].models] == [
            ("eu.amazon.nova-lite-v1:0", 300000)
        ]

    @pytest.mark.parametrize(
        ("provider", "says"),
        [
            ('kind = "google"', r"kind"),
            ("base_url = 1", r"kind|base_url"),
            ('kind = "openai"\nbase_url = "localhost:8000"', "no address of a server"),
            ('kind = "openai"\nbase_url = "http://me:key@host/v1"', "no user name or password"),
            ('kind = "openai"\nsecret_env = "A"\nsecret_file = "b"', "one secret"),
            ('kind = "openai"\nsecret_env = ""', "cannot be empty"),
            ('kind = "openai"\nsecret = "sk-123"', "unknown field `secret`"),
            ('kind = "openai"\nregion = "eu-central-1"', "only a provider of the kind 'bedrock'"),
            ('kind = "bedrock"', "needs the region"),
            ('kind = "openai"\nheaders = { "x-api-key" = "sk-123" }', "holds a secret"),
            ('kind = "openai"\nheaders = { "x-api-key" = { env = "A", file = "b" } }', "a secret is named"),
            ('kind = "openai"\nidle_timeout = 0', "timeout"),
            ('kind = "openai"\nretries = 11', "retries"),
            ('kind = "openai"\nmodels = [1]', r"models"),
            ('kind = "openai"\nmodels = [""]', "no name of a model"),
            ('kind = "openai"\nmodels = [{ model = "a", output = ["IMAGE"] }]', r"output"),
            ('kind = "openai"\nmodels = [{ model = "a", embedding = true, output = ["TEXT"] }]', "embedding model"),
            ('kind = "openai"\nmodels = [{ model = "a", strength = 101 }]', "between 0 and 100"),
        ],
    )
    def test_what_cannot_be_used_is_named(self, tmp_path: Path, provider: str, says: str) -> None:
        with pytest.raises(ConfigError, match=f"provider 'mine' .*{says}") as refused:
            self.read(tmp_path, f"[providers.mine]\n{provider}")
        assert "sk-123" not in str(refused.value)
        assert "me:key" not in str(refused.value)

    def test_a_name_that_ids_cannot_begin_with_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="provider name 'My_GPUs'"):
            self.read(tmp_path, '[providers.My_GPUs]\nkind = "openai"')


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("169.254.169.254", True),
        ("169.254.0.1", True),
        ("fe80::1", True),
        ("fe80::1%eth0", True),
        ("::ffff:169.254.169.254", True),
        ("64:ff9b::a9fe:a9fe", True),
        ("2002:a9fe:a9fe::", True),
        ("fd00:ec2::254", True),
        ("fd00:ec2::23", True),
        ("fd00:42::42", True),
        ("100.100.100.200", True),
        ("168.63.129.16", True),
        ("127.0.0.1", False),
        ("10.0.0.7", False),
        ("::1", False),
        ("fd00::1", False),
        ("93.184.216.34", False),
        ("64:ff9b::5db8:d822", False),
    ],
)
def test_addresses_of_clouds_own_services_are_known(address: str, expected: bool) -> None:
    assert config.link_local(address) is expected
